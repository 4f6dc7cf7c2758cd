"""Incoming events checked against the library and turned into rows: the hot path of recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

import msgspec

from tenure.clock import DAY_US, EPOCH, MICROSECOND
from tenure.record.events.models import Oddity
from tenure.record.events.operations import refusing
from tenure.record.events.operations.checking import check_free_value, check_text
from tenure.record.events.operations.converting import in_base_currency
from tenure.record.events.operations.identifying import Found, SetAside
from tenure.record.events.operations.incoming import IncomingEvent, RefusalError
from tenure.record.events.operations.shapes import MONEY, PERSONAL, PROPERTY, Shape, Shapes
from tenure.record.events.operations.values import LONGEST_TEXT, UnfitValueError
from tenure.words import Words

Row = tuple[
    bytes, str, str, int | None, int, int, str, int | None, str | None, int | None, str, str
]
"""key, source, type, identifier_id, occurred_us, recorded_us, local_date, amount_e4, currency,
batch_id, recorded_by, properties: the columns of the log in the order they are written."""

RESERVED_PREFIX = "tenure:"
OTHER_IDENTIFIERS = "tenure:with"
_MOST_FIELDS = 200
_LARGEST_BODY = 1_048_576
_EARLIEST_US = (datetime(1900, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class Extras:
    """What an event brings besides its row: things most events do not have."""

    __slots__ = ("oddities", "secrets")

    def __init__(self) -> None:
        self.oddities: list[tuple[str, str, str]] = []
        self.secrets: list[tuple[str, str]] = []


Prepared = tuple[Row, Sequence[Found], Extras | None]


@dataclass(frozen=True, slots=True)
class Origin:
    """What all events of one call share; ``about`` is the identifier of those that name none."""

    source: str
    recorded_by: str
    recorded_us: int
    batch_id: int | None
    internal: bool = False
    about: int | None = None


class Reader:
    """Turns the incoming events of one call into rows, or refuses them with every reason."""

    def __init__(
        self, shapes: Shapes, origin: Origin, *, secret: bytes, zone: ZoneInfo, base_currency: str
    ) -> None:
        self._shapes = shapes
        self._origin = origin
        self._secret = secret
        self._zone = zone
        self._base = base_currency
        self._latest_us = origin.recorded_us + DAY_US
        self._keyed = blake2b(
            origin.source.encode() + b"\x1f", digest_size=12, key=secret[:32], usedforsecurity=False
        )

    def read(self, event: IncomingEvent) -> Prepared:
        """The row of ``event`` and what comes with it.

        Raises:
            RefusalError: it cannot be recorded.
        """
        try:
            return self._read(event)
        except (AttributeError, TypeError, OverflowError, RecursionError, UnicodeEncodeError):
            raise refusing.malformed(event) from None

    def _read(self, event: IncomingEvent) -> Prepared:
        shape = self._shapes.of(event.type)
        occurred = event.occurred_at
        if occurred.tzinfo is None:
            raise RefusalError(refusing.NAIVE)
        occurred_us = (occurred - EPOCH) // MICROSECOND
        if not _EARLIEST_US <= occurred_us <= self._latest_us:
            raise RefusalError(refusing.FUTURE if occurred_us > 0 else refusing.ANCIENT)
        if shape.reserved and not self._origin.internal:
            raise RefusalError(refusing.RESERVED)
        extras = None
        if shape.unknown:
            extras = Extras()
            extras.oddities.append((Oddity.Kind.UNKNOWN_TYPE, event.type, ""))
        found: Sequence[Found] = ()
        if event.identifiers:
            found, extras = self._identify(shape, event, extras)
        properties, amount_e4, currency, extras = self._fields(shape, event, extras)
        if len(found) > 1:
            properties[OTHER_IDENTIFIERS] = [str(other.id) for other in found[1:]]
        row = (
            self._key(event, occurred_us),
            self._origin.source,
            event.type,
            found[0].id if found else self._origin.about,
            occurred_us,
            self._origin.recorded_us,
            occurred.astimezone(self._zone).date().isoformat(),
            amount_e4,
            currency,
            self._origin.batch_id,
            self._origin.recorded_by,
            _body(properties),
        )
        return row, found, extras

    def _identify(
        self, shape: Shape, event: IncomingEvent, extras: Extras | None
    ) -> tuple[Sequence[Found], Extras | None]:
        found: list[Found] = []
        for type_key, raw in event.identifiers.items():
            if raw is None:
                continue
            known = shape.find(self._secret, type_key, raw)
            if type(known) is Found:
                found.append(known)
                if known.known:
                    continue
                kind = Oddity.Kind.UNKNOWN_IDENTIFIER
            else:
                kind = _kept_aside(known, raw, extras := extras or Extras())
            extras = extras or Extras()
            extras.oddities.append((kind, event.type, type_key))
        if len(found) > 1:
            found.sort(key=_rank)
        return found, extras

    def _fields(
        self, shape: Shape, event: IncomingEvent, extras: Extras | None
    ) -> tuple[dict[str, object], int | None, str | None, Extras | None]:
        properties: dict[str, object] = {}
        amount_e4: int | None = None
        currency: str | None = None
        reasons: list[Words] = []
        specs = shape.fields
        for name, value in event.fields.items():
            spec = specs.get(name)
            if value is None:
                continue
            try:
                if spec is None:
                    extras = _keep_unknown(shape, event, name, value, properties, extras)
                    continue
                parse, place = spec
                parsed = parse(value)
                if place == PROPERTY:
                    if parsed is not None:
                        properties[name] = parsed
                elif place == PERSONAL:
                    if parsed not in (None, ""):
                        text = str(parsed)
                        check_text(text)
                        extras = extras or Extras()
                        extras.secrets.append((name, text))
                elif place == MONEY and parsed is not None:
                    amount_e4, currency = in_base_currency(
                        event, name, int(parsed), properties, self._base
                    )
            except UnfitValueError as unfit:
                reasons.append(refusing.in_field(name, unfit.words))
        for name in shape.required:
            if name not in properties or properties[name] == "":
                secrets = extras.secrets if extras else ()
                if shape.lacks(name, event, secrets, has_amount=amount_e4 is not None):
                    reasons.append(refusing.in_field(name, refusing.MISSING))
        if reasons:
            raise RefusalError(*reasons)
        return properties, amount_e4, currency, extras

    def _key(self, event: IncomingEvent, occurred_us: int) -> bytes:
        code = self._keyed.copy()
        if event.key is not None:
            code.update(event.key.encode())
        else:
            content = (
                event.type,
                occurred_us,
                event.identifiers,
                event.fields,
                event.currency,
                event.exchange_rate,
            )
            code.update(b"\x1f" + _encode_sorted(content))
        seconds = occurred_us // 1_000_000 & 0xFFFFFFFF
        return seconds.to_bytes(4, "big") + code.digest()


def _rank(found: Found) -> int:
    return found.rank


def _kept_aside(known: SetAside, raw: str, extras: Extras) -> Oddity.Kind:
    """A value that is no identifier: what cannot be read is kept in the vault, a blank is not."""
    if known.blocked:
        return Oddity.Kind.BLOCKED_IDENTIFIER
    check_text(raw)
    extras.secrets.append((f"{RESERVED_PREFIX}identifier.{known.type}", raw))
    return Oddity.Kind.UNREADABLE_IDENTIFIER


def _keep_unknown(
    shape: Shape,
    event: IncomingEvent,
    name: str,
    value: object,
    properties: dict[str, object],
    extras: Extras | None,
) -> Extras | None:
    """Keep the value of a field no definition knows, and note that nobody knows it."""
    if len(properties) >= _MOST_FIELDS:
        raise RefusalError(refusing.TOO_MANY_FIELDS)
    if name.startswith(RESERVED_PREFIX):
        raise RefusalError(refusing.RESERVED_FIELD)
    check_text(name)
    check_free_value(value)
    properties[name] = value
    if shape.unknown:
        return extras
    extras = extras or Extras()
    extras.oddities.append((Oddity.Kind.UNKNOWN_FIELD, event.type, name[:200]))
    return extras


def _body(properties: dict[str, object]) -> str:
    """The properties as JSON, once sure that every text in them can be stored."""
    body = _encode(properties)
    if len(body) > LONGEST_TEXT or b"\\u0000" in body:
        for name, value in properties.items():
            try:
                check_free_value(value)
            except UnfitValueError as unfit:
                raise RefusalError(refusing.in_field(name, unfit.words)) from None
        if len(body) > _LARGEST_BODY:
            raise RefusalError(refusing.TOO_LARGE)
    return body.decode()
