"""Background work of imports: trying a file, importing it, throwing old drafts away."""

from __future__ import annotations

import msgspec
from django_tasks import task

from tenure.actor import Actor
from tenure.record.library.queries import supposing
from tenure.words import Language, Words
from tenure.work import Work, current_work

from .models import Import, Upload
from .operations import Outcome, import_file, resume_import, try_file
from .operations.importing import Watch
from .operations.mapping import ImportMap, load_map
from .operations.needs import needed_definitions, publish_needed, types_of
from .operations.running.tally import Tally
from .operations.uploading import (
    check_joined,
    discard_old_drafts,
    map_name,
    other_paths,
    upload_path,
)

_EXAMPLES = 20


@task(unique="try-upload-{0}", priority=20)
def try_upload(upload_id: int, by: dict[str, str]) -> None:
    """Do all that importing an upload would do, and record nothing but what it came to."""
    work = current_work()
    upload = Upload.objects.get(pk=upload_id)
    map_ = _map(upload)
    with supposing(needed_definitions(types_of(map_))):
        outcome = try_file(
            upload_path(upload),
            map_,
            by=Actor(**by),  # type: ignore[arg-type]
            at=work.at,
            others=other_paths(upload),
            watch=_watch(work),
        )
    trial = {
        "tally": msgspec.to_builtins(outcome.tally),
        "notes": [[note.zh, note.en] for note in outcome.notes],
        "examples": [[line, why.zh, why.en] for line, why in outcome.examples[:_EXAMPLES]],
    }
    Upload.objects.filter(pk=upload_id).update(trial=trial, trial_map=upload.map_text)


@task(unique="run-upload-{0}", priority=5)
def run_upload(upload_id: int, by: dict[str, str]) -> int:
    """Import an upload; one that stopped on the way goes on from its checkpoint."""
    work = current_work()
    upload = Upload.objects.get(pk=upload_id)
    actor = Actor(**by)  # type: ignore[arg-type]
    begun = import_of(upload)
    if begun is not None and begun.status in {Import.Status.FINISHED, Import.Status.UNDONE}:
        return begun.id
    if begun is not None:
        outcome = _resume(begun.id, actor, upload.language, work)
    else:
        map_ = _map(upload)
        publish_needed(types_of(map_), by=actor, at=work.at)
        outcome = import_file(
            upload_path(upload),
            map_,
            by=actor,
            at=work.at,
            language=_language(upload.language),
            others=other_paths(upload),
            watch=_watch(work),
            clock=work.clock,
        )
    assert outcome.import_id is not None
    return outcome.import_id


@task(unique="resume-import-{0}", priority=5)
def go_on(import_id: int, by: dict[str, str], language: str) -> int:
    """Go on with an import that stopped, wherever it was begun."""
    status = Import.objects.filter(pk=import_id).values_list("status", flat=True).first()
    if status in {Import.Status.RUNNING, Import.Status.STOPPED}:
        _resume(import_id, Actor(**by), language, current_work())  # type: ignore[arg-type]
    return import_id


@task(cron="20 3 * * *", unique="discard-old-drafts")
def tidy_uploads() -> int:
    """Throw away uploads nobody went on with."""
    return discard_old_drafts(at=current_work().at)


def import_of(upload: Upload) -> Import | None:
    """What an upload became when it was last sent off; None before that."""
    if upload.runs_after is None:
        return None
    rows = Import.objects.filter(file_path=str(upload_path(upload)), id__gt=upload.runs_after)
    return rows.order_by("-id").first()


def plain_actor(by: Actor) -> dict[str, str]:
    """Who acts, as an argument of a job."""
    return {"key": by.key, "kind": by.kind, "name": by.name}


def _resume(import_id: int, by: Actor, language: str, work: Work) -> Outcome:
    return resume_import(
        import_id,
        by=by,
        at=work.at,
        language=_language(language),
        watch=_watch(work),
        clock=work.clock,
    )


def _map(upload: Upload) -> ImportMap:
    map_ = load_map(upload.map_text, map_name(upload.file_name))
    check_joined(map_, upload)
    return map_


def _language(text: str) -> Language:
    return "en" if text == "en" else "zh"


def _watch(work: Work) -> Watch:
    """Tells rows, rows a second and the time left."""
    first: list[tuple[float, int]] = []

    def watch(share: float, tally: Tally) -> None:
        if not first:
            first.append((share, tally.rows))
        seconds = (work.clock() - work.at).total_seconds()
        begun_share, begun_rows = first[0]
        rate = (tally.rows - begun_rows) / seconds if seconds > 1 else 0.0
        speed = (share - begun_share) / seconds if seconds > 1 else 0.0
        work.tell(share, _told(tally, rate, (1 - share) / speed if speed > 0 else None))

    return watch


def _told(tally: Tally, rate: float, seconds_left: float | None) -> Words:
    zh, en = f"{tally.rows:,} 行", f"{tally.rows:,} rows"
    if rate:
        zh, en = f"{zh}，每秒 {rate:,.0f} 行", f"{en}, {rate:,.0f} a second"
    if tally.refused:
        zh, en = f"{zh}，拒绝 {tally.refused:,} 行", f"{en}, {tally.refused:,} refused"
    if seconds_left is not None:
        zh, en = (
            f"{zh}，还需约 {_span(seconds_left).zh}",
            f"{en}, about {_span(seconds_left).en} left",
        )
    return Words(zh, en)


def _span(seconds: float) -> Words:
    if seconds < 90:
        return Words(f"{seconds:.0f} 秒", f"{seconds:.0f} seconds")
    return Words(f"{seconds / 60:.0f} 分钟", f"{seconds / 60:.0f} minutes")
