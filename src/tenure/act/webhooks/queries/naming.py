"""What states of endpoints and outcomes of deliveries are called in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from tenure.words import Words

STATE_NAMES: Mapping[str, Words] = {
    "live": Words("正常", "Live"),
    "failing": Words("对方出错，重试中", "Failing, tried again"),
    "held": Words("对方要求稍候", "Asked us to wait"),
    "off": Words("已停用", "Off"),
    "gone": Words("对方已撤销，自动停用", "Gone, switched off"),
    "given_up": Words("持续失败，自动停用", "Failed too long, switched off"),
}
STATUS_NAMES: Mapping[str, Words] = {
    "pending": Words("待发送", "Pending"),
    "delivered": Words("已送达", "Delivered"),
    "failed": Words("失败", "Failed"),
    "skipped": Words("已略过", "Skipped"),
}
PROBLEM_NAMES: Mapping[str, Words] = {
    "timeout": Words("10 秒内没有答复", "no answer within 10 seconds"),
    "forbidden": Words("地址在内网，不允许", "the address is inside; not allowed"),
    "unknown_host": Words("域名无法解析", "the name is not known"),
    "tls": Words("证书无效", "the certificate is not good"),
    "unreachable": Words("连接不上或中途断开", "no connection, or cut off"),
}
