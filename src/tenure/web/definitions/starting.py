"""What a new definition begins with: the shape of its kind, to be filled in."""

from __future__ import annotations

from typing import Any

from tenure.definitions.drafting import text_of


def starting_text(kind: str, key: str, name: str) -> str:
    """YAML to begin a definition with.

    Args:
        kind: of the definition.
        key: of the definition.
        name: how people call it; the key where empty.
    """
    called = {"zh": name or key, "en": name or key}
    head: dict[str, Any] = {"kind": kind, "key": key, "name": called}
    return text_of({**head, **_BODIES[kind]})


_BODIES: dict[str, dict[str, Any]] = {
    "lifecycle": {
        "party": "person",
        "stages": [
            {
                "code": "new",
                "name": {"zh": "新客", "en": "New"},
                "canonical": "new",
                "when": "orders = 1",
            },
            {
                "code": "active",
                "name": {"zh": "活跃", "en": "Active"},
                "canonical": "active",
                "when": "days_since_last_order <= 90",
            },
            {"code": "others", "name": {"zh": "其他", "en": "Others"}, "canonical": "prospect"},
        ],
        "check": ["new", "active", "others"],
    },
    "metric": {"of": ["order.placed"], "agg": "count", "unit": "count"},
    "expression": {"is": "orders >= 1"},
    "event_type": {"fields": {"amount": {"type": "money", "name": {"zh": "金额", "en": "Amount"}}}},
    "party_type": {
        "identifiers": {"number": {"name": {"zh": "编号", "en": "Number"}, "strength": "strong"}}
    },
    "form": {
        "party": "person",
        "fields": [
            {"field": "full_name", "required": True},
            {"field": "phone", "required": True},
        ],
    },
}
