"""Answers checked against the form: what fits, and what is wrong, field by field, in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tenure.definitions import ConsentText, Form, Library, Question, questions_of
from tenure.record.events.operations.identifying import Identification, SetAside
from tenure.record.events.operations.values import PARSERS, UnfitValueError
from tenure.words import Words

LONGEST_LINE = 200
LONGEST_TEXT = 2_000
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NEEDED = Words("请填写", "Please fill this in")
_TICK = Words("请勾选后再提交", "Please tick this before you send the form")
_CHOOSE = Words("请从列出的选项里选一个", "Please choose one of those listed")
_WRONG: Mapping[str, Words] = {
    "phone": Words(
        "这不像一个电话号码；国外号码请带 + 和国家代码",
        "This does not look like a phone number; from abroad begin with + and the country",
    ),
    "email": Words(
        "这不像一个邮箱地址，例如 name@example.com",
        "This does not look like an e-mail address, such as name@example.com",
    ),
    "line": Words("这个号码不对，请核对", "This number is not right; please check it"),
    "whole": Words("请填整数，例如 35", "Please write a whole number, such as 35"),
    "number": Words("请填数字，例如 1234.5", "Please write a number, such as 1234.5"),
    "date": Words("请填日期，例如 1990-05-21", "Please write a date, such as 1990-05-21"),
}
_BLOCKED = Words(
    "这个号码不属于任何人，请填您自己的", "This belongs to nobody; please give your own"
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a visitor answered.

    Attributes:
        identifiers: identifier type to value, as written.
        fields: profile field to what was written, which fits its type.
        consents: what was agreed to.
        problems: what is wrong, by question (``consent-0`` for a consent, empty for the whole).
    """

    identifiers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    consents: tuple[ConsentText, ...] = ()
    problems: Mapping[str, Words] = field(default_factory=dict)


def check_answers(
    form: Form, library: Library, given: Mapping[str, str], ticked: Collection[int]
) -> Answers:
    """Read what was sent, and note everything that is wrong with it.

    Args:
        form: the form that was shown.
        library: holds its party type.
        given: question to what was written; what the form does not ask is not looked at.
        ticked: numbers of the consents that were ticked, from 0.
    """
    reader = _Reader(Identification(library, form.party))
    questions = questions_of(form, library.party_types[form.party])
    for question in questions:
        reader.read(question, cleaned(given.get(question.key, "")))
    if not reader.identifiers and not reader.problems:
        asked = [one.label for one in questions if one.identifier is not None]
        reader.problems[""] = _somebody(asked)
    for number, consent in enumerate(form.consents):
        if consent.required and number not in ticked:
            reader.problems[f"consent-{number}"] = _TICK
    agreed = tuple(one for number, one in enumerate(form.consents) if number in ticked)
    return Answers(reader.identifiers, reader.fields, agreed, reader.problems)


def cleaned(text: str) -> str:
    """A text without invisible characters and without blanks around it."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


class _Reader:
    """Reads one answer after the other."""

    def __init__(self, known: Identification) -> None:
        self._known = known
        self.identifiers: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self.problems: dict[str, Words] = {}

    def read(self, question: Question, text: str) -> None:
        """Put an answer where it belongs, or note what is wrong with it."""
        if not text:
            if question.required:
                self.problems[question.key] = _TICK if question.input == "yes_no" else _NEEDED
            return
        longest = LONGEST_TEXT if question.input == "lines" else LONGEST_LINE
        if len(text) > longest:
            self.problems[question.key] = Words(
                f"最多 {longest} 个字符，现在有 {len(text)} 个",
                f"At most {longest} characters; these are {len(text)}",
            )
        elif question.choices and text not in dict(question.choices):
            self.problems[question.key] = _CHOOSE
        elif question.identifier is not None:
            self._identify(question, text)
        else:
            self._keep(question, text)

    def _identify(self, question: Question, text: str) -> None:
        found = self._known.find(b"", question.key, text)
        if isinstance(found, SetAside):
            wrong = _WRONG.get(question.input, _WRONG["line"])
            self.problems[question.key] = _BLOCKED if found.blocked else wrong
        else:
            self.identifiers[question.key] = text

    def _keep(self, question: Question, text: str) -> None:
        assert question.field is not None
        try:
            PARSERS[question.field.type](text)
        except UnfitValueError as error:
            self.problems[question.key] = _WRONG.get(question.input, error.words)
        else:
            self.fields[question.key] = text


def _somebody(asked: list[Words]) -> Words:
    zh, en = "或".join(one.zh for one in asked), " or ".join(one.en.lower() for one in asked)
    return Words(f"请至少留下{zh}，我们才能联系您", f"Please leave your {en}, so we can reach you")
