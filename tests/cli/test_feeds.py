"""Feeds at the terminal: connected, mapped, pulled, listed, signed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.cli.terminal import visit

MAP = """
customer: {customer_id: customer}
events:
  - type: order.placed
    at: sold_at
    fields: {order_id: id, amount: amount}
"""


def test_a_folder_from_connecting_to_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    file = drop / "a.csv"
    file.write_text("id,customer,amount,sold_at\n1,C1,9.5,2026-02-01\n2,C2,x,2026-02-01\n")
    os.utime(file, (time.time() - 60,) * 2)
    (tmp_path / "map.yaml").write_text(MAP)
    monkeypatch.setenv("TENURE_FEED_FOLDERS", str(drop))
    early, made, outside, mapped, shown, pulled, again, listed, unknown = visit(
        tmp_path / "home",
        "sources pull drop",
        f"sources connect drop --kind folder --folder {drop}",
        "sources connect etc --kind folder --folder /etc",
        f"sources map drop {tmp_path / 'map.yaml'}",
        "sources map drop",
        "sources pull drop",
        "sources pull drop --again --json",
        "sources feeds",
        "sources pull nobody",
    )
    assert early.code == 2
    assert made.code == 0
    assert outside.code == 2
    assert "TENURE_FEED_FOLDERS" in outside.err + outside.out
    assert mapped.code == 0
    assert "source: drop" in shown.out
    assert "2 rows in: 1 recorded, 0 repeated, 1 refused" in pulled.out
    assert again.data["recorded"] == 0
    assert "live" in listed.out
    assert unknown.code == 2


def test_a_webhook_is_connected_and_signed(tmp_path: Path) -> None:
    made, signed, retried, listed = visit(
        tmp_path / "home",
        "sources connect shop --kind webhook --json",
        "sources sign shop --form standard",
        "sources retry shop --json",
        "sources feeds --json",
    )
    assert made.data["address"].startswith("/hooks/tw_")
    assert "whsec_" in signed.out
    assert retried.data == {"recorded": 0, "refused": 0, "left_out": 0}
    assert [one["state"] for one in listed.data] == ["unmapped"]
    assert made.data["address"][-20:] not in listed.out
