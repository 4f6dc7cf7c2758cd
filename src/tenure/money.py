"""Amounts of money: decimals with a currency at the doors, int64 ten-thousandths in columns."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

SCALE = 10_000
_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR "
    "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS "
    "UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
CURRENCIES = frozenset(_CODES.split())
"""Codes of money in use (ISO 4217)."""
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of a currency (ISO 4217 code, upper case)."""

    amount: Decimal
    currency: str


def to_e4(amount: Decimal) -> int:
    """``amount`` as int64 ten-thousandths of the currency's unit, exact.

    Four decimals hold every ISO 4217 minor unit and unit prices below a cent.

    Raises:
        ValueError: not finite, more than four decimals, or beyond int64.
    """
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount")
    scaled = amount * SCALE
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount} has more than four decimals")
    if abs(whole) > _LARGEST:
        raise ValueError(f"{amount} is beyond what can be stored")
    return whole


def from_e4(amount_e4: int) -> Decimal:
    """The exact decimal of int64 ten-thousandths."""
    return Decimal(amount_e4) / SCALE
