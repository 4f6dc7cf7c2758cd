"""Forms: what a visitor is asked, agrees to and is told; published, and open to everybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from tenure.definitions.base import Definition
from tenure.definitions.body import Body
from tenure.definitions.event_type import Field
from tenure.definitions.party_type import IdentifierType, PartyType
from tenure.words import Language, Words

InputKind = Literal[
    "line", "lines", "phone", "email", "whole", "number", "yes_no", "date", "choice"
]  # fmt: skip
SITE = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.\-]{0,250}[a-z0-9])?(:[0-9]{1,5})?")
"""An origin, as ``frame-ancestors`` takes it (W3C Content Security Policy Level 3)."""
SOURCE_KEY = re.compile(r"[\w.\-]{1,100}", re.ASCII)
MOST_FIELDS = 40
MOST_CONSENTS = 6
LONGEST_WORDING = 800
"""Characters of a consent: all of them together fit into one submission."""
HOURLY_LIMIT = 20
"""Submissions an address may make within an hour before they are looked at by a person."""
_LANGUAGES: tuple[Language, ...] = get_args(Language)
_INPUTS: dict[str, InputKind] = {
    "string": "line",
    "text": "lines",
    "integer": "whole",
    "number": "number",
    "money": "number",
    "boolean": "yes_no",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class FormField:
    """A question of a form.

    Attributes:
        field: key of a profile field or an identifier of the form's party type.
        label: what is asked; None takes the name of the field.
        help: a line beneath.
        required: it cannot be left empty.
        choices: codes and what they are called; the field's own where empty.
    """

    field: str
    label: Words | None = None
    help: Words | None = None
    required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentText:
    """Something a visitor may agree to; never ticked beforehand.

    Attributes:
        purpose: what for, as ``consent.given`` names it.
        text: the wording, which goes into the log with the consent.
        version: of the wording.
        channel: through which; None for every one.
        required: without it the form is not taken.
    """

    purpose: str
    text: Words
    version: str
    channel: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Form(Definition):
    """A form on the web by which people tell who they are.

    Attributes:
        party: party type of whoever fills it in.
        fields: the questions in their order.
        consents: what is asked for.
        title: heading of the page; None takes the name.
        intro: a few lines beneath it.
        thanks: what is shown once it is sent; None for the usual words.
        button: words on the button; None for the usual ones.
        source: ``source`` of its events in the log; None for one of its own.
        channel: what brings people here where their address does not tell.
        campaign: likewise.
        language: in which it shows itself first.
        sites: origins of pages that may show it within theirs.
        registration: whoever sends it becomes a member (``customer.registered``).
        challenge: browsers solve a small puzzle before sending.
        hourly_limit: submissions an address may make within an hour.
        closed: it takes nothing for now.
    """

    kind: ClassVar[str] = "form"

    party: str
    fields: tuple[FormField, ...]
    consents: tuple[ConsentText, ...] = ()
    title: Words | None = None
    intro: Words | None = None
    thanks: Words | None = None
    button: Words | None = None
    source: str | None = None
    channel: str | None = None
    campaign: str | None = None
    language: Language = "zh"
    sites: tuple[str, ...] = ()
    registration: bool = False
    challenge: bool = False
    hourly_limit: int | None = None
    closed: bool = False

    @property
    def source_key(self) -> str:
        """The ``source`` of its events in the log."""
        return self.source or f"form-{self.key}"


@dataclass(frozen=True, slots=True)
class Question:
    """A field of a form with everything the party type says of it.

    Attributes:
        field: the profile field; None for an identifier.
        identifier: the identifier; None for a profile field.
    """

    key: str
    label: Words
    help: Words | None
    required: bool
    input: InputKind
    choices: tuple[tuple[str, Words], ...]
    field: Field | None
    identifier: IdentifierType | None


def questions_of(form: Form, party: PartyType) -> tuple[Question, ...]:
    """The questions of a form in their order; those the party type does not know are left out."""
    found = (_question(asked, party) for asked in form.fields)
    return tuple(one for one in found if one is not None)


def _question(asked: FormField, party: PartyType) -> Question | None:
    identifier = next((one for one in party.identifiers if one.key == asked.field), None)
    field = next((one for one in party.fields if one.key == asked.field), None)
    known = identifier or field
    if known is None:
        return None
    choices = asked.choices or (field.choices if field else ())
    return Question(
        key=asked.field,
        label=asked.label or known.name or Words(asked.field, asked.field),
        help=asked.help,
        required=asked.required,
        input="choice" if choices else _input(identifier, field),
        choices=choices,
        field=None if identifier else field,
        identifier=identifier,
    )


def _input(identifier: IdentifierType | None, field: Field | None) -> InputKind:
    if identifier is not None:
        return {"phone": "phone", "email": "email"}.get(identifier.normalise, "line")  # type: ignore[return-value]
    return _INPUTS[field.type] if field else "line"


def read_form(body: Body) -> Form:
    """A form from its document."""
    language = body.choice("language", _LANGUAGES, required=False)
    form = Form(
        key=body.key("key"),
        name=body.words("name"),
        description=body.optional_words("description"),
        party=body.key("party"),
        fields=tuple(_read_field(part) for part in body.parts("fields")),
        consents=tuple(_read_consent(part) for part in _parts(body, "consents")),
        title=body.optional_words("title"),
        intro=body.optional_words("intro"),
        thanks=body.optional_words("thanks"),
        button=body.optional_words("button"),
        source=body.optional("source"),
        channel=body.optional("channel"),
        campaign=body.optional("campaign"),
        language=next((known for known in _LANGUAGES if known == language), "zh"),
        sites=body.texts("sites"),
        registration=body.flag("registration"),
        challenge=body.flag("challenge"),
        hourly_limit=body.whole_number("hourly_limit"),
        closed=body.flag("closed"),
        origin=body.document.origin(),
    )
    _check(body, form)
    return form


def _parts(body: Body, key: str) -> tuple[Body, ...]:
    if body.has(key):
        return body.parts(key)
    body.texts(key)  # it may be left out, and is known
    return ()


def _read_field(body: Body) -> FormField:
    field = FormField(
        field=body.key("field"),
        label=body.optional_words("label"),
        help=body.optional_words("help"),
        required=body.flag("required"),
        choices=body.labels("choices"),
    )
    body.close()
    return field


def _read_consent(body: Body) -> ConsentText:
    consent = ConsentText(
        purpose=body.text("purpose"),
        text=body.words("text"),
        version=body.text("version"),
        channel=body.optional("channel"),
        required=body.flag("required"),
    )
    body.close()
    return consent


def _check(body: Body, form: Form) -> None:
    _check_once(body, "fields", [one.field for one in form.fields], MOST_FIELDS)
    agreed = [f"{one.purpose} {one.channel or ''}".strip() for one in form.consents]
    _check_once(body, "consents", agreed, MOST_CONSENTS)
    for index, consent in enumerate(form.consents):
        if max(len(consent.text.zh), len(consent.text.en)) > LONGEST_WORDING:
            cause = Words(
                f"条款最多 {LONGEST_WORDING} 个字符；长文请放在网页上并写明出处",
                f"a consent has at most {LONGEST_WORDING} characters; refer to a page for more",
            )
            body.refuse_at(f"consents[{index}].text", cause)
    for index, site in enumerate(form.sites):
        if site and not SITE.fullmatch(site):
            cause = Words(
                f"{site} 不是网站的来源；写作 https://shop.example，不带路径",
                f"{site} is no origin; write https://shop.example, without a path",
            )
            body.refuse_at(f"sites[{index}]", cause)
    if form.source is not None and not SOURCE_KEY.fullmatch(form.source):
        cause = Words(
            "来源由字母、数字、点、横线和下划线组成，最多 100 个字符",
            "a source is made of letters, digits, dots, hyphens and underscores, at most 100",
        )
        body.refuse("source", cause)


def _check_once(body: Body, key: str, names: list[str], most: int) -> None:
    for index, name in enumerate(names):
        if name and name in names[:index]:
            cause = Words(f"{name} 重复", f"{name} is written twice")
            body.refuse_at(f"{key}[{index}]", cause)
    if len(names) > most:
        body.refuse(key, Words(f"最多 {most} 个", f"at most {most}"))
