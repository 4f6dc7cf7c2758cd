"""``tenure webhooks``: other systems that are told of events, and what became of each telling."""

from __future__ import annotations

import click

from tenure.cli.help import Group
from tenure.cli.webhooks.deliveries import list_deliveries, resend, send_a_test
from tenure.cli.webhooks.keeping import add, change, list_endpoints, off, on, remove, rotate
from tenure.words import Words


@click.group(
    "webhooks",
    cls=Group,
    words=Words(
        zh="Webhook 推送：把事件告诉其他系统\n\n每个请求都带签名，没送到会重试三天；由 tenure up "
        "或 tenure worker 发送。",
        en="Webhooks: other systems are told of events\n\nEvery request is signed and tried again "
        "for three days; tenure up or tenure worker sends them.",
    ),
)
def webhooks() -> None:
    """Webhooks."""


for word in (
    *(list_endpoints, add, change, rotate, off, on, remove),
    *(list_deliveries, send_a_test, resend),
):
    webhooks.add_command(word)
