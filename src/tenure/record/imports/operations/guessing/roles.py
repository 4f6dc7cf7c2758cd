"""Which column plays which part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tenure.definitions import Library

from ..problems import plain
from . import vocabulary
from .profiling import ColumnProfile

_MOST_TYPES = 60


@dataclass(slots=True)
class Roles:
    """The columns found for each part; None and empty where there is none.

    ``moment_types`` are the events that columns of moments are of, where a person said so.
    """

    identifiers: dict[str, ColumnProfile] = field(default_factory=dict)
    moments: list[ColumnProfile] = field(default_factory=list)
    amount: ColumnProfile | None = None
    price: ColumnProfile | None = None
    quantity: ColumnProfile | None = None
    order: ColumnProfile | None = None
    type: ColumnProfile | None = None
    fields: dict[str, ColumnProfile] = field(default_factory=dict)
    profile: dict[str, ColumnProfile] = field(default_factory=dict)
    moment_types: dict[str, str] = field(default_factory=dict)


def find_roles(columns: Sequence[ColumnProfile], library: Library) -> Roles:
    """The parts of ``columns``, each column playing one."""
    roles = Roles()
    free = list(columns)

    def take(names: Iterable[str]) -> ColumnProfile | None:
        found = _called(free, names)
        if found is not None:
            free.remove(found)
        return found

    _take_identifiers(roles, free, library)
    roles.order = take(vocabulary.ORDERS)
    roles.moments = _take_moments(free)
    roles.amount = take(_numeric(free, vocabulary.AMOUNTS))
    roles.price = take(_numeric(free, vocabulary.PRICES))
    roles.quantity = take(_numeric(free, vocabulary.QUANTITIES))
    kinds = [column for column in free if 1 < len(column.distinct) <= _MOST_TYPES]
    names = {name for column in kinds for name in (column.plain, column.last)}
    roles.type = take(name for name in vocabulary.TYPES if name in names)
    if not roles.identifiers:
        _take_likely_customer(roles, free)
    for key, names_of in _field_names(library, vocabulary.PROFILE, profile=True).items():
        if (found := take(names_of)) is not None:
            roles.profile[key] = found
    for key, names_of in _field_names(library, vocabulary.FIELDS, profile=False).items():
        if (found := take(names_of)) is not None:
            roles.fields[key] = found
    return roles


def _called(columns: Sequence[ColumnProfile], names: Iterable[str]) -> ColumnProfile | None:
    """The first column that bears one of the names, in their order; whole names before parts."""
    wanted = list(names)
    for of in ("plain", "last"):
        for name in wanted:
            found = next((column for column in columns if getattr(column, of) == name), None)
            if found is not None:
                return found
    return None


def _numeric(columns: Sequence[ColumnProfile], names: Sequence[str]) -> list[str]:
    numeric = [column for column in columns if column.is_nearly_numeric]
    known = {name for column in numeric for name in (column.plain, column.last)}
    return [name for name in names if name in known]


def _take_identifiers(roles: Roles, free: list[ColumnProfile], library: Library) -> None:
    names = {key: set(words) for key, words in vocabulary.IDENTIFIERS.items()}
    order: list[str] = []
    for party in library.party_types.values():
        for kind in party.identifiers:
            order.append(kind.key)
            words = [kind.key, *([kind.name.zh, kind.name.en] if kind.name else [])]
            names.setdefault(kind.key, set()).update(map(plain, words))
    for key in order:
        found = _called(free, sorted(names[key]))
        if found is not None and key not in roles.identifiers:
            roles.identifiers[key] = found
            free.remove(found)
    for key, test in (("email", "is_email"), ("phone", "is_phone")):
        found = next((column for column in free if getattr(column, test)), None)
        if found is not None and key in order and key not in roles.identifiers:
            roles.identifiers[key] = found
            free.remove(found)


def _take_likely_customer(roles: Roles, free: list[ColumnProfile]) -> None:
    """A column named …id whose values repeat, where no name says more."""
    for column in free:
        ends = column.plain.endswith(("id", "编号", "号")) and column.plain not in {"id", "编号"}
        if ends and 1 < len(column.distinct) < len(column.texts):
            roles.identifiers["customer_id"] = column
            free.remove(column)
            return


def _take_moments(free: list[ColumnProfile]) -> list[ColumnProfile]:
    """Columns of dates, the likeliest first; numbers count only under a name of a date."""
    named = [column for column in free if _is_date_name(column.plain)]
    written = [
        column
        for column in free
        if column not in named and not column.is_numeric and "birth" not in column.plain
    ]
    found = [column for column in named if column.looks_like_moments(named=True)]
    found += [column for column in written if column.looks_like_moments(named=False)]
    found = [column for column in found if "birth" not in column.plain and "生" not in column.name]
    found.sort(key=lambda column: min(_rank(column.plain), _rank(column.last)))
    for column in found:
        free.remove(column)
    return found


def _is_date_name(name: str) -> bool:
    return name in vocabulary.MOMENTS or name.endswith(vocabulary.DATE_ENDINGS)


def _rank(name: str) -> int:
    if name in vocabulary.MOMENTS:
        return vocabulary.MOMENTS.index(name)
    return 2000 if name in vocabulary.LATE_MOMENTS else 1000


def _field_names(
    library: Library, words: dict[str, tuple[str, ...]], *, profile: bool
) -> dict[str, list[str]]:
    """Field key to plain names: the library's own keys and names, and the usual words."""
    owners = library.party_types.values() if profile else library.event_types.values()
    names: dict[str, list[str]] = {}
    for owner in owners:
        for one in owner.fields:
            known = names.setdefault(one.key, [plain(one.key)])
            if one.name is not None:
                known += [plain(one.name.zh), plain(one.name.en)]
    for key, more in words.items():
        if key in names:
            names[key] += more
    if not profile:
        names = {key: value for key, value in names.items() if key in words}
    return names


def event_of_text(text: str, library: Library) -> str | None:
    """The event type a text or the name of a date column speaks of, or None."""
    word = plain(text)
    for key, kind in library.event_types.items():
        if word in {plain(key), plain(kind.name.zh), plain(kind.name.en)}:
            return key
    for ending in ("", *vocabulary.DATE_ENDINGS):
        if not word.endswith(ending):
            continue
        stem = word[: len(word) - len(ending)] if ending else word
        for key, words in vocabulary.EVENTS.items():
            if stem in words and key in library.event_types:
                return key
    return None
