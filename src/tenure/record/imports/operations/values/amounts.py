"""Amounts and numbers as people write them, to exact decimals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tenure.money import CURRENCIES
from tenure.words import Words

from ..problems import RowProblem
from ..reading.table import Cell
from .moments import clean

_PLAIN = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_SIGNS = {
    "¥": ("CNY", "JPY"), "￥": ("CNY", "JPY"), "元": ("CNY",), "圆": ("CNY",), "RMB": ("CNY",),
    "人民币": ("CNY",), "US$": ("USD",), "HK$": ("HKD",), "NT$": ("TWD",),
    "$": ("USD", "CAD", "AUD", "HKD", "SGD", "TWD", "NZD", "MXN"), "€": ("EUR",), "£": ("GBP",),
    "₩": ("KRW",), "₹": ("INR",), "円": ("JPY",),
}  # fmt: skip
_CODE = re.compile(r"^([A-Z]{3})\b|\b([A-Z]{3})$")
_SHAPE = re.compile(r"[-+]?\d[\d.,'\s_]*|[-+]?[.,]\d+")
_REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """Which mark parts the decimals: ``.`` (1,234.56) or ``,`` (1.234,56)."""

    decimal: str = "."


class NumberReader:
    """Reads the numbers or amounts of one column, remembering what it has read.

    Args:
        style: how decimals are written.
        currency: the ISO code that currency signs in the cells must agree with; None where
            signs do not matter.
    """

    def __init__(self, style: NumberStyle, currency: str | None = None) -> None:
        self._style = style
        self._currency = currency
        self._known: dict[str, Decimal] = {}

    def __call__(self, cell: Cell) -> Decimal | None:
        """The exact decimal of ``cell``; None where it is blank.

        Raises:
            RowProblem: not a number, or in another currency.
        """
        if isinstance(cell, str):
            known = self._known.get(cell)
            return known if known is not None else self._of_text(cell)
        if cell is None:
            return None
        return number_of(cell)

    def _of_text(self, cell: str) -> Decimal | None:
        if self._style.decimal == "." and _PLAIN.fullmatch(cell):
            number = Decimal(cell.replace(",", ""))
        else:
            text = clean(cell)
            if not text:
                return None
            number = self._of_dressed(text)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[cell] = number
        return number

    def _of_dressed(self, text: str) -> Decimal:
        bare, currencies = undressed(text)
        if self._currency and currencies and self._currency not in currencies:
            raise RowProblem(
                Words(
                    zh=f"金额「{text}」的币种不是 {self._currency}",
                    en=f"amount “{text}” is not in {self._currency}",
                )
            )
        try:
            return decimal_of(bare, self._style)
        except (InvalidOperation, ValueError) as problem:
            raise RowProblem(
                Words(zh=f"「{text}」不是数字", en=f"“{text}” is not a number")
            ) from problem


def number_of(cell: Cell) -> Decimal:
    """The exact decimal of a typed cell, shortest form for floats (2.55, not 2.54999…).

    Raises:
        RowProblem: a date, a truth value, or not finite.
    """
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        number = cell if isinstance(cell, Decimal) else Decimal(repr(cell))
        if number.is_finite():
            return number
    raise RowProblem(Words(zh=f"「{cell}」不是数字", en=f"“{cell}” is not a number"))


def undressed(text: str) -> tuple[str, tuple[str, ...]]:
    """The number without its currency, and the currencies that its sign may stand for."""
    currencies: tuple[str, ...] = ()
    negative = text.startswith("(") and text.endswith(")")
    bare = text[1:-1].strip() if negative else text
    code = _CODE.search(bare.upper())
    name = (code.group(1) or code.group(2)) if code else ""
    if code and (name in CURRENCIES or name in _SIGNS):
        currencies = _SIGNS.get(name, (name,))
        bare = (bare[: code.start()] + bare[code.end() :]).strip()
    for sign in sorted(_SIGNS, key=len, reverse=True):
        if sign in bare:
            currencies = currencies or _SIGNS[sign]
            bare = bare.replace(sign, "").strip()
    if bare.endswith("-") and len(bare) > 1:  # 12.50- as in older accounting files
        bare = "-" + bare[:-1].strip()
    return ("-" + bare if negative else bare), currencies


def decimal_of(bare: str, style: NumberStyle) -> Decimal:
    """The decimal of a bare number such as ``1.234,56``; 万 and 亿 count.

    Raises:
        ValueError, InvalidOperation: not a number in this style.
    """
    factor = Decimal(1)
    for mark, value in (("亿", 10**8), ("万", 10**4)):
        if bare.endswith(mark):
            bare, factor = bare[: -len(mark)].strip(), Decimal(value)
    bare = re.sub(r"^([-+])\s+", r"\1", bare)
    if not _SHAPE.fullmatch(bare):
        raise ValueError(bare)
    thousands = "," if style.decimal == "." else "."
    whole, mark, fraction = bare.partition(style.decimal)
    if thousands in fraction or (thousands in whole and not _grouped(whole, thousands)):
        raise ValueError(bare)
    whole = re.sub(r"[.,'\s_]", "", whole)
    return Decimal(whole + (f".{fraction}" if mark and fraction else "")) * factor


def _grouped(whole: str, mark: str) -> bool:
    """Whether ``mark`` parts groups as thousands do; Indian groups of two count."""
    groups = whole.lstrip("+-").split(mark)
    return len(groups[-1]) == 3 and all(1 <= len(group) <= 3 for group in groups[:-1])


def guess_style(cells: Sequence[Cell]) -> NumberStyle:
    """Whether a column writes decimals with a point or a comma, over the sample as a whole."""
    texts = [undressed(clean(cell))[0] for cell in cells if isinstance(cell, str) and cell]
    comma = sum(1 for text in texts if _only_comma_decimal(text))
    point = sum(1 for text in texts if _only_point_decimal(text))
    return NumberStyle(",") if comma > point else NumberStyle(".")


def _only_comma_decimal(text: str) -> bool:
    return bool(re.search(r"\.\d{3},|,\d{1,2}$|,\d{4,}$|\.\d{3}\.", text))


def _only_point_decimal(text: str) -> bool:
    return bool(re.search(r",\d{3}\.|\.\d{1,2}$|\.\d{4,}$|,\d{3},", text))


def guess_currency(cells: Sequence[Cell]) -> str | None:
    """The currency whose sign most amounts of a sample bear, or None."""
    counts: dict[str, int] = {}
    for cell in cells:
        bare, found = undressed(clean(cell)) if isinstance(cell, str) else ("", ())
        if found and any(character.isdigit() for character in bare):
            counts[found[0]] = counts.get(found[0], 0) + 1
    return max(counts, key=lambda code: counts[code]) if counts else None
