"""Values kept as they came, put where they belong once their event type is declared.

What no definition knew lies in the ``properties`` of its events. A declaration tells which of it
is personal and belongs into the vault, and which is the amount. The log's own trigger lets an
event lose what goes there, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

import msgspec
from django.db import connection, transaction
from django.db.models import Q

from tenure.actor import Actor
from tenure.clock import EPOCH, to_microseconds
from tenure.definitions import PROFILED, EventType, Field, PartyType
from tenure.record.events.models import Event, Oddity, Retelling, Sealing
from tenure.record.events.operations.basis import basis
from tenure.record.events.operations.companions import EVENT_HOLDER
from tenure.record.events.operations.converting import (
    CURRENCY_FIELD,
    RATE_FIELD,
    in_base_currency,
)
from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.events.operations.retelling import RETELLING_HOLDER
from tenure.record.events.operations.values import PARSERS, UnfitValueError
from tenure.record.events.operations.writing import lock_log
from tenure.record.library.operations import Published
from tenure.record.library.queries import current_library, versions
from tenure.record.vault.operations import Secret, store

_SLICE = 2_000
_decode = msgspec.json.Decoder(dict[str, object]).decode
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Sealed:
    """What was put in its place.

    Attributes:
        events: how many events lost something to the vault or to their amount.
        unfit: values that are no amount, or in a foreign currency without a rate: they stay.
    """

    events: int = 0
    unfit: int = 0


@transaction.atomic
def seal_published(published: Iterable[Published], *, by: Actor, at: datetime) -> Sealed:
    """Put in their place the kept values of everything that was published just now.

    Call it in the transaction of publishing: nobody sees the one without the other. Where no
    such value was ever kept it costs a query or two.
    """
    done = Sealed()
    types = current_library()[0].event_types
    for new in published:
        key = PROFILED if new.kind == PartyType.kind else new.key
        if new.kind not in (EventType.kind, PartyType.kind) or key not in types:
            continue
        fields = _kept_fields(key, _newly_declared(new))
        if fields:
            _seal(key, fields, done, by=by, at=at)
    return done


def last_sealing() -> int:
    """Number of the latest sealing; 0 where there was none."""
    return Sealing.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _newly_declared(new: Published) -> list[Field]:
    """Fields that are personal or money in this version and were not in the one before."""
    known = {one.number: one for one in versions(new.kind, new.key)}
    now, before = known[new.number], known.get(new.number - 1)
    was = set(_special(before.definition())) if before else set()
    return [field for name, field in _special(now.definition()).items() if name not in was]


def _special(definition: object) -> dict[tuple[str, bool], Field]:
    if not isinstance(definition, EventType | PartyType):
        return {}
    return {
        (field.key, field.personal): field
        for field in definition.fields
        if field.personal or field.type == "money"
    }


def _kept_fields(key: str, fields: Sequence[Field]) -> list[Field]:
    """Those of which a value may have been kept: oddities tell, and earlier declarations."""
    if not fields:
        return []
    whole = Oddity.objects.filter(kind=Oddity.Kind.UNKNOWN_TYPE, type=key).exists()
    odd = Oddity.objects.filter(kind=Oddity.Kind.UNKNOWN_FIELD, type=key)
    names = set(odd.values_list("detail", flat=True))
    declared = {
        field.key
        for one in versions(EventType.kind, key)
        if isinstance(definition := one.definition(), EventType)
        for field in definition.fields
        if not field.personal
    }
    return [field for field in fields if whole or field.key in names or field.key in declared]


def _seal(key: str, fields: Sequence[Field], done: Sealed, *, by: Actor, at: datetime) -> None:
    lock_log()
    before = (done.events, done.unfit)
    for model, holder in ((Event, EVENT_HOLDER), (Retelling, RETELLING_HOLDER)):
        for rows in _slices(model, key, fields):
            _seal_rows(model, holder, rows, fields, done)
    events, unfit = done.events - before[0], done.unfit - before[1]
    if events or unfit:
        Sealing.objects.create(
            type=key,
            fields=",".join(field.key for field in fields),
            events=events,
            unfit=unfit,
            recorded_us=to_microseconds(at),
            recorded_by=by.key,
        )


_Row = tuple[int, int | None, int | None, str | None, str]


def _slices(
    model: type[Event | Retelling], key: str, fields: Sequence[Field]
) -> Iterator[list[_Row]]:
    """Rows of a type that hold one of the fields, in one pass over the table."""
    holding = Q()
    for field in fields:
        holding |= Q(properties__contains=f'"{field.key}":')
    rows = model.objects.filter(holding, type=key).order_by("id")
    columns = ("id", "identifier_id", "amount_e4", "currency", "properties")
    last = 0
    while found := list(rows.filter(id__gt=last).values_list(*columns)[:_SLICE]):
        yield found
        last = found[-1][0]


def _seal_rows(
    model: type[Event | Retelling],
    holder: str,
    rows: Sequence[_Row],
    fields: Sequence[Field],
    done: Sealed,
) -> None:
    secrets: list[Secret] = []
    changed: list[tuple[str, int | None, str | None, int]] = []
    for number, subject, amount, currency, text in rows:
        properties = _decode(text)
        personal = _taken_out(properties, fields)
        secrets += [Secret(holder, number, *one, findable=True) for one in _told(personal, subject)]
        money = (amount, currency)
        if amount is None:
            found, unfit = _amount_in(properties, fields)
            done.unfit += unfit
            money = found or money
        if personal or money[0] != amount:
            changed.append((_encode(properties).decode(), *money, number))
    store(secrets)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {model._meta.db_table} SET properties = %s, amount_e4 = %s, currency = %s "
            "WHERE id = %s",
            changed,
        )
    done.events += len(changed)


def _taken_out(properties: dict[str, object], fields: Sequence[Field]) -> dict[str, object]:
    """The personal values, which ``properties`` lose."""
    names = [field.key for field in fields if field.personal and field.key in properties]
    return {name: properties.pop(name) for name in names}


def _told(
    personal: dict[str, object], subject: int | None
) -> Iterator[tuple[str, int | None, str]]:
    """Field, identifier and text of what is worth a place in the vault."""
    for name, value in personal.items():
        text = value if isinstance(value, str) else _encode(value).decode()
        if value is not None and text:
            yield name, subject, text


def _amount_in(
    properties: dict[str, object], fields: Sequence[Field]
) -> tuple[tuple[int, str] | None, int]:
    """The amount that the money field tells, and how many values are none."""
    for field in fields:
        value = properties.get(field.key)
        if field.type == "money" and not field.personal and value is not None:
            found = _amount(field, value, properties)
            return found, int(found is None)
    return None, 0


def _amount(field: Field, value: object, properties: dict[str, object]) -> tuple[int, str] | None:
    """The amount a kept value tells, in the base currency; None where it tells none.

    A foreign amount stays beside its rate, as it does in events of declared types.
    """
    base = basis().currency
    currency, rate = properties.get(CURRENCY_FIELD), properties.get(RATE_FIELD)
    try:
        parsed = PARSERS[field.type](value)
        if parsed is None:
            return None
        event = IncomingEvent(
            type="",
            occurred_at=EPOCH,
            currency=str(currency) if currency else None,
            exchange_rate=Decimal(str(rate)) if rate else None,
        )
        found = in_base_currency(event, field.key, int(parsed), {}, base)
    except (UnfitValueError, InvalidOperation):
        return None
    if found[1] == base:
        for name in (field.key, CURRENCY_FIELD):
            properties.pop(name, None)
    return found
