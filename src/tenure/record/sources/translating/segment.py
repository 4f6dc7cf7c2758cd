"""Messages of Segment's and RudderStack's libraries (Segment Spec; HTTP Tracking API)."""

from __future__ import annotations

from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.sources.translating.context import add_devices
from tenure.record.sources.translating.moments import reckoned
from tenure.record.sources.translating.naming import JOINED, PROFILED, RECOGNISED, VIEWED
from tenure.record.sources.translating.reading import Json, as_json, id_of, mapping, text_of
from tenure.record.sources.translating.telling import PERSON, VISITOR, Message, Setting
from tenure.record.sources.translating.traits import (
    Identifiers,
    add_contacts,
    add_identifier,
    organisation_fields,
    person_fields,
)

_READ = frozenset({
    "type", "event", "userId", "anonymousId", "groupId", "previousId", "traits", "properties",
    "context", "timestamp", "originalTimestamp", "sentAt", "receivedAt", "messageId", "writeKey",
    "request_ip", "integrations", "_metadata", "channel", "version", "rudderId",
})  # fmt: skip
_BESIDE = ("channel", "integrations", "_metadata", "version", "rudderId")
"""What a library says about its own ways: it goes with the context."""


def segment_events(item: Json, setting: Setting) -> list[IncomingEvent]:
    """The events of one message that passed the quick look.

    Raises:
        MomentError: its moment cannot be used.
    """
    message = _message(item, setting)
    kind = item["type"]
    if kind == "identify":
        return [_identify(item, message)]
    if kind == "group":
        return _group(item, message)
    if kind == "alias":
        return [_alias(item, message)]
    properties = {**_others(item), **mapping(item.get("properties"))}
    if kind == "track":
        return [message.track(str(item["event"]), properties)]
    return [_view(item, message, properties)]


def segment_identifiers(item: Json) -> Identifiers:
    """By what a message tells who it is about."""
    context = mapping(item.get("context"))
    found: Identifiers = {}
    add_identifier(found, PERSON, id_of(item.get("userId")))
    add_identifier(found, VISITOR, id_of(item.get("anonymousId")))
    add_contacts(found, mapping(context.get("traits")))
    if item.get("type") == "identify":
        add_contacts(found, mapping(item.get("traits")))
    elif item.get("type") == "track":
        properties = mapping(item.get("properties"))
        add_contacts(found, {name: properties.get(name) for name in ("email", "phone")})
    add_devices(found, context)
    return {kind: values for kind, values in found.items() if values}


def _message(item: Json, setting: Setting) -> Message:
    context = {**mapping(setting.envelope.get("context")), **mapping(item.get("context"))}
    for name in _BESIDE:
        context.setdefault(name, item.get(name, setting.envelope.get(name)))
    given = item.get("messageId")
    key = text_of(given) or (None if given in (None, "") else as_json(given))
    moments = reckoned(
        told=item.get("timestamp"),
        own=item.get("originalTimestamp"),
        batch=setting.envelope.get("timestamp"),
        sent=item.get("sentAt") or setting.envelope.get("sentAt"),
        received_us=setting.received_us,
        has_key=key is not None,
    )
    identifiers = segment_identifiers({**item, "context": context})
    return Message(setting, identifiers, moments, key, context)


def _identify(item: Json, message: Message) -> IncomingEvent:
    """Traits stand in ``traits``, or as RudderStack has it in ``context.traits``, or in both."""
    traits = {**mapping(message.context.get("traits")), **mapping(item.get("traits"))}
    fields = person_fields(traits, message.identifiers, message.setting.library)
    return message.profile({**_others(item), **fields})


def _group(item: Json, message: Message) -> list[IncomingEvent]:
    """The organisation's profile, and that the person belongs to it: two customers, never one."""
    number = id_of(item.get("groupId"))
    if number is None:
        return [message.event(JOINED, _others(item))]
    organisation: Identifiers = {"account_no": [number]}
    traits = mapping(item.get("traits"))
    library = message.setting.library
    fields = organisation_fields(traits, organisation, library)
    events = [
        message.event(
            PROFILED if fields else RECOGNISED, fields, of=organisation, part="organisation"
        )
    ]
    if message.identifiers:
        joined: Json = {"account_no": number, **_others(item)}
        name = text_of(traits.get("name"))
        events.append(message.event(JOINED, {**joined, "company_name": name} if name else joined))
        events += message.belongs_to(organisation)
    return events


def _alias(item: Json, message: Message) -> IncomingEvent:
    """``previousId`` is ``userId`` from now on; it was a visitor's or an account's, or both."""
    previous = id_of(item.get("previousId"))
    add_identifier(message.identifiers, PERSON, previous)
    add_identifier(message.identifiers, VISITOR, previous)
    return message.event(RECOGNISED, _others(item))


def _view(item: Json, message: Message, properties: Json) -> IncomingEvent:
    """A page or a screen; its name stands beside the properties, or among them."""
    told = dict(properties)
    name = text_of(item.get("name")) or text_of(properties.get("name"))
    if name is not None:
        told.pop("name", None)
        told["content"] = name
    for place in ("url", "referrer", "search"):  # the context keeps them without their query
        value = told.pop(place, None)
        if value not in (None, "") and place != "search":
            told[place] = str(value).split("?", 1)[0].split("#", 1)[0]
    usual = "web" if item["type"] == "page" else "app"
    return message.of_type(VIEWED, told, usual)


def _others(item: Json) -> Json:
    """What stands beside what a message is made of; nothing a sender says is lost."""
    return {name: value for name, value in item.items() if name not in _READ}
