"""Values of properties and traits, to the fields that event types declare."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from tenure.clock import from_microseconds
from tenure.definitions import Field
from tenure.record.events.operations.values import PARSERS, UnfitValueError
from tenure.record.sources.translating.moments import MomentError, microseconds_of
from tenure.record.sources.translating.naming import field_name
from tenure.record.sources.translating.reading import Json, as_json, listed, mapping, text_of

AS_SENT = "_as_sent"
"""Ends the name under which a value is kept that does not fit the field it was meant for."""

OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "order_id": ("order_number", "order_no", "transaction_id"),
    "amount": ("total", "revenue", "value", "order_amount", "total_amount"),
    "product": ("product_name", "name", "title", "product_id", "sku"),
    "category": ("product_category", "category_name"),
    "quantity": ("qty",),
    "campaign": ("campaign_name", "utm_campaign"),
    "channel": ("utm_source",),
    "content": ("title", "page_title", "name", "screen_name", "path", "url_path", "pathname"),
    "score": ("rating", "nps", "stars"),
    "note": ("review_body", "comment", "message", "text", "body"),
    "topic": ("subject",),
    "ticket_id": ("ticket", "case_id", "ticket_number"),
    "reason": ("cancel_reason", "cancellation_reason", "refund_reason"),
    "tier": ("level", "plan"),
    "survey": ("survey_name", "survey_id"),
    "points": ("point_amount",),
}
"""Fields of the packs' event types, to the names senders use for them, the best one first."""

_SEPARATED = re.compile(
    r"[¥￥$€£]? ?(-?[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]+)?|-?[0-9]+(?:\.[0-9]+)?)"
)
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ].*)?")
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_E4 = Decimal("0.0001")


def properties_named(properties: Json) -> Json:
    """Properties under the names that definitions would give them; none is lost to another."""
    named: Json = {}
    for name, value in properties.items():
        key = field_name(name)
        if key in named or key == "source":  # every event has a source of its own
            key = f"{key}{AS_SENT}" if f"{key}{AS_SENT}" not in named else name
        named[key] = value
    return named


def fields_of(properties: Json, declared: Iterable[Field]) -> Json:
    """Properties as the fields of an event type: known by another name, of the type declared.

    What the type does not declare stays as it is.
    """
    fields = properties_named(properties)
    specs = {field.key: field for field in declared}
    _from_products(fields, specs)
    for key in specs:
        if fields.get(key) is None:
            other = next((n for n in OTHER_NAMES.get(key, ()) if _free(n, fields, specs)), None)
            if other is not None:
                fields[key] = fields.pop(other)
    for key, spec in specs.items():
        if fields.get(key) is not None:
            put(fields, spec, fields.pop(key))
    return fields


def _free(name: str, fields: Json, specs: dict[str, Field]) -> bool:
    return name not in specs and fields.get(name) not in (None, "")


def _from_products(fields: Json, specs: dict[str, Field]) -> None:
    """The lines of an order, as far as the order itself does not tell the same."""
    lines = [mapping(line) for line in listed(fields.get("products"))]
    if not lines:
        return
    first = properties_named(lines[0])
    told: Json = {
        "product": first.get("name") or first.get("product_id") or first.get("sku"),
        "category": first.get("category"),
        "lines": len(lines),
    }
    pieces = [line.get("quantity", 1) for line in lines]
    if all(type(number) is int for number in pieces):
        told["quantity"] = sum(number for number in pieces if type(number) is int)
    for key, value in told.items():
        if key in specs and fields.get(key) is None and value is not None:
            fields[key] = value


def put(fields: Json, spec: Field, value: object) -> None:
    """Set a declared field; a value that cannot be read as its type is kept beside it.

    Amounts and personal values are not: the log refuses those, with the reason, for mending.
    """
    fit = fitting(value, spec)
    try:
        PARSERS[spec.type](fit)
    except UnfitValueError:
        if spec.type != "money" and not spec.personal:
            fields[f"{spec.key}{AS_SENT}"] = value
            return
    fields[spec.key] = fit


def fitting(value: object, spec: Field) -> object:
    """``value`` in a form the type of the field may accept."""
    if spec.type in {"string", "text"}:
        if type(value) is bool:
            return "true" if value else "false"
        return as_json(value) if isinstance(value, (dict, list)) else value
    if spec.type == "date":
        return _day(value)
    if spec.type == "money" and isinstance(value, (float, Decimal)):
        return _rounded(Decimal(repr(value)) if isinstance(value, float) else value)
    if spec.type in {"money", "number", "integer"} and type(value) is str:
        found = _SEPARATED.fullmatch(value.strip())
        return found[1].replace(",", "") if found else value
    return value


def _rounded(amount: Decimal) -> object:
    """Sums of floats have a tail of no meaning: to ten-thousandths, half to even."""
    if not amount.is_finite() or amount.adjusted() > 20:
        return amount
    return amount.quantize(_E4)


def _day(value: object) -> object:
    text = text_of(value)
    found = (_DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)) if text else None
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        moment = microseconds_of(value)
        return value if moment is None else from_microseconds(moment).date().isoformat()
    except (ValueError, OverflowError, MomentError):
        return value
