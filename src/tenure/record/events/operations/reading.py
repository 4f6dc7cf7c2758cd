"""Incoming events checked against the library and turned into rows: the hot path of recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

import msgspec

from tenure.clock import DAY_US, EPOCH, MICROSECOND
from tenure.record.events.models import Oddity
from tenure.record.events.operations import refusing
from tenure.record.events.operations.checking import check_free_value, check_text
from tenure.record.events.operations.converting import in_base_currency, keep_currency
from tenure.record.events.operations.days import local_days
from tenure.record.events.operations.identifying import Found, SetAside
from tenure.record.events.operations.incoming import IncomingEvent, RefusalError
from tenure.record.events.operations.personal import looks_personal
from tenure.record.events.operations.prepared import Extras, Origin, Prepared, Row
from tenure.record.events.operations.shapes import PERSONAL, PROPERTY, Shape, Shapes
from tenure.record.events.operations.values import LONGEST_TEXT, UnfitValueError
from tenure.words import Words

RESERVED_PREFIX = "tenure:"
CONTEXT_FIELD = "context"
"""Where, with what and by which campaign an event came, as a sender tells it beside the fields."""
OTHER_IDENTIFIERS = "tenure:with"
OTHER_CUSTOMER = "other"
"""The field of events that tell of two customers: an identifier of the other one."""
LONGEST_VAULT_FIELD = 100
_MOST_FIELDS = 200
_LARGEST_BODY = 1_048_576
_EARLIEST_US = (datetime(1900, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class Reader:
    """Turns the incoming events of one call into rows, or refuses them with every reason."""

    def __init__(
        self, shapes: Shapes, origin: Origin, *, secret: bytes, zone: ZoneInfo, base_currency: str
    ) -> None:
        self._shapes = shapes
        self._origin = origin
        self._secret = secret
        self._days = local_days(zone)
        self._base = base_currency
        self._latest_us = origin.recorded_us + DAY_US
        self._keyed = blake2b(
            origin.source.encode() + b"\x1f", digest_size=12, key=secret[:32], usedforsecurity=False
        )
        self._extras: Extras | None = None

    def turn_to(self, identifier_id: int) -> None:
        """From now on events that name no identifier are about this one."""
        self._origin = replace(self._origin, about=identifier_id)

    def read(self, event: IncomingEvent) -> Prepared:
        """The row of ``event`` and what comes with it.

        Raises:
            RefusalError: it cannot be recorded.
        """
        self._extras = None
        try:
            shape = self._shapes.of(event.type)
            occurred_us = self._moment(event.occurred_at)
            if shape.unusual:
                self._check_unusual(shape, event)
            found = self._identify(shape, event) if event.identifiers else ()
            row = self._row(shape, event, occurred_us, found)
        except (AttributeError, TypeError, OverflowError, RecursionError, UnicodeEncodeError):
            raise refusing.malformed(event) from None
        return row, found, self._extras

    def _moment(self, occurred: datetime) -> int:
        if occurred.tzinfo is None:
            raise RefusalError(refusing.NAIVE)
        occurred_us = (occurred - EPOCH) // MICROSECOND
        if not _EARLIEST_US <= occurred_us <= self._latest_us:
            raise RefusalError(refusing.FUTURE if occurred_us > 0 else refusing.ANCIENT)
        return occurred_us

    def _check_unusual(self, shape: Shape, event: IncomingEvent) -> None:
        if shape.reserved and not self._origin.internal:
            raise RefusalError(refusing.RESERVED)
        if shape.unknown:
            self._note(Oddity.Kind.UNKNOWN_TYPE, event.type, "")

    def _identify(self, shape: Shape, event: IncomingEvent) -> Sequence[Found]:
        found: list[Found] = []
        for type_key, told in event.identifiers.items():
            for raw in told if type(told) is tuple else (told,):
                known = shape.find(self._secret, type_key, raw)
                if isinstance(known, Found):
                    found.append(known)
                    if not known.known:
                        self._note(Oddity.Kind.UNKNOWN_IDENTIFIER, event.type, type_key)
                elif known is not None:
                    self._set_aside(known, event.type, str(raw))
        if len(found) > len(event.identifiers):  # several of a type, perhaps the same one twice
            found = list({one.id: one for one in found}.values())
        if len(found) > 1:
            found.sort(key=_rank)
        return found

    def _row(
        self, shape: Shape, event: IncomingEvent, occurred_us: int, found: Sequence[Found]
    ) -> Row:
        origin = self._origin
        properties: dict[str, object] = {}
        amount_e4 = currency = None
        if event.other is not None:
            self._name_other(shape, event.other, properties)
        money = self._fields(shape, event, properties)
        if money is not None:
            amount_e4, currency = money
        elif event.currency is not None or event.exchange_rate is not None:
            keep_currency(event, properties)
        if len(found) > 1:
            properties[OTHER_IDENTIFIERS] = [str(other.id) for other in found[1:]]
        return (
            self._key(event, occurred_us),
            origin.source,
            event.type,
            found[0].id if found else origin.about,
            occurred_us,
            origin.recorded_us,
            self._days.of(occurred_us),
            amount_e4,
            currency,
            origin.batch_id,
            origin.recorded_by,
            _body(properties),
        )

    def _name_other(
        self, shape: Shape, other: tuple[str, str], properties: dict[str, object]
    ) -> None:
        known = shape.find(self._secret, *other)
        if isinstance(known, Found):
            properties[OTHER_CUSTOMER] = known.id

    def _fields(
        self, shape: Shape, event: IncomingEvent, properties: dict[str, object]
    ) -> tuple[int, str] | None:
        """Put the fields where they belong; the amount and currency of the money field."""
        money: tuple[int, str] | None = None
        reasons: list[Words] = []
        specs = shape.fields
        for name, value in event.fields.items():
            spec = specs.get(name)
            if value is None:
                continue
            try:
                if spec is None:
                    self._keep_unknown(shape, event, name, value, properties)
                    continue
                parsed = spec[0](value)
                if spec[1] == PROPERTY:
                    if parsed is not None:
                        properties[name] = parsed
                elif spec[1] == PERSONAL:
                    self._keep_personal(name, parsed)
                elif parsed is not None:
                    money = self._amount(event, name, int(parsed), properties)
            except UnfitValueError as unfit:
                reasons.append(refusing.in_field(name, unfit.words))
        for name in shape.required:
            if name not in properties or properties[name] == "":
                secrets = self._extras.secrets if self._extras else ()
                if shape.lacks(name, event, secrets, has_amount=money is not None):
                    reasons.append(refusing.in_field(name, refusing.MISSING))
        if reasons:
            raise RefusalError(*reasons)
        return money

    def _amount(
        self, event: IncomingEvent, name: str, amount_e4: int, properties: dict[str, object]
    ) -> tuple[int, str]:
        if event.currency is None or event.currency == self._base:
            return amount_e4, self._base
        return in_base_currency(event, name, amount_e4, properties, self._base)

    def _keep_personal(self, name: str, parsed: object) -> None:
        if parsed is None or parsed == "":
            return
        text = str(parsed)
        check_text(text)
        self._extra().secrets.append((name, text))

    def _keep_unknown(
        self,
        shape: Shape,
        event: IncomingEvent,
        name: str,
        value: object,
        properties: dict[str, object],
    ) -> None:
        """Keep the value of a field no definition knows, and note that nobody knows it.

        In the vault where it looks personal: nobody has said that it is not.
        """
        held = len(self._extras.secrets) if self._extras is not None else 0
        if len(properties) + held >= _MOST_FIELDS:
            raise RefusalError(refusing.TOO_MANY_FIELDS)
        if name.startswith(RESERVED_PREFIX):
            raise RefusalError(refusing.RESERVED_FIELD)
        check_text(name)
        check_free_value(value)
        if name != CONTEXT_FIELD and looks_personal(name, value):
            text = value if isinstance(value, str) else _encode(value).decode()
            self._keep_personal(name[:LONGEST_VAULT_FIELD], text)
        else:
            properties[name] = value
        if not shape.unknown and name != CONTEXT_FIELD:
            self._note(Oddity.Kind.UNKNOWN_FIELD, event.type, name[:200])

    def _set_aside(self, known: SetAside, event_type: str, raw: str) -> None:
        """A value that is no identifier: what cannot be read goes to the vault, "null" does not."""
        if known.blocked:
            self._note(Oddity.Kind.BLOCKED_IDENTIFIER, event_type, known.type)
            return
        self._extra().secrets.append((f"{RESERVED_PREFIX}identifier.{known.type}", raw))
        self._note(Oddity.Kind.UNREADABLE_IDENTIFIER, event_type, known.type)

    def _note(self, kind: str, event_type: str, detail: str) -> None:
        self._extra().oddities.append((kind, event_type, detail))

    def _extra(self) -> Extras:
        if self._extras is None:
            self._extras = Extras()
        return self._extras

    def _key(self, event: IncomingEvent, occurred_us: int) -> bytes:
        code = self._keyed.copy()
        if event.keyed_at is not None:
            occurred_us = (event.keyed_at - EPOCH) // MICROSECOND
        if event.key is not None:
            code.update(event.key.encode())
        else:
            told: tuple[object, ...] = (
                event.identifiers,
                event.fields,
                event.currency,
                event.exchange_rate,
            )
            if event.other is not None:
                told = (*told, event.other)
            code.update(b"\x1f" + _encode_sorted((event.type, occurred_us, told)))
            if self._origin.about is not None:  # or one word about two customers were a repeat
                code.update(b"\x1f%d" % self._origin.about)
        return (occurred_us // 1_000_000 & 0xFFFFFFFF).to_bytes(4, "big") + code.digest()


def _rank(found: Found) -> int:
    return found.rank


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
