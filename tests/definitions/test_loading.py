"""Reading definition files: what is accepted, and the message for what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenure.clock import DAY_US
from tenure.definitions import (
    DefinitionError,
    EventType,
    Field,
    IdentifierType,
    Library,
    Lifecycle,
    Metric,
    PartyType,
    dump,
    explain,
    load_bytes,
    load_files,
    load_text,
)
from tenure.definitions.expression import Comparison, Constant, Name
from tenure.words import Words

METRIC = """\
kind: metric
key: orders_90d
name: {zh: 近90天订单数, en: Orders in 90 days}
of: [order.placed]
where: channel <> 'gift'
agg: count
window: 90d
"""
LIFECYCLE = """\
kind: lifecycle
key: shop
name: {zh: 店, en: Shop}
party: person
stages:
  - code: active
    name: {zh: 活跃, en: Active}
    canonical: active
    when: orders > 0
  - code: potential
    name: {zh: 潜在, en: Potential}
    canonical: prospect
check: [active, potential]
"""


def refused(text: str) -> DefinitionError:
    with pytest.raises(DefinitionError) as caught:
        load_text(text, "shop.yaml")
    return caught.value


def test_metric() -> None:
    (metric,) = load_text(METRIC)
    assert metric == Metric(
        "orders_90d",
        Words("近90天订单数", "Orders in 90 days"),
        of=("order.placed",),
        where=Comparison("<>", Name("channel"), Constant("gift", "text")),
        agg="count",
        window_us=90 * DAY_US,
    )


def test_event_type_and_party_type() -> None:
    event_type, party_type = load_text(
        """
kind: event_type
key: order.placed
name: {zh: 下单, en: Order placed}
fields:
  order_id: {type: string, required: true, name: {zh: 订单号, en: Order number}}
  note: {type: text, personal: true}
---
kind: party_type
key: person
name: {zh: 个人, en: Person}
identifiers:
  phone: {strength: strong, personal: true, normalise: phone, region: NO, limit: 5,
          blocked: [007, "13800000000"]}
  card:
fields: {age: {type: integer}}
"""
    )
    assert isinstance(event_type, EventType)
    assert event_type.fields == (
        Field("order_id", "string", required=True, name=Words("订单号", "Order number")),
        Field("note", "text", personal=True),
    )
    assert isinstance(party_type, PartyType)
    phone, card = party_type.identifiers
    # Codes are text: leading zeros stay, and Norway is no boolean.
    assert phone.blocked == ("007", "13800000000")
    assert phone.region == "NO"
    assert card == IdentifierType("card")


def test_lifecycle() -> None:
    (lifecycle,) = load_text(LIFECYCLE)
    assert isinstance(lifecycle, Lifecycle)
    assert lifecycle.check == ("active", "potential")
    assert lifecycle.stage("potential").when is None
    with pytest.raises(KeyError):
        lifecycle.stage("lost")


@pytest.mark.parametrize(
    ("style", "place"),
    [
        ("where: channel <> 'gift' and amonut >", (5, 38)),
        ("where: >-\n  channel <> 'gift'\n      and amonut >", (7, 19)),
        ("where: |\n    channel <> 'gift'\n    and amonut >\n", (7, 17)),
        ("where:\n  channel <> 'gift'\n  and amonut >", (7, 15)),
        ("where: 'channel <> ''gift'' and amonut >'", (5, 41)),
        ("where: \"channel <> 'gift' and amonut >\"", (5, 39)),
    ],
)
def test_places_inside_yaml(style: str, place: tuple[int, int]) -> None:
    error = refused(METRIC.replace("where: channel <> 'gift'", style))
    (problem,) = error.problems
    assert (problem.line, problem.column) == place
    assert problem.path == "metric orders_90d: where"


@pytest.mark.parametrize(
    ("before", "after", "place", "cause", "nearest"),
    [
        ("agg:", "agr:", (6, 1), "unknown key agr", "agg"),
        ("agg: count", "agg: cuont", (6, 6), "cuont is none of count, sum", "count"),
        ("kind: metric", "kind: metrik", (1, 7), "metrik is none of", "metric"),
        ("kind: metric", "kind:", (1, 6), "kind is missing", None),
        ("key: orders_90d", "key: Orders", (2, 6), "a key is made of a-z", None),
        ("key: orders_90d", "key: case", (2, 6), "a word of the condition language", None),
        ("zh: 近90天订单数", "zh: true", (3, 12), "put quotes around true", None),
        ("key: orders_90d\n", "", (1, 1), "key is missing", None),
        (", en: Orders in 90 days", "", (3, 7), "en is missing", None),
        ("{zh: 近90天订单数, en: Orders in 90 days}", "Orders", (3, 7), "both languages", None),
        ("[order.placed]", "order.placed", (4, 5), "this must be a list", None),
        ("[order.placed]", "[orders]", (4, 6), "noun.past_participle", None),
        ("[order.placed]", "[order.placed, order.placed]", (4, 20), "written twice", None),
        ("window: 90d", "window: 90", (7, 9), "12h, 90d, 2w", None),
        ("agg: count", "agg: sum", (6, 6), "sum needs a field", None),
        ("agg: count", "agg: count\nfield: amount", (7, 8), "count looks at no field", None),
        ("agg: count", "agg: days_since_last", (7, 9), "takes no window", None),
        ("agg: count", "expression: orders", (4, 5), "an expression or an aggregate", None),
        ("agg: count\nwindow: 90d", "window: 90d", (1, 1), "agg is missing", None),
        ("where: channel", "where: [channel", (6, 4), "closing bracket", None),
        ("where:", "\twhere:", (5, 1), "not with tabs", None),
        ("agg: count", "agg: count\nagg: sum", (7, 1), "written twice (first on line 6)", None),
        ("agg: count", "agg: &x count", (6, 6), "no anchors", None),
        ("agg: count", "agg: *x", (6, 6), "no anchors", None),
        ("agg: count", "agg: !!python/name:os.system ''", (6, 6), "no tags", None),
        ("agg: count", "? [a]\n: b", (6, 3), "must be a single word", None),
        ("近90天", "近\u000790天", (3, 13), "U+0007 is not allowed", None),
    ],
)
def test_messages(
    before: str, after: str, place: tuple[int, int], cause: str, nearest: str | None
) -> None:
    assert before in METRIC
    problems = refused(METRIC.replace(before, after)).problems
    problem = {(found.line, found.column): found for found in problems}[place]
    assert problem.file == "shop.yaml"
    assert cause in problem.cause.en
    assert problem.nearest == nearest
    assert problem.cause.zh != problem.cause.en


@pytest.mark.parametrize(
    ("before", "after", "place", "cause"),
    [
        ("check: [active, potential]", "check: [potential, active]", (9, 11), "has no when"),
        ("    when: orders > 0\n", "", (6, 5), "lacks a when"),
        ("[active, potential]", "[active]", (13, 8), "check lacks the stages potential"),
        ("[active, potential]", "[activ, active, potential]", (13, 9), "there is no stage activ"),
        ("[active, potential]", "[active, active, potential]", (13, 17), "stands in check twice"),
        ("code: potential", "code: active", (6, 3), "written twice"),
        ("canonical: prospect", "canonical: suspect", (12, 16), "suspect is none of"),
        ("check: [active, potential]\n", "", (1, 1), "check, the order of trial, is missing"),
        ("    canonical: active\n", "", (6, 5), "canonical is missing"),
    ],
)
def test_lifecycle_messages(before: str, after: str, place: tuple[int, int], cause: str) -> None:
    assert before in LIFECYCLE
    problems = refused(LIFECYCLE.replace(before, after)).problems
    found = {(problem.line, problem.column): problem.cause.en for problem in problems}
    assert cause in found[place]


def test_two_money_fields_and_envelope_names() -> None:
    error = refused(
        """\
kind: event_type
key: order.placed
name: {zh: 下单, en: Order placed}
fields:
  paid: {type: money}
  owed: {type: money}
  source: {type: string}
  end: {type: string}
"""
    )
    causes = {problem.line: problem.cause.en for problem in error.problems}
    assert "at most one money field" in causes[5]
    assert "every event has a source of its own" in causes[7]
    assert "a word of the condition language" in causes[8]


def test_every_problem_is_told_at_once() -> None:
    error = refused(METRIC.replace("count", "cuont") + "---\n" + LIFECYCLE.replace("party:", "p:"))
    assert {problem.path for problem in error.problems} == {
        "metric orders_90d: agg",
        "lifecycle shop",
    }


@pytest.mark.parametrize("content", [b"", b"\n\n# nothing\n", b"---\n...\n", b"\xef\xbb\xbf"])
def test_empty_files(content: bytes) -> None:
    with pytest.raises(DefinitionError, match="the file is empty"):
        load_bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x01\x02\xff\xfe",
        b"PK\x03\x04" + bytes(range(256)),
        "kind: 指标".encode("gbk"),
        "kind: metric".encode("utf-16"),
        b"just a sentence",
        b"- a\n- b",
        b"a: b: c",
        b"[" * 5000,
        b"{a: " * 5000,
        b"a: 'open",
        b"%YAML 9.9\n---\na: 1",
    ],
)
def test_garbage(content: bytes) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_bytes(content, "x.yaml")
    problem = caught.value.problems[0]
    assert problem.file == "x.yaml"
    assert problem.line is not None


def test_enormous_files_are_refused_at_once() -> None:
    with pytest.raises(DefinitionError, match="hardly a file of definitions"):
        load_text("#" * 5_000_000)


def test_a_byte_order_mark_is_stepped_over() -> None:
    (problem,) = refused("\ufeff" + METRIC.replace("kind: metric", "kind: x")).problems
    assert (problem.line, problem.column) == (1, 7)


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(METRIC, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(LIFECYCLE, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no definition", encoding="utf-8")
    assert [definition.key for definition in load_files([tmp_path])] == ["orders_90d", "shop"]
    with pytest.raises(DefinitionError) as caught:
        load_files([tmp_path / "missing.yaml", tmp_path / "notes.txt"])
    assert len(caught.value.problems) == 2
    assert "cannot be read" in caught.value.problems[0].cause.en


def test_values_that_are_codes_have_words() -> None:
    [event_type] = load_text(
        """
kind: event_type
key: order.placed
name: {zh: 下单, en: Order placed}
fields:
  channel: {type: string, choices: {tmall: {zh: 天猫, en: Tmall}, NO: {zh: 挪威, en: Norway}}}
"""
    )
    assert isinstance(event_type, EventType)
    assert event_type.fields[0].choices == (
        ("tmall", Words("天猫", "Tmall")),
        ("NO", Words("挪威", "Norway")),
    )
    assert list(load_text(dump(event_type))) == [event_type]
    library = Library.of([event_type])
    assert library.value_name("channel", "tmall") == Words("天猫", "Tmall")
    assert library.value_name("channel", "other") is None
    assert "Tmall" in explain(event_type, "en")
    with pytest.raises(DefinitionError):
        load_text(
            """
kind: event_type
key: order.placed
name: {zh: 下单, en: Order placed}
fields:
  channel: {type: string, choices: {tmall: Tmall}}
"""
        )
