"""Tags that customers have, for choosing one."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from tenure.actor import Actor
from tenure.derive.customers.projection.roster import reading_roster
from tenure.derive.customers.queries import visible
from tenure.derive.customers.queries.cards import newest_tags
from tenure.derive.lifecycles.projection.places import house_runner
from tenure.engine.schema import unbound

_Held = tuple[int | None, tuple[str, ...], int]


def tags_listed(viewer: Actor, limit: int = 200) -> list[str]:
    """Tags of customers the viewer may see, the commonest first; those of just now as well."""
    owners = visible(viewer).owners
    counted: Counter[str] = Counter()
    with reading_roster() as found:
        if found is None:
            return []
        for owner, tags, customers in _held(found.path, found.schema):
            if owners is None or owner in owners:
                counted.update(dict.fromkeys(tags, customers))
        counted.update(newest_tags(found.cursor, owners))
    return [tag for tag, _ in counted.most_common(limit)]


@lru_cache(maxsize=2)
def _held(path: Path, schema: pa.Schema) -> tuple[_Held, ...]:
    """How many customers of each owner have which tags; counted once for each roster."""
    rows = unbound("roster", schema)
    tagged = rows.filter(rows.tags != "")
    counted = tagged.group_by("owner_id", "tags").agg(n=tagged.count())
    return tuple(
        (row["owner_id"], tuple(row["tags"].strip("\n").split("\n")), int(row["n"]))
        for row in house_runner().run(counted, {"roster": [path]}).to_pylist()
    )
