"""What must be settled before a guess may be imported; the same at every door."""

from __future__ import annotations

from pathlib import Path

from tenure.definitions import Library
from tenure.record.library.queries import supposing
from tenure.words import Words

from .guessing import Choices, Guess, guess_map
from .needs import needed_definitions
from .problems import CannotImportError
from .reading import Table, open_table
from .reading.table import ReadOptions

LIKELIEST = "order.placed"
FORMATS = {
    "delimited": Words(zh="分隔文本", en="delimited text"),
    "fixed_width": Words(zh="固定宽度文本", en="fixed-width text"),
    "workbook": Words(zh="工作簿", en="workbook"),
    "parquet": Words(zh="Parquet 文件", en="Parquet"),
    "json_lines": Words(zh="JSON Lines 文件", en="JSON lines"),
    "vcard": Words(zh="名片（vCard）", en="business cards (vCard)"),
}


def guess_of(
    path: Path, choices: Choices, *, base_currency: str, options: ReadOptions | None = None
) -> tuple[Table, Guess, Library]:
    """The opened file, what its columns seem to mean, and the library they mean it in.

    Raises:
        TenureError: the file is no table, or has a header and nothing else.
    """
    likely = {choices.event_type or LIKELIEST, LIKELIEST}
    table = open_table(path, options)
    with supposing(needed_definitions(likely)) as library:
        guess = guess_map(table, library, base_currency=base_currency, choices=choices)
    if not guess.rows and not guess.refused:
        raise CannotImportError(
            Words(
                zh=f"{path.name} 只有表头，没有可导入的行",
                en=f"{path.name} has a header and no rows",
            )
        )
    return table, guess, library


def is_anonymous(guess: Guess) -> bool:
    """Whether no event of the guess would be anybody's."""
    events = guess.document["events"]
    return not (guess.document["customer"] or any(event.get("customer") for event in events))
