"""What a sender tells about the circumstances: kept with the event, without what is personal."""

from __future__ import annotations

from tenure.definitions import Library
from tenure.record.events.operations.reading import CONTEXT_FIELD
from tenure.record.sources.translating.reading import Json, mapping, text_of
from tenure.record.sources.translating.traits import Identifiers, add_identifier

_PERSONAL = frozenset({
    "ip", "user_agent", "useragent", "user_agent_data", "useragentdata", "traits", "externalids",
    "location", "network", "sessionid",
})  # fmt: skip
"""Not kept: they tell where a person is, or which; identifiers go to the vault by themselves."""
_ADDRESSES = frozenset({"url", "referrer", "search", "initial_referrer"})
_DEVICE_IDS = ("id", "advertisingId", "token", "idfa", "idfv")
_PLACES = {"user_id": "app_user_id", "userid": "app_user_id", "anonymousid": "anonymous_id"}


def kept_context(context: Json) -> Json:
    """The part of a context that stays with the event; addresses without their query."""
    kept: Json = {}
    for name, value in context.items():
        if name.lower() in _PERSONAL or value is None or value in ("", {}, []):
            continue
        if name == "page":
            page = {k: bare_address(v) if k in _ADDRESSES else v for k, v in mapping(value).items()}
            kept[name] = {k: v for k, v in page.items() if k != "search" and v not in ("", None)}
        elif name == "device":
            kept[name] = {k: v for k, v in mapping(value).items() if k not in _DEVICE_IDS}
        else:
            kept[name] = value
    return {name: value for name, value in kept.items() if value != {}}


def bare_address(value: object) -> object:
    """An address without query and fragment, in which people's data travels."""
    return value.split("?", 1)[0].split("#", 1)[0] if type(value) is str else value


def add_devices(identifiers: Identifiers, context: Json) -> None:
    """Device ids, and the identifiers a sender names itself (``context.externalIds``)."""
    device = mapping(context.get("device"))
    for name in ("id", "advertisingId"):
        add_identifier(identifiers, "device_id", text_of(device.get(name)))
    outer = context.get("externalIds")
    for entry in outer if isinstance(outer, list) else ():
        told = mapping(entry)
        kind = text_of(told.get("type"))
        if kind is not None and told.get("collection") in (None, "users"):
            kind = _PLACES.get(kind.lower(), kind)[:100]
            add_identifier(identifiers, kind, text_of(told.get("id")))


def add_channel(fields: Json, type_key: str, context: Json, library: Library, usual: str) -> None:
    """Channel and campaign of a type that has them, unless the event itself tells them.

    Args:
        fields: of the event; changed.
        type_key: its type.
        context: as sent; ``campaign`` holds the UTM parameters.
        library: tells which fields the type has.
        usual: the channel of events that tell none; empty for none.
    """
    kind = library.event_types.get(type_key)
    declared = {field.key for field in kind.fields} if kind else set()
    campaign = mapping(context.get("campaign"))
    told = {
        "channel": text_of(campaign.get("source")) or text_of(campaign.get("medium")) or usual,
        "campaign": text_of(campaign.get("name")),
    }
    for name, value in told.items():
        if name in declared and value and fields.get(name) in (None, ""):
            fields[name] = value


def add_context(fields: Json, context: Json) -> None:
    """Keep the context with the fields, unless the event has a field of that name."""
    kept = kept_context(context)
    if kept:
        fields.setdefault(CONTEXT_FIELD, kept)
