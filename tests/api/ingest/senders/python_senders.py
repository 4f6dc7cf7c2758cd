"""Real Python libraries, unmodified, each telling of customers of its own.

``python python_senders.py NAME ADDRESS KEY``, in a process of its own.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

MAY = datetime(2025, 5, 1, 8, 30, tzinfo=UTC)
ORDER: dict[str, Any] = {
    "order_id": "O1", "total": 27.5, "currency": "CNY",
    "products": [{"name": "茶杯 🍵", "category": "Games", "quantity": 2}],
}  # fmt: skip


def fail(error: object, items: object) -> None:
    raise SystemExit(f"not delivered: {error}")


def tell_in_segments_words(client: Any, who: str) -> None:
    context = {"campaign": {"name": "spring", "source": "newsletter"}, "ip": "10.9.8.7"}
    client.page(f"visitor-{who}", "Docs", "Pricing", {"path": "/pricing"}, anonymous_id=None)
    client.identify(who, {"name": "Ann Lee", "email": f"{who}@example.org", "plan": "gold"})
    client.track(who, "Order Completed", ORDER, context, MAY)
    client.screen(who, "App", "Home", {})
    client.group(who, f"company-{who}", {"name": f"Initech {who}", "employees": 329})
    client.alias(f"visitor-{who}", who)


def segment(address: str, key: str) -> None:
    from segment.analytics.client import Client

    for who, gzip in (("segment", False), ("segment-gzip", True)):
        client = Client(key, host=address, gzip=gzip, on_error=fail, max_retries=1)
        tell_in_segments_words(client, who)
        for number in range(250):
            client.track(who, "Song Played", {"number": number})
        client.flush()
        client.join()


def rudder(address: str, key: str) -> None:
    from rudderstack.analytics.client import Client

    client = Client(key, host=address, on_error=fail, max_retries=1)
    tell_in_segments_words(client, "rudder")
    client.flush()
    client.join()


def posthog(address: str, key: str) -> None:
    from posthog import Posthog

    client = Posthog(key, host=address, on_error=fail, max_retries=1, flush_at=2, gzip=True)
    client.capture("$pageview", distinct_id="visitor-posthog", properties={
        "$current_url": "https://x.cn/p?q=1", "$process_person_profile": False,
    })  # fmt: skip
    client.set(
        distinct_id="posthog", properties={"name": "Ann Lee", "email": "posthog@example.org"}
    )
    client.capture(
        "Order Completed", distinct_id="posthog", properties={**ORDER, "total": 27.5}, timestamp=MAY
    )
    client.alias("visitor-posthog", "posthog")
    client.group_identify("company", "company-posthog", {"name": "Initech posthog"})
    client.flush()
    client.shutdown()


def sensors(address: str, key: str) -> None:
    import sensorsanalytics as sa

    one = sa.SensorsAnalytics(sa.DefaultConsumer(f"{address}/sa?project=default&token={key}"))
    many = sa.SensorsAnalytics(sa.BatchConsumer(f"{address}/sa?project={key}", 10))
    one.track("visitor-sensors", "ViewProduct", {"name": "茶杯 🍵"})
    many.track_signup("sensors", "visitor-sensors")
    many.profile_set(
        "sensors", {"name": "王小明", "email": "sensors@example.org"}, is_login_id=True
    )
    properties = {"orderId": "O1", "order_amount": 27.5, "$time": MAY.astimezone()}
    many.track("sensors", "SubmitOrder", properties, is_login_id=True)
    for number in range(25):
        many.track("sensors", "SongPlayed", {"number": number}, is_login_id=True)
    many.flush()
    one.close()
    many.close()


if __name__ == "__main__":
    {"segment": segment, "rudder": rudder, "posthog": posthog, "sensors": sensors}[sys.argv[1]](
        sys.argv[2], sys.argv[3]
    )
