"""A shop with customers of several owners, and tokens of several people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client

from tenure.actor import SYSTEM
from tenure.api.rest.limits import forget_buckets
from tenure.clock import now
from tenure.definitions import load_text
from tenure.derive.customers.operations import assign_customers
from tenure.derive.customers.projection import customers_of
from tenure.derive.lifecycles.operations import rebuild, tick
from tenure.guard.access.models import Account
from tenure.guard.access.operations import TokenRequest, make_token_of_account
from tenure.guard.access.queries import FIELD_GROUPS, PROGRAM_RIGHTS, RIGHTS, actor_of, rights_of
from tenure.record.library.operations import publish
from tests.derive.company import TESTER
from tests.derive.staff import START, account, meet, shop
from tests.derive.test_roster import LISTING


@dataclass
class Asker:
    """A program with a token."""

    token: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to a request."""
        client = Client(raise_request_exception=False)
        return client.generic(
            method,
            path,
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **headers},
        )

    def get(self, path: str, **headers: str) -> Any:
        """The answer to a reading."""
        return self.ask("GET", path, **headers)


def token_for(person: Account, *scopes: str, reads: tuple[str, ...] = ()) -> Asker:
    """A token of an account, with all it may where no scopes are named."""
    rights = rights_of(actor_of(person))
    request = TokenRequest(
        "test",
        scopes or [right for right in PROGRAM_RIGHTS if rights.may(right)],
        reads or rights.reads,
    )
    return Asker(make_token_of_account(person.pk, request, by=SYSTEM, at=now()).token)


@dataclass
class Shop:
    """Five customers: the first two are Ann's, the third Ben's, the others nobody's."""

    known: list[int]
    ann: Account
    ben: Account
    chief: Account


def everything() -> dict[str, str]:
    """All rights over everybody."""
    return dict.fromkeys(RIGHTS, "all")


@pytest.fixture
def house(db: None) -> Iterator[Shop]:
    """The shop, its lake written."""
    forget_buckets()
    own = dict.fromkeys(
        ("customer.view", "customer.edit", "event.record", "customer.merge", "stage.pin"), "own"
    )
    with shop():
        publish(load_text(LISTING, "listing"), note="test", by=TESTER, at=START)
        met = meet()
        tick(at=START + timedelta(minutes=1))
        known = customers_of(np.array(met)).tolist()
        ann = account("ann@example.com", own, reads=["name"])
        ben = account("ben@example.com", own)
        chief = account("chief@example.com", everything(), reads=list(FIELD_GROUPS))
        at = START + timedelta(minutes=2)
        assign_customers(known[:2], ann.pk, by=TESTER, at=at)
        assign_customers(known[2:3], ben.pk, by=TESTER, at=at)
        rebuild(at=START + timedelta(minutes=3))
        yield Shop(known, ann, ben, chief)
    forget_buckets()
