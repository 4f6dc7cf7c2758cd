"""What became of the rows of an import, as counted and as kept at each checkpoint."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tenure.words import Words

_MOST_KINDS = 1000


class Tally(msgspec.Struct):
    """Counts of rows and events.

    Attributes:
        rows: read, whatever became of them.
        groups: of rows that became events together; 0 where rows stand alone.
        accepted: events new in the log.
        repeated: events that were in the log already.
        repeated_rows: rows of which every event was.
        refused: rows in the report of refused rows.
        skipped: rows left out by the map, by reason ("zh / en" joined by a line break).
        unmapped: rows that no rule of the map applies to.
        anonymous: accepted events without an identifier.
        duplicates: rows equal to an earlier row of the same file.
        dropped: of those, left out because the map says so.
        types: accepted events by type.
        amounts: their money by type, in the file's currency, exact.
        warnings: what was odd but accepted, by message.
        broken_keys: (other file, key, rows, nearest key or ""); a personal key is shortened.
    """

    rows: int = 0
    groups: int = 0
    accepted: int = 0
    repeated: int = 0
    refused: int = 0
    skipped: dict[str, int] = {}
    unmapped: int = 0
    anonymous: int = 0
    duplicates: int = 0
    dropped: int = 0
    types: dict[str, int] = {}
    amounts: dict[str, str] = {}
    warnings: dict[str, int] = {}
    broken_keys: list[tuple[str, str, int, str]] = []
    repeated_rows: int = 0

    @property
    def left_out(self) -> int:
        """Rows that are no event on purpose: by the map, or since none of its rules applies."""
        return sum(self.skipped.values()) + self.unmapped + self.dropped


def count_words(counts: dict[str, int], words: Words) -> None:
    """Count a message in both languages; past a thousand kinds they are counted together."""
    key = f"{words.zh}\n{words.en}"
    if key not in counts and len(counts) >= _MOST_KINDS:
        key = "其他\nothers"
    counts[key] = counts.get(key, 0) + 1


def counted_words(counts: Mapping[str, int]) -> list[tuple[Words, int]]:
    """The messages and how often, commonest first."""
    pairs = []
    for key, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        zh, _, en = key.partition("\n")
        pairs.append((Words(zh=zh, en=en), count))
    return pairs


def encode_tally(tally: Tally) -> str:
    """The tally as JSON text."""
    return msgspec.json.encode(tally).decode()


def decode_tally(text: str) -> Tally:
    """The tally from JSON text."""
    return msgspec.json.decode(text, type=Tally)
