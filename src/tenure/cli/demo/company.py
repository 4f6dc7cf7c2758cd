"""The simulated company's own files, as its systems would have written them.

- ``ledger.csv``: the main system's records of the years before Tenure, with Chinese headings
  and local times, and some damaged rows; ``ledger.map.yaml`` is the saved map for its import.
- ``history.jsonl``: what the other systems knew by then.
- ``daily.jsonl``: what arrived day by day afterwards, from all systems.
- ``truth.json``: what only the simulation knows; nothing reads it but people who compare.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from tenure.clock import DAY_US, from_microseconds
from tenure.science.simulate import Happening, World

if TYPE_CHECKING:
    from tenure.definitions import Library

MAIN_SYSTEM = {
    "ecommerce": "orders",
    "personal_loan": "loans",
    "hospital": "registry",
    "b2b": "crm",
}
_KEY, _AT, _TYPE = "流水号", "时间", "业务"
_DAMAGED_EVERY = 900


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the JSON files: one event of one system."""

    key: str
    type: str
    source: str
    occurred_at: datetime
    recorded_at: datetime
    identifiers: dict[str, str]
    fields: dict[str, str | int | float | bool]


@dataclass(frozen=True, slots=True)
class CompanyFiles:
    """Where the files are, and how many events each holds."""

    ledger: Path
    ledger_map: Path
    history: Path
    daily: Path
    truth: Path
    rows: Mapping[str, int]


def write_company(
    world: World, folder: Path, library: Library, *, live_us: int, zone: ZoneInfo
) -> CompanyFiles:
    """Write the company's files into ``folder``.

    Args:
        world: the simulated company.
        folder: made if it is missing.
        library: names the columns of the ledger.
        live_us: the moment the company began to use Tenure.
        zone: time zone in which its main system writes local times.
    """
    folder.mkdir(parents=True, exist_ok=True)
    past = [happening for happening in world.happenings if happening.recorded_us < live_us]
    since = [happening for happening in world.happenings if happening.recorded_us >= live_us]
    main = MAIN_SYSTEM[world.industry]
    ledger = [happening for happening in past if happening.source == main]
    others = [happening for happening in past if happening.source != main]
    files = CompanyFiles(
        folder / "ledger.csv",
        folder / "ledger.map.yaml",
        folder / "history.jsonl",
        folder / "daily.jsonl",
        folder / "truth.json",
        {"ledger": len(ledger), "history": len(others), "daily": len(since)},
    )
    columns = _Columns(library, ledger)
    _write_ledger(files.ledger, ledger, columns, zone, world.end_us)
    files.ledger_map.write_text(_map_text(columns, main, zone), encoding="utf-8")
    _write_lines(files.history, others)
    _write_lines(files.daily, since)
    files.truth.write_bytes(msgspec.json.encode(world.truth.as_columns()))
    return files


def read_lines(path: Path) -> list[Line]:
    """The events of a JSON file."""
    decoder = msgspec.json.Decoder(Line)
    with path.open("rb") as file:
        return [decoder.decode(line) for line in file]


class _Columns:
    """The headings of the ledger: Chinese names of the identifiers, types and fields it holds."""

    def __init__(self, library: Library, ledger: Sequence[Happening]) -> None:
        identifier_keys = dict.fromkeys(k for row in ledger for k in row.identifiers)
        names = {
            kind.key: kind.name.zh if kind.name else kind.key
            for party in library.party_types.values()
            for kind in party.identifiers
        }
        self.identifiers = {key: names.get(key, key) for key in identifier_keys}
        self.types = {
            key: library.event_types[key].name.zh if key in library.event_types else key
            for key in dict.fromkeys(row.type for row in ledger)
        }
        self.fields: dict[str, str] = {}
        self.fields_of: dict[str, dict[str, str]] = {}
        for row in ledger:
            own = self.fields_of.setdefault(row.type, {})
            for key in row.fields:
                own[key] = self.fields.setdefault(key, self._title(library, row.type, key))

    def _title(self, library: Library, event_type: str, key: str) -> str:
        found = library.event_types.get(event_type)
        named = next(
            (f.name.zh for f in (found.fields if found else ()) if f.key == key and f.name), key
        )
        taken = {*self.identifiers.values(), *self.fields.values(), _KEY, _AT, _TYPE}
        return f"{named}（{key}）" if named in taken else named

    def headings(self) -> list[str]:
        return [_KEY, _AT, _TYPE, *self.identifiers.values(), *self.fields.values()]

    def row(self, happening: Happening, zone: ZoneInfo) -> list[str]:
        moment = from_microseconds(happening.occurred_us).astimezone(zone)
        return [
            happening.key,
            f"{moment.year}/{moment.month}/{moment.day} {moment:%H:%M:%S}",
            self.types[happening.type],
            *(happening.identifiers.get(key, "") for key in self.identifiers),
            *(_cell(happening.fields.get(key, "")) for key in self.fields),
        ]


def _cell(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _write_ledger(
    path: Path, ledger: Sequence[Happening], columns: _Columns, zone: ZoneInfo, end_us: int
) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.headings())
        for number, happening in enumerate(ledger):
            row = columns.row(happening, zone)
            writer.writerow(row)
            if number % _DAMAGED_EVERY == _DAMAGED_EVERY // 2:
                writer.writerow(_damaged(row, number // _DAMAGED_EVERY, end_us))


def _damaged(row: list[str], number: int, end_us: int) -> list[str]:
    """A row as real files have them: an impossible day, or a day years from now."""
    future = from_microseconds(end_us + 500 * DAY_US)
    moment = "2025/2/30 10:00:00" if number % 2 == 0 else f"{future:%Y/%m/%d %H:%M:%S}"
    return [f"X{number:06d}", moment, *row[2:]]


def _map_text(columns: _Columns, source: str, zone: ZoneInfo) -> str:
    import yaml

    rules = [
        {
            "type": event_type,
            "when": {_TYPE: title},
            "at": _AT,
            "fields": columns.fields_of[event_type],
        }
        for event_type, title in columns.types.items()
    ]
    content = {
        "source": source,
        "time_zone": zone.key,
        "key": _KEY,
        "customer": columns.identifiers,
        "events": rules,
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def _write_lines(path: Path, happenings: Iterable[Happening]) -> None:
    encoder = msgspec.json.Encoder()
    with path.open("wb") as file:
        for happening in happenings:
            file.write(encoder.encode(_line(happening)) + b"\n")


def _line(happening: Happening) -> Line:
    return Line(
        key=happening.key,
        type=happening.type,
        source=happening.source,
        occurred_at=from_microseconds(happening.occurred_us).astimezone(UTC),
        recorded_at=from_microseconds(happening.recorded_us).astimezone(UTC),
        identifiers=dict(happening.identifiers),
        fields=dict(happening.fields),
    )
