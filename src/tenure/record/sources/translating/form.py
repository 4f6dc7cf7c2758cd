"""A form that was sent, told as events of the log.

One message tells up to four kinds: that the form was sent and where from, what is known of the
person, what they agreed to in which words, and that they became a member. All name the same
identifiers, and repeat as one when the message is sent again.
"""

from __future__ import annotations

from datetime import datetime

from tenure.clock import from_microseconds
from tenure.record.events.operations.incoming import IncomingEvent
from tenure.record.sources.translating.moments import MomentError
from tenure.record.sources.translating.naming import PROFILED
from tenure.record.sources.translating.reading import Json, listed, mapping, text_of
from tenure.record.sources.translating.telling import VISITOR, Setting
from tenure.record.sources.translating.touches import touch_fields
from tenure.words import Words

SUBMITTED = "form.submitted"
REGISTERED = "customer.registered"
CONSENTED = "consent.given"
_NO_TOKEN = Words("表单没有编号或时刻", "the form has no number or no moment")


def form_events(item: Json, setting: Setting) -> list[IncomingEvent]:
    """The events of one submission.

    Args:
        item: ``form``, ``version``, ``token`` (its number), ``begun_us`` (when it was shown),
            ``sent_us``, ``identifiers``, ``fields``, ``consents``, ``parameters``, ``referrer``,
            ``landing_page``, ``address``, ``channel``, ``campaign``, ``registration``, ``visitor``.
        setting: the library in force.

    Raises:
        MomentError: it has no number or no moment.
    """
    token = text_of(item.get("token"))
    sent, begun = _moment(item.get("sent_us")), _moment(item.get("begun_us"))
    if token is None or sent is None or begun is None:
        raise MomentError(_NO_TOKEN)
    identifiers = _identifiers(item)
    told = [(SUBMITTED, "", _submitted(item))]
    profile = {k: v for k, v in mapping(item.get("fields")).items() if v is not None}
    if profile:
        told.append((PROFILED, "profile", profile))
    for number, consent in enumerate(listed(item.get("consents"))):
        told.append((CONSENTED, f"consent{number}", _consent(item, mapping(consent))))
    if item.get("registration") is True and REGISTERED in setting.library.event_types:
        told.append((REGISTERED, "member", _origin(item)))
    return [
        IncomingEvent(
            type=kind,
            occurred_at=sent,
            identifiers=identifiers,
            fields=fields,
            key=f"form|{token}|{part}",
            keyed_at=begun,
        )
        for kind, part, fields in told
    ]


def _identifiers(item: Json) -> dict[str, str | tuple[str, ...]]:
    given = {**mapping(item.get("identifiers")), VISITOR: item.get("visitor")}
    found = {kind: text_of(value) for kind, value in given.items()}
    return {kind: value for kind, value in found.items() if value}


def _submitted(item: Json) -> Json:
    campaign = text_of(item.get("campaign"))
    fields = {
        "form": text_of(item.get("form")),
        "form_version": item.get("version"),
        "referrer": text_of(item.get("referrer")),
        "landing_page": text_of(item.get("landing_page")),
        **_origin(item),
        **touch_fields(
            mapping(item.get("parameters")),
            referrer=text_of(item.get("referrer")),
            address=text_of(item.get("address")),
            # a form of no campaign tells as little of an origin as a direct visit
            channel=text_of(item.get("channel")) if campaign else None,
            campaign=campaign,
        ),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _origin(item: Json) -> Json:
    """Channel and campaign: of the address, else the form's own."""
    given = mapping(item.get("parameters"))
    channel = text_of(given.get("utm_source")) or text_of(item.get("channel")) or "web"
    campaign = text_of(given.get("utm_campaign")) or text_of(item.get("campaign"))
    return {"channel": channel, "campaign": campaign} if campaign else {"channel": channel}


def _consent(item: Json, consent: Json) -> Json:
    fields: Json = {
        "purpose": text_of(consent.get("purpose")),
        "channel": text_of(consent.get("channel")),
        "policy_version": text_of(consent.get("version")),
        "wording": text_of(consent.get("text")),
        "form": text_of(item.get("form")),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _moment(value: object) -> datetime | None:
    try:
        return from_microseconds(value) if type(value) is int else None
    except (OverflowError, ValueError):
        return None
