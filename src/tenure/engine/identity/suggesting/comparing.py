"""How two records are compared, field by field, from the strongest agreement to none.

Every level has a code, by which its evidence is told in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenure.engine.identity.suggesting.records import Party


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement.

    Attributes:
        code: how evidence calls it.
        sql: condition over ``_l`` and ``_r`` columns.
        rare: column whose rarity counts: agreeing on a rare value says more.
    """

    code: str
    sql: str
    rare: str = ""
    known: float = 0.0
    chance: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field and its levels.

    Attributes:
        field: as of ``FIELDS``.
        column: which must be there on both sides.
        levels: strongest first; the last, "differs", is added.
    """

    field: str
    column: str
    levels: tuple[Level, ...]


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _near(column: str, edits: int) -> str:
    """At most so many letters off. Lengths and ends first, since counting edits costs far more:
    one edit in a text of seven letters leaves the first or the last three as they are.
    """
    one, other = f"{column}_l", f"{column}_r"
    quick = f"abs(length({one}) - length({other})) <= {edits}"
    if edits == 1:
        quick += (
            f" AND (length({one}) < 7 OR left({one}, 3) = left({other}, 3)"
            f" OR right({one}, 3) = right({other}, 3))"
        )
    return f"({quick} AND damerau_levenshtein({one}, {other}) <= {edits})"


def _alike(column: str, least: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _within(days: int) -> str:
    """At most so many days apart."""
    return f"abs(birth_day_l - birth_day_r) <= {days}"


def _both(least: float) -> str:
    """Family name and given name both alike, as they stand or changed over."""
    straight, crossed = (
        f"least(jaro_winkler_similarity(family_l, {family}_r), "
        f"jaro_winkler_similarity(given_l, {given}_r))"
        for family, given in (("family", "given"), ("given", "family"))
    )
    return f"(given_l IS NOT NULL AND given_r IS NOT NULL AND (han_l IS NULL OR han_r IS NULL) AND ({straight} >= {least} OR {crossed} >= {least}))"


_PARTS = (("family_l", "given_l", "family_r", "given_r"), ("family_r", "given_r", "family_l", "given_l"))
_PART = " OR ".join(
    f"({given} IS NULL AND list_contains(string_split({sound}, ' '), {family}))"
    for family, given, sound in (("family_l", "given_l", "sound_r"), ("family_r", "given_r", "sound_l"))
)
_NEAR_PART = " OR ".join(
    f"({given} IS NULL AND length({family}) >= 4 AND greatest("
    f"jaro_winkler_similarity({family}, {other}), "
    f"jaro_winkler_similarity({family}, coalesce({rest}, ''))) >= 0.85)"
    for family, given, other, rest in _PARTS
)
_SHARED = "coalesce(family_l = family_r OR family_l = given_r OR given_l = family_r OR given_l = given_r, false)"
_NAME = Comparison(
    "name",
    "name_key",
    (
        Level("same", _same("whole"), rare="whole"),
        Level("homophone", f"{_same('name_key')} AND han_l IS NOT NULL AND han_r IS NOT NULL"),
        Level("same_sound", _same("name_key"), rare="name_key"),
        Level("near_sound", _both(0.88)),
        Level("part", _PART),
        Level("near_part", _NEAR_PART),
        Level("similar_sound", _both(0.75)),
        Level("shared", _SHARED, known=0.02),
        Level("other_part", "given_l IS NULL AND given_r IS NULL"),
    ),
)


_RELATIVE = f"{_SHARED} AND name_key_l <> name_key_r AND given_l IS NOT NULL AND given_r IS NOT NULL AND NOT {_both(0.75)}"


def _household(field: str) -> Level:
    return Level("household", f"{_same(field)} AND {_RELATIVE}", known=0.01, chance=0.01)


def _same_or_near(field: str, *before: Level) -> Comparison:
    """The same value, the rarer the stronger; or one letter or digit otherwise."""
    levels = (Level("same", _same(field), rare=field), Level("near", _near(field, 1)))
    return Comparison(field, field, (*before, *levels))


_BIRTH = Comparison(
    "birth_date",
    "birth_date",
    (
        Level("same", _same("birth_date")),
        Level("near", _near("birth_date", 1)),
        Level("month", _within(31)),
        Level("near_two", _near("birth_date", 2)),
        Level("year", _within(366 + 31)),
        Level("decade", _within(3653 + 31)),
    ),
)
_NUMBER = _same_or_near("number")
_PHONE = _same_or_near("phone")
_PERSON_PHONE = _same_or_near("phone", _household("phone"))
_SAME_DIGITS = "mail_digits_l IS NOT DISTINCT FROM mail_digits_r"
_EMAIL = Comparison(
    "email",
    "email",
    (
        Level("same", _same("email"), rare="email"),
        Level("same_user", _same("mail_user"), rare="mail_user"),
        Level("near_user", f"{_near('mail_user', 1)} AND length(mail_user_l) > 4 AND {_SAME_DIGITS}"),
        Level("near", f"{_near('mail_home', 2)} AND {_alike('mail_user', 0.85)}"),
    ),
)
_COMPANY = Comparison(
    "company",
    "company",
    (
        Level("same", _same("company"), rare="company"),
        Level("same_sound", _same("company_sound")),
        Level("near_sound", _alike("company_sound", 0.9)),
    ),
)
_CITY = Comparison(
    "city",
    "city",
    (
        Level("same", _same("city"), rare="city"),
        Level("near", _near("city", 1)),
        Level("similar", _alike("city", 0.85)),
        Level("jumbled", _alike("city_letters", 0.9)),
    ),
)
_ADDRESS_LEVELS = (
    Level("same", _same("address"), rare="address"),
    Level("near", _alike("address", 0.92)),
    Level("similar", _alike("address", 0.8)),
)
_ADDRESS = Comparison("address", "address", _ADDRESS_LEVELS)
_PERSON_ADDRESS = Comparison("address", "address", (_household("address"), *_ADDRESS_LEVELS))
_POSTCODE = _same_or_near("postcode")
_TITLE = Comparison(
    "name",
    "whole",
    (
        Level("same", _same("whole"), rare="whole"),
        Level(
            "short",
            "length(least(whole_l, whole_r)) >= 2 AND "
            "(contains(whole_l, whole_r) OR contains(whole_r, whole_l))",
        ),
        Level("same_sound", _same("name_key")),
        Level("near_sound", _alike("sound", 0.92)),
        Level("similar_sound", _alike("sound", 0.82)),
    ),
)
COMPARISONS: dict[Party, tuple[Comparison, ...]] = {
    "person": (_NAME, _BIRTH, _NUMBER, _PERSON_PHONE, _EMAIL, _COMPANY, _CITY, _PERSON_ADDRESS, _POSTCODE),
    "organisation": (_TITLE, _NUMBER, _PHONE, _EMAIL, _CITY, _ADDRESS, _POSTCODE),
}


def as_splink(comparison: Comparison) -> dict[str, Any]:
    """The comparison in Splink's own words."""
    null = f"{comparison.column}_l IS NULL OR {comparison.column}_r IS NULL"
    levels: list[dict[str, Any]] = [
        {"sql_condition": null, "label_for_charts": "null", "is_null_level": True}
    ]
    for level in comparison.levels:
        entry: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.code}
        if level.known:
            entry |= {"m_probability": level.known, "fix_m_probability": True}
        if level.chance:
            entry |= {"u_probability": level.chance, "fix_u_probability": True}
        if level.rare:
            entry |= {"tf_adjustment_column": level.rare, "tf_adjustment_weight": 1.0}
        levels.append(entry)
    levels.append({"sql_condition": "ELSE", "label_for_charts": "differs"})
    return {"output_column_name": comparison.field, "comparison_levels": levels}


def level_sql(comparison: Comparison) -> str:
    """SQL of the code of the level of a pair: of the first one that holds."""
    null = f"{comparison.column}_l IS NULL OR {comparison.column}_r IS NULL"
    cases = " ".join(f"WHEN {level.sql} THEN '{level.code}'" for level in comparison.levels)
    return f"CASE WHEN {null} THEN 'unknown' {cases} ELSE 'differs' END"
