"""What kinds of feeds there are and when they can be looked at, in words."""

from __future__ import annotations

from dataclasses import dataclass

from tenure.words import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of feed."""

    key: str
    words: Words
    what: Words
    icon: str


KINDS = {
    one.key: one
    for one in (
        Kind(
            "webhook",
            Words("Webhook 推送", "Webhook"),
            Words(
                "商城、电话系统、表单把数据推过来",
                "A shop, a telephone system or a form sends its records here",
            ),
            "bolt",
        ),
        Kind(
            "folder",
            Words("文件夹", "Folder"),
            Words("定时读取文件夹里新到的文件", "New files in a folder are read by schedule"),
            "folder",
        ),
        Kind(
            "table",
            Words("数据库表", "Database table"),
            Words(
                "定时读取一张表或视图里的新行",
                "New rows of a table or view are read by schedule",
            ),
            "database-import",
        ),
    )
}
SCHEDULES = (
    ("every 5", Words("每 5 分钟", "Every 5 minutes")),
    ("every 15", Words("每 15 分钟", "Every 15 minutes")),
    ("every 60", Words("每小时", "Every hour")),
    ("0 3 * * *", Words("每天凌晨 3 点", "Daily at three in the night")),
    ("", Words("只在手动同步时", "Only when asked")),
)
STATES = {
    "live": (Words("正常", "Live"), "green"),
    "new": (Words("等待第一批数据", "Awaits its first rows"), "secondary"),
    "unmapped": (Words("待设置映射", "Needs a map"), "yellow"),
    "failing": (Words("出错", "Failing"), "red"),
    "paused": (Words("已暂停", "Paused"), "yellow"),
}


def schedule_words(text: str) -> Words:
    """A schedule for people; cron as it is written."""
    known = dict(SCHEDULES).get(text)
    if known is not None:
        return known
    if text.startswith("every "):
        minutes = text.removeprefix("every ")
        return Words(f"每 {minutes} 分钟", f"Every {minutes} minutes")
    return Words(f"按 cron：{text}", f"By cron: {text}")
