"""The roster's rows with those changed since laid over them, as an input of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tenure.derive.customers.projection import members_of
from tenure.derive.customers.projection.roster import (
    CARD_SCHEMA,
    STAGE_PARTS,
    Roster,
    card_rows,
    local_dates,
)
from tenure.derive.lifecycles.models import CurrentStages
from tenure.derive.lifecycles.projection.stands import Stand, stands_of
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
    parts = [name.partition("_") for name in names if name not in CARD_SCHEMA.names]
    keys = dict.fromkeys(key for part, _, key in parts if part in STAGE_PARTS)
    stands = _stands_now(changed["customer_id"].to_numpy().tolist()) if keys else {}
    for key in keys:
        overlay = _with_stage(overlay, key, stands)
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


def _stands_now(customers: list[int]) -> dict[int, dict[str, Stand]]:
    """Where some customers stand now in every lifecycle."""
    found: dict[int, dict[str, Stand]] = {}
    for start in range(0, len(customers), _STAGE_SLICE):
        rows = CurrentStages.objects.filter(customer_id__in=customers[start : start + _STAGE_SLICE])
        found |= {n: stands_of(text) for n, text in rows.values_list("customer_id", "stages")}
    return found


def _with_stage(overlay: pa.Table, key: str, stands: dict[int, dict[str, Stand]]) -> pa.Table:
    """Cards with where their customers stand now in one lifecycle."""
    if f"stage_{key}" in overlay.column_names:
        return overlay
    every = [
        stands.get(number, {}).get(key) for number in overlay["customer_id"].to_numpy().tolist()
    ]
    own = [stand if stand and stand.stage else None for stand in every]
    columns: dict[str, pa.Array[Any] | pa.ChunkedArray[Any]] = {
        f"stage_{key}": pa.array([s and s.stage for s in own], pa.string()),
        f"entered_{key}": _dates([s.entered_us if s else None for s in own]),
        f"next_{key}": pa.array([(s and s.next_stage) or None for s in own], pa.string()),
        f"changes_{key}": _dates([s.next_us if s else None for s in own]),
    }
    for name, column in columns.items():
        overlay = overlay.append_column(name, column)
    return overlay


def _dates(moments: list[int | None]) -> pa.ChunkedArray[Any]:
    return local_dates(pa.chunked_array([pa.array(moments, pa.int64())]))
