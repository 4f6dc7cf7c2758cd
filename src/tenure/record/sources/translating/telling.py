"""What all dialects share: a message with its circumstances, told as events of the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tenure.definitions import Library
from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.sources.translating.context import add_channel, add_context
from tenure.record.sources.translating.fitting import fields_of
from tenure.record.sources.translating.moments import Moments
from tenure.record.sources.translating.naming import (
    PROFILED,
    RECOGNISED,
    RELATED,
    field_name,
    type_of,
)
from tenure.record.sources.translating.reading import Json, text_of
from tenure.record.sources.translating.touches import add_touch
from tenure.record.sources.translating.traits import Identifiers

PERSON = "app_user_id"
VISITOR = "anonymous_id"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a translation stands on.

    Attributes:
        library: the definitions in force.
        names: the source's own names of events, to event types.
        envelope: what was said once for the whole batch.
        received_us: when it arrived, microseconds, UTC.
    """

    library: Library
    names: Mapping[str, str]
    envelope: Json
    received_us: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a sender, read as far as all dialects have it."""

    setting: Setting
    identifiers: Identifiers
    moments: Moments
    key: str | None
    context: Json

    def track(self, name: str, properties: Json, *, usual_channel: str = "") -> IncomingEvent:
        """Something that was done."""
        library = self.setting.library
        key = type_of(name, library, self.setting.names)
        return self.of_type(key, properties, usual_channel, name if key != name else None)

    def of_type(
        self, key: str, properties: Json, usual_channel: str = "", name: str | None = None
    ) -> IncomingEvent:
        """An event of a type already known; ``name`` is kept where nothing else tells it."""
        library = self.setting.library
        kind = library.event_types.get(key)
        fields = fields_of(properties, kind.fields if kind else ())
        if kind is None and name is not None:
            fields.setdefault("event_name", name)
        currency = text_of(fields.pop("currency", None))
        rate = _rate(fields.get("exchange_rate"))
        if rate is not None and currency is not None:
            del fields["exchange_rate"]
        add_channel(fields, key, self.context, library, usual_channel)
        add_touch(fields, key, properties, self.context, library)
        return self.event(key, fields, currency=currency, rate=rate if currency else None)

    def profile(self, fields: Json, *, of: Identifiers | None = None) -> IncomingEvent:
        """What is known of somebody; without anything to tell, only by what they are known."""
        return self.event(PROFILED if fields else RECOGNISED, fields, of=of)

    def event(
        self,
        key: str,
        fields: Json,
        *,
        of: Identifiers | None = None,
        part: str = "",
        currency: str | None = None,
        rate: Decimal | None = None,
        other: tuple[str, str] | None = None,
    ) -> IncomingEvent:
        """An event of the log; ``part`` tells several of one message apart."""
        add_context(fields, self.context)
        identifiers = self.identifiers if of is None else of
        return IncomingEvent(
            type=key,
            occurred_at=self.moments.occurred_at,
            identifiers={
                kind: values[0] if len(values) == 1 else tuple(values)
                for kind, values in identifiers.items()
                if values
            },
            fields=fields,
            key=self.key if not part or self.key is None else f"{self.key}|{part}",
            currency=currency.upper() if currency else None,
            exchange_rate=rate,
            keyed_at=self.moments.keyed_at,
            other=other,
        )

    def belongs_to(
        self, organisation: Identifiers, *, person: Identifiers | None = None
    ) -> list[IncomingEvent]:
        """That the person is of an organisation: told in both customers' logs, as people tell it.

        Nothing where either has no identifier.
        """
        sides = {"company": person or self.identifiers, "contact": organisation}
        first = {name: _first(side) for name, side in sides.items()}
        company, contact = first["contact"], first["company"]
        if company is None or contact is None:
            return []
        return [
            self.event(RELATED, {"relation": name}, of=side, part=name, other=other)
            for (name, side), other in zip(sides.items(), (company, contact), strict=True)
        ]

    def own_properties(self, name: str, properties: Json) -> Json:
        """The sender's own; what its library adds to them (``$...``) goes with the context.

        Events that the library makes by itself (``$...`` too) consist of such properties.
        """
        if name.startswith("$"):
            return properties
        for key in [key for key in properties if key.startswith("$")]:
            self.context.setdefault(field_name(key), properties[key])
        return {key: value for key, value in properties.items() if not key.startswith("$")}


def _first(identifiers: Identifiers) -> tuple[str, str] | None:
    return next(((kind, values[0]) for kind, values in identifiers.items() if values), None)


def _rate(value: object) -> Decimal | None:
    text = repr(value) if isinstance(value, float) else text_of(value)
    try:
        rate = Decimal(text) if text else None
    except ArithmeticError:
        return None
    return rate if rate is not None and rate.is_finite() and 0 < rate < 10**12 else None
