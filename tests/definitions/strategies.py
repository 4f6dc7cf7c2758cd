"""Generated expressions and definitions of every kind, valid by construction."""

from __future__ import annotations

import string
from datetime import date
from functools import cache

from hypothesis import strategies as st

from tenure.clock import DAY_US
from tenure.definitions import (
    AGGREGATES,
    CANONICAL_STAGES,
    ConsentText,
    Definition,
    EventType,
    Field,
    Form,
    FormField,
    IdentifierType,
    Lifecycle,
    Metric,
    NamedExpression,
    Pack,
    PartyType,
    Playbook,
    Stage,
    Survival,
    SurvivalRule,
)
from tenure.definitions.event_type import ENVELOPE, FIELD_TYPES
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
    ValueType,
)
from tenure.definitions.expression.tokens import KEYWORDS
from tenure.definitions.metric import OF_A_FIELD, UNITS, WINDOWED
from tenure.definitions.party_type import NORMALISATIONS, STRENGTHS
from tenure.definitions.survival import RULES
from tenure.words import Words

NAMES: dict[str, ValueType] = {
    "orders": "number",
    "revenue": "number",
    "date": "number",
    "channel": "text",
    "vip": "boolean",
    "birthday": "date",
}


def _printable(character: str) -> bool:
    return character.isprintable() or character == "\u3000"


literal_text = st.text(st.characters().filter(_printable), max_size=6)
numbers = st.one_of(
    st.integers(-(10**6), 10**6).map(float),
    st.floats(-1e300, 1e300).map(lambda value: value + 0.0),
)
constants: dict[ValueType, st.SearchStrategy[Constant]] = {
    "number": numbers.map(lambda value: Constant(value, "number")),
    "text": literal_text.map(lambda value: Constant(value, "text")),
    "boolean": st.booleans().map(lambda value: Constant(value, "boolean")),
    "date": st.dates(date(1, 1, 1)).map(lambda value: Constant(value, "date")),
}


@cache
def leaves(wanted: ValueType) -> st.SearchStrategy[Node]:
    names = [Name(key, found) for key, found in NAMES.items() if found == wanted]
    return st.one_of(st.sampled_from(names), constants[wanted])


@cache
def trees(wanted: ValueType, depth: int = 3) -> st.SearchStrategy[Node]:
    """Trees of one type, at most ``depth`` levels above the leaves."""
    if depth == 0:
        return leaves(wanted)
    below = trees(wanted, depth - 1)
    several = st.lists(below, min_size=2, max_size=3).map(tuple)
    condition = trees("boolean", depth - 1)
    options = [
        leaves(wanted),
        several.map(lambda parts: Function("coalesce", parts)),
        st.builds(
            Case,
            st.lists(st.tuples(condition, below), min_size=1, max_size=2).map(tuple),
            st.none() | below,
        ),
    ]
    if wanted == "number":
        arithmetic = st.builds(Arithmetic, st.sampled_from("+-*/"), below, below)
        options += [
            arithmetic,
            arithmetic.map(lambda node: node),  # twice as likely: precedence hides most here
            st.builds(Negate, below),
            below.map(lambda part: Function("abs", (part,))),
        ]
    if wanted != "boolean":
        order = st.sampled_from(["greatest", "least"])
        options.append(st.builds(Function, order, several))
    if wanted == "text":
        options.append(below.map(lambda part: Function("lower", (part,))))
    if wanted == "boolean":
        options += _conditions(depth)
    return st.one_of(options)


def _conditions(depth: int) -> list[st.SearchStrategy[Node]]:
    condition = trees("boolean", depth - 1)
    several = st.lists(condition, min_size=2, max_size=3).map(tuple)
    options: list[st.SearchStrategy[Node]] = [
        st.builds(Logic, st.sampled_from(["and", "or"]), several),
        st.builds(Not, condition),
        st.builds(Comparison, st.sampled_from(["=", "<>"]), condition, condition),
        st.builds(NullTest, condition, st.booleans()),
    ]
    for wanted in ("number", "text", "date"):
        below = trees(wanted, depth - 1)
        listed = st.lists(constants[wanted], min_size=1, max_size=3).map(tuple)
        options += [
            st.builds(Comparison, st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]), below, below),
            st.builds(Between, below, below, below, st.booleans()),
            st.builds(Membership, below, listed, st.booleans()),
            st.builds(NullTest, below, st.booleans()),
        ]
    return options


any_tree = st.sampled_from(["number", "text", "boolean", "date"]).flatmap(trees)
keys = st.builds(
    str.__add__,
    st.sampled_from(string.ascii_lowercase),
    st.text(string.ascii_lowercase + string.digits + "_", max_size=8),
).filter(lambda key: key not in KEYWORDS and key not in ENVELOPE)
event_keys = st.builds(lambda left, right: f"{left}.{right}", keys, keys)
free_text = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t: #'\"-[]{}&*!|>%@`,?\\"),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() != "")
words = st.builds(Words, free_text, free_text)
some_words = st.none() | words
fields = st.lists(
    st.builds(
        Field,
        keys,
        st.sampled_from(FIELD_TYPES),
        st.booleans(),
        st.booleans(),
        some_words,
        st.dictionaries(
            st.from_regex(r"[A-Za-z一-龥][A-Za-z0-9_-]{0,8}", fullmatch=True), words, max_size=3
        ).map(lambda found: tuple(found.items())),
    ),
    max_size=4,
    unique_by=(lambda field: field.key, lambda field: field.type == "money" or field.key),
).map(tuple)
event_types = st.builds(
    EventType, event_keys, words, st.none() | keys, fields, description=some_words
)
identifiers = st.lists(
    st.builds(
        IdentifierType,
        keys,
        some_words,
        st.sampled_from(STRENGTHS),
        st.booleans(),
        st.sampled_from(NORMALISATIONS),
        st.none() | st.sampled_from(["CN", "NO"]),
        st.none() | st.integers(1, 99),
        st.lists(free_text, max_size=2).map(tuple),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=3,
    unique_by=lambda identifier: identifier.key,
).map(tuple)
sources = st.lists(st.sampled_from(["crm", "pos", "收银"]), min_size=1, unique=True).map(tuple)
rules = st.sampled_from([rule for rule in RULES if rule not in ("trusted", "longest")]).map(
    SurvivalRule
) | st.builds(SurvivalRule, st.just("trusted"), sources)


@st.composite
def party_types(draw: st.DrawFn) -> PartyType:
    known = draw(fields)
    own = tuple((field.key, draw(rules)) for field in known if draw(st.booleans()))
    survival = Survival(draw(rules), own)
    return PartyType(
        draw(keys),
        draw(words),
        draw(identifiers),
        known,
        survival,
        description=draw(some_words),
    )


packs = st.builds(Pack, keys, words, st.lists(keys, max_size=3).map(tuple), description=some_words)
expressions = st.builds(NamedExpression, keys, words, any_tree, description=some_words)
windows = st.integers(1, 9999).map(lambda hours: hours * DAY_US // 24)


@st.composite
def metrics(draw: st.DrawFn) -> Metric:
    key, name = draw(keys), draw(words)
    unit, about = draw(st.none() | st.sampled_from(UNITS)), draw(some_words)
    if draw(st.booleans()):
        node = draw(any_tree)
        return Metric(key, name, expression=node, unit=unit, description=about)
    agg = draw(st.sampled_from(AGGREGATES))
    return Metric(
        key,
        name,
        of=tuple(draw(st.lists(event_keys, min_size=1, max_size=3, unique=True))),
        where=draw(st.none() | trees("boolean", 2)),
        agg=agg,
        field=draw(keys) if agg in OF_A_FIELD else None,
        window_us=draw(st.none() | windows) if agg in WINDOWED else None,
        unit=unit,
        description=about,
    )


playbooks = st.builds(
    Playbook,
    words,
    st.lists(words, max_size=2).map(tuple),
    some_words,
    st.lists(keys, max_size=2).map(tuple),
    st.none() | keys,
    st.lists(words, max_size=2).map(tuple),
)


@st.composite
def lifecycles(draw: st.DrawFn) -> Lifecycle:
    codes = draw(st.lists(keys, min_size=1, max_size=4, unique=True))
    check = draw(st.permutations(codes))
    stages = [
        Stage(
            code=code,
            name=draw(words),
            canonical=draw(st.sampled_from(CANONICAL_STAGES)),
            owner_role=draw(st.none() | keys),
            when=None if code == check[-1] else draw(trees("boolean", 2)),
            entry=draw(some_words),
            playbook=draw(st.none() | playbooks),
        )
        for code in codes
    ]
    return Lifecycle(
        draw(keys),
        draw(words),
        party=draw(st.none() | keys),
        stages=tuple(stages),
        check=tuple(check),
        model=draw(st.none() | st.just("M-07")),
        description=draw(some_words),
    )


choices = st.dictionaries(
    st.from_regex(r"[A-Za-z一-龥][A-Za-z0-9_-]{0,8}", fullmatch=True), words, max_size=3
).map(lambda found: tuple(found.items()))
form_fields = st.lists(
    st.builds(FormField, keys, some_words, some_words, st.booleans(), choices),
    min_size=1,
    max_size=4,
    unique_by=lambda asked: asked.field,
).map(tuple)
consents = st.lists(
    st.builds(ConsentText, keys, words, free_text, st.none() | keys, st.booleans()),
    max_size=3,
    unique_by=lambda consent: (consent.purpose, consent.channel),
).map(tuple)
forms = st.builds(
    Form,
    keys,
    words,
    party=keys,
    fields=form_fields,
    consents=consents,
    title=some_words,
    intro=some_words,
    thanks=some_words,
    button=some_words,
    source=st.none() | keys,
    channel=st.none() | free_text,
    campaign=st.none() | free_text,
    language=st.sampled_from(["zh", "en"]),
    sites=st.lists(
        st.sampled_from(["https://a.example", "http://*.b.example:8080", "https://c-d.example"]),
        max_size=2,
    ).map(tuple),
    registration=st.booleans(),
    challenge=st.booleans(),
    hourly_limit=st.none() | st.integers(1, 999),
    closed=st.booleans(),
    description=some_words,
)

KINDS: dict[str, st.SearchStrategy[Definition]] = {
    "event_type": event_types,
    "metric": metrics(),
    "expression": expressions,
    "lifecycle": lifecycles(),
    "party_type": party_types(),
    "form": forms,
    "pack": packs,
}
definitions: st.SearchStrategy[Definition] = st.one_of(*KINDS.values())
