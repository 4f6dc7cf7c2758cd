"""Amounts in foreign money: kept as they were, counted in the organisation's currency."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tenure.money import from_e4
from tenure.record.events.operations.checking import check_text
from tenure.record.events.operations.incoming import IncomingEvent, RefusalError
from tenure.record.events.operations.refusing import in_field
from tenure.record.events.operations.values import UnfitValueError
from tenure.words import Words

CURRENCY_FIELD = "tenure:currency"
RATE_FIELD = "tenure:exchange_rate"
_LARGEST = 2**63 - 1


def in_base_currency(
    event: IncomingEvent, name: str, amount_e4: int, properties: dict[str, object], base: str
) -> tuple[int, str]:
    """The amount in ten-thousandths of the base currency, and the currency it was paid in.

    A foreign amount and its rate stay in ``properties``; the product is rounded half to even.

    Raises:
        UnfitValueError: the currency is no ISO 4217 code, or foreign without a positive rate.
    """
    if event.currency is None or event.currency == base:
        return amount_e4, base
    currency = str(event.currency).strip().upper()
    if currency == base or not currency:
        return amount_e4, base
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise UnfitValueError(
            Words(
                "币种应为三个字母的代码，如 CNY",
                "the currency must be a three-letter code like USD",
            )
        )
    rate = event.exchange_rate
    if not isinstance(rate, Decimal) or not rate.is_finite() or rate <= 0:
        raise UnfitValueError(
            Words(
                f"币种为 {currency}，本位币为 {base}：需要正的汇率（1 {currency} 合多少 {base}）",
                f"paid in {currency}, counted in {base}: needs a positive exchange rate "
                f"({base} per {currency})",
            )
        )
    converted = round(Fraction(rate) * amount_e4)
    if abs(converted) > _LARGEST:
        raise UnfitValueError(Words("超出可存储的范围", "is beyond what can be stored"))
    properties[name] = str(from_e4(amount_e4))
    properties[RATE_FIELD] = str(rate)
    return converted, currency


def keep_currency(event: IncomingEvent, properties: dict[str, object]) -> None:
    """Keep currency and rate of an event without an amount as they were told.

    Which of the fields of an unknown type they are about nobody knows yet.

    Raises:
        RefusalError: one of them is not text a database can hold.
    """
    told = (
        (CURRENCY_FIELD, "currency", event.currency),
        (RATE_FIELD, "exchange_rate", event.exchange_rate),
    )
    for field, name, value in told:
        text = "" if value is None else str(value).strip()
        if not text:
            continue
        try:
            check_text(text)
        except UnfitValueError as unfit:
            raise RefusalError(in_field(name, unfit.words)) from None
        properties[field] = text
