"""What the log is kept in: the base currency and the time zone of every amount and local date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import transaction
from django.db.models import Exists

from tenure.money import CURRENCIES
from tenure.record.events.models import Basis, Event
from tenure.record.events.operations.writing import lock_log
from tenure.words import TenureError, Words


@dataclass(frozen=True, slots=True)
class LogBasis:
    """What the log is kept in.

    Attributes:
        currency: of every amount, ISO 4217.
        zone_name: name of the time zone of every local date.
    """

    currency: str
    zone_name: str

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of every local date."""
        return ZoneInfo(self.zone_name)


class BasisError(TenureError):
    """The log cannot be kept so."""


_settled: dict[str, LogBasis] = {}
"""What can change no more, as there are events: read once for a process."""
_held: ContextVar[dict[str, LogBasis] | None] = ContextVar("basis", default=None)


def basis() -> LogBasis:
    """What the log is kept in; the only reader of the two settings it starts with."""
    held = _held.get()
    known = _settled.get("") or (held or {}).get("")
    if known is None:
        row = Basis.objects.annotate(settled=Exists(Event.objects.all())).first()
        known = _read(row)
        if row is not None and row.settled:
            _settled[""] = known
        elif held is not None:
            held[""] = known
    return known


@contextmanager
def reading_basis_once() -> Iterator[None]:
    """Within it, what is not settled yet is asked of the database only once: for one page."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def stored_basis() -> LogBasis:
    """As :func:`basis`, as it stands in the database now."""
    return _read(Basis.objects.first())


def _read(row: Basis | None) -> LogBasis:
    """What a row says; without one, as in a table just emptied, what the environment says."""
    if row is None:
        return LogBasis(settings.TENURE_BASE_CURRENCY, settings.TENURE_ZONE)
    return LogBasis(row.currency, row.zone)


def forget_basis() -> None:
    """Read it from the database again: for a process that turns to another one."""
    _settled.clear()
    (_held.get() or {}).clear()


def check_unchanged(known: LogBasis) -> None:
    """That events read under ``known`` may be written; call it with the log locked.

    Raises:
        BasisError: somebody changed it since they were read.
    """
    if stored_basis() != known:
        forget_basis()
        raise BasisError(
            Words(
                zh="本位币或时区刚刚被修改，什么都没有写入，请重试",
                en="the base currency or time zone was changed just now; nothing was written, "
                "try again",
            )
        )


@transaction.atomic
def set_basis(*, currency: str, zone: str) -> None:
    """Keep the log in another currency or time zone, while it is empty.

    Who may is asked above, where the change is noted as well.

    Args:
        currency: ISO 4217, three capitals.
        zone: name in the time zone database.

    Raises:
        BasisError: there is no such currency or zone, or there are events.
    """
    lock_log()
    if LogBasis(currency, zone) == stored_basis():
        return
    if Event.objects.exists():
        raise BasisError(_SETTLED)
    if currency not in CURRENCIES:
        raise BasisError(
            Words(
                zh=f"没有货币“{currency}”，请填写 CNY 之类的三字母代码",
                en=f"there is no currency “{currency}”; give a code of three letters such as CNY",
            )
        )
    if zone not in available_timezones():
        raise BasisError(
            Words(
                zh=f"没有时区“{zone}”，请填写 Asia/Shanghai 之类的名称",
                en=f"there is no time zone “{zone}”; give a name such as Asia/Shanghai",
            )
        )
    Basis.objects.update_or_create(pk=1, defaults={"currency": currency, "zone": zone})
    forget_basis()


_SETTLED = Words(
    zh="已有事件按现在的本位币和时区记账，不能再改。要换，请用 TENURE_HOME 新建一个数据目录，"
    "先在那里设好，再重新导入数据",
    en="events are recorded in the present base currency and time zone, which therefore stay. To "
    "use others, start a new data directory (TENURE_HOME), set them there and import again",
)
