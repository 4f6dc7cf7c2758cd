"""The map of an upload as it follows from the choices made in its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from tenure.definitions import Library
from tenure.record.events.queries import basis

from .agreeing import guess_of
from .guessing import Choices, Guess, Question
from .reading import Table
from .uploading import open_upload, upload_path


@dataclass(slots=True)
class Draft:
    """An upload's map being agreed.

    Attributes:
        asked: (key of the answer, question, position of the answer or None).
        library: names event types, identifiers and fields; with the packs the map would bring.
        text: the map; with open questions it does not load yet.
    """

    table: Table
    guess: Guess
    library: Library
    asked: list[tuple[str, Question, int | None]] = field(default_factory=list)
    text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be answered."""
        return any(chosen is None for _, _, chosen in self.asked) or bool(
            [one for one in self.guess.questions if not one.choices]
        )


def draft_of(upload_id: int) -> Draft:
    """The guess for an upload under its choices, and the map that follows.

    ``choices`` are those of :class:`Choices` and besides: ``answers`` (question to position of
    the answer), ``source``, ``exchange_rate``, ``duplicates``.

    Raises:
        TenureError: the file is no table, or has no rows.
    """
    upload = open_upload(upload_id)
    said: Mapping[str, Any] = upload.choices
    choices = Choices(
        roles=said.get("roles"),
        event_type=said.get("event_type") or None,
        types=said.get("types") or {},
        grouped=said.get("grouped"),
    )
    table, guess, library = guess_of(upload_path(upload), choices, base_currency=basis().currency)
    draft = Draft(table, guess, library)
    _answer(draft, said.get("answers") or {})
    draft.text = _completed(guess, said)
    return draft


def _answer(draft: Draft, answers: Mapping[str, Any]) -> None:
    for question in list(draft.guess.questions):
        if not question.choices:
            continue
        key = "/".join(map(str, question.path))
        position = answers.get(key)
        valid = isinstance(position, int) and 0 <= position < len(question.choices)
        draft.asked.append((key, question, position if valid else None))
        if valid and isinstance(position, int):
            draft.guess.answer(question, question.choices[position][1])


def _completed(guess: Guess, said: Mapping[str, Any]) -> str:
    document = guess.document
    whole = {"source": said["source"]} if said.get("source") else {}
    if "currency" in document and (rate := _rate(said.get("exchange_rate"))):
        document["exchange_rate"] = rate
    if said.get("duplicates") == "drop":
        document["duplicates"] = "drop"
    guess.document = {**whole, **document}
    return guess.text()


def _rate(text: object) -> str | None:
    try:
        rate = Decimal(str(text))
    except InvalidOperation:
        return None
    return format(rate, "f") if rate.is_finite() and rate > 0 else None
