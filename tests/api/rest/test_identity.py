"""Who is who through the interface: merged, previewed, separated, told, within reach."""

from __future__ import annotations

import pytest

from tenure.clock import now
from tenure.derive.customers.queries import customer_of, identifiers_of
from tenure.derive.lifecycles.operations import tick
from tenure.guard.trail.models import AuditEntry
from tests.api.rest.house import Shop, house, token_for

__all__ = ["house"]
pytestmark = pytest.mark.django_db


def test_merged_as_previewed_and_separated_again(house: Shop) -> None:
    chief = token_for(house.chief)
    one, other = house.known[0], house.known[1]
    address = f"/api/customers/{one}"
    preview = chief.get(f"{address}/merge-preview?other={other}").json()
    assert len(preview["before"]) == 2
    [after] = preview["after"]
    body = {"other": str(other), "reason": "same card"}
    assert chief.ask("POST", f"{address}/merge", body).status_code == 200
    tick(at=now())
    assert {int(n) for n in after["identifiers"]} == set(identifiers_of(customer_of(one)))
    shown = chief.get(f"/api/customers/{after['id']}").json()
    assert sorted(shown["tags"]) == after["tags"]
    [word] = chief.get("/api/merges").json()["items"]
    assert (word["said"], word["reason"], word["stands"]) == ("merged", "same card", True)
    leaving = [str(n) for n in preview["before"][1]["identifiers"]]
    asked = "&".join(f"identifier={n}" for n in leaving)
    parted = chief.get(f"{address}/separation-preview?{asked}").json()
    assert len(parted["after"]) == 2
    done = chief.ask("POST", f"{address}/separate", {"identifiers": leaving, "reason": "two"})
    assert done.status_code == 200, done.json()
    tick(at=now())
    assert customer_of(one) != customer_of(other)
    actions = {"customer.merged", "customer.separated"}
    assert actions <= set(AuditEntry.objects.values_list("action", flat=True))


def test_out_of_reach_is_not_there(house: Shop) -> None:
    ann = token_for(house.ann)
    address = f"/api/customers/{house.known[0]}"
    other = house.known[2]
    assert ann.get(f"{address}/merge-preview?other={other}").status_code in (403, 404)
    body = {"other": str(other), "reason": "r"}
    assert ann.ask("POST", f"{address}/merge", body).status_code in (403, 404)
    body = {"identifiers": [str(other)], "reason": "r"}
    assert ann.ask("POST", f"/api/customers/{other}/separate", body).status_code in (403, 404)


def test_another_value_is_preferred(house: Shop) -> None:
    chief = token_for(house.chief)
    address = f"/api/customers/{house.known[0]}"
    answer = chief.ask("PUT", f"{address}/fields/full_name/preferred", {"event": "999999"})
    assert answer.status_code == 422, answer.json()
