"""A form as a page asks it: each question with its value, its problem and how it is typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tenure.definitions import ConsentText, Form, Library, Question, questions_of
from tenure.words import Words

_COMPLETES = {
    "full_name": "name", "contact_person": "name", "phone": "tel", "email": "email",
    "company_name": "organization", "city": "address-level2", "province": "address-level1",
    "country": "country-name", "address": "street-address", "birth_date": "bday",
    "occupation": "organization-title",
}  # fmt: skip
"""What browsers fill in by themselves (WCAG 2.1, 1.3.5; HTML, autofill field names)."""
_TYPES = {"phone": "tel", "email": "email", "date": "date"}
_MODES = {"whole": "numeric", "number": "decimal"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was written so far.

    Attributes:
        type: of the input.
        mode: which keyboard a phone shows.
        complete: what the browser may fill in.
    """

    question: Question
    value: str
    problem: Words | None
    type: str
    mode: str
    complete: str

    @property
    def name(self) -> str:
        """Of the field in the page."""
        return f"a-{self.question.key}"


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent with its tick as sent; never ticked at first."""

    consent: ConsentText
    name: str
    ticked: bool
    problem: Words | None


def asked_of(
    form: Form, library: Library, given: Mapping[str, str], problems: Mapping[str, Words]
) -> list[Asked]:
    """The questions in their order."""
    party = library.party_types.get(form.party)
    return [
        Asked(
            question=one,
            value=given.get(one.key, ""),
            problem=problems.get(one.key),
            type=_TYPES.get(one.input, "text"),
            mode=_MODES.get(one.input, ""),
            complete=_COMPLETES.get(one.key, ""),
        )
        for one in (questions_of(form, party) if party else ())
    ]


def agreed_of(form: Form, ticked: Collection[int], problems: Mapping[str, Words]) -> list[Agreed]:
    """The consents in their order."""
    return [
        Agreed(one, f"consent-{number}", number in ticked, problems.get(f"consent-{number}"))
        for number, one in enumerate(form.consents)
    ]
