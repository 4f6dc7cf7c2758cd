"""Refused events that wait, put together by what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s

import msgspec

from tenure.clock import from_microseconds, to_microseconds
from tenure.record.events.models import DeadLetter
from tenure.record.events.operations.refused import Reason
from tenure.words import Words

_LOOKED_AT = 20_000
_QUOTED = re.compile("「.*?」|“.*?”|‘.*?’", re.DOTALL)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class LetterGroup:
    """Refused events of one source and type with the same reason, whatever the value was.

    Attributes:
        key: names the group in addresses.
        reason: of one of them.
        ids: numbers, in the order they came.
    """

    key: str
    source: str
    type: str
    reason: Words
    ids: tuple[int, ...]
    first_at: datetime
    last_at: datetime

    def __len__(self) -> int:
        return len(self.ids)


def letter_groups(
    *,
    source: str | None = None,
    type_key: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[list[LetterGroup], bool]:
    """Groups of waiting refused events, the largest first; whether there are more to look at.

    Args:
        source: only of this source.
        type_key: only of this event type.
        since: refused at this moment (aware) or later.
        until: refused before this moment (aware).
    """
    rows = DeadLetter.objects.filter(status=DeadLetter.Status.WAITING).order_by("id")
    if source is not None:
        rows = rows.filter(source=source)
    if type_key is not None:
        rows = rows.filter(type=type_key)
    if since is not None:
        rows = rows.filter(recorded_us__gte=to_microseconds(since))
    if until is not None:
        rows = rows.filter(recorded_us__lt=to_microseconds(until))
    gathered: dict[str, list[tuple[int, int]]] = {}
    shown: dict[str, tuple[str, str, Words]] = {}
    values = list(
        rows.values_list("id", "source", "type", "reasons", "recorded_us")[: _LOOKED_AT + 1]
    )
    for number, sender, kind, reasons, recorded_us in values[:_LOOKED_AT]:
        told = msgspec.json.decode(reasons, type=list[Reason])
        words = Words(zh="；".join(one.zh for one in told), en="; ".join(one.en for one in told))
        key = _key(sender, kind, words)
        gathered.setdefault(key, []).append((number, recorded_us))
        shown.setdefault(key, (sender, kind, words))
    groups = [
        LetterGroup(
            key,
            *shown[key],
            tuple(number for number, _ in members),
            from_microseconds(members[0][1]),
            from_microseconds(members[-1][1]),
        )
        for key, members in gathered.items()
    ]
    return sorted(groups, key=lambda group: -len(group)), len(values) > _LOOKED_AT


def _key(source: str, kind: str, reason: Words) -> str:
    plain = _NUMBER.sub("0", _QUOTED.sub("…", reason.en))
    return blake2s(f"{source}\x1f{kind}\x1f{plain}".encode(), digest_size=8).hexdigest()
