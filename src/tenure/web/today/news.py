"""What happened in the house since yesterday, and what an empty house needs first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.http import HttpRequest
from django.urls import reverse

from tenure.clock import now
from tenure.guard.access.queries import colleagues
from tenure.guard.audit.queries import unusual_exports
from tenure.record.events.queries import (
    dead_letter_count,
    last_event_id,
    latest_quality,
    sources_of,
)
from tenure.record.imports.queries import finished_since
from tenure.record.library.queries import current_library
from tenure.web.frame import address_of
from tenure.web.language import zone_of
from tenure.web.viewer import rights_on, viewer_of
from tenure.words import Words

_FIRST_PACK = "core"
_MOST = 5
_WATCHED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class News:
    """One line of news.

    Attributes:
        tone: of the icon: green, orange, red.
        at: when, aware; ``None`` where it lasts.
    """

    icon: str
    tone: str
    words: Words
    address: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing an empty house needs."""

    words: Words
    why: Words
    address: str
    done: bool


def news(request: HttpRequest) -> list[News]:
    """Everything the viewer may know of, the pressing first."""
    at = now()
    day = at.astimezone(zone_of(request)).date() - timedelta(days=1)
    since = datetime.combine(day, time(), zone_of(request))
    rights = rights_on(request)
    found: list[News] = []
    if rights.may("audit.view"):
        found += _exports(request, at)
    if rights.may("health.view"):
        found += _health(request, at)
    if rights.may("import.view"):
        found += _imports(since)
    return found


def first_steps(request: HttpRequest) -> list[Step]:
    """What an empty house needs, of what the viewer may do; empty once all of it is done."""
    rights, library = rights_on(request), current_library()[0]
    steps = [
        (
            "import.run",
            "imports:new",
            Words("导入数据", "Load data"),
            Words(
                "订单、注册、通话……先下载示例文件看看也行",
                "Orders, sign-ups, calls: see the sample",
            ),
            last_event_id() > 0,
        ),
        (
            "definition.publish",
            "definitions:packs",
            Words("发布行业包", "Publish a pack"),
            Words(
                "阶段、指标与运营手册，按您的行业", "Stages, metrics and playbooks of your industry"
            ),
            bool(set(library.packs) - {_FIRST_PACK}),
        ),
        (
            "account.manage",
            "settings:people",
            Words("邀请同事", "Invite colleagues"),
            Words("每人看到自己该看的客户", "Everybody sees the customers they should"),
            len(colleagues()) > 1,
        ),
    ]
    if all(done for *_, done in steps):
        return []
    return [
        Step(words, why, address_of(url), done)
        for right, url, words, why, done in steps
        if rights.may(right) and address_of(url)
    ]


def _imports(since: datetime) -> Iterator[News]:
    for one in finished_since(since)[:_MOST]:
        refused = one.tally.refused
        zh = f"导入 {one.file_name}：新事件 {one.tally.accepted:,} 个"
        en = f"Import of {one.file_name}: {one.tally.accepted:,} new events"
        if refused:
            zh, en = f"{zh}，拒绝 {refused:,} 行", f"{en}, {refused:,} rows refused"
        yield News(
            "file-import",
            "orange" if refused else "green",
            Words(zh, en),
            reverse("imports:report", args=[one.id]),
            one.finished_at,
        )


def _health(request: HttpRequest, at: datetime) -> Iterator[News]:
    waiting = dead_letter_count()
    if waiting:
        words = Words(f"{waiting:,} 个被拒事件等待处理", f"{waiting:,} refused events are waiting")
        yield News("file-alert", "red", words, reverse("health:letters"))
    measured = latest_quality()
    if measured is None:
        return
    today = at.astimezone(zone_of(request)).date()
    for one in [one for one in sources_of(measured, today=today) if one.is_stale][:_MOST]:
        words = Words(
            f"来源 {one.source} 已 {one.quiet_days:,} 天没有事件",
            f"No event from {one.source} for {one.quiet_days:,} days",
        )
        address = f"{reverse('health:overview')}#sources"
        yield News("moon", "orange", words, address)


def _exports(request: HttpRequest, at: datetime) -> Iterator[News]:
    for one in unusual_exports(at - _WATCHED, viewer_of(request))[:_MOST]:
        words = Words(f"{one.actor_name}：{one.reason.zh}", f"{one.actor_name}: {one.reason.en}")
        yield News("shield-lock", "red", words, reverse("settings:audit"), one.at)
