"""How long the other pages take over 1M customers: board, Today, health, one customer.

    PYTHONPATH=src:. python -m benchmarks.pages [--customers 1000000] [--events 20000000]

The house is that of ``benchmarks.customer_list``; pages are asked for whole, as a browser asks,
by somebody who sees everybody and by a seller who sees a fiftieth. The first request of each,
which compiles and fills what is kept between requests, stands apart.
Floor: p95 <= 300 ms for the page of a customer on 2 cores; the others have none.
"""

from __future__ import annotations

import shutil
import statistics

# opens a data directory of its own
from benchmarks.customer_list import LIFECYCLE, arguments, hardware, member, prepare, timed  # isort: skip
from django.test import Client, override_settings

from benchmarks.tick import HOME, line, p95
from tenure.derive.customers.projection.roster import roster
from tenure.guard.access.models import Account
from tenure.record.events.operations.identifying import identifier_of
from tenure.record.vault.queries import keyring

BOARD = f"/lifecycle/{LIFECYCLE}"
PAST = {"as_of": "2025-06-30"}
PAGES = (
    ("board", f"{BOARD}/", {}),
    ("board, a past day", f"{BOARD}/", PAST),
    ("board, a condition", f"{BOARD}/", {"where": "orders >= 5"}),
    ("board, two days compared", f"{BOARD}/", {"since": "2025-06-30"}),
    ("figures of the board", f"{BOARD}/figures/", {}),
    ("flows", f"{BOARD}/flows/", {"since": "2025-06-30"}),
    ("conversion", f"{BOARD}/conversion/", {}),
    ("time in stage", f"{BOARD}/time/", {}),
    ("paths", f"{BOARD}/paths/", {}),
    ("coming changes", f"{BOARD}/coming/", {}),
    ("customers of a stage", f"{BOARD}/customers/in/loyalty/", {}),
    ("Today", "/", {}),
    ("Today: moves", "/today/moves/", {}),
    ("Today: coming", "/today/coming/", {}),
    ("Today: at risk", "/today/risk/", {}),
    ("health", "/health/", {}),
)


def page_times(account: str, rounds: int) -> dict[str, tuple[float, list[float]]]:
    """Of each page the seconds of the first request, and of those after it."""
    client = Client()
    client.force_login(Account.objects.get(name=account))
    found: dict[str, tuple[float, list[float]]] = {}
    customers = [
        identifier_of(keyring().identity, "member_no", member(number))[0] for number in range(200)
    ]
    for name, address, query in PAGES:
        seconds = [ask(client, address, query) for _ in range(rounds + 1)]
        found[name] = (seconds[0], seconds[1:])
    for name, query in (("a customer", {}), ("a customer, a past day", PAST)):
        seconds = []
        for number in customers:
            if len(seconds) <= rounds:
                status, taken = answer(client, f"/customers/{number}/", query)
                seconds += [taken] if status == 200 else []
        found[name] = (seconds[0], seconds[1:]) if seconds else (0.0, [0.0])
    return found


def ask(client: Client, address: str, query: dict[str, str]) -> float:
    status, seconds = answer(client, address, query)
    assert status == 200, (address, query, status)
    return seconds


def answer(client: Client, address: str, query: dict[str, str]) -> tuple[int, float]:
    answers: list[int] = []
    seconds = timed(lambda: answers.append(client.get(address, query).status_code))
    return answers[0], seconds


def main() -> None:
    options = arguments()
    prepare(options)
    file = roster()
    assert file is not None
    print(f"{options.customers:,} customers, {options.events:,} events; {hardware()}")
    for who in ("boss", "seller7"):
        line(f"{who} (ms)", "first", "median", "p95")
        for name, (first, later) in page_times(who, options.rounds).items():
            figures = (first, statistics.median(later), p95(later))
            line(name, *(f"{1000 * one:.0f}" for one in figures))


if __name__ == "__main__":
    try:
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            main()
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
