"""The roster's rows with those changed since laid over them, as an input of the engine."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tenure.clock import to_microseconds
from tenure.derive.customers.projection import members_of
from tenure.derive.customers.projection.roster import (
    CARD_SCHEMA,
    STAGE_PARTS,
    Roster,
    card_rows,
    local_dates,
)
from tenure.derive.lifecycles.models import CurrentStage
from tenure.engine.schema import unbound

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from tenure.engine.backends import Source

_STAGE_SLICE = 900


def roster_rows(found: Roster, needed: set[str]) -> tuple[ir.Table, dict[str, Source]]:
    """The rows of everybody with only the columns needed, and the sources they come from."""
    names = [name for name in found.schema.names if name in needed]
    base = unbound("roster", found.schema).select(*names)
    sources: dict[str, Source] = {"roster": [found.path]}
    changed = card_rows(changed_from=found.cursor)
    if not changed.num_rows:
        return base, sources
    from_cards = [name for name in names if name in CARD_SCHEMA.names]
    overlay = changed.select(from_cards)
    for name in names:
        if name.partition("_")[0] in STAGE_PARTS and name not in CARD_SCHEMA.names:
            overlay = _with_stage(overlay, name.partition("_")[2])
    overlay = overlay.select([name for name in names if name in overlay.column_names])
    fresh = unbound("changed", overlay.schema)
    figures = [name for name in names if name not in overlay.column_names]
    if figures:
        old = unbound("roster", found.schema).select("customer_id", *figures)
        fresh = fresh.left_join(old, "customer_id").drop("customer_id_right")
    numbers = changed["customer_id"].combine_chunks()
    members = members_of(numbers.to_numpy())["identifier_id"].combine_chunks()
    gone = pa.table({"gone_id": pa.concat_arrays([numbers, members.cast(pa.int64())])})
    sources |= {"changed": overlay, "gone": gone}
    out = unbound("gone", gone.schema)
    kept = base.anti_join(out, base.customer_id == out.gone_id)
    return kept.union(fresh.select(*names)), sources


def _with_stage(overlay: pa.Table, key: str) -> pa.Table:
    """Cards with where their customers stand now in one lifecycle."""
    if f"stage_{key}" in overlay.column_names:
        return overlay
    numbers = overlay["customer_id"].to_numpy().tolist()
    found: dict[int, tuple[Any, ...]] = {}
    for start in range(0, len(numbers), _STAGE_SLICE):
        rows = CurrentStage.objects.filter(
            lifecycle=key, customer_id__in=numbers[start : start + _STAGE_SLICE]
        )
        for number, *rest in rows.values_list(
            "customer_id", "stage", "entered_at", "next_stage", "next_at"
        ):
            found[number] = tuple(rest)
    stands = [found.get(number, (None, None, None, None)) for number in numbers]
    overlay = overlay.append_column(f"stage_{key}", pa.array([s[0] for s in stands], pa.string()))
    overlay = overlay.append_column(f"entered_{key}", _dates([s[1] for s in stands]))
    following = pa.array([s[2] or None for s in stands], pa.string())
    overlay = overlay.append_column(f"next_{key}", following)
    return overlay.append_column(f"changes_{key}", _dates([s[3] for s in stands]))


def _dates(moments: list[datetime | None]) -> pa.ChunkedArray[Any]:
    return local_dates(
        pa.chunked_array([pa.array([m and to_microseconds(m) for m in moments], pa.int64())])
    )
