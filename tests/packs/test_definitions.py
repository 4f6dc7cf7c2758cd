"""Every pack loads with what it requires, and says everything in both languages."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

import pytest

from tenure.definitions import (
    Definition,
    Lifecycle,
    dump,
    explain,
    load_pack,
    load_packs,
    load_text,
    pack_keys,
)
from tenure.engine.stages import lifecycle_atoms
from tenure.words import Words
from tests.packs.histories import library_of

# Which pack holds which model; the ids are those of the lifecycle models the product owes.
OWED = {
    "general": {f"M-{n:02}" for n in (1, 2, 4, 5, 6, 8, 12, 15, 17, 19, 21, 22, 23)},
    "ecommerce": {"M-07", "M-09", "M-10"},
    "relationship": {"M-20"},
    "automotive": {"D-5"},
    "manufacturing": {"D-3"},
    "personal_loan": {"M-03"},
    "bank": {"M-16", "M-18"},
    "hospital": {"D-1", "D-2"},
    "pharma": {"D-4"},
    "b2b": {"M-13", "M-14"},
    "call_centre": {"M-11"},
}
PACKS = pack_keys()
ROLES = {
    "marketing", "sales", "service", "account_manager", "analyst", "finance", "executive",
    "call_centre", "purchasing", "loan_manager", "risk", "doctor", "nurse", "care_manager",
    "hr", "trainer", "medical_representative", "delivery",
}  # fmt: skip
TERMS = re.compile("UnionID|OpenID|Cookie")  # names that Chinese keeps as they are
LATIN = re.compile(r"[a-z]{2,}|[A-Za-z]{4,}")
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


def own_definitions(pack: str) -> tuple[Definition, ...]:
    """The definitions in a pack's own folder."""
    found = load_pack(pack)
    own = next(d for d in found if d.kind == "pack" and d.key == pack)
    required = load_packs([*own.requires]) if own.requires else ()
    elsewhere = {(d.kind, d.key) for d in required}
    return tuple(d for d in found if (d.kind, d.key) not in elsewhere)


def words_in(value: object) -> Iterator[Words]:
    """All texts in both languages anywhere in a definition."""
    if isinstance(value, Words):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from words_in(part)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if field.name != "origin":
                yield from words_in(getattr(value, field.name))


def lifecycles_in(pack: str) -> list[Lifecycle]:
    """The lifecycles of a pack's own folder."""
    return [d for d in own_definitions(pack) if isinstance(d, Lifecycle)]


LIFECYCLES = [(pack, lifecycle) for pack in PACKS for lifecycle in lifecycles_in(pack)]
EACH_LIFECYCLE = pytest.mark.parametrize(
    ("pack", "lifecycle"), LIFECYCLES, ids=[f"{p}-{one.key}" for p, one in LIFECYCLES]
)


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_and_what_it_requires_fit_together(pack: str) -> None:
    assert pack in library_of(pack).packs


@pytest.mark.parametrize("pack", sorted(OWED))
def test_every_model_owed_stands_in_its_pack(pack: str) -> None:
    assert pack in PACKS
    assert {one.model for one in lifecycles_in(pack)} >= OWED[pack]


def test_no_two_packs_give_different_meanings_to_one_key() -> None:
    seen: dict[tuple[str, str], str] = {}
    for pack in PACKS:
        for definition in own_definitions(pack):
            name = (definition.kind, definition.key)
            assert name not in seen, f"{name} stands in {seen[name]} and in {pack}"
            seen[name] = pack


@EACH_LIFECYCLE
def test_the_engine_can_plan_a_lifecycle(pack: str, lifecycle: Lifecycle) -> None:
    for atom in lifecycle_atoms(library_of(pack), lifecycle.key):
        assert atom.text


@EACH_LIFECYCLE
def test_every_stage_has_a_playbook_and_its_condition_in_words(
    pack: str, lifecycle: Lifecycle
) -> None:
    for stage in lifecycle.stages:
        book = stage.playbook
        assert stage.entry is not None, stage.code
        assert stage.owner_role in ROLES, stage.code
        assert book is not None, stage.code
        assert book.goal.zh, stage.code
        assert book.content is not None, stage.code
        assert len(book.actions) >= 2, stage.code
        assert len(book.kpis) >= 2, stage.code
        assert book.channels, stage.code
        assert book.owner_role in ROLES, stage.code


@EACH_LIFECYCLE
def test_a_lifecycle_says_what_was_chosen(pack: str, lifecycle: Lifecycle) -> None:
    assert lifecycle.description is not None
    assert len(lifecycle.description.zh) > 60
    assert lifecycle.model


@pytest.mark.parametrize("pack", PACKS)
def test_chinese_is_chinese_and_english_is_english(pack: str) -> None:
    mixed = []
    for definition in own_definitions(pack):
        for words in words_in(definition):
            if LATIN.search(TERMS.sub("", words.zh)) or not CHINESE.search(words.zh):
                mixed.append(words.zh)
            if CHINESE.search(words.en) or not words.en.strip():
                mixed.append(words.en)
    assert mixed == []


@pytest.mark.parametrize("pack", PACKS)
def test_what_is_written_down_again_means_the_same(pack: str) -> None:
    for definition in own_definitions(pack):
        assert load_text(dump(definition), "again.yaml") == (definition,)


@EACH_LIFECYCLE
def test_a_lifecycle_explains_itself_in_both_languages(pack: str, lifecycle: Lifecycle) -> None:
    library = library_of(pack)
    chinese, english = (explain(lifecycle, language, library) for language in ("zh", "en"))
    # a quoted value is as it stands in the data, in whatever language
    assert not LATIN.search(re.sub(r"（[a-z_0-9]+）|“[^”]*”", "", chinese))
    assert not re.search("[\u4e00-\u9fff]", re.sub("“[^”]*”", "", english))
