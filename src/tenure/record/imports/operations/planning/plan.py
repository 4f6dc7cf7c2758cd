"""The compiled map: skips, row identity, and the rules in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from zoneinfo import ZoneInfo

from tenure.definitions import Library
from tenure.record.events.operations import IncomingEvent
from tenure.words import Words

from ..mapping.model import ImportMap
from ..problems import RowProblem
from ..reading.table import REPORT_MARK, Cell, Cells, Table
from ..values.scalars import text_of
from .columns import Columns
from .conditions import Holds, compile_condition
from .getters import Setting
from .personal import personal_columns
from .picks import Rows
from .rules import Rule, check_names

_MOST_PROFILES = 2_000_000
Produced = list[IncomingEvent]


@dataclass(frozen=True, slots=True)
class Skip:
    """A compiled skip rule."""

    holds: Holds | None
    because: Words


class Plan:
    """What to do with each row of one table.

    Attributes:
        notes: what the map names that the library does not know.
        grouped: whether rows become events in groups.
        keyed: whether the map says which columns identify a row.
        personal: positions of the columns that hold something personal.
    """

    def __init__(
        self, map_: ImportMap, columns: Columns, own: int, library: Library, setting: Setting
    ) -> None:
        self.map = map_
        self.rules = [Rule(rule, setting, library) for rule in map_.events]
        self.notes: list[Words] = []
        for rule in map_.events:
            self.notes += [
                note for note in check_names(rule, setting, library) if note not in self.notes
            ]
        self.skips = [
            Skip(compile_condition(rule.when, columns), rule.because) for rule in map_.skip
        ]
        place = map_.events[0].place
        self._key = [columns.index(name, place) for name in map_.key]
        self._group = [columns.index(name, place) for name in map_.group_by]
        self.grouped = bool(self._group)
        self.keyed = bool(self._key)
        marked = [i for i in range(own) if columns.names[i].endswith(REPORT_MARK)]
        self._identity = [i for i in range(own) if i not in marked] if marked else None
        self.personal = personal_columns(map_, columns, library)
        self._own = own
        self._profiles: dict[int, int] = {}

    def skip(self, cells: Cells) -> Words | None:
        """Why the row is left out on purpose, or None.

        Raises:
            RowProblem: a test cannot be made.
        """
        for rule in self.skips:
            if rule.holds is None or rule.holds(cells):
                return rule.because
        return None

    def identity(self, cells: Cells) -> bytes:
        """Sixteen bytes that equal rows share: of all the file's own columns, as written."""
        own = [cells[i] for i in self._identity] if self._identity else cells[: self._own]
        try:
            text = "\x1f".join(own)  # type: ignore[arg-type]
        except TypeError:
            text = "\x1f".join(map(repr, own))
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def key_of(self, cells: Cells) -> str:
        """The row's own key, by the columns the map names.

        Raises:
            RowProblem: they are blank.
        """
        return _joined([cells[i] for i in self._key], "key")

    def group_of(self, cells: Cells) -> str:
        """The key of the group a row belongs to.

        Raises:
            RowProblem: it is blank.
        """
        return _joined([cells[i] for i in self._group], "group_by")

    def of_row(self, line: int, cells: Cells, key: str) -> Produced:
        """The events of one row, each under ``key`` and its rule's tag.

        Raises:
            RowProblem: a value does not fit.
        """
        return self._finished(lambda rule: rule.of_row(line, cells), key)

    def of_group(self, rows: Rows, key: str) -> Produced:
        """The events of a group of rows.

        Raises:
            RowProblem: a value does not fit.
        """
        return self._finished(lambda rule: rule.of_group(rows), key)

    def _finished(self, make: Callable[[Rule], IncomingEvent | None], key: str) -> Produced:
        events = []
        for rule in self.rules:
            event = make(rule)
            if event is None or (rule.on_change and not self._changed(event)):
                continue
            event.key = f"{key}|{rule.tag}"
            events.append(event)
        return events

    def _changed(self, event: IncomingEvent) -> bool:
        """Whether a profile differs from the customer's latest in this file."""
        if not event.identifiers or not event.fields:
            return False
        customer, profile = hash(tuple(event.identifiers.items())), hash(repr(event.fields))
        if self._profiles.get(customer) == profile:
            return False
        if len(self._profiles) >= _MOST_PROFILES:
            self._profiles.clear()
        self._profiles[customer] = profile
        return True


def _joined(cells: list[Cell], name: str) -> str:
    texts = [text_of(cell) for cell in cells]
    if all(text is None for text in texts):
        raise RowProblem(Words(zh=f"{name} 的列为空", en=f"the column of {name} is empty"))
    # what joins the parts is marked inside them, or ("a|b", "c") would be ("a", "b|c")
    return "|".join((text or "").replace("\\", "\\\\").replace("|", "\\|") for text in texts)


def make_plan(
    map_: ImportMap, table: Table, own: int, library: Library, *, zone: ZoneInfo, currency: str
) -> Plan:
    """The plan for ``table``.

    Args:
        own: how many of the table's columns are the file's own; the others are joined.
        zone: of moments that name none, where the map does not say.
        currency: the organisation's own.

    Raises:
        MapError: a column or event type that does not exist.
    """
    columns = Columns(table.columns, map_.file)
    zone = ZoneInfo(map_.time_zone) if map_.time_zone else zone
    setting = Setting(columns, map_, zone, map_.currency or currency)
    return Plan(map_, columns, own, library, setting)
