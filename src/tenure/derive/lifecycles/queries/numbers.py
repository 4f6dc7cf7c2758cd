"""Numbers with their units, as people write them."""

from __future__ import annotations

from decimal import Decimal

from tenure.words import Words


def number(value: object) -> str:
    """A value without needless decimals: ``17``, ``2.5``, ``1,250``; “—” where there is none."""
    if value is None:
        return "—"
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    rounded = round(float(value), 2)
    text = f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.2f}".rstrip("0")
    return text.replace("-", "−")


def with_unit(value: object, unit: str | None) -> Words:
    """``value`` with the unit of its metric in both languages."""
    text = number(value)
    if value is None or unit != "days":
        return Words(text, text)
    return Words(zh=f"{text} 天", en=f"{text} day" if text == "1" else f"{text} days")
