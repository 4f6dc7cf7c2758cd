"""Party types: who a customer can be, by what they are recognised, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from tenure.definitions.base import Definition
from tenure.definitions.body import Body
from tenure.definitions.event_type import Field, read_fields
from tenure.definitions.survival import NEWEST_EVERYWHERE, Survival, read_survival
from tenure.words import Words

Strength = Literal["strong", "weak"]
Normalisation = Literal[
    "none", "trim", "lower", "phone", "email", "digits", "resident_id", "company_code", "opaque_id"
]
STRENGTHS: tuple[Strength, ...] = get_args(Strength)
NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)


@dataclass(frozen=True, slots=True)
class IdentifierType:
    """Something a customer is recognised by, such as a phone number.

    Attributes:
        key: name in events.
        name: how people name it; None shows the key.
        strength: two strong identifiers that arrive in one event belong to one customer;
            a weak one never joins customers by itself.
        personal: its values are kept encrypted in the vault.
        normalise: how values are brought to one form before they are compared.
        region: ISO 3166 country of phone numbers without a country code.
        limit: an identifier linked to more distinct others than this is taken as shared, and
            none of its automatic links count.
        blocked: values that name nobody in this party type.
        fleeting: made anew by every browser or device. It is linked with an event's own identifier
            only, ``limit`` counts its neighbours of each type apart, and it does not count among
            the neighbours of others.
        unique: a value belongs to one customer. An event in which it would join two customers
            already on record is refused: whether they are one is a person's decision.
        single: a customer has at most one. An event that brings a second one is refused.
    """

    key: str
    name: Words | None = None
    strength: Strength = "strong"
    personal: bool = False
    normalise: Normalisation = "trim"
    region: str | None = None
    limit: int | None = None
    blocked: tuple[str, ...] = ()
    fleeting: bool = False
    unique: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class PartyType(Definition):
    """A kind of customer: person, organisation, supplier …

    Attributes:
        identifiers: in the order in which they are preferred as an event's own node.
        fields: the profile, set by ``customer.profiled`` events.
        survival: which value of a field is shown where several were told.
    """

    kind: ClassVar[str] = "party_type"

    identifiers: tuple[IdentifierType, ...] = ()
    fields: tuple[Field, ...] = ()
    survival: Survival = NEWEST_EVERYWHERE


def read_party_type(body: Body) -> PartyType:
    """A party type from its document."""
    fields = read_fields(body)
    return PartyType(
        key=body.key("key"),
        name=body.words("name"),
        description=body.optional_words("description"),
        identifiers=tuple(
            _read_identifier(key, part) for key, part in body.named_parts("identifiers")
        ),
        fields=fields,
        survival=read_survival(body, {field.key for field in fields}),
        origin=body.document.origin(),
    )


def _read_identifier(key: str, body: Body) -> IdentifierType:
    strength = body.choice("strength", STRENGTHS, required=False)
    normalise = body.choice("normalise", NORMALISATIONS, required=False)
    identifier = IdentifierType(
        key=key,
        name=body.optional_words("name"),
        strength=next((known for known in STRENGTHS if known == strength), "strong"),
        personal=body.flag("personal"),
        normalise=next((known for known in NORMALISATIONS if known == normalise), "trim"),
        region=body.optional("region"),
        limit=body.whole_number("limit"),
        blocked=body.texts("blocked"),
        fleeting=body.flag("fleeting"),
        unique=body.flag("unique"),
        single=body.flag("single"),
    )
    body.close()
    return identifier
