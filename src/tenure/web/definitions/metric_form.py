"""A metric's draft as a form: read from its YAML, and written back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from tenure.definitions.drafting import Draft

_PLAIN = ("where", "agg", "field", "window", "expression", "unit")


@dataclass(slots=True)
class MetricForm:
    """The draft of a metric as fields.

    Attributes:
        derived: whether it is a formula over other metrics, not an aggregate over events.
    """

    name_zh: str = ""
    name_en: str = ""
    description_zh: str = ""
    description_en: str = ""
    derived: bool = False
    of: tuple[str, ...] = ()
    where: str = ""
    agg: str = ""
    field: str = ""
    window: str = ""
    expression: str = ""
    unit: str = ""


def form_of_metric(draft: Draft) -> MetricForm:
    """The form of a draft, whatever is missing or wrong in it."""
    of = draft.get("of")
    name, description = _words(draft.get("name")), _words(draft.get("description"))
    texts = {key: _text(draft.get(key)) for key in _PLAIN}
    return MetricForm(
        name_zh=name[0],
        name_en=name[1],
        description_zh=description[0],
        description_en=description[1],
        derived=bool(texts["expression"]),
        of=tuple(_text(one) for one in of) if isinstance(of, list) else (),
        **texts,
    )


def metric_posted(data: QueryDict) -> MetricForm:
    """The form as it was sent."""
    return MetricForm(
        name_zh=data.get("title_zh", ""),
        name_en=data.get("title_en", ""),
        description_zh=data.get("description_zh", ""),
        description_en=data.get("description_en", ""),
        derived=data.get("made") == "expression",
        of=tuple(data.getlist("of")),
        **{key: data.get(key, "").strip() for key in _PLAIN},
    )


def draft_of_metric(form: MetricForm, key: str) -> Draft:
    """The draft a form says; fields of the other form are left out."""
    draft: dict[str, Any] = {
        "kind": "metric",
        "key": key,
        "name": {"zh": form.name_zh, "en": form.name_en},
        "description": {"zh": form.description_zh, "en": form.description_en},
    }
    if form.derived:
        return {**draft, "expression": form.expression, "unit": form.unit}
    return {
        **draft,
        "of": list(form.of),
        "where": form.where,
        "agg": form.agg,
        "field": form.field,
        "window": form.window,
        "unit": form.unit,
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _words(value: Any) -> tuple[str, str]:
    known = value if isinstance(value, Mapping) else {}
    return _text(known.get("zh")), _text(known.get("en"))
