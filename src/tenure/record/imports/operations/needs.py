"""The definitions that an import needs and the library may lack."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tenure.actor import Actor
from tenure.definitions import Definition, load_pack, pack_keys
from tenure.record.events.operations.sealing import seal_published
from tenure.record.library.operations import publish
from tenure.record.library.queries import current_library
from tenure.words import Words

from .mapping import ImportMap


@dataclass(frozen=True, slots=True)
class _PackNeeded:
    """A pack, and which of the event types asked for it defines."""

    key: str
    types: list[str]
    definitions: tuple[Definition, ...]


def types_of(map_: ImportMap) -> set[str]:
    """The event types a map names."""
    named = (rule.type for rule in map_.events)
    return {key for rule in named for key in (rule.constant, *rule.values.values()) if key}


def needed_definitions(event_types: Collection[str]) -> list[Definition]:
    """The definitions that :func:`publish_needed` would publish, for trials."""
    return [one for pack in _packs_needed(event_types) for one in pack.definitions]


def publish_needed(event_types: Collection[str], *, by: Actor, at: datetime) -> list[Words]:
    """Publish the packs that define event types the library lacks; says which.

    Without its definition an amount would be kept as mere text.
    """
    notes = []
    for pack in _packs_needed(event_types):
        note = Words(
            zh=f"发布了行业包 {pack.key}：它定义了 {'、'.join(pack.types)}",
            en=f"Published the pack {pack.key}: it defines {', '.join(pack.types)}",
        )
        with transaction.atomic():
            said = f"{note.zh} / {note.en}"
            seal_published(publish(pack.definitions, note=said, by=by, at=at), by=by, at=at)
        notes.append(note)
    return notes


def _packs_needed(event_types: Collection[str]) -> list[_PackNeeded]:
    missing = set(event_types) - current_library()[0].event_types.keys()
    needed = []
    for key in sorted(pack_keys(), key=lambda key: (key != "general", key)) if missing else ():
        definitions = load_pack(key)
        found = missing & {one.key for one in definitions if one.kind == "event_type"}
        if found:
            needed.append(_PackNeeded(key, sorted(found), definitions))
            missing -= found
    return needed
