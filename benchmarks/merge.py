"""How long until a merge, and taking it back, shows: over 1M customers, each with two identifiers.

    PYTHONPATH=src:. python -m benchmarks.merge [--customers 1000000] [--events 5000000]

The past is written straight into a lake and rebuilt, as in ``benchmarks.customer_list``; every
customer has a second identifier linked to the first, so the map of who is who is as long as a
real one. Then pairs are merged and taken back as a browser does it: the form is posted, the
follower runs, and both addresses and the list are asked for until they show one customer (two).
In a running house the follower looks for new statements every 0.05 s, which comes on top.
Floor: visible <= 1 s on 2 cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from django.db import connection, transaction
from django.test import Client, override_settings

from benchmarks import customer_list

# opens a data directory of its own
from benchmarks.tick import HOME, NOW, line, p95, say, timed_twice
from tenure.clock import now, to_microseconds
from tenure.derive.customers.queries import customer_of
from tenure.derive.lifecycles.operations import rebuild, tick
from tenure.guard.access.models import Account, Role
from tenure.record.events.operations.identifying import identifier_of
from tenure.record.vault.queries import keyring

Seconds = tuple[float, float]
"""On the wall, and of all cores: the second does not mind what else is running."""


@dataclass
class Taken:
    """Seconds of each part on the wall and of all cores, of one kind of act."""

    posted: list[Seconds] = field(default_factory=list)
    followed: list[Seconds] = field(default_factory=list)
    shown: list[Seconds] = field(default_factory=list)

    @property
    def visible(self) -> list[Seconds]:
        """From the click until everything shows it."""
        parts = zip(self.posted, self.followed, self.shown, strict=True)
        return [(sum(w for w, _ in all_of), sum(c for _, c in all_of)) for all_of in parts]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="time merges until they show")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--keep", action="store_true", help="leave the data directory")
    options = parser.parse_args()
    options.named = 2_000
    return options


def link_all(customers: int) -> None:
    """Give every customer a second identifier, seen together with the first."""
    secret, moment = keyring().identity, to_microseconds(NOW)
    own = [identifier_of(secret, "member_no", customer_list.member(n))[0] for n in range(customers)]
    others = [identifier_of(secret, "app_user_id", f"A{n:07d}") for n in range(customers)]
    rows = [(one, "app_user_id", digest, f"A{n:07d}") for n, (one, digest) in enumerate(others)]
    links = [
        (min(one, other), max(one, other), 0, moment, moment)
        for one, (other, _) in zip(own, others, strict=True)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO events_identifier (id, type, digest, value) VALUES (%s, %s, %s, %s)", rows
        )
        cursor.executemany(
            "INSERT INTO events_link (left_id, right_id, batch_id, occurred_us, recorded_us) "
            "VALUES (%s, %s, %s, %s, %s)",
            links,
        )


def browser() -> Client:
    """Somebody who may merge everybody."""
    role = Role.objects.get(key="all")
    role.grants = {**role.grants, "customer.merge": "all"}
    role.save()
    client = Client()
    client.force_login(Account.objects.get(email="boss@example.com"))
    return client


def merges(client: Client, options: argparse.Namespace) -> tuple[Taken, Taken]:
    """Pairs merged and taken back again; the first of each kind compiles and is left out."""
    secret, draw = keyring().identity, np.random.default_rng(3)
    merged, parted = Taken(), Taken()
    for turn in range(options.rounds + 1):
        pair = draw.choice(options.customers, 2, replace=False).tolist()
        names = [customer_list.member(one) for one in pair]
        left, right = (identifier_of(secret, "member_no", name)[0] for name in names)
        number = customer_of(left)

        def merge(number: int = number, right: int = right) -> None:
            body = {"with": str(customer_of(right)), "reason": "the same person"}
            said = client.post(f"/customers/{number}/merge/", body)
            assert said.status_code == 302, said.content[:2000]

        def part(left: int = left, ends: tuple[int, int] = (number, customer_of(right))) -> None:
            body = {"left": min(ends), "right": max(ends), "reason": "two people"}
            said = client.post(f"/customers/{customer_of(left)}/acts/unmerge/", body)
            assert said.status_code == 302, said.content[:2000]

        step(client, merge, (left, right), names, one=True, taken=merged if turn else Taken())
        step(client, part, (left, right), names, one=False, taken=parted if turn else Taken())
    return merged, parted


def step(
    client: Client,
    act: Callable[[], None],
    ends: tuple[int, int],
    names: list[str],
    *,
    one: bool,
    taken: Taken,
) -> None:
    """An act, the follower, and both pages and the list."""
    taken.posted.append(timed_twice(act))
    taken.followed.append(timed_twice(lambda: tick(at=now())))

    def show() -> None:
        for end in ends:
            seen(client, f"/customers/{end}/")
        seen(client, "/customers/", find=names[0])

    taken.shown.append(timed_twice(show))
    assert (len({customer_of(end) for end in ends}) == 1) is one


def seen(client: Client, address: str, **query: str) -> None:
    """Ask for a page as a browser does."""
    answer = client.get(address, query, follow=True)
    assert answer.status_code == 200, (address, answer.status_code, answer.content[-1500:])


def main() -> None:
    options = arguments()
    rebuilt, _ = customer_list.prepare(options)
    say(f"rebuilt in {rebuilt:.1f} s; linking a second identifier to every customer")
    link_all(options.customers)
    rebuild(at=NOW + timedelta(minutes=1))
    with override_settings(SECURE_SSL_REDIRECT=False, ALLOWED_HOSTS=["*"]):
        merged, parted = merges(browser(), options)
    print(
        f"{options.customers:,} customers with two identifiers, {options.events:,} events; "
        f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}, "
        f"{connection.vendor}"
    )
    line("", "p50", "p95", "floor", "all cores")
    for kind, taken in (("merge", merged), ("unmerge", parted)):
        for what, seconds, floor in (
            ("posted (s)", taken.posted, ""),
            ("followed (s)", taken.followed, ""),
            ("both pages and the list (s)", taken.shown, ""),
            ("visible (s)", taken.visible, "1"),
        ):
            walls = [wall for wall, _ in seconds]
            core = statistics.median(core for _, core in seconds)
            half, most = statistics.median(walls), p95(walls)
            line(f"{kind}: {what}", f"{half:.3f}", f"{most:.3f}", floor, f"{core:.3f}")
    if not options.keep:
        shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()
