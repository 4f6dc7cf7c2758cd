"""Where somebody came from, as addresses, campaigns and referrers tell it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.record.sources.translating.touches import (
    PARAMETERS,
    UNKNOWN,
    host_of,
    parameters_in,
    touch_fields,
)
from tests.record.sources.speaking import segment, told


def test_a_campaign_tells_all_three() -> None:
    found = touch_fields({"utm_source": "Baidu", "utm_campaign": "Spring 2026", "utm_term": "鞋"})
    assert found == {
        "touch_source": "baidu",
        "touch_medium": UNKNOWN,
        "touch_campaign": "Spring 2026",
        "touch_term": "鞋",
    }


@pytest.mark.parametrize(
    ("told_by", "more", "source", "medium"),
    [
        ({"bd_vid": "77"}, {}, "baidu", "cpc"),
        ({"gclid": "g1", "utm_source": "g-ads"}, {}, "g-ads", "cpc"),
        ({}, {"referrer": "https://www.zhihu.com/q/1"}, "zhihu.com", "referral"),
        ({}, {"channel": "exhibition", "campaign": "expo"}, "exhibition", UNKNOWN),
        ({}, {"referrer": "https://b.cn/", "channel": "web"}, "b.cn", "referral"),
        ({"ref": "M100"}, {}, "referral", "referral"),
        ({}, {"campaign": "expo"}, UNKNOWN, UNKNOWN),
    ],
)
def test_the_best_known_origin_counts(
    told_by: dict[str, object], more: dict[str, str], source: str, medium: str
) -> None:
    found = touch_fields(told_by, **more)  # type: ignore[arg-type]
    assert (found["touch_source"], found["touch_medium"]) == (source, medium)


def test_a_direct_visit_is_no_touch() -> None:
    assert touch_fields({}) == {}
    assert touch_fields({}, referrer="https://x.cn/a", address="https://www.x.cn/b") == {}


def test_a_page_event_tells_its_click_and_its_campaign() -> None:
    page = {"url": "https://x.cn/p?gclid=abc", "referrer": "https://google.com/"}
    [event] = told("segment", segment("page", name="Pricing", context={"page": page}))
    assert event.fields["touch_source"] == "google"
    assert event.fields["touch_click"] == "gclid:abc"
    [event] = told("segment", segment("track", event="Order Completed", context={"page": page}))
    assert "touch_source" not in event.fields


@given(
    st.dictionaries(st.sampled_from(PARAMETERS), st.text() | st.integers() | st.none()),
    st.none() | st.text(),
    st.none() | st.text(),
)
def test_whatever_is_sent_a_touch_is_whole_or_none(
    sent: dict[str, object], referrer: str | None, address: str | None
) -> None:
    found = touch_fields(sent, referrer=referrer, address=address)
    three = {"touch_source", "touch_medium", "touch_campaign"}
    assert not found or three <= found.keys()
    assert all(isinstance(value, str) and value for value in found.values())


@given(st.text())
def test_any_address_can_be_read(address: str) -> None:
    parameters_in(address)
    parameters_in("?" + address)
    host_of(address)
    host_of("http://" + address)
