"""Events of Sensors Analytics libraries (神策): ``type``, ``distinct_id``, ``time`` in ms."""

from __future__ import annotations

from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.sources.translating.moments import reckoned
from tenure.record.sources.translating.naming import PROFILED, RECOGNISED, SET_ONCE, VIEWED
from tenure.record.sources.translating.reading import Json, id_of, listed, mapping, text_of
from tenure.record.sources.translating.telling import PERSON, VISITOR, Message, Setting
from tenure.record.sources.translating.traits import (
    Identifiers,
    add_contacts,
    add_identifier,
    person_fields,
)

_IDENTITIES = {
    "$identity_login_id": PERSON, "$identity_mobile": "phone", "$identity_email": "email",
    "$identity_anonymous_id": VISITOR, "$identity_cookie_id": VISITOR,
    "$identity_android_id": "device_id", "$identity_android_uuid": VISITOR,
    "$identity_ios_uuid": VISITOR, "$identity_idfv": "device_id", "$identity_harmony_uuid": VISITOR,
    "$identity_mp_id": VISITOR, "$identity_mp_unionid": "wechat_unionid",
    "$identity_mp_openid": "wechat_openid",
}  # fmt: skip
_VIEWS = {"$pageview": "web", "$AppViewScreen": "app", "$MPViewScreen": "miniprogram"}
_CONTEXT = {"$os": "os", "$model": "model", "$manufacturer": "manufacturer", "$browser": "browser",
            "$app_version": "app_version", "$url": "url", "$referrer": "referrer"}  # fmt: skip
_CAMPAIGN = {"$utm_source": "source", "$utm_medium": "medium", "$utm_campaign": "name",
             "$utm_term": "term", "$utm_content": "content"}  # fmt: skip
_UNSAID = frozenset({"$ip", "$device_id", "$is_login_id", "$user_agent", "$lib", "$lib_version",
                     "$token", "$project", "$time"})  # fmt: skip
_SETS = frozenset({"profile_set", "profile_set_once"})
_OTHER_TYPES = {
    "profile_increment": "profile.incremented", "profile_append": "profile.appended",
    "profile_delete": "profile.deleted", "item_set": "item.kept", "item_delete": "item.deleted",
    "track_id_unbind": "identifier.unbound",
}  # fmt: skip


def sensors_events(item: Json, setting: Setting) -> list[IncomingEvent]:
    """The events of one message that passed the quick look.

    Raises:
        MomentError: its moment cannot be used.
    """
    kind = str(item["type"])
    properties = mapping(item.get("properties"))
    message = _message(item, properties, setting)
    kept = {k: v for k, v in properties.items() if k not in _UNSAID and k not in _CONTEXT}
    if kind in _SETS:
        fields = person_fields(kept, message.identifiers, setting.library)
        if kind == "profile_set_once" and fields:
            fields[SET_ONCE] = ",".join(fields)
        return [message.profile(fields)]
    if kind == "profile_unset":
        return [message.event(PROFILED, {"cleared": ",".join(kept)})]
    if kind in {"track_signup", "track_id_bind"}:
        return [message.event(RECOGNISED, kept)]
    if kind in _OTHER_TYPES:
        kept |= {name: item[name] for name in ("item_type", "item_id") if name in item}
        return [message.of_type(_OTHER_TYPES[kind], kept)]
    name = text_of(item.get("event")) or kind
    if name in _VIEWS:
        return [message.of_type(VIEWED, kept, _VIEWS[name])]
    return [message.track(name, message.own_properties(name, kept))]


def sensors_identifiers(item: Json) -> Identifiers:
    """By what a message tells who it is about."""
    properties = mapping(item.get("properties"))
    kind = item.get("type")
    given = id_of(item.get("distinct_id"))
    found: Identifiers = {}
    identities = mapping(item.get("identities"))
    for name, value in identities.items():
        for one in listed(value) or [value]:
            add_identifier(found, _IDENTITIES.get(name, name.lstrip("$"))[:100], id_of(one))
    if kind == "track_signup":
        add_identifier(found, PERSON, given)
        add_identifier(found, VISITOR, id_of(item.get("original_id")))
    elif not identities:
        known = properties.get("$is_login_id") is True
        add_identifier(found, PERSON if known else VISITOR, given)
    add_identifier(found, PERSON, id_of(item.get("login_id")))
    add_identifier(found, VISITOR, id_of(item.get("anonymous_id")))
    add_identifier(found, "device_id", id_of(properties.get("$device_id")))
    if kind in _SETS:
        add_contacts(found, properties)
    return {kind: values for kind, values in found.items() if values}


def _message(item: Json, properties: Json, setting: Setting) -> Message:
    track_id = text_of(item.get("_track_id"))
    moments = reckoned(
        told=item.get("time"),
        own=None,
        batch=None,
        sent=None,
        received_us=setting.received_us,
        has_key=False,
    )
    context = {name: properties[k] for k, name in _CONTEXT.items() if k in properties}
    page = {k: context.pop(k) for k in ("url", "referrer") if k in context}
    campaign = {name: properties[k] for k, name in _CAMPAIGN.items() if properties.get(k)}
    lib = mapping(item.get("lib"))
    library = {"name": lib.get("$lib"), "version": lib.get("$lib_version")}
    whole: Json = {**context, "page": page, "campaign": campaign}
    if library["name"]:
        whole["library"] = library
    key = None if track_id is None else f"{track_id}|{item.get('time')}|{item.get('distinct_id')}"
    return Message(setting, sensors_identifiers(item), moments, key, whole)
