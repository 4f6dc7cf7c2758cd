"""When an event happened: what senders write for moments, and a device's clock put right."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from tenure.clock import EPOCH, MICROSECOND, from_microseconds
from tenure.record.sources.translating.reading import text_of
from tenure.words import Words

LEAST_SKEW_US = 30_000_000
"""A clock that is wrong by less is believed: the difference is the way through the net."""
_EARLIEST_US = 366 * 86_400_000_000
_LATEST_US = (datetime.fromisoformat("9999-01-01T00:00:00+00:00") - EPOCH) // MICROSECOND
_SCALES = ((1e17, 0.001), (1e14, 1), (1e11, 1_000), (0, 1_000_000))

UNREADABLE = Words(
    "发生时间无法识别：请写成 ISO 8601，如 2024-05-01T08:00:00+08:00",
    "the moment cannot be read: write ISO 8601, like 2024-05-01T08:00:00+08:00",
)
UNSET = Words(
    "发生时间在 1970 年：发送方的时钟没有设置，请核对",
    "the moment lies in 1970 or before: the sender's clock is not set",
)
BEYOND = Words("发生时间过于遥远，请核对", "the moment is too far away: check it")


class MomentError(ValueError):
    """An event's moment cannot be used; ``words`` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class Moments(NamedTuple):
    """When it happened, and the moment a repeat is recognised by where that is another."""

    occurred_at: datetime
    keyed_at: datetime | None


def microseconds_of(value: object) -> int | None:
    """Microseconds since 1970 of ISO 8601 text (UTC without a zone) or of a number.

    A number is seconds, milli-, micro- or nanoseconds by its size. None for what is not there.

    Raises:
        MomentError: it is there and no moment.
    """
    if value is None or value == "":
        return None
    if type(value) is int or type(value) is float:
        return _of_number(value)
    text = text_of(value)
    if text is None:
        raise MomentError(UNREADABLE)
    if text.isascii() and text.replace(".", "", 1).isdigit() and len(text) > 8:
        return _of_number(float(text) if "." in text else int(text[:30]))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MomentError(UNREADABLE) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=EPOCH.tzinfo)
    return (moment - EPOCH) // MICROSECOND


def _of_number(value: float) -> int:
    size = abs(value)
    if size >= 1e20:
        raise MomentError(BEYOND)
    scale = next(scale for least, scale in _SCALES if size >= least)
    return value * int(scale) if type(value) is int and scale >= 1 else int(value * scale)


def reckoned(
    *, told: object, own: object, batch: object, sent: object, received_us: int, has_key: bool
) -> Moments:
    """When an event happened.

    ``told``, else ``own``, else ``batch``, else the arrival. A device that says by its own clock
    both when it happened and when it sent has that clock put right: arrival - (sent - own). The
    way takes some time, so a difference of less than 30 s is none.

    Args:
        told: the moment as the caller gave it.
        own: the moment by the device's clock.
        batch: the moment of the whole batch.
        sent: when it was sent, by the device's clock.
        received_us: when it arrived, microseconds, UTC.
        has_key: whether it has an id of its own, so that without any moment of its own it is
            still recognised when it comes again.

    Raises:
        MomentError: the moment that counts is unreadable, or in 1970, or beyond all calendars.
    """
    told_us, own_us = microseconds_of(told), microseconds_of(own)
    base = told_us if told_us is not None else own_us
    if base is None:
        base = microseconds_of(batch)
    if base is None:
        return Moments(from_microseconds(received_us), EPOCH if has_key else None)
    if own_us is not None and base == own_us and sent is not None:
        sent_us = _believed(sent)
        skew = received_us - sent_us if sent_us is not None else 0
        if abs(skew) >= LEAST_SKEW_US:
            return Moments(_moment(base + skew), _moment(base, unset=True))
    return Moments(_moment(base), None)


def _believed(value: object) -> int | None:
    try:
        return microseconds_of(value)
    except MomentError:
        return None


def _moment(microseconds: int, *, unset: bool = False) -> datetime:
    if microseconds < _EARLIEST_US and not unset:
        raise MomentError(UNSET)
    if not -_LATEST_US // 5 < microseconds < _LATEST_US:
        raise MomentError(BEYOND)
    return from_microseconds(microseconds)
