"""Events of PostHog's libraries (capture API): ``event``, ``distinct_id``, ``properties``."""

from __future__ import annotations

from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.sources.translating.moments import reckoned
from tenure.record.sources.translating.naming import (
    JOINED,
    PROFILED,
    RECOGNISED,
    SET_ONCE,
    VIEWED,
)
from tenure.record.sources.translating.reading import Json, id_of, mapping, text_of
from tenure.record.sources.translating.telling import PERSON, VISITOR, Message, Setting
from tenure.record.sources.translating.traits import (
    Identifiers,
    add_contacts,
    add_identifier,
    organisation_fields,
    person_fields,
)

_READ = frozenset({
    "$set", "$set_once", "$unset", "$anon_distinct_id", "distinct_id", "alias", "token", "$ip",
    "$device_id", "$process_person_profile", "$is_identified", "$user_id", "$lib", "$lib_version",
    "$raw_user_agent", "$user_agent", "$insert_id", "$time", "$sent_at", "$session_id",
    "$window_id", "$group_type", "$group_key", "$group_set",
})  # fmt: skip
_CONTEXT = {
    "$os": "os", "$browser": "browser", "$device_type": "device_type", "$current_url": "url",
    "$referrer": "referrer", "$locale": "locale", "$lib": "library", "$timezone": "timezone",
}  # fmt: skip
_CAMPAIGN = {"utm_source": "source", "utm_medium": "medium", "utm_campaign": "name",
             "utm_term": "term", "utm_content": "content"}  # fmt: skip


def posthog_events(item: Json, setting: Setting) -> list[IncomingEvent]:
    """The events of one message that passed the quick look.

    Raises:
        MomentError: its moment cannot be used.
    """
    name = str(item["event"])
    properties = mapping(item.get("properties"))
    message = _message(item, properties, setting)
    if name == "$groupidentify":
        return _group(item, properties, message)
    fields = _profile(item, properties, message)
    if name in {"$identify", "$create_alias", "$set"}:
        return [message.profile(fields)]
    kept = {k: v for k, v in properties.items() if k not in _READ and k not in _CONTEXT}
    if name in {"$pageview", "$screen"}:
        events = [message.of_type(VIEWED, kept, "web" if name == "$pageview" else "app")]
    else:
        events = [message.track(name, message.own_properties(name, kept))]
    if fields:
        events.append(message.event(PROFILED, fields, part="profile"))
    return events


def posthog_identifiers(item: Json) -> Identifiers:
    """By what a message tells who it is about: an account, or a visitor not known yet."""
    properties = mapping(item.get("properties"))
    name = item.get("event")
    given = id_of(item.get("distinct_id")) or id_of(properties.get("distinct_id"))
    found: Identifiers = {}
    if name == "$create_alias":
        for one in (id_of(properties.get("alias")), given):
            add_identifier(found, PERSON, one)
            add_identifier(found, VISITOR, one)
    elif name == "$groupidentify":
        add_identifier(found, "account_no", id_of(properties.get("$group_key")))
    else:
        add_identifier(found, VISITOR if _is_visitor(given, properties) else PERSON, given)
        add_identifier(found, PERSON, id_of(properties.get("$user_id")))
        add_identifier(found, VISITOR, id_of(properties.get("$anon_distinct_id")))
        add_contacts(found, _traits(item, properties))
    return {kind: values for kind, values in found.items() if values}


def _is_visitor(given: str | None, properties: Json) -> bool:
    """Whether the id is one that the library made up by itself."""
    if properties.get("$process_person_profile") is False:
        return True
    if properties.get("$is_identified") is False:
        return True
    return given is not None and given == id_of(properties.get("$device_id"))


def _message(item: Json, properties: Json, setting: Setting) -> Message:
    key = text_of(item.get("uuid")) or text_of(properties.get("$insert_id"))
    own = item.get("timestamp") or properties.get("$time")
    moments = reckoned(
        told=None,
        own=own,
        batch=None,
        sent=None if setting.envelope.get("historical_migration") else _sent(item, setting),
        received_us=setting.received_us,
        has_key=key is not None,
    )
    context = {name: properties[k] for k, name in _CONTEXT.items() if k in properties}
    page = {k: context.pop(k) for k in ("url", "referrer") if k in context}
    campaign = {name: properties[k] for k, name in _CAMPAIGN.items() if properties.get(k)}
    library = context.pop("library", None)
    if library is not None:
        context["library"] = {"name": library, "version": properties.get("$lib_version")}
    whole: Json = {**context, "page": page, "campaign": campaign}
    return Message(setting, posthog_identifiers(item), moments, key, whole)


def _sent(item: Json, setting: Setting) -> object:
    return item.get("sent_at") or setting.envelope.get("sent_at")


def _profile(item: Json, properties: Json, message: Message) -> Json:
    """Profile fields: those to be set, and those to be set only where nothing else is told."""
    library = message.setting.library
    fields = person_fields(_set(item, properties, "$set"), message.identifiers, library)
    once = person_fields(_set(item, properties, "$set_once"), message.identifiers, library)
    fresh = [name for name in once if name not in fields]
    if fresh:
        fields = {**once, **fields, SET_ONCE: ",".join(fresh)}
    unset = properties.get("$unset") or item.get("$unset")
    names = [text for one in unset if (text := text_of(one))] if isinstance(unset, list) else []
    return {**fields, "cleared": ",".join(names)} if names else fields


def _traits(item: Json, properties: Json) -> Json:
    """All person properties, those to be set before those to be set once."""
    return {**_set(item, properties, "$set_once"), **_set(item, properties, "$set")}


def _set(item: Json, properties: Json, name: str) -> Json:
    return {**mapping(item.get(name)), **mapping(properties.get(name))}


def _group(item: Json, properties: Json, message: Message) -> list[IncomingEvent]:
    """The organisation's profile, and that whoever sent it belongs to it.

    Servers send it in the name of the group itself: ``$company_17``, which is nobody.
    """
    organisation = dict(message.identifiers)
    traits = mapping(properties.get("$group_set"))
    fields = organisation_fields(traits, organisation, message.setting.library)
    events = [message.event(PROFILED if fields else RECOGNISED, fields, of=organisation)]
    given = id_of(item.get("distinct_id")) or id_of(properties.get("distinct_id"))
    if given is not None and not given.startswith("$"):
        person: Identifiers = {}
        add_identifier(person, VISITOR if _is_visitor(given, properties) else PERSON, given)
        events.append(message.event(JOINED, _joined(properties, traits), of=person, part="joined"))
        events += message.belongs_to(organisation, person=person)
    return events


def _joined(properties: Json, traits: Json) -> Json:
    name = text_of(traits.get("name"))
    joined: Json = {"account_no": id_of(properties.get("$group_key"))}
    return {**joined, "company_name": name} if name else joined
