"""What the pages of webhooks call things."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tenure.words import Words

STATES: Mapping[str, tuple[Words, str]] = {
    "live": (Words("正常", "Live"), "green"),
    "failing": (Words("对方出错，重试中", "Failing, tried again"), "yellow"),
    "held": (Words("对方要求稍候", "Asked us to wait"), "yellow"),
    "off": (Words("已停用", "Off"), "secondary"),
    "gone": (Words("对方已撤销，自动停用", "Gone, switched off"), "red"),
    "given_up": (Words("持续失败，自动停用", "Failed too long, switched off"), "red"),
}
STATUSES: Mapping[str, tuple[Words, str]] = {
    "pending": (Words("待发送", "Pending"), "yellow"),
    "delivered": (Words("已送达", "Delivered"), "green"),
    "failed": (Words("失败", "Failed"), "red"),
    "skipped": (Words("已略过", "Skipped"), "secondary"),
}
PROBLEMS: Mapping[str, Words] = {
    "timeout": Words("10 秒内没有答复", "no answer within 10 seconds"),
    "forbidden": Words("地址在内网，不允许", "the address is inside; not allowed"),
    "unknown_host": Words("域名无法解析", "the name is not known"),
    "tls": Words("证书无效", "the certificate is not good"),
    "unreachable": Words("连接不上或中途断开", "no connection, or cut off"),
}
OVERLAPS: tuple[tuple[timedelta, Words], ...] = (
    (timedelta(hours=1), Words("1 小时", "1 hour")),
    (timedelta(days=1), Words("1 天", "1 day")),
    (timedelta(days=7), Words("7 天", "7 days")),
    (timedelta(0), Words("立即只用新的", "the new one only, at once")),
)
USUAL_OVERLAP = 86_400
