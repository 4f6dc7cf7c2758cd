"""What a lifecycle's history hangs on: its version, and a fingerprint of all it is made of.

Results are remembered per library, which is made anew with every publication.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from tenure.definitions import Definition, Library, Lifecycle, fingerprint, render
from tenure.record.library.queries import versions

_SHORT = 8


@lru_cache(maxsize=512)
def lifecycle_fingerprint(library: Library, key: str) -> str:
    """A hash of everything that can change the stages of lifecycle ``key``.

    Two libraries give the same one exactly if they give the same histories: the stages with
    their conditions resolved down to base metrics, those metrics and their event types, and
    which identifiers are of which party. Names and playbooks are left out.
    """
    lifecycle = library.lifecycles[key]
    parts = [lifecycle.party or "", *lifecycle.check]
    for stage in lifecycle.stages:
        condition = "" if stage.when is None else render(library.resolve(stage.when))
        parts.append(f"{stage.code}|{stage.canonical}|{condition}")
    used: list[Definition] = list(library.lifecycle_metrics(key))
    used += [library.event_types[name] for name in library.lifecycle_event_types(key)]
    parts += [fingerprint(definition) for definition in used]
    parts.append(parties_fingerprint(library))
    return sha256("\n".join(parts).encode()).hexdigest()


@lru_cache(maxsize=8)
def parties_fingerprint(library: Library) -> str:
    """A hash of everything that says who is who: party types and their identifiers."""
    parts = [fingerprint(library.party_types[key]) for key in sorted(library.party_types)]
    return sha256("\n".join(parts).encode()).hexdigest()


@lru_cache(maxsize=512)
def definition_version(library: Library, key: str) -> str:
    """The published version of a lifecycle and what it is made of, such as ``3.9f2c01ab``."""
    published = versions(Lifecycle.kind, key)
    number = published[-1].number if published else 0
    return f"{number}.{lifecycle_fingerprint(library, key)[:_SHORT]}"
