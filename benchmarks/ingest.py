"""The door for events: how many a second, and how soon a page knows of them.

    PYTHONPATH=src:. python -m benchmarks.ingest [--customers 1000000] [--events 10000000]

A server, a worker and the generator share the machine. First the door alone, in batches of 100 and
one by one; then the loader on what waits; then orders of random customers at a steady rate, while
now and then one customer's order is sent and the database asked until that customer's row has it.
Floors on 2 cores: 40,000 durable events/s with p99 < 150 ms in batches; 2,000 single requests/s;
event to row p95 <= 1 s at 2,000 events/s. Published: RudderStack 1,700 events/s on 2 cores with its
database elsewhere; Tracardi 600 requests/s a core.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import itertools
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

# opens a data directory of its own
from benchmarks.tick import BENCHMARK, HOME, NOW, TYPE, line, p95, prepare, say  # isort: skip

import numpy as np
from django.db import connection

from benchmarks.measuring import hardware
from tenure.derive.customers.models import CustomerCard
from tenure.derive.lifecycles.operations import rebuild
from tenure.record.events.operations.identifying import identifier_of
from tenure.record.sources.operations import add_source
from tenure.record.sources.queries import spool_lag
from tenure.record.vault.queries import keyring

BATCH = 100
_COUNT = itertools.count()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="time the door for events")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--pack", help="its lifecycles are followed, such as ecommerce")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rate", type=int, default=2_000, help="events/s while rows are awaited")
    parser.add_argument("--steady", type=float, default=40.0, help="seconds of that rate")
    return parser.parse_args()


def message(customer: int) -> str:
    """About 330 bytes, as a library sends an order."""
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    return (
        f'{{"type":"track","event":"Order Completed","messageId":"b-{next(_COUNT):012d}",'
        f'"timestamp":"{moment}","context":{{"library":{{"name":"benchmark","version":"1.0"}},'
        f'"externalIds":[{{"id":"C{customer:08d}","type":"{TYPE}","collection":"users",'
        f'"encoding":"none"}}]}},"properties":{{"order_id":"o-{next(_COUNT):010d}","total":59.9}}}}'
    )


class Door:
    """Requests over connections that stay open."""

    def __init__(self, port: int, key: str, customers: int) -> None:
        self._port, self._customers = port, customers
        self._login = base64.b64encode(f"{key}:".encode()).decode()
        self._draw = np.random.default_rng(5)

    def request(self, path: str, events: int) -> bytes:
        """One whole request; a single event for any path but batch."""
        chosen = [int(one) for one in self._draw.integers(0, self._customers, events)]
        texts = [message(customer) for customer in chosen]
        body = f'{{"batch":[{",".join(texts)}]}}' if path == "batch" else texts[0]
        return self.framed(path, body)

    def framed(self, path: str, body: str) -> bytes:
        content = body.encode()
        return (
            f"POST /v1/{path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Authorization: Basic {self._login}\r\nContent-Length: {len(content)}\r\n\r\n"
        ).encode() + content

    async def flood(self, path: str, events: int, seconds: float, width: int) -> list[float]:
        """Seconds of each request, as fast as ``width`` connections can."""
        found: list[float] = []
        end = time.perf_counter() + seconds

        async def one() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            while time.perf_counter() < end:
                asked = self.request(path, events)
                begun = time.perf_counter()
                await answered(reader, writer, asked)
                found.append(time.perf_counter() - begun)
            writer.close()

        await asyncio.gather(*(one() for _ in range(width)))
        return found

    async def paced(self, rate: int, seconds: float) -> tuple[list[float], list[float]]:
        """Seconds of each request at a steady rate; and from probes to their rows."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        begun, sent, found = time.perf_counter(), 0, list[float]()
        probes = asyncio.create_task(self._probe(seconds))
        while (passed := time.perf_counter() - begun) < seconds:
            if sent >= passed * rate:
                await asyncio.sleep(0.005)
                continue
            asked = self.request("batch", BATCH)
            started = time.perf_counter()
            await answered(reader, writer, asked)
            found.append(time.perf_counter() - started)
            sent += BATCH
        return found, await probes

    async def _probe(self, seconds: float) -> list[float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        end, found = time.perf_counter() + seconds, list[float]()
        await asyncio.sleep(5)  # the first ticks compile
        while time.perf_counter() < end:
            customer = int(self._draw.integers(0, self._customers))
            number, _ = identifier_of(keyring().identity, TYPE, f"C{customer:08d}")
            before = await asyncio.to_thread(last_us, number)
            begun = time.perf_counter()
            await answered(reader, writer, self.framed("track", message(customer)))
            while await asyncio.to_thread(last_us, number) == before:
                await asyncio.sleep(0.01)
                if time.perf_counter() - begun > 60:
                    raise TimeoutError("the row did not come within a minute")
            found.append(time.perf_counter() - begun)
            await asyncio.sleep(0.2)
        return found


def last_us(customer: int) -> int:
    return CustomerCard.objects.values_list("last_us", flat=True).get(customer_id=customer)


async def answered(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes
) -> None:
    writer.write(asked)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    length = next(
        int(one.split(b":")[1])
        for one in head.lower().split(b"\r\n")
        if one.startswith(b"content-length")
    )
    await reader.readexactly(length)


@contextmanager
def process(*words: str) -> Iterator[None]:
    """A process of the house for as long as the block runs."""
    running = subprocess.Popen(
        [sys.executable, "-m", *words], stdin=subprocess.PIPE, env=os.environ
    )
    try:
        yield
    finally:
        running.terminate()
        running.wait(60)


def await_door(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not answer")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def drained(waiting: int) -> float:
    """Seconds until nothing waits any more."""
    begun = time.perf_counter()
    while (lag := spool_lag(at=datetime.now(UTC))).bytes:
        time.sleep(0.1)
        if time.perf_counter() - begun > 900:
            raise TimeoutError(f"{lag.frames} of {waiting} requests still wait")
    return time.perf_counter() - begun


def show(what: str, seconds: list[float], events: int, span: float, floor: str) -> None:
    p99 = float(np.quantile(seconds, 0.99))
    rate = f"{len(seconds) * events / span:,.0f}/s"
    line(what, rate, f"{1000 * statistics.median(seconds):.1f}", f"{1000 * p99:.1f}", floor)


def main() -> None:
    options = arguments()
    prepare(options)
    rebuild(at=NOW + timedelta(minutes=1))
    added = add_source("benchmark", name="Benchmark", kind="sdk", by=BENCHMARK, at=NOW)
    connection.close()
    port = free_port()
    door = Door(port, added.write_key or "", options.customers)
    os.environ["TENURE_SPOOL_MB"] = "20000"
    with process("tenure.config.serving", "127.0.0.1", str(port), "1"):
        await_door(port)
        say("the door alone")
        asyncio.run(door.flood("batch", BATCH, 1.0, options.connections))
        batches = asyncio.run(door.flood("batch", BATCH, options.seconds, options.connections))
        singles = asyncio.run(door.flood("track", 1, options.seconds, options.connections))
        print(f"{options.customers:,} customers, {options.events:,} events; {hardware()}")
        line("", "rate", "p50 ms", "p99 ms", "floor")
        show("batches of 100", batches, BATCH, options.seconds, "40,000/s, 150 ms")
        show("single events", singles, 1, options.seconds, "2,000/s")
        with process("tenure.config.worker"):
            say("the loader on what waits")
            waiting = len(batches) * BATCH + len(singles)
            seconds = drained(waiting)
            line("loaded into the log, ticks beside", f"{waiting / seconds:,.0f}/s")
            time.sleep(20)
            say(f"{options.rate:,} events/s for {options.steady:.0f} s")
            asked, visible = asyncio.run(door.paced(options.rate, options.steady))
            show(f"at {options.rate:,}/s: door", asked, BATCH, options.steady, "")
            line(
                "  event to row (s)",
                "",
                f"{statistics.median(visible):.2f}",
                f"p95 {p95(visible):.2f}",
                "p95 1.00",
            )
    print(f"{connection.vendor}; {len(visible)} probes")


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
