"""Named expressions: conditions and values written once and used by name."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from tenure.definitions.base import Definition
from tenure.definitions.body import Body
from tenure.definitions.expression import Constant, Node, SourceText
from tenure.definitions.metric import refuse_reserved
from tenure.words import Words


@dataclass(frozen=True, slots=True)
class NamedExpression(Definition):
    """An expression over metrics that other expressions use by its key.

    Attributes:
        expression: its tree (``is`` in the document).
    """

    kind: ClassVar[str] = "expression"

    expression: Node
    expression_source: SourceText | None = dataclasses.field(
        default=None, kw_only=True, compare=False, repr=False
    )


def read_named_expression(body: Body) -> NamedExpression:
    """A named expression from its document."""
    node, source = body.expression("is")
    if not body.has("is"):
        body.refuse("is", Words("缺少 is", "is is missing"))
    key = body.key("key")
    refuse_reserved(body, key)
    return NamedExpression(
        key=key,
        name=body.words("name"),
        description=body.optional_words("description"),
        # The reading fails as a whole when there is no tree, so the stand-in is never seen.
        expression=node or Constant(False, "boolean"),
        expression_source=source,
        origin=body.document.origin(),
    )
