"""How personal values look to those who may not read them; which group a field is of.

One place for lists, pages, search and exports alike.
"""

from __future__ import annotations

from tenure.guard.access.queries import Rights
from tenure.record.events.operations.identifying import LONGEST_IDENTIFIER

HIDDEN = "***"
_GROUPS: dict[str, frozenset[str]] = {
    "name": frozenset({"full_name", "name", "nickname", "contact_person", "contact_name"}),
    "phone": frozenset({"phone", "mobile", "telephone", "fax"}),
    "email": frozenset({"email", "mail"}),
    "identity": frozenset({"id_number", "passport_no", "birth_date", "licence_no"}),
    "address": frozenset({"address", "home_address", "work_address"}),
    "health": frozenset({"allergies", "diagnosis", "symptoms", "blood_type", "medical_history"}),
    "finance": frozenset({"income", "bank_account", "card_no", "credit_limit", "assets"}),
}
_PARTS: tuple[tuple[str, str], ...] = (
    ("phone", "phone"),
    ("mobile", "phone"),
    ("mail", "email"),
    ("address", "address"),
    ("_name", "name"),
    ("diagnos", "health"),
    ("allerg", "health"),
    ("medical", "health"),
    ("income", "finance"),
    ("bank", "finance"),
)


def group_of(key: str) -> str:
    """The field group of a personal profile field or identifier type; ``other`` where none fits."""
    for group, keys in _GROUPS.items():
        if key in keys:
            return group
    return next((group for part, group in _PARTS if part in key), "other")


def masked(group: str, value: str) -> str:
    """``value`` as somebody sees it who may not read ``group``.

    Enough stays to tell two apart on the telephone, never enough to call or find a person:
    ``王**``, ``J*** S***``, ``138****8000``, ``z***@example.com``.
    """
    text = value.strip()[:LONGEST_IDENTIFIER]
    match group:
        case "name":
            return _name(text)
        case "phone":
            return (
                _ends(text, first=3, last=4)
                if len(text.removeprefix("+86")) >= 11
                else (_ends(text, first=0, last=2))
            )
        case "email":
            local, at_sign, domain = text.rpartition("@")
            return f"{local[:1]}{HIDDEN}@{domain}" if at_sign else HIDDEN
        case "identity":
            return _ends(text, first=1, last=1)
    return HIDDEN


def shown(rights: Rights, key: str, value: str) -> str:
    """``value`` of a personal field or identifier type as these rights let it be seen."""
    group = group_of(key)
    return value if group in rights.reads else masked(group, value)


def _name(text: str) -> str:
    if not text:
        return ""
    if not text.isascii() and " " not in text:  # as Chinese names are: the surname stays
        return text[0] + "*" * max(1, min(2, len(text) - 1))
    return " ".join(word[0] + HIDDEN for word in text.split()[:3])


def _ends(text: str, *, first: int, last: int) -> str:
    plain = text.removeprefix("+86")
    if len(plain) <= first + last + 1:
        return HIDDEN
    return plain[:first] + "****" + plain[len(plain) - last :]
