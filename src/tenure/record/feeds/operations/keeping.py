"""Adding feeds and changing them: where they read, when, under which map, signed how."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import yaml
from django.db import transaction

from tenure.actor import Actor
from tenure.clock import to_microseconds
from tenure.record.events.queries import basis
from tenure.record.feeds.models import Feed, FeedFile
from tenure.record.feeds.operations.places import allowed_path, check_pattern
from tenure.record.feeds.operations.problems import FeedError
from tenure.record.feeds.operations.pulling.databases import checked_url
from tenure.record.feeds.operations.pulling.pulling import plan_next
from tenure.record.feeds.operations.scheduling import next_look
from tenure.record.feeds.operations.webhooks.planning import webhook_map
from tenure.record.feeds.queries.secrets import HOLDER, SECRET, URL
from tenure.record.feeds.queries.signing import BASE64, HEX, STANDARD, STANDARD_PREFIX
from tenure.record.imports.operations.mapping import load_map
from tenure.record.imports.operations.needs import publish_needed, types_of
from tenure.record.sources.operations import add_source, change_source
from tenure.record.sources.queries import SourceView, source
from tenure.record.vault.operations import Secret, discard, store
from tenure.words import Words

KINDS = ("webhook", "folder", "table")
USUAL_OVERLAP = 10
_HEADER = re.compile(r"[A-Za-z0-9\-]{1,100}")
_NAME = re.compile(r"[^\x00-\x1f]{1,200}")


@dataclass(frozen=True, slots=True)
class AddedFeed:
    """A new feed; ``write_key`` ends a webhook's address and is shown this once."""

    source_id: int
    write_key: str | None


def add_feed(
    key: str,
    *,
    name: str,
    kind: str,
    by: Actor,
    at: datetime,
    schedule: str = "",
    **said: object,
) -> AddedFeed:
    """A new feed; nothing of it is recorded before it has a map.

    Args:
        key: the ``source`` of its events in the log.
        name: for people.
        kind: webhook, folder or table.
        by: who adds it.
        at: when, aware.
        schedule: ``every N`` (minutes), cron, or empty; webhooks have none.
        said: of a webhook ``list_at``; of a folder ``folder``, ``pattern``; of a table ``url``,
            ``table``, ``cursor``, ``overlap``; ``language`` of its reports, zh or en.

    Raises:
        TenureError: the key is taken, or something of it cannot be.
    """
    if kind not in KINDS:
        raise FeedError(
            Words(zh=f"没有这种来源：{kind[:20]}", en=f"there is no such feed: {kind[:20]}")
        )
    settings, url = _checked(kind, said)
    next_look(schedule, after=at, zone=basis().zone)
    with transaction.atomic():
        added = add_source(key, name=name, kind=kind, by=by, at=at, settings=settings)
        feed = Feed(source_id=added.source_id, schedule=schedule.strip())
        plan_next(feed, at=at)
        feed.save(force_insert=True)
        _keep_secret(added.source_id, URL, url)
    return AddedFeed(added.source_id, added.write_key)


def change_feed(
    source_id: int,
    *,
    by: Actor,
    at: datetime,
    name: str | None = None,
    schedule: str | None = None,
    **said: object,
) -> None:
    """Change where and when a feed reads; what is not said stays, an empty ``url`` too.

    Args:
        source_id: of its source.
        by: who changes it.
        at: when, aware.
        name: for people.
        schedule: as for :func:`add_feed`.
        said: as for :func:`add_feed`.

    Raises:
        TenureError: there is no such feed, or something of it cannot be.
    """
    found = feed_source(source_id)
    before = {
        name: value for name, value in found.settings.items() if name not in {"map", "signature"}
    }
    settings, url = _checked(found.kind, {**before, **said}, known=True)
    if schedule is not None:
        next_look(schedule, after=at, zone=basis().zone)
    with transaction.atomic():
        kept = {**found.settings, **settings}
        change_source(source_id, name=name, settings=kept, by=by, at=at)
        feed, _ = Feed.objects.select_for_update().get_or_create(source_id=source_id)
        if schedule is not None and schedule.strip() != feed.schedule:
            feed.schedule = schedule.strip()
            feed.failures = 0
            plan_next(feed, at=at)
        if any(kept.get(part) != found.settings.get(part) for part in ("table", "cursor")) or url:
            feed.cursor = ""  # another table begins at its beginning; what is known is recognised
        feed.save()
        _keep_secret(source_id, URL, url)


def settle_feed_map(source_id: int, text: str, *, by: Actor, at: datetime) -> list[Words]:
    """Have a feed's records read by this map from now on; says which packs were published for it.

    Args:
        source_id: of its source.
        text: the map, YAML; its ``source`` becomes the key of the source.
        by: who says so.
        at: when, aware.

    Raises:
        TenureError: it is no map, or none for this kind of feed.
    """
    found = feed_source(source_id)
    kept = text_for(found.key, text)
    map_ = webhook_map(kept) if found.kind == "webhook" else load_map(kept, f"{found.key}.map.yaml")
    with transaction.atomic():
        published = publish_needed(types_of(map_), by=by, at=at)
        change_source(source_id, settings={**found.settings, "map": kept}, by=by, at=at)
        feed, _ = Feed.objects.select_for_update().get_or_create(source_id=source_id)
        feed.failures = 0
        plan_next(feed, at=at)
        feed.save()
    return published


def text_for(key: str, text: str) -> str:
    """A map under the source it is for.

    Raises:
        TenureError: it is no map.
    """
    if load_map(text, f"{key}.map.yaml").source == key:
        return text
    document = {**yaml.safe_load(text), "source": key}
    whole = {"source": key, **document}
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=100)


def sign_webhook(
    source_id: int,
    *,
    form: str,
    by: Actor,
    at: datetime,
    secret: str = "",
    header: str = "",
    encoding: str = BASE64,
    prefix: str = "",
) -> str | None:
    """Take only signed requests from now on; gives a secret that was made here, shown once.

    Args:
        source_id: of its source.
        form: ``none`` (unsigned again), ``standard`` (Standard Webhooks) or ``header``.
        by: who says so.
        at: when, aware.
        secret: what both sides share; empty: one is made, for ``standard``.
        header: where the signature stands, for ``header``.
        encoding: hex or base64, for ``header``.
        prefix: before the signature, such as ``sha256=``.

    Raises:
        FeedError: no such webhook, no such form, or a part is missing.
    """
    found = feed_source(source_id)
    if found.kind != "webhook":
        raise FeedError(Words(zh="只有 Webhook 可以验签", en="only webhooks can be signed"))
    settings = {name: value for name, value in found.settings.items() if name != "signature"}
    made: str | None = None
    if form != "none":
        if not secret and form == STANDARD:
            made = STANDARD_PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()
        rule = _signature(form, secret or made or "", header, encoding, prefix)
        settings["signature"] = {**rule, "stamp": to_microseconds(at)}
    with transaction.atomic():
        change_source(source_id, settings=settings, by=by, at=at)
        if form == "none":
            discard(HOLDER, [source_id])
        else:
            store([Secret(HOLDER, source_id, SECRET, None, secret or made or "")])
    return made


def start_over(source_id: int, *, by: Actor, at: datetime) -> None:
    """Read everything again at the next look: what is in the log already is recognised.

    Raises:
        FeedError: there is no such folder or table.
    """
    found = feed_source(source_id)
    with transaction.atomic():
        feed, _ = Feed.objects.select_for_update().get_or_create(source_id=source_id)
        if found.kind == "table":
            feed.cursor = ""
            feed.save(update_fields=["cursor"])
        again = FeedFile.objects.filter(feed=feed, status=FeedFile.Status.DONE)
        if found.kind == "folder":
            again.update(status=FeedFile.Status.WAITING)


def feed_source(source_id: int) -> SourceView:
    """The source of a feed.

    Raises:
        FeedError: there is none.
    """
    found = source(source_id, _ANYBODY) if 0 < source_id < 2**63 else None
    if found is None or found.kind not in KINDS:
        raise FeedError(
            Words(zh=f"没有编号为 {source_id} 的来源", en=f"there is no feed {source_id}")
        )
    return found


_ANYBODY = Actor("program:feeds", "program", "feeds")


def _checked(
    kind: str, said: Mapping[str, object], *, known: bool = False
) -> tuple[dict[str, object], str]:
    """The settings of a feed, and the address for the vault."""
    text = {name: str(value).strip() for name, value in said.items() if value is not None}
    settings: dict[str, object] = {"language": "en" if text.get("language") == "en" else "zh"}
    if kind == "webhook":
        settings["list_at"] = text.get("list_at", "")[:200]
        return settings, ""
    if kind == "folder":
        settings["folder"] = str(allowed_path(text.get("folder", "")))
        settings["pattern"] = check_pattern(text.get("pattern", ""))
        return settings, ""
    url = text.get("url", "")
    if url or not known:
        checked_url(url)
    for part, words in (("table", Words("表名", "the table")), ("cursor", Words("列", "column"))):
        if not _NAME.fullmatch(text.get(part, "")):
            raise FeedError(Words(zh=f"请写明{words.zh}（{part}）", en=f"say {words.en} ({part})"))
        settings[part] = text[part]
    overlap = text.get("overlap", str(USUAL_OVERLAP))
    if not overlap.isdecimal() or int(overlap) > 1_000_000_000:
        raise FeedError(
            Words(zh="重叠应为 0 或正整数", en="the overlap is 0 or a positive whole number")
        )
    settings["overlap"] = int(overlap)
    return settings, url


def _signature(
    form: str, secret: str, header: str, encoding: str, prefix: str
) -> dict[str, object]:
    if form not in {STANDARD, "header"} or encoding not in {HEX, BASE64}:
        raise FeedError(
            Words(
                zh="签名方式应为 none、standard 或 header，编码为 hex 或 base64",
                en="the form is none, standard or header, the encoding hex or base64",
            )
        )
    if not 8 <= len(secret) <= 500:
        raise FeedError(
            Words(zh="共享密钥应为 8 至 500 个字符", en="the shared secret is 8 to 500 characters")
        )
    if form == STANDARD:
        return {"form": STANDARD}
    if not _HEADER.fullmatch(header):
        raise FeedError(
            Words(
                zh="请写明签名所在的请求头，如 X-Shopify-Hmac-Sha256",
                en="name the header of the signature, such as X-Shopify-Hmac-Sha256",
            )
        )
    return {"form": "header", "header": header, "encoding": encoding, "prefix": prefix[:50]}


def _keep_secret(source_id: int, field: str, text: str) -> None:
    if text:
        store([Secret(HOLDER, source_id, field, None, text)])
