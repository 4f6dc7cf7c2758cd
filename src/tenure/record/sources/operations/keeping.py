"""Adding sources, changing their keys, pausing them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.record.events.events import OWN_SOURCE
from tenure.record.sources.models import Source, WriteKey
from tenure.record.sources.queries.keys import digest_of, forget_known
from tenure.words import TenureError, Words

PREFIX = "tw_"
"""How every write key begins, so that scanners for lost secrets know one."""
_KEY = re.compile(r"[\w.\-]{1,100}")
_NEGATIVE = Words(zh="宽限期不能为负", en="the grace period is negative")
_WITH_KEYS = (Source.Kind.SDK, Source.Kind.WEBHOOK, Source.Kind.FORM)


class SourceError(TenureError):
    """A source cannot be as it was asked for, or there is none."""


@dataclass(frozen=True, slots=True)
class AddedSource:
    """A new source; ``write_key`` is shown this once, None for kinds that nobody sends to."""

    source_id: int
    write_key: str | None


def add_source(
    key: str,
    *,
    name: str,
    kind: str,
    by: Actor,
    at: datetime,
    settings: Mapping[str, object] | None = None,
) -> AddedSource:
    """Let a new system send events, under a write key of its own.

    Args:
        key: the ``source`` of its events in the log; letters, digits, ``. _ -``.
        name: for people.
        kind: sdk, webhook, folder, table or form.
        by: who adds it.
        at: when, aware.
        settings: what its kind reads.

    Raises:
        SourceError: the key is taken or no key, the name is empty, there is no such kind.
    """
    _check(key, name, kind)
    text = msgspec.json.encode(dict(settings or {})).decode()
    with transaction.atomic():
        source = Source(
            key=key,
            name=name.strip(),
            kind=kind,
            settings=text,
            created_us=to_microseconds(at),
            created_by=by.key,
        )
        try:
            with transaction.atomic():
                source.save(force_insert=True)
        except IntegrityError:
            raise SourceError(
                Words(zh=f"来源“{key}”已经存在", en=f"there is a source “{key}” already")
            ) from None
        made = _new_key(source, by=by, at=at) if kind in _WITH_KEYS else None
    forget_known()
    return AddedSource(source.id, made)


def rotate_key(source_id: int, *, grace: timedelta, by: Actor, at: datetime) -> str:
    """A new write key for a source, shown this once; the old ones stay good for ``grace``.

    Raises:
        SourceError: there is no such source, it takes no keys, or ``grace`` is negative.
    """
    if grace < timedelta(0):
        raise SourceError(_NEGATIVE)
    with transaction.atomic():
        source = _locked(source_id)
        if source.kind not in _WITH_KEYS:
            raise SourceError(
                Words(zh="这种来源没有写入密钥", en="this kind of source has no write key")
            )
        end = to_microseconds(at + grace)
        longer = Q(revoked_us=None) | Q(revoked_us__gt=end)
        WriteKey.objects.filter(longer, source=source).update(revoked_us=end)
        made = _new_key(source, by=by, at=at)
    forget_known()
    return made


def revoke_key(key_id: int, *, of: int, grace: timedelta, by: Actor, at: datetime) -> None:
    """End a write key without making another: at once, or after ``grace``.

    Args:
        key_id: number of the key.
        of: number of its source.
        grace: how long it stays good.
        by: who ends it.
        at: when, aware.

    Raises:
        SourceError: there is no such key, it has ended, or ``grace`` is negative.
    """
    if grace < timedelta(0):
        raise SourceError(_NEGATIVE)
    with transaction.atomic():
        key = _good_key(key_id, of, at)
        key.revoked_us = to_microseconds(at + grace)
        key.save(update_fields=["revoked_us"])
    forget_known()


def keep_key(key_id: int, *, of: int, by: Actor, at: datetime) -> None:
    """Let a write key that was to end stay good after all; one that has ended stays ended.

    Raises:
        SourceError: there is no such key, or it has ended.
    """
    with transaction.atomic():
        key = _good_key(key_id, of, at)
        key.revoked_us = None
        key.save(update_fields=["revoked_us"])
    forget_known()


def pause_source(source_id: int, *, by: Actor, at: datetime) -> bool:
    """Keep a source's events out of the log: accepted as before, they wait as dead letters.

    Turned away they would be lost: most libraries give a refused batch up. Whether it changed
    anything is answered.

    Raises:
        SourceError: there is no such source.
    """
    with transaction.atomic():
        source = _locked(source_id)
        if source.paused_us is not None:
            return False
        source.paused_us = to_microseconds(at)
        source.save(update_fields=["paused_us"])
    forget_known()
    return True


def resume_source(source_id: int, *, by: Actor, at: datetime) -> bool:
    """Let a paused source's events into the log again; those that wait can be replayed.

    Whether it changed anything is answered.

    Raises:
        SourceError: there is no such source.
    """
    with transaction.atomic():
        source = _locked(source_id)
        if source.paused_us is None:
            return False
        source.paused_us = None
        source.save(update_fields=["paused_us"])
    forget_known()
    return True


def change_source(
    source_id: int,
    *,
    by: Actor,
    at: datetime,
    name: str | None = None,
    settings: Mapping[str, object] | None = None,
) -> None:
    """Change a source's name or its settings; what is not given stays.

    Raises:
        SourceError: there is no such source, or the name is empty.
    """
    with transaction.atomic():
        source = _locked(source_id)
        if name is not None:
            _check(source.key, name, source.kind)
            source.name = name.strip()
        if settings is not None:
            source.settings = msgspec.json.encode(dict(settings)).decode()
        source.save(update_fields=["name", "settings"])
    forget_known()


def _check(key: str, name: str, kind: str) -> None:
    if not _KEY.fullmatch(key) or key == OWN_SOURCE:
        raise SourceError(
            Words(
                zh="来源的代码应为 1 至 100 个字母、数字、点、横线或下划线，"
                f"且不能是“{OWN_SOURCE}”",
                en="the key of a source is 1 to 100 letters, digits, dots, hyphens and "
                f"underscores, and not “{OWN_SOURCE}”",
            )
        )
    if not 0 < len(name.strip()) <= 150:
        raise SourceError(
            Words(zh="来源的名称应为 1 至 150 个字符", en="the name is 1 to 150 characters")
        )
    if kind not in Source.Kind.values:
        known = "、".join(Source.Kind.values), ", ".join(Source.Kind.values)
        raise SourceError(
            Words(zh=f"来源的种类应为 {known[0]} 之一", en=f"the kind is one of {known[1]}")
        )


def _locked(source_id: int) -> Source:
    source = Source.objects.select_for_update().filter(id=source_id).first()
    if source is None:
        raise SourceError(Words(zh=f"没有来源 {source_id}", en=f"there is no source {source_id}"))
    return source


def _good_key(key_id: int, source_id: int, at: datetime) -> WriteKey:
    keys = WriteKey.objects.select_for_update()
    key = keys.filter(id=key_id, source_id=source_id).first()
    if key is None or (key.revoked_us is not None and key.revoked_us <= to_microseconds(at)):
        raise SourceError(
            Words(
                zh="这个密钥不存在或已经失效，不能再改；需要时请换一个新密钥",
                en="there is no such key or it has ended for good; make a new one if needed",
            )
        )
    return key


def _new_key(source: Source, *, by: Actor, at: datetime) -> str:
    key = PREFIX + secrets.token_urlsafe(24)
    WriteKey.objects.create(
        source=source,
        hint=key[-4:],
        digest=digest_of(key),
        created_us=to_microseconds(at),
        created_by=by.key,
    )
    return key
