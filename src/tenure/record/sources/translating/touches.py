"""Where somebody came from: UTM parameters, click ids and referrers, told as a touch.

A touch tells source, medium and campaign all three, ``(none)`` where one is not known: the first
campaign is then that of the first touch, not of the first one that happened to have a campaign.
An arrival that tells nothing of its origin is no touch, so a direct visit never hides how
somebody was won. Names: Google Analytics (URL parameters), Segment Spec (context.campaign).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from tenure.definitions import Library
from tenure.record.sources.translating.reading import Json, mapping, text_of

SOURCE = "touch_source"
UNKNOWN = "(none)"
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
CLICK_IDS: Mapping[str, str] = {
    "gclid": "google", "gbraid": "google", "wbraid": "google", "dclid": "google",
    "fbclid": "facebook", "msclkid": "bing", "ttclid": "tiktok", "twclid": "x",
    "li_fat_id": "linkedin", "yclid": "yandex", "bd_vid": "baidu", "qhclickid": "360",
    "gdt_vid": "tencent", "qz_gdt": "tencent", "clickid": "oceanengine",
}  # fmt: skip
"""Parameters by which advertisers' networks mark a click, to the network."""
REFERRED_BY = "ref"
"""Parameter that names who referred: a customer's or member's number, or a code."""
PARAMETERS = (*UTM, *CLICK_IDS, REFERRED_BY)
_LONGEST = 200
_CAMPAIGN = {"source": "utm_source", "medium": "utm_medium", "name": "utm_campaign",
             "term": "utm_term", "content": "utm_content"}  # fmt: skip


def touch_fields(
    told: Mapping[str, object],
    *,
    referrer: str | None = None,
    address: str | None = None,
    channel: str | None = None,
    campaign: str | None = None,
) -> Json:
    """The fields of a touch; empty where nothing tells where somebody came from.

    Args:
        told: parameters of the address; those of ``PARAMETERS`` are read.
        referrer: address of the page before.
        address: of the page itself; a referrer on the same host tells nothing.
        channel: what is known otherwise, used where the address tells no source.
        campaign: likewise.
    """
    given = {name: _text(told.get(name)) for name in PARAMETERS}
    click = next((name for name in CLICK_IDS if given[name]), None)
    site = _other_site(referrer, address)
    source = given["utm_source"] or (CLICK_IDS[click] if click else None) or site or _text(channel)
    named = given["utm_campaign"] or _text(campaign)
    if source is None and named is None and given[REFERRED_BY] is None:
        return {}
    by_site = "referral" if site and source == site else None
    by_word = "referral" if source is None and given[REFERRED_BY] else None
    medium = given["utm_medium"] or ("cpc" if click else None) or by_site or by_word
    fields: Json = {
        SOURCE: (source or by_word or UNKNOWN).lower(),
        "touch_medium": (medium or UNKNOWN).lower(),
        "touch_campaign": named or UNKNOWN,
        "touch_term": given["utm_term"],
        "touch_content": given["utm_content"],
        "touch_click": f"{click}:{given[click]}" if click else None,
        "referred_by": given[REFERRED_BY],
    }
    return {name: value for name, value in fields.items() if value}


def add_touch(
    fields: Json, type_key: str, properties: Json, context: Json, library: Library
) -> None:
    """Tell the touch of an event whose type has one, unless the event tells it itself.

    Args:
        fields: of the event; changed.
        type_key: its type.
        properties: as sent; click ids stand there in some dialects.
        context: as sent; ``campaign`` holds the UTM parameters, ``page`` the addresses.
        library: tells which types have touches.
    """
    kind = library.event_types.get(type_key)
    declared = {one.key for one in kind.fields} if kind else set()
    if SOURCE not in declared or SOURCE in fields:
        return
    campaign, page = mapping(context.get("campaign")), mapping(context.get("page"))
    told: dict[str, object] = {}
    for query in (page.get("url"), page.get("search")):
        told |= parameters_in(query)
    told |= {name: properties[name] for name in PARAMETERS if name in properties}
    told |= {to: campaign[name] for name, to in _CAMPAIGN.items() if campaign.get(name)}
    found = touch_fields(told, referrer=_text(page.get("referrer")), address=_text(page.get("url")))
    for name, value in found.items():
        if name in declared:
            fields.setdefault(name, value)


def parameters_in(address: object) -> dict[str, object]:
    """The parameters of ``PARAMETERS`` in the query of an address, or in a query alone."""
    if type(address) is not str or "?" not in address:
        return {}
    query = address.split("?", 1)[1].split("#", 1)[0][:4000]
    try:
        return {k: v for k, v in parse_qsl(query, max_num_fields=100) if k in PARAMETERS}
    except ValueError:
        return {}


def host_of(address: str | None) -> str | None:
    """The host of an address in small letters, without ``www.``; None where it has none."""
    try:
        host = urlsplit(address or "").hostname
    except ValueError:
        return None
    return host.lower().removeprefix("www.")[:_LONGEST] or None if host else None


def _other_site(referrer: str | None, address: str | None) -> str | None:
    before = host_of(referrer)
    return before if before != host_of(address) else None


def _text(value: object) -> str | None:
    text = text_of(value)
    return text[:_LONGEST] if text else None
