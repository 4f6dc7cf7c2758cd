"""Messages of the three dialects, told as events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tenure.record.sources.translating import Untranslatable
from tests.record.sources.speaking import ARRIVED, segment, told, told_raw

MAY = "2025-05-01T08:30:00.250Z"
THEN = datetime(2025, 5, 1, 8, 30, 0, 250_000, tzinfo=UTC)


def test_an_order_of_the_e_commerce_spec() -> None:
    properties = {
        "order_id": "50314b8e9bcf000000000000", "total": 27.5, "revenue": 25.00, "shipping": 3,
        "tax": 2, "discount": 2.5, "coupon": "hasbros", "currency": "usd", "exchange_rate": 7.1,
        "products": [
            {"product_id": "507f", "sku": "45790-32", "name": "Monopoly: 3rd Edition",
             "price": 19, "quantity": 1, "category": "Games"},
            {"product_id": "505b", "name": "Uno Card Game", "price": 3, "quantity": 2,
             "category": "Games"},
        ],
    }  # fmt: skip
    [event] = told(
        "segment", segment("track", event="Order Completed", properties=properties, timestamp=MAY)
    )
    assert event.type == "order.placed"
    assert event.occurred_at == THEN
    assert event.identifiers == {"app_user_id": "u1"}
    assert event.key == "m1"
    assert event.currency == "USD"
    assert event.exchange_rate == Decimal("7.1")
    wanted = {"amount": Decimal("27.5000"), "product": "Monopoly: 3rd Edition", "lines": 2}
    assert wanted.items() <= event.fields.items()
    assert event.fields["quantity"] == 3
    assert event.fields["revenue"] == 25.0
    assert len(event.fields["products"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "type_key"),
    [
        ("Product Viewed", "product.viewed"),
        ("Product Added", "cart.updated"),
        ("Product Removed", "product.removed"),
        ("Order Refunded", "order.refunded"),
        ("Order Cancelled", "order.cancelled"),
        ("Signed Up", "customer.registered"),
        ("order.placed", "order.placed"),
        ("OrderPaid", "order.paid"),
        ("提交订单", "order.placed"),
        ("Video Playback Started", "video_playback.started"),
        ("Viewed Pricing", "pricing.viewed"),
        ("Clicked", "event.clicked"),
        ("参加活动 🎉", "event.can_jia_huo_dong"),
        ("🎉", "event.named_bb758879d82d"),
        ("Stage Pinned", "event.stage_pinned"),
        ("note.written", "event.note_written"),
        ("identity.linked", "event.identity_linked"),
        ("2nd Visit", "event.n_2nd_visit"),
    ],
)
def test_names_of_events(name: str, type_key: str) -> None:
    [event] = told("segment", segment("track", event=name))
    assert event.type == type_key


def test_an_unknown_event_keeps_its_name_and_its_properties() -> None:
    message = segment("track", event="Video Paused", properties={"videoId": 7, "at": {"s": 3}})
    [event] = told("segment", message)
    assert event.fields == {"event_name": "Video Paused", "video_id": 7, "at": {"s": 3}}


def test_a_source_names_its_own_events() -> None:
    source = SimpleNamespace(settings='{"events": {"TK_PAY_V2": "order.paid"}}')
    [event] = told("segment", segment("track", event="TK_PAY_V2"), source=source)
    assert event.type == "order.paid"


def test_traits_from_both_places() -> None:
    message = segment(
        "identify",
        anonymousId="a1",
        traits={"firstName": "Ann", "lastName": "Lee", "plan": "gold",
                "birthday": "1990-01-02T00:00:00Z"},
        context={"traits": {"email": "ann@example.com", "phone": "+44 20 7946 0000"},
                 "ip": "8.8.8.8"},
    )  # fmt: skip
    [event] = told("segment", message)
    assert event.type == "customer.profiled"
    assert event.identifiers == {
        "app_user_id": "u1",
        "anonymous_id": "a1",
        "email": "ann@example.com",
        "phone": "+44 20 7946 0000",
    }
    assert event.fields == {"full_name": "Ann Lee", "plan": "gold", "birth_date": "1990-01-02"}


def test_chinese_traits() -> None:
    traits = {
        "first_name": "小明",
        "last_name": "王",
        "手机号": "13912345678",
        "城市": "杭州",
        "年龄": "三十",
    }
    [event] = told("segment", segment("identify", traits=traits))
    assert event.fields == {"full_name": "王小明", "city": "杭州", "age_as_sent": "三十"}
    assert event.identifiers["phone"] == "13912345678"


def test_recognised_without_traits() -> None:
    [event] = told("segment", segment("identify", anonymousId="a1"))
    assert (event.type, event.fields) == ("customer.recognised", {})


def test_a_group_is_a_customer_of_its_own() -> None:
    traits = {"name": "Initech", "employees": "329", "industry": "Technology", "plan": "pro"}
    organisation, person, company, contact = told(
        "segment", segment("group", groupId="g9", traits=traits)
    )
    assert organisation.identifiers == {"account_no": "g9", "company_name": "Initech"}
    assert organisation.fields == {"employees": "329", "industry": "Technology", "plan": "pro"}
    assert person.type == "organisation.joined"
    assert person.identifiers == {"app_user_id": "u1"}
    assert person.fields == {"account_no": "g9", "company_name": "Initech"}
    assert (company.type, company.fields) == ("customer.related", {"relation": "company"})
    assert (company.identifiers, company.other) == ({"app_user_id": "u1"}, ("account_no", "g9"))
    assert (contact.type, contact.fields) == ("customer.related", {"relation": "contact"})
    assert contact.identifiers == organisation.identifiers
    assert contact.other == ("app_user_id", "u1")
    assert len({one.key for one in (organisation, person, company, contact)}) == 4


def test_an_alias_links_both() -> None:
    [event] = told("segment", segment("alias", previousId="a1"))
    assert event.identifiers == {"app_user_id": ("u1", "a1"), "anonymous_id": "a1"}


def test_a_page_keeps_campaign_and_referrer_without_the_query() -> None:
    context = {
        "campaign": {"source": "newsletter", "medium": "email", "name": "spring"},
        "page": {"path": "/p", "url": "https://x.cn/p?mail=a@b.cn#c", "referrer": "https://b.cn/?q=1"},
        "userAgent": "M", "ip": "1.2.3.4", "library": {"name": "analytics.js"},
    }  # fmt: skip
    properties = {"url": "https://x.cn/p?mail=a@b.cn", "search": "?mail=a@b.cn"}
    message = segment("page", name="Pricing", category="Docs", context=context, channel="client",
                      properties=properties)  # fmt: skip
    [event] = told("segment", message)
    assert event.type == "content.viewed"
    assert event.fields == {
        "content": "Pricing", "category": "Docs", "channel": "newsletter", "campaign": "spring",
        "touch_source": "newsletter", "touch_medium": "email", "touch_campaign": "spring",
        "url": "https://x.cn/p",
        "context": {
            "campaign": context["campaign"], "library": {"name": "analytics.js"},
            "page": {"path": "/p", "url": "https://x.cn/p", "referrer": "https://b.cn/"},
            "channel": "client",
        },
    }  # fmt: skip


def test_who_else_it_is() -> None:
    context = {
        "device": {"id": "D1", "advertisingId": "D2", "model": "iPhone"},
        "externalIds": [{"id": "M7", "type": "member_no", "collection": "users"}],
    }
    [event] = told("segment", segment("track", event="X Done", userId=42, context=context))
    assert event.identifiers == {
        "app_user_id": "42", "device_id": ("D1", "D2"), "member_no": "M7",
    }  # fmt: skip
    assert event.fields["context"] == {"device": {"model": "iPhone"}}


@pytest.mark.parametrize(
    ("parts", "envelope", "occurred"),
    [
        ({"timestamp": MAY}, {}, THEN),
        ({"originalTimestamp": MAY}, {}, THEN),
        ({}, {"timestamp": MAY}, THEN),
        ({}, {}, ARRIVED),
        ({"timestamp": "2025-05-01T16:30:00.25+08:00"}, {}, THEN),
        ({"timestamp": 1746088200250}, {}, THEN),
        # sent as it happened by a clock ten months behind
        ({"originalTimestamp": MAY}, {"sentAt": MAY}, ARRIVED),
        # ten seconds are the way through the net
        (
            {"originalTimestamp": "2026-03-01T11:59:50Z"},
            {"sentAt": "2026-03-01T11:59:51Z"},
            ARRIVED - timedelta(seconds=11),
        ),
        # a moment told on purpose is not the device's clock
        ({"timestamp": MAY, "originalTimestamp": "2026-03-01T11:00:00Z"}, {"sentAt": MAY}, THEN),
    ],
)
def test_when_it_happened(parts: Any, envelope: Any, occurred: datetime) -> None:
    [event] = told("segment", segment("track", event="X Done", **parts), envelope=envelope)
    assert event.occurred_at == occurred


def test_a_clock_put_right_is_still_recognised_when_it_comes_again() -> None:
    message = segment("track", event="X Done", originalTimestamp=MAY, sentAt=MAY)
    [first] = told("segment", message)
    [second] = told("segment", message, at=ARRIVED + timedelta(days=30))
    assert first.occurred_at != second.occurred_at
    assert (first.keyed_at, first.key) == (second.keyed_at, second.key) == (THEN, "m1")


@pytest.mark.parametrize(
    "moment", ["1970-01-01T00:00:00Z", 0, "yesterday", {"at": 1}, "9999-12-31T23:59:59Z", 1e300]
)
def test_moments_that_are_none(moment: Any) -> None:
    import msgspec

    item = msgspec.json.encode(segment("track", event="X Done", timestamp=moment))
    [refused] = told_raw("segment", item)
    assert isinstance(refused, Untranslatable)
    assert refused.reasons[0].zh
    assert refused.item == item


@pytest.mark.parametrize("message_id", ["x" * 500, 7, "号" * 90, {"odd": 1}])
def test_any_message_id_is_a_key(message_id: Any) -> None:
    [event] = told("segment", segment("track", event="X Done", messageId=message_id))
    assert event.key


def test_without_a_message_id_the_content_is_the_key() -> None:
    [event] = told("segment", segment("track", event="X Done", messageId=None))
    assert event.key is None


# ------------------------------------------------------------------------ PostHog


def posthog(event: str, distinct_id: str = "u1", **properties: Any) -> dict[str, Any]:
    return {
        "event": event, "distinct_id": distinct_id, "uuid": "0190", "timestamp": MAY,
        "properties": properties,
    }  # fmt: skip


def test_posthog_identify() -> None:
    message = posthog(
        "$identify", **{"$anon_distinct_id": "v1", "$set": {"email": "a@b.cn", "name": "Ann"}}
    )
    [event] = told("posthog", message)
    assert event.type == "customer.profiled"
    assert event.identifiers == {"app_user_id": "u1", "anonymous_id": "v1", "email": "a@b.cn"}
    assert event.fields == {"full_name": "Ann"}
    assert event.key == "0190"


def test_posthog_visitors_and_accounts() -> None:
    [visitor] = told(
        "posthog", posthog("Order Completed", "v1", **{"$device_id": "v1", "value": 9})
    )
    [account] = told(
        "posthog", posthog("Order Completed", "u1", **{"$device_id": "v1", "value": 9})
    )
    assert visitor.identifiers == {"anonymous_id": "v1"}
    assert account.identifiers == {"app_user_id": "u1"}
    assert account.fields == {"amount": 9}


def test_posthog_alias_in_both_directions() -> None:
    [one] = told("posthog", posthog("$create_alias", "old", alias="new"))
    [other] = told("posthog", posthog("$create_alias", "new", alias="old"))
    assert set(one.identifiers["app_user_id"]) == set(other.identifiers["app_user_id"])
    assert one.type == other.type == "customer.recognised"


def test_posthog_pages_groups_and_properties_of_persons() -> None:
    page = {"$current_url": "https://x.cn/a?token=1", "title": "A", "$os": "iOS", "$ip": "1.1.1.1",
            "$lib": "web", "utm_campaign": "spring", "$set": {"city": "杭州"}}  # fmt: skip
    viewed, profiled = told("posthog", posthog("$pageview", **page))
    assert viewed.type == "content.viewed"
    assert viewed.fields["content"] == "A"
    assert viewed.fields["campaign"] == "spring"
    assert "1.1.1.1" not in str(viewed.fields)
    assert "token" not in str(viewed.fields)
    assert profiled.fields["city"] == "杭州"
    assert profiled.key != viewed.key
    group, joined, company, contact = told("posthog", posthog("$groupidentify", **{
        "$group_type": "company", "$group_key": "g9", "$group_set": {"name": "Initech"},
    }))  # fmt: skip
    assert group.identifiers == {"account_no": "g9", "company_name": "Initech"}
    assert joined.fields == {"account_no": "g9", "company_name": "Initech"}
    assert company.other == ("account_no", "g9")
    assert contact.other == next(iter(company.identifiers.items()))
    server = posthog("$groupidentify", "$company_g9", **{"$group_key": "g9"})
    assert [one.identifiers for one in told("posthog", server)] == [{"account_no": "g9"}]


def test_what_is_set_once_is_marked() -> None:
    message = posthog("$set", **{"$set_once": {"city": "杭州", "plan": "a", "email": "a@b.cn"},
                                 "$set": {"plan": "b"}, "$unset": ["age"]})  # fmt: skip
    [event] = told("posthog", message)
    assert event.fields == {"city": "杭州", "plan": "b", "set_once": "city", "cleared": "age"}
    [event] = told("sensors", sensors("profile_set_once", properties={"city": "杭州", "vip": 3}))
    del event.fields["context"]
    assert event.fields == {"city": "杭州", "vip": 3, "set_once": "city,vip"}
    [event] = told("sensors", sensors("profile_set", properties={"city": "杭州"}))
    assert "set_once" not in event.fields


# ------------------------------------------------------------------------ 神策


def sensors(kind: str, distinct_id: str = "v1", **parts: Any) -> dict[str, Any]:
    return {
        "type": kind, "distinct_id": distinct_id, "time": 1746088200250, "properties": {},
        "lib": {"$lib": "python", "$lib_version": "1.11.0"}, **parts,
    }  # fmt: skip


LIBRARY = {"library": {"name": "python", "version": "1.11.0"}}


def test_sensors_track() -> None:
    properties = {"$is_login_id": True, "orderId": "O1", "order_amount": 129.9, "$os": "Linux"}
    [event] = told("sensors", sensors("track", "u1", event="提交订单", properties=properties))
    assert event.type == "order.placed"
    assert event.occurred_at == THEN
    assert event.identifiers == {"app_user_id": "u1"}
    assert event.fields == {
        "order_id": "O1", "amount": Decimal("129.9000"), "context": {"os": "Linux", **LIBRARY},
    }  # fmt: skip


def test_sensors_sign_up_links_the_visitor() -> None:
    [event] = told("sensors", sensors("track_signup", "u1", event="$SignUp", original_id="v1"))
    assert event.type == "customer.recognised"
    assert event.identifiers == {"app_user_id": "u1", "anonymous_id": "v1"}


def test_sensors_profiles() -> None:
    [event] = told(
        "sensors",
        sensors("profile_set", properties={"姓名": "王小明", "city": "杭州", "爱好": ["球"]}),
    )
    assert event.fields == {
        "full_name": "王小明",
        "city": "杭州",
        "爱好": ["球"],
        "context": LIBRARY,
    }
    [cleared] = told("sensors", sensors("profile_unset", properties={"city": True}))
    assert cleared.fields["cleared"] == "city"
    [deleted] = told("sensors", sensors("profile_delete"))
    assert deleted.type == "profile.deleted"


def test_sensors_identities() -> None:
    identities = {"$identity_login_id": "u1", "$identity_mobile": "13912345678",
                  "$identity_cookie_id": "v1", "$identity_mp_unionid": "w1"}  # fmt: skip
    [event] = told(
        "sensors", sensors("track_id_bind", "u1", event="$BindID", identities=identities)
    )
    assert event.identifiers == {
        "app_user_id": "u1", "phone": "13912345678", "anonymous_id": "v1", "wechat_unionid": "w1",
    }  # fmt: skip
