"""What business cards are: leads from a named source, who work somewhere."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping

from tenure.words import Words

from .draft_values import Document

LEAD = "lead.created"
CHANNEL = "business_card"
_NOWHERE = Words(zh="名片上没有电话和邮箱", en="the card has neither phone nor e-mail")


def add_cards(
    document: Document, event_type: str | None, meanings: MutableMapping[str, Words]
) -> None:
    """Complete the map of a file of cards: where leads came from, and where they work.

    Args:
        document: the map so far; changed.
        event_type: what a person said a card is; None where it was guessed.
        meanings: of columns; changed.
    """
    event = document["events"][-1]
    if event_type in {None, LEAD} and event.get("type") == LEAD:
        event["fields"] = {"channel": {"constant": CHANNEL}, **event.get("fields", {})}
    if _reads(document, "works_at"):
        return
    if isinstance(event.get("at"), str) and event["at"] != "?":
        works = {
            "type": "organisation.joined",
            "when": {"works_at": {"empty": "false"}},
            "at": event["at"],
            "fields": {"company_name": "works_at"},
        }
        document["events"].insert(0, works)
        meanings["works_at"] = Words(zh="所在组织", en="where they work")
    known = list(document["customer"].values())
    if known:
        document["skip"] = [
            {
                "when": {column: {"empty": "true"} for column in known},
                "because": {"zh": _NOWHERE.zh, "en": _NOWHERE.en},
            }
        ]


def _reads(document: Document, column: str) -> bool:
    """Whether somebody chose a part for a column already."""
    parts: Iterable[object] = [
        *document["customer"].values(),
        *document.get("profile", {}).get("fields", {}).values(),
        *(one for event in document["events"] for one in event.get("fields", {}).values()),
    ]
    return column in parts
