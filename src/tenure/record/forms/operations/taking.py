"""A form that was sent, taken: once, durable in the spool before it is answered, or held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Literal

import msgspec
from django.db import IntegrityError, transaction

from tenure.actor import SYSTEM
from tenure.clock import to_microseconds
from tenure.definitions import Form
from tenure.record.forms.models import Submission
from tenure.record.forms.operations.checking import Answers
from tenure.record.forms.operations.counting import count_visit
from tenure.record.forms.operations.guarding import digest_of, suspicions, wording_of
from tenure.record.forms.operations.showing import Shown
from tenure.record.sources.arrived import Arrived, to_frame
from tenure.record.sources.operations import SourceError, add_source
from tenure.record.sources.queries import KnownSource, known_sources
from tenure.record.sources.queries.keys import forget_known
from tenure.record.sources.spool import house_spool
from tenure.record.sources.translating.checking import LARGEST_EVENT
from tenure.record.vault.operations import Secret, store
from tenure.words import Language, TenureError, Words

Outcome = Literal["sent", "held", "again", "changed"]
HOLDER = "form_submission"
BODY = "body"
_DAY_US = 24 * 3600 * 1_000_000


class TooLongError(TenureError):
    """All answers together are more than one event may hold."""

    def __init__(self) -> None:
        super().__init__(
            Words("内容太长，请写短一些", "That is too long altogether; please write a little less")
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """How a visitor came to the form.

    Attributes:
        parameters: of the address: UTM, click ids, ``ref``.
        referrer: address of the page before.
        landing_page: the page that showed the form.
        address: of that page, to tell a referrer of the same site.
        visitor: what the site's own analytics call the visitor.
        language: in which the form was read.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    referrer: str = ""
    landing_page: str = ""
    address: str = ""
    visitor: str = ""
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Sending:
    """A submission as a door hands it in.

    Attributes:
        token: as it came back, signed; ``shown`` is what it says.
        client: network address it came from.
        limit: how many may come from there within an hour before they are held.
        honeypot: of the field that people do not see.
        proof: answer to the puzzle for browsers.
    """

    form: Form
    shown: Shown
    token: str
    answers: Answers
    visit: Visit
    client: str
    limit: int
    honeypot: str = ""
    proof: str = ""


def take_submission(sending: Sending, *, at: datetime) -> Outcome:
    """Take a submission whose answers have no problems.

    Args:
        sending: what was sent.
        at: when it arrived, aware.

    Returns:
        ``sent``: durable, on its way to the log. ``held``: kept for a person to look at.
        ``again``: it was sent before, word for word. ``changed``: the form was sent before with
        other answers; nothing is taken, the visitor decides.

    Raises:
        TooLongError: it is more than one event may hold.
        FloodError: far too much comes from its address.
        SpoolFullError: nothing more can be taken for now.
    """
    form, answers, shown = sending.form, sending.answers, sending.shown
    body = _message(sending, at)
    if len(body) > LARGEST_EVENT:
        raise TooLongError
    token = blake2b(shown.number.encode(), digest_size=16).digest()
    said = digest_of("said", f"{answers.identifiers}{answers.fields}{answers.consents}")
    earlier = _earlier(token, said)
    if earlier is not None:
        return earlier
    address = digest_of("address", sending.client)
    reasons = suspicions(
        form,
        shown,
        answers,
        honeypot=sending.honeypot,
        proof=sending.proof,
        token=sending.token,
        address=address,
        limit=sending.limit,
        at=at,
    )
    source = source_of_form(form, at=at)
    row = Submission(
        form=form.key,
        version=shown.version,
        token=token,
        said=said,
        wording=wording_of(answers),
        address=address,
        status=Submission.Status.HELD if reasons else Submission.Status.SENT,
        reasons=msgspec.json.encode(reasons).decode(),
        received_us=to_microseconds(at),
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # the other click of two came first
            return _earlier(token, said) or "again"
        _forget_addresses(at)
        count_visit(form.key, "held" if reasons else "sent", at=at)
        if reasons:
            store([Secret(HOLDER, row.id, BODY, None, body.decode())])
        else:
            append_message(source, body, at=at)
    return "held" if reasons else "sent"


def append_message(source: KnownSource, body: bytes, *, at: datetime) -> None:
    """Put a submission into the spool; it is durable when this returns.

    Raises:
        SpoolFullError: nothing was taken.
    """
    arrived = Arrived(
        source_id=source.id,
        dialect="form",
        received_us=to_microseconds(at),
        envelope=b"",
        items=[body],
    )
    house_spool().append([to_frame(arrived)])


def source_of_form(form: Form, *, at: datetime) -> KnownSource:
    """The source of a form's events; it is added with the first submission."""
    found = _source(form.source_key)
    if found is None:
        name = f"{form.name.zh} · {form.name.en}"[:150]
        try:
            add_source(form.source_key, name=name, kind="form", by=SYSTEM, at=at)
        except SourceError:
            forget_known()  # another process has just added it
        found = _source(form.source_key)
    if found is None:
        raise SourceError(
            Words(f"没有来源 {form.source_key}", f"there is no source {form.source_key}")
        )
    return found


def _source(key: str) -> KnownSource | None:
    return next((one for one in known_sources().values() if one.key == key), None)


def _earlier(token: bytes, said: bytes) -> Outcome | None:
    row = Submission.objects.filter(token=token).first()
    if row is None:
        return None
    return "again" if bytes(row.said) == said else "changed"


def _forget_addresses(at: datetime) -> None:
    old = Submission.objects.filter(received_us__lt=to_microseconds(at) - _DAY_US)
    old.filter(address__isnull=False).update(address=None)


def _message(sending: Sending, at: datetime) -> bytes:
    form, visit, answers = sending.form, sending.visit, sending.answers
    return msgspec.json.encode(
        {
            "form": form.key,
            "version": sending.shown.version,
            "token": sending.shown.number,
            "begun_us": sending.shown.begun_us,
            "sent_us": to_microseconds(at),
            "identifiers": answers.identifiers,
            "fields": answers.fields,
            "consents": [
                {
                    "purpose": one.purpose,
                    "channel": one.channel,
                    "version": one.version,
                    "text": one.text.to(visit.language),
                }
                for one in answers.consents
            ],
            "parameters": visit.parameters,
            "referrer": visit.referrer,
            "landing_page": visit.landing_page,
            "address": visit.address,
            "visitor": visit.visitor,
            "channel": form.channel,
            "campaign": form.campaign,
            "registration": form.registration,
        }
    )
