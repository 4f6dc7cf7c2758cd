"""Tokens at the terminal: made, listed, revoked."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import python, visit

PEOPLE = """
from tenure.cli.house import open_house
house = open_house()
from tenure.guard.access.operations import ensure_roles, make_account, add_service
ensure_roles(by=house.by, at=house.at)
make_account(email="ann@example.com", name="Ann", roles=["sales"], by=house.by, at=house.at)
add_service(name="Till", roles=["analyst"], by=house.by, at=house.at)
"""


def test_made_listed_and_revoked(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = python("-c", PEOPLE, home=home)
    assert done.returncode == 0, done.stderr
    made, till, wide, nobody, listed, told, gone, again = visit(
        home,
        "tokens make ann@example.com --name sync --scope customer.view --reads name --json",
        "tokens make Till --name t --scope customer.view",
        "tokens make ann@example.com --name x --scope definition.publish",
        "tokens make eve@example.com --name x --scope customer.view",
        "tokens list --json",
        "tokens list --language zh",
        "tokens revoke 1",
        "tokens revoke 1",
    )
    assert made.data["token"].startswith("tn_")
    assert till.out.startswith("tn_")
    assert wide.code != 0
    assert nobody.code != 0
    assert [one["name"] for one in listed.data] == ["t", "sync"]
    assert made.data["token"] not in told.out
    assert "Till" in told.out
    assert gone.code == 0
    assert again.code != 0
