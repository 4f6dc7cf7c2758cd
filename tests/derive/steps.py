"""Small lives of a company for the laws: what is recorded, merged, pinned, undone, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

START = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)
PHONES = ["13900000001", "13900000002", "13900000003", "13900000004"]
EMAILS = ["ann@example.com", "bo@example.com", "cy@example.com"]
DEVICES = ["device-1", "device-2"]
COMPANIES = ["91310000AAA", "91310000BBB"]
PEOPLE = [("phone", value) for value in PHONES] + [("email", value) for value in EMAILS]


@dataclass(frozen=True)
class Happening:
    """One event: how long before it is recorded it happened (negative: ahead of the clock)."""

    type: str
    identifiers: tuple[tuple[str, str], ...]
    late: timedelta
    fields: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Record:
    happenings: tuple[Happening, ...]
    imported: bool = False


@dataclass(frozen=True)
class Merge:
    left: tuple[str, str]
    right: tuple[str, str]


@dataclass(frozen=True)
class Unmerge:
    left: tuple[str, str]
    right: tuple[str, str]


@dataclass(frozen=True)
class Pin:
    who: tuple[str, str]
    stage: str
    until: date | None


@dataclass(frozen=True)
class Unpin:
    who: tuple[str, str]


@dataclass(frozen=True)
class Undo:
    which: int


@dataclass(frozen=True)
class Reimport:
    """The same file again, of an import that was taken back."""

    which: int


@dataclass(frozen=True)
class Wait:
    """Time passes; none at all: the next step is taken at the instant of the one before."""

    days: float


@dataclass(frozen=True)
class Tick:
    pass


Step = Record | Merge | Unmerge | Pin | Unpin | Undo | Reimport | Wait | Tick

_lateness = st.one_of(
    st.just(timedelta(0)),
    st.floats(0, 3).map(lambda days: timedelta(days=days)),
    st.sampled_from([timedelta(days=-0.5), timedelta(days=30), timedelta(days=75)]),
    st.integers(0, 90).map(lambda days: timedelta(days=days)),
)
_people = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique_by=lambda i: i[0])
_order = st.builds(
    Happening,
    st.just("order.placed"),
    _people.map(tuple),
    _lateness,
    st.tuples(
        st.tuples(st.just("amount"), st.sampled_from(["20", "60.50", "120"])),
        st.tuples(st.just("channel"), st.sampled_from(["web", "shop"])),
    ),
)
_visit = st.builds(
    Happening,
    st.just("visit.made"),
    st.one_of(
        _people.map(tuple),
        st.tuples(
            st.sampled_from(PEOPLE), st.sampled_from([("device", value) for value in DEVICES])
        ),
        st.just(()),
    ),
    _lateness,
    st.just((("pages", 3),)),
)
_contract = st.builds(
    Happening,
    st.just("contract.signed"),
    st.sampled_from(COMPANIES).map(lambda value: (("tax_number", value),)),
    _lateness,
)
happenings = st.one_of(_order, _order, _order, _visit, _contract)
_record = st.builds(Record, st.lists(happenings, min_size=1, max_size=5).map(tuple), st.booleans())
_person = st.sampled_from(PEOPLE)
_stage = st.sampled_from(["prospect", "new", "loyal", "active", "lost"])
_until = st.one_of(
    st.none(), st.integers(1, 200).map(lambda days: (START + timedelta(days=days)).date())
)
_quiet = st.one_of(st.just(Tick()), st.floats(0.1, 40).map(Wait), st.just(Wait(0)))
_rare = st.one_of(
    st.builds(Merge, _person, _person),
    st.builds(Unmerge, _person, _person),
    st.builds(Pin, _person, _stage, _until),
    st.builds(Unpin, _person),
    st.builds(Undo, st.integers(0, 2)),
    st.builds(Reimport, st.integers(0, 1)),
)
steps = st.one_of(_record, _record, _quiet, _rare)
lives = st.lists(steps, min_size=6, max_size=22)
records = st.lists(_record, min_size=2, max_size=6)
