"""Events of PostHog's libraries (capture API): ``event``, ``distinct_id``, ``properties``."""

from __future__ import annotations

from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.sources.translating.moments import reckoned
from tenure.record.sources.translating.naming import PROFILED, RECOGNISED, VIEWED
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
        return [_group(properties, message)]
    told = {**_traits(item, properties)}
    fields = person_fields(told, message.identifiers, setting.library)
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


def _traits(item: Json, properties: Json) -> Json:
    """Person properties; those to be set once first, so that those to be set win."""
    traits: Json = {}
    for holder in (item, properties):
        traits |= {**mapping(holder.get("$set_once")), **mapping(holder.get("$set"))}
    unset = properties.get("$unset") or item.get("$unset")
    names = [text for one in unset if (text := text_of(one))] if isinstance(unset, list) else []
    return {**traits, "cleared": ",".join(names)} if names else traits


def _group(properties: Json, message: Message) -> IncomingEvent:
    identifiers = dict(message.identifiers)
    traits = mapping(properties.get("$group_set"))
    fields = organisation_fields(traits, identifiers, message.setting.library)
    return message.event(PROFILED if fields else RECOGNISED, fields, of=identifiers)
