"""Webhooks at the terminal: an endpoint added, changed, tested, switched, removed."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import visit

URL = "https://erp.example.com/hooks/tenure-9f2c"


def test_an_endpoint_from_its_secret_to_its_end(tmp_path: Path) -> None:
    home = tmp_path / "home"
    empty, added, inside, none, listed, rotated, tested, log = visit(
        home,
        "webhooks list",
        f"webhooks add ERP {URL} --all --json",
        "webhooks add ERP http://10.0.0.1/ --all",
        f"webhooks add ERP {URL}",
        "webhooks list --json",
        "webhooks rotate 1 --overlap 24 --json",
        "webhooks test 1 --json",
        "webhooks deliveries 1",
    )
    assert "tenure webhooks add" in empty.out
    secret = added.data["secret"]
    assert secret.startswith("whsec_")
    assert (inside.code, none.code) == (2, 2)
    assert "TENURE_WEBHOOK_ALLOW" in inside.err
    [endpoint] = listed.data
    assert (endpoint["name"], endpoint["state"], endpoint["every_type"]) == ("ERP", "live", True)
    assert URL not in listed.out
    assert secret not in listed.out
    assert rotated.data["secret"] != secret
    assert tested.data == {"delivery_id": 1}
    assert "Pending" in log.out
    changed, off, shown, refused, on, again, unknown, gone, after = visit(
        home,
        "webhooks change 1 --name Till --keep-days 7",
        "webhooks off 1",
        "webhooks list --language zh",
        "webhooks test 1",
        "webhooks on 1 --skip",
        "webhooks resend 1 --delivery 1 --json",
        "webhooks deliveries 9",
        "webhooks remove 1",
        "webhooks list --json",
    )
    assert (changed.code, off.code, on.code, gone.code) == (0, 0, 0, 0)
    assert "Till" in shown.out
    assert "已停用" in shown.out
    assert (refused.code, unknown.code) == (2, 2)
    assert again.data == {"deliveries": 1}
    assert after.data == []
