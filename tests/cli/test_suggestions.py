"""Who may be one customer, at the terminal: told, and checked now."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import python, visit

RECORD = """
from tenure.cli.house import open_house
house = open_house()
from tenure.record.events.operations import IncomingEvent, record_events
names = ["华为技术有限公司", "Huawei Technologies Co., Ltd"]
names += [a + b + c for a in ("远航", "金桥", "恒达", "启明", "安泰") for b in ("机械", "食品", "软件", "医药")
          for c in ("有限公司",)]
events = [
    IncomingEvent("customer.profiled", house.at, {"account_no": f"A{n}", "company_name": name}, {}, f"e{n}")
    for n, name in enumerate(names)
]
record_events(events, source="crm", by=house.by, at=house.at)
from tenure.derive.lifecycles.operations import tick
tick(at=house.at)
"""  # noqa: E501


def test_told_and_checked(tmp_path: Path) -> None:
    done = python("-c", RECORD, home=tmp_path)
    assert done.returncode == 0, done.stderr
    never, checked, again = visit(
        tmp_path, "suggestions", "suggestions --check --json", "suggestions --new --json"
    )
    assert never.code == 0
    assert "--check" in never.out
    assert checked.data["waiting"]["organisation"] == 1
    assert {run["party"] for run in checked.data["runs"]} == {"person", "organisation"}
    assert again.data["waiting"] == checked.data["waiting"]
