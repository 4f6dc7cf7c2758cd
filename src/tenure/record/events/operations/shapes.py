"""Event types of a library, prepared once so that reading an event takes few steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tenure.definitions import EventType, Library
from tenure.record.events.events import OWN_TYPES
from tenure.record.events.operations.checking import check_text
from tenure.record.events.operations.identifying import (
    LONGEST_IDENTIFIER,
    Found,
    Identification,
    SetAside,
)
from tenure.record.events.operations.incoming import IncomingEvent, RefusalError
from tenure.record.events.operations.refusing import BAD_TYPE, in_identifier
from tenure.record.events.operations.values import PARSERS, Parser, UnfitValueError

PROPERTY, MONEY, PERSONAL = 0, 1, 2
_LONGEST_NAME = 100
_REMEMBERED = 200_000


class Shape:
    """What reading an event of one type needs to know."""

    __slots__ = (
        "_found",
        "_identification",
        "fields",
        "required",
        "reserved",
        "unknown",
        "unusual",
    )

    def __init__(
        self,
        identification: Identification,
        found: dict[tuple[str, str], Found | SetAside],
        definition: EventType | None,
        fields: Mapping[str, tuple[Parser, int]],
        *,
        reserved: bool,
    ) -> None:
        self._identification = identification
        self._found = found
        self.fields = fields
        self.unknown = definition is None
        self.reserved = reserved
        self.unusual = reserved or definition is None
        self.required = tuple(
            field.key for field in (definition.fields if definition else ()) if field.required
        )

    def find(self, secret: bytes, type_key: str, raw: object) -> Found | SetAside | None:
        """The identifier behind a raw value, None for no value; answers are remembered.

        Raises:
            RefusalError: the value is not text a database can hold.
        """
        if raw is None:
            return None
        text = raw if type(raw) is str else str(raw)
        known = self._found.get((type_key, text))
        if known is None:
            try:
                check_text(type_key)
                check_text(text)
            except UnfitValueError as unfit:
                raise RefusalError(in_identifier(type_key, unfit.words)) from None
            if not 0 < len(type_key) <= _LONGEST_NAME:
                raise RefusalError(BAD_TYPE)
            known = self._identification.find(secret, type_key, text)
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            if len(text) <= LONGEST_IDENTIFIER:  # a longer one is none, and would fill memory
                self._found[type_key, text] = known
        return known

    def lacks(
        self,
        name: str,
        event: IncomingEvent,
        secrets: Sequence[tuple[str, str]],
        *,
        has_amount: bool,
    ) -> bool:
        """Whether a required field that is no property is missing from where it belongs."""
        place = self.fields[name][1]
        if place == MONEY:  # what is there but wrong has a reason of its own
            return not has_amount and event.fields.get(name) in (None, "")
        if place == PERSONAL:
            return all(field != name for field, _ in secrets)
        return True


class Shapes:
    """The shapes of one library; types it does not know get a shape that keeps everything."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._parties: dict[
            str | None, tuple[Identification, dict[tuple[str, str], Found | SetAside]]
        ] = {}
        types = {**library.event_types, **OWN_TYPES}
        self._known = {key: self._shape(kind) for key, kind in types.items()}
        self._unknown = self._shape(None)

    def of(self, type_key: str) -> Shape:
        """The shape of a type.

        Raises:
            RefusalError: the type is not a name.
        """
        shape = self._known.get(type_key)
        if shape is not None:
            return shape
        if not 0 < len(type_key) <= _LONGEST_NAME or not type_key.isprintable():
            raise RefusalError(BAD_TYPE)
        return self._unknown

    def identification(self, party: str | None = None) -> Identification:
        """How identifiers are read in events about ``party``."""
        return self._party(party)[0]

    def _party(
        self, party: str | None
    ) -> tuple[Identification, dict[tuple[str, str], Found | SetAside]]:
        if party not in self._parties:
            self._parties[party] = (Identification(self._library, party), {})
        return self._parties[party]

    def _shape(self, definition: EventType | None) -> Shape:
        identification, found = self._party(definition.party if definition else None)
        fields: dict[str, tuple[Parser, int]] = {}
        if definition is not None:
            for field in definition.fields:
                fields[field.key] = _place(field.type, personal=field.personal)
        reserved = definition is not None and definition.key in OWN_TYPES
        return Shape(identification, found, definition, fields, reserved=reserved)


def _place(kind: str, *, personal: bool) -> tuple[Parser, int]:
    if personal:
        return PARSERS[kind], PERSONAL
    return PARSERS[kind], MONEY if kind == "money" else PROPERTY
