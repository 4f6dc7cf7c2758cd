"""What a feed must not show: shared secrets and addresses with passwords, out of the vault."""

from __future__ import annotations

from tenure.record.vault.queries import reveal

HOLDER = "feed"
SECRET, URL = "secret", "url"
_known: dict[tuple[int, str, object], str] = {}


def secret_of(source_id: int, field: str, stamp: object = None) -> str | None:
    """A secret of a feed; None where it has none.

    Args:
        source_id: of its source.
        field: ``secret`` or ``url``.
        stamp: changes whenever the secret does; with one it is remembered, so that a door
            need not ask the database with every request.
    """
    known = _known.get((source_id, field, stamp)) if stamp is not None else None
    if known is not None:
        return known
    found = reveal(HOLDER, [source_id]).get(source_id, {}).get(field)
    if found is not None and stamp is not None:
        if len(_known) > 1_000:
            _known.clear()
        _known[source_id, field, stamp] = found
    return found
