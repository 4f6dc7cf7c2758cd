"""Laws of definitions: they hold for everything that can be written, and for garbage."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import tenure
from tenure.definitions import (
    Definition,
    DefinitionError,
    DefinitionProblem,
    Library,
    PartyType,
    diff,
    dump,
    explain,
    fingerprint,
    json_schema,
    load_bytes,
    load_files,
    load_text,
    parse,
    render,
    type_of,
)
from tenure.definitions.expression import (
    Arithmetic,
    Between,
    Case,
    Comparison,
    Constant,
    Function,
    Logic,
    Membership,
    Name,
    Negate,
    Node,
    Not,
    NullTest,
    names_in,
    walk,
)
from tests.definitions.hostile import REFUSED
from tests.definitions.shop import SHOP
from tests.definitions.strategies import KINDS, NAMES, any_tree, definitions

ALLOWED = (
    Constant, Name, Arithmetic, Negate, Comparison, Between,
    Membership, NullTest, Logic, Not, Case, Function,
)  # fmt: skip
VALIDATOR = Draft202012Validator(json_schema())


@settings(max_examples=300)
@given(any_tree)
def test_parse_undoes_render(tree: Node) -> None:
    assert parse(render(tree), NAMES) == tree
    assert type_of(parse(render(tree), NAMES)) == type_of(tree)
    assert names_in(parse(render(tree))) == names_in(tree)


@pytest.mark.parametrize("kind", KINDS)
def test_load_undoes_dump(kind: str) -> None:
    @settings(max_examples=60)
    @given(KINDS[kind])
    def law(definition: Definition) -> None:
        text = dump(definition)
        (loaded,) = load_text(text)
        assert loaded == definition
        assert dump(loaded) == text
        assert fingerprint(loaded) == fingerprint(definition)
        VALIDATOR.validate(yaml.safe_load(text))

    law()


def _reformatted(value: object, chance: random.Random, *, ordered: bool) -> object:
    """The same data with the keys of its mappings in another order."""
    if isinstance(value, dict):
        keys = list(value)
        if not ordered:
            chance.shuffle(keys)
        # The order of identifiers is a preference and so a part of what is said.
        return {key: _reformatted(value[key], chance, ordered=key == "identifiers") for key in keys}
    if isinstance(value, list):
        return [_reformatted(part, chance, ordered=False) for part in value]
    return value


@settings(max_examples=60)
@given(definitions, st.randoms(use_true_random=False), st.booleans())
def test_fingerprint_is_of_the_meaning(
    definition: Definition, chance: random.Random, flow: bool
) -> None:
    data = _reformatted(yaml.safe_load(dump(definition)), chance, ordered=False)
    text = "# a comment\n" + yaml.safe_dump(
        data, default_flow_style=flow, allow_unicode=True, sort_keys=False
    )
    (loaded,) = load_text(text)
    assert fingerprint(loaded) == fingerprint(definition)
    assert diff(definition, loaded) == ()


@settings(max_examples=60)
@given(st.sampled_from(sorted(KINDS)).flatmap(lambda kind: st.tuples(KINDS[kind], KINDS[kind])))
def test_what_differs_is_told(pair: tuple[Definition, Definition]) -> None:
    old, new = pair
    changes = diff(old, new)
    assert (changes == ()) == (fingerprint(old) == fingerprint(new))
    for change in changes:
        assert change.words.zh
        assert change.words.en


def test_order_of_identifiers_counts() -> None:
    (party_type,) = (found for found in load_text(SHOP) if isinstance(found, PartyType))
    text = dump(party_type).replace("  phone:", "  card: {}\n  phone:")
    other = text.replace("  card: {}\n", "").replace("fields:", "  card: {}\nfields:")
    (first,), (second,) = load_text(text), load_text(other)
    assert fingerprint(first) != fingerprint(second)
    assert [change.path for change in diff(first, second)] == ["identifier_order"]


@settings(max_examples=60)
@given(definitions)
def test_everything_can_be_explained(definition: Definition) -> None:
    for language in ("zh", "en"):
        assert definition.name.to(language) in explain(definition, language)


def _check_refused_or_allowed(text: str) -> None:
    """Garbage is refused with its place, or is a tree of allow-listed nodes."""
    try:
        tree = parse(text, NAMES)
    except DefinitionError as error:
        lines = text.split("\n")
        for problem in error.problems:
            assert problem.line is not None
            assert problem.column is not None
            assert 1 <= problem.line <= len(lines)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
            assert problem.cause.zh
            assert problem.cause.en
        return
    for node in walk(tree):
        assert type(node) in ALLOWED
        assert not isinstance(node, Name) or node.key in NAMES
    assert parse(render(tree), NAMES) == tree


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(max_size=40),
        st.text("orders vip'\"()<>=-*/;,.#1dх＞\n", max_size=30),
        st.lists(
            st.sampled_from(
                [*" ".join(REFUSED).split(), *NAMES, "and", "or", "not", "(", ")", ",", "1", "'x'"]
            ),
            max_size=10,
        ).map(" ".join),
    )
)
def test_no_text_slips_past_the_grammar(text: str) -> None:
    _check_refused_or_allowed(text)


@settings(max_examples=150)
@given(any_tree.map(render), st.data())
def test_damaged_expressions_are_refused_or_still_expressions(
    text: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(text)))
    drop = data.draw(st.integers(0, 3))
    put = data.draw(
        st.sampled_from(["", "'", "(", ")", "--", ";", " and ", "\u200b", "１", "\x00"])
    )
    _check_refused_or_allowed(text[:at] + put + text[at + drop :])


STYLES = {
    "plain": ("", ""),
    "quoted": ("'", "'"),
    "double": ('"', '"'),
    "literal": ("|", ""),
    "folded": (">-", ""),
}


def _in_style(lines: list[str], style: str, indent: int) -> str:
    inside = "".join("\n" + " " * indent + line for line in lines)
    if style == "quoted":
        inside = inside.replace("'", "''")
    before, after = STYLES[style]
    return f"{before}{inside}{after}"


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            ["orders > 1 and", "last_channel = '北京''s' or", "not is_repeat_buyer or"]
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 5),
    st.sampled_from(sorted(STYLES)),
    st.integers(2, 7),
)
def test_places_are_those_of_the_file(
    lines: list[str], wrong: int, style: str, indent: int
) -> None:
    written = [*lines, "is_repeat_buyer"]
    written.insert(min(wrong, len(lines)), "zzz and")
    body = _in_style(written, style, indent)
    text = f"kind: expression\nkey: a\nname: {{zh: 甲, en: A}}\nis: {body}\n"
    with pytest.raises(DefinitionError) as caught:
        Library.of([*load_text(SHOP), *load_text(text)])
    (problem,) = caught.value.problems
    line = text.splitlines()[(problem.line or 0) - 1]
    assert "zzz" in problem.cause.en
    assert line[(problem.column or 0) - 1 :].startswith("zzz")


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode())))
def test_garbage_is_refused(content: bytes) -> None:
    with pytest.raises(DefinitionError):
        load_bytes(content, "x.yaml")


@settings(max_examples=120)
@given(st.data())
def test_damaged_files_are_refused_or_still_definitions(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SHOP)))
    drop = data.draw(st.integers(0, 20))
    put = data.draw(
        st.text(max_size=3) | st.sampled_from(["\n", "  ", ": ", "- ", "{", "'", "---"])
    )
    text = SHOP[:start] + put + SHOP[start + drop :]
    try:
        Library.of(load_text(text, "shop.yaml"))
        problems: tuple[DefinitionProblem, ...] = ()
    except DefinitionError as error:
        problems = error.problems
    for problem in problems:
        assert problem.line is not None
        assert problem.words().zh != problem.words().en


def test_shipped_definitions_survive_writing() -> None:
    folder = Path(tenure.__file__).parent / "packs"
    found = load_files([folder])
    for definition in found:
        (loaded,) = load_text(dump(definition))
        assert loaded == definition
        assert fingerprint(loaded) == fingerprint(definition)
