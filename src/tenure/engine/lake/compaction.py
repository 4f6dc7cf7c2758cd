"""Which parts to merge: size-tiered, so that an event is rewritten few times.

Parts of a month are grouped by order of magnitude; eight of one magnitude become one of the
next (size-tiered compaction, O'Neil et al., "The Log-Structured Merge-Tree", 1996).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tenure.engine.lake.manifest import MIXED, Columns, Part

_FANOUT = 8


@dataclass(frozen=True, slots=True)
class Sizes:
    """When parts are written apart and merged.

    Attributes:
        month_rows: fewer events of a month in one append wait in a mixed part.
        flush_rows: events held in memory before parts are written.
        recent_parts: so many mixed parts are spread over their months.
        big_rows: parts of this many events are merged no more.
        tick_rows: so many events are merged at most by one append.
        spread_rows: when mixed parts are spread, months with fewer events stay together.
    """

    month_rows: int = 20_000
    flush_rows: int = 1_000_000
    recent_parts: int = 16
    big_rows: int = 2_000_000
    tick_rows: int = 200_000
    spread_rows: int = 1_000


def groups_to_merge(parts: Iterable[Part], sizes: Sizes, *, everything: bool) -> list[list[Part]]:
    """Groups of parts that should become one part, or one a month where they are mixed.

    Parts with different promoted columns are never merged: a NULL of a part that did not know
    a field yet would then look like an event that does not have it.

    Args:
        parts: of the lake.
        sizes: when to merge.
        everything: merge all parts that are not big, instead of full magnitudes only.
    """
    recent: dict[Columns, list[Part]] = defaultdict(list)
    tiers: dict[tuple[str, int, Columns], list[Part]] = defaultdict(list)
    for part in parts:
        if part.month == MIXED:
            recent[part.columns].append(part)
        elif part.rows < sizes.big_rows:
            tiers[part.month, 0 if everything else _tier(part.rows), part.columns].append(part)
    enough, waiting = (2, 1) if everything else (_FANOUT, sizes.recent_parts)
    groups = [group for group in recent.values() if len(group) >= waiting]
    groups += [group for group in tiers.values() if len(group) >= enough]
    return [_within_memory(group, sizes) for group in groups]


def rows_of(parts: Iterable[Part]) -> int:
    """Events in ``parts``."""
    return sum(part.rows for part in parts)


def _within_memory(group: list[Part], sizes: Sizes) -> list[Part]:
    """The first parts of ``group``, smallest first, until they make a big one."""
    chosen: list[Part] = []
    for part in sorted(group, key=lambda p: p.rows):
        chosen.append(part)
        if len(chosen) > 1 and rows_of(chosen) >= sizes.big_rows:
            break
    return chosen


def _tier(rows: int) -> int:
    """Order of magnitude of a part: the logarithm of its rows to the base of the fanout."""
    return (max(rows, 1).bit_length() - 1) // 3
