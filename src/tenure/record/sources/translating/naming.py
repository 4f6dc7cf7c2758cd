"""Names of events as senders choose them, to event types; unknown ones to a normal form.

The e-commerce names are those of Segment's specification (Spec: V2 Ecommerce Events).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

from pypinyin import lazy_pinyin

from tenure.definitions import Library
from tenure.definitions.document import EVENT_KEY
from tenure.record.events.events import OWN_TYPES

SET_ONCE = "set_once"
"""The field of a profile event that names those of its fields which count only if nothing else."""
VIEWED = "content.viewed"
PROFILED = "customer.profiled"
RECOGNISED = "customer.recognised"
JOINED = "organisation.joined"
RELATED = "customer.related"

_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_LONGEST = 64
_PARTICIPLES = frozenset({
    "sent", "made", "won", "lost", "begun", "seen", "read", "paid", "bought", "sold", "given",
    "taken", "done", "sought", "spent", "left", "chosen", "shown", "hidden", "written", "built",
    "met", "held", "kept", "set", "put", "hit",
})  # fmt: skip
_KNOWN = {
    "order.placed": "order completed|order placed|order submitted|order created|completed order|"
    "placed order|purchase|purchased|checkout completed|submit order|提交订单|下单|购买",
    "order.paid": "order paid|payment completed|payment succeeded|pay order|paid order|"
    "支付订单|付款|支付成功",
    "order.refunded": "order refunded|refund completed|refunded order|退款",
    "order.cancelled": "order cancelled|order canceled|cancelled order|canceled order|取消订单",
    "order.delivered": "order delivered|delivered order|确认收货",
    "product.viewed": "product viewed|viewed product|view product|浏览商品|商品详情页浏览",
    "cart.updated": "product added|added to cart|added product|add to cart|"
    "wishlist product added to cart|加入购物车",
    "review.posted": "product reviewed|review posted|review submitted",
    "customer.registered": "signed up|sign up|signup|user signed up|account created|"
    "user registered|registered|user created|注册|注册成功",
    "trial.started": "trial started|started trial",
    "lead.created": "lead created|lead captured|lead generated|lead submitted",
    "form.submitted": "form submitted|form completed|submitted form|提交表单",
    "message.opened": "email opened|email link clicked|push notification opened|"
    "push notification tapped|message opened",
    "ad.clicked": "ad clicked|advertisement clicked",
    "site.visited": "site visited|store visited",
    "enquiry.made": "enquiry made|inquiry made|contact us submitted",
    "quote.requested": "quote requested|requested quote",
    "support.requested": "support requested|ticket created|support ticket created",
    "support.resolved": "support ticket resolved|ticket resolved",
    "complaint.opened": "complaint opened|complaint submitted|投诉",
    "survey.answered": "survey answered|survey completed|survey submitted",
    "satisfaction.rated": "csat submitted|satisfaction rated",
    "recommendation.rated": "nps submitted|nps survey submitted",
    "referral.made": "referral made|referral sent|invite sent",
    "membership.joined": "membership joined|loyalty joined|加入会员",
    "points.earned": "points earned|loyalty points earned",
    "points.spent": "points spent|points redeemed|loyalty points redeemed",
}
NAMES = {name: key for key, names in _KNOWN.items() for name in names.split("|")}
"""Names in lower case with single spaces, to the event types of the packs."""

STAFF_ONLY = frozenset({
    *OWN_TYPES, "stage.pinned", "stage.unpinned", "note.written", "note.edited", "note.removed",
    "customer.related", "customer.unrelated", "file.attached", "file.removed", "customer.assigned",
    "customer.tagged", "customer.untagged",
})  # fmt: skip
"""What people at Tenure do: a write key, which is no secret in a browser, does not."""


def type_of(name: str, library: Library, own: Mapping[str, str]) -> str:
    """The event type that an event's name stands for.

    Args:
        name: as the sender calls it.
        library: its event types are recognised in any spelling.
        own: the source's own names, as they are sent, to event types.
    """
    given = own.get(name)
    if given is not None and given not in STAFF_ONLY:
        return given
    normal, plain = _forms(name)
    if normal in library.event_types and normal not in STAFF_ONLY:
        return normal
    known = NAMES.get(plain) or NAMES.get(name.strip())
    if known is not None:
        return known
    return f"event.{normal.replace('.', '_')}"[:_LONGEST] if normal in STAFF_ONLY else normal


@lru_cache(maxsize=10_000)
def field_name(name: str) -> str:
    """The name of a property as definitions write field keys, if it is in Latin letters."""
    if not name.isascii():
        return name.strip()[:200] or "unnamed"
    return _key("_".join(_words(name))) or "unnamed"


@lru_cache(maxsize=10_000)
def _forms(name: str) -> tuple[str, str]:
    """The normal form ``noun.past_participle``, and the plain words of a name."""
    if EVENT_KEY.fullmatch(name.strip()):
        return name.strip(), name.strip()
    words = _words(name if name.isascii() else " ".join(lazy_pinyin(name[:200])))
    plain = " ".join(words)
    if not words:
        code = blake2b(name.encode(errors="replace"), digest_size=6, usedforsecurity=False)
        return f"event.named_{code.hexdigest()}", plain
    if len(words) > 1 and _happened(words[-1]):
        return f"{_key('_'.join(words[:-1]))}.{_key(words[-1])}", plain
    if len(words) > 1 and _happened(words[0]):
        return f"{_key('_'.join(words[1:]))}.{_key(words[0])}", plain
    return f"event.{_key('_'.join(words))}", plain


def _words(name: str) -> list[str]:
    return [word.lower() for word in _BREAK.split(name) if word]


def _happened(word: str) -> bool:
    return (word.endswith("ed") and len(word) > 3) or word in _PARTICIPLES


def _key(text: str) -> str:
    """Text as a key of a definition; what is too long ends in a digest of the whole."""
    if text and not text[0].isalpha():
        text = f"n_{text}"
    if len(text) > _LONGEST:
        code = blake2b(text.encode(), digest_size=4, usedforsecurity=False)
        text = f"{text[: _LONGEST - 9]}_{code.hexdigest()}"
    return text
