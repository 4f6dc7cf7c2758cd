"""Definitions proposed for what arrives undeclared, and what arrives undeclared."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tenure.definitions import load_text
from tenure.definitions.writing import dump
from tenure.record.library.operations import publish
from tenure.record.sources.queries import (
    CannotDeclareError,
    propose_event_type,
    unknown_fields,
    unknown_types,
)
from tenure.record.sources.queries.guessing import guessed_kind
from tests.record.shop import NOW, TESTER, sale, tell
from tests.record.sources.arriving import load, request, shop_source, spool_in

pytestmark = pytest.mark.django_db(transaction=True)


def sent(tmp_path: Path, source_id: int, *told: dict[str, object]) -> None:
    spool = spool_in(tmp_path)
    items = [
        msgspec.json.encode({
            "type": "track", "messageId": f"m{number}", "userId": "u1",
            "timestamp": NOW.isoformat(), **one,
        })
        for number, one in enumerate(told)
    ]  # fmt: skip
    spool.append([request(source_id, [], items=items)])
    load(tmp_path)
    spool.close()


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("seconds", [1, 2], "integer"), ("seconds", [1, 2.5], "number"), ("price", ["9"], "money"),
        ("price", [0.123456], "number"), ("order_id", ["17"], "string"), ("zip", [7], "string"),
        ("code", ["007"], "string"), ("on", [True, False], "boolean"), ("on", [True, 1], "string"),
        ("day", ["2026-01-31"], "date"), ("day", ["2026-02-31"], "string"), ("a", [{}], None),
        ("a", [[1]], None), ("story", ["x" * 300, "y"], "text"), ("a", [], None),
    ],
)  # fmt: skip
def test_kinds_are_guessed(name: str, values: list[object], kind: str | None) -> None:
    assert guessed_kind(name, values) == kind


def test_a_type_is_proposed_out_of_what_came(tmp_path: Path) -> None:
    source_id = shop_source()
    sent(
        tmp_path,
        source_id,
        {"event": "Video Played", "properties": {
            "title": "Cup", "seconds": 3, "price": "9.90", "total": 12, "viewer_email": "a@b.cn",
            "tags": ["x"],
        }},
        {"event": "Video Played", "properties": {"title": "Pot", "seconds": 4}},
    )  # fmt: skip
    [one] = unknown_types(TESTER)
    assert (one.type, one.count, one.sources) == ("video.played", 2, ("Web",))
    assert unknown_types(TESTER, source_id=source_id)[0].count == 2
    proposal = propose_event_type("video.played", TESTER)
    assert (proposal.published, proposal.looked_at) == (False, 2)
    assert proposal.left == ("tags",)
    assert proposal.event_type.name.en == "Video Played"
    kinds = {one.field.key: (one.field.type, one.field.personal) for one in proposal.fields}
    assert kinds == {
        "title": ("string", False),
        "seconds": ("integer", False),
        "price": ("number", False),
        "total": ("money", False),
        "viewer_email": ("string", True),
        "event_name": ("string", False),
    }
    whole = proposal.whole()
    assert "event_name" not in {field.key for field in whole.fields}
    [read] = load_text(dump(whole), "proposal")
    publish([read], note="declared", by=TESTER, at=NOW)
    assert unknown_types(TESTER) == []


def test_unknown_fields_are_added_to_a_known_type(tmp_path: Path) -> None:
    source_id = shop_source()
    sent(tmp_path, source_id, {"event": "Sale Made", "properties": {"sale_id": 1, "wrap": "red"}})
    tell(sale(9, fields={"wrap": "blue"}))
    [one] = unknown_fields(TESTER)
    assert (one.type, one.field, one.count, one.sources) == ("sale.made", "wrap", 2, ("Web",))
    assert unknown_fields(TESTER, source_id=source_id)[0].count == 1
    proposal = propose_event_type("sale.made", TESTER)
    assert proposal.published
    assert [(one.field.key, one.examples) for one in proposal.fields] == [("wrap", ("red",))]
    assert proposal.whole().fields[-1].key == "wrap"


def test_a_type_that_came_by_another_door(tmp_path: Path) -> None:
    shop_source()
    tell(sale(1, type="door.opened", fields={"wide": 3}))
    assert unknown_types(TESTER)[0].sources == ()
    fields = {one.field.key: one.field for one in propose_event_type("door.opened", TESTER).fields}
    assert fields["wide"].type == "integer"
    for strange in ("nothing.came", "no key", "customer.profiled"):
        with pytest.raises(CannotDeclareError):
            propose_event_type(strange, TESTER)
