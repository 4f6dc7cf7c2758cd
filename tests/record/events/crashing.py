# ruff: noqa: E402
"""Records and exports while being killed: started by test_crash as a program of its own.

One process imports everything and then makes one child after another. Each child sends all events
from the beginning, as a source does that got no answer, and exports as it goes; it is killed at a
random point. Before it starts, it looks whether all that was ever acknowledged is in the log.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tenure.config.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from tenure.engine.lake import Lake
from tenure.record.events.jobs import export_to_lake, exporting
from tenure.record.events.operations import record_events
from tenure.record.library.queries import current_library
from tests.record.shop import MAY, NOW, TESTER, open_shop, sale

BATCHES, SIZE = 60, 40
LOST, DOUBLED = 3, 4


def send_everything(home: Path, acknowledged: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM events_event")
        held = cursor.fetchone()[0]
    if held < len(acknowledged.read_bytes()) * SIZE:
        os._exit(LOST)
    lake, library = Lake(home / "lake"), current_library()[0]
    exporting._FEW = 500  # so that some exports read as a large one does
    for batch in range(BATCHES):
        numbers = range(batch * SIZE, (batch + 1) * SIZE)
        events = [
            sale(
                number,
                occurred_at=MAY + timedelta(hours=number),
                identifiers={"customer_id": f"C{number % 97}", "phone": f"137{number % 89:08d}"},
                fields={"receiver": f"Receiver {number}", "channel": "web"},
            )
            for number in numbers
        ]
        receipts = record_events(events, source="till", by=TESTER, at=NOW)
        if all(receipt.status == "accepted" for receipt in receipts):
            with acknowledged.open("ab") as file:
                file.write(b".")
        elif any(receipt.status != "repeated" for receipt in receipts):
            os._exit(DOUBLED)
        if batch % 3 == 0:
            export_to_lake(lake, library=library, at=NOW)
    export_to_lake(lake, library=library, at=NOW)


def child(home: Path, acknowledged: Path) -> int:
    process = os.fork()
    if process == 0:
        try:
            send_everything(home, acknowledged)
        except BaseException as error:  # noqa: BLE001  the parent must see any failure
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return process


def first_start(home: Path) -> None:
    process = os.fork()
    if process == 0:
        call_command("migrate", verbosity=0)
        with transaction.atomic():
            open_shop()
        os._exit(0)
    if os.waitpid(process, 0)[1] != 0:
        raise SystemExit("the first start failed")


def main() -> None:
    seconds, seed = float(sys.argv[1]), int(sys.argv[2])
    home = Path(os.environ["TENURE_HOME"])
    dice, kills = random.Random(seed), 0
    first_start(home)
    acknowledged = home / "acknowledged"
    acknowledged.touch()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        process = child(home, acknowledged)
        time.sleep(dice.uniform(0.02, 0.9))
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
            raise SystemExit(f"a child failed: {os.WEXITSTATUS(status)}")
        kills += os.WIFSIGNALED(status)
    _, status = os.waitpid(child(home, acknowledged), 0)
    if status != 0:
        raise SystemExit(f"the last child failed: {status}")
    print(json.dumps({"kills": kills, "sent": BATCHES * SIZE}))


if __name__ == "__main__":
    main()
