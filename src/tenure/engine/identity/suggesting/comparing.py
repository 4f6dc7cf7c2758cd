"""How two records are compared, field by field, from the strongest agreement to none.

Every level has a code, by which its evidence is told in words. All conditions are the same for
(a, b) and for (b, a).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement.

    Attributes:
        code: how evidence calls it.
        sql: condition over ``_l`` and ``_r`` columns.
        rare: column whose rarity counts: agreeing on a rare value says more.
        among_same: how often two records of one and the same agree like this: where learning
            begins, and what holds where there is nothing to learn from. 0: nothing is assumed.
        by_chance: how often two others do, where that is known and not sampled; with it
            ``among_same`` is known too.
        fixed: ``among_same`` is known, not learned.
        rarely: how often two others agree like this at the least where there are too few pairs
            to see it at all; 0: nothing is assumed.
    """

    code: str
    sql: str
    rare: str = ""
    among_same: float = 0.0
    by_chance: float = 0.0
    fixed: bool = False
    rarely: float = 0.0


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


def same(column: str) -> str:
    """The same value."""
    return f"{column}_l = {column}_r"


def near(column: str, edits: int) -> str:
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


def likeness(one: str, other: str) -> str:
    """Jaro-Winkler, made the same both ways: its search goes from the first text to the second."""
    return f"jaro_winkler_similarity(least({one}, {other}), greatest({one}, {other}))"


def alike(column: str, least: float) -> str:
    """At least so alike."""
    return f"{likeness(f'{column}_l', f'{column}_r')} >= {least}"


def same_or_near(field: str, *before: Level) -> Comparison:
    """The same value, the rarer the stronger; or one letter or digit otherwise."""
    levels = (Level("same", same(field), rare=field), Level("near", near(field, 1)))
    return Comparison(field, field, (*before, *levels))


NUMBER = same_or_near("number")
POSTCODE = same_or_near("postcode")
CITY = Comparison(
    "city",
    "city",
    (
        Level("same", same("city"), rare="city"),
        Level("near", near("city", 1)),
        Level("similar", alike("city", 0.85)),
        Level("jumbled", alike("city_letters", 0.9)),
    ),
)
ADDRESS_LEVELS = (
    Level("same", same("address"), rare="address"),
    Level("near", alike("address", 0.92)),
    Level("similar", alike("address", 0.8)),
)


def as_splink(comparison: Comparison) -> dict[str, Any]:
    """The comparison in Splink's own words."""
    null = f"{comparison.column}_l IS NULL OR {comparison.column}_r IS NULL"
    levels: list[dict[str, Any]] = [
        {"sql_condition": null, "label_for_charts": "null", "is_null_level": True}
    ]
    for level in comparison.levels:
        entry: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.code}
        if level.among_same:
            known = level.fixed or bool(level.by_chance)
            entry |= {"m_probability": level.among_same, "fix_m_probability": known}
        if level.by_chance:
            entry |= {"u_probability": level.by_chance, "fix_u_probability": True}
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


def columns_of(comparison: Comparison) -> set[str]:
    """Columns the levels of a comparison look at on both sides."""
    text = " ".join([comparison.column + "_l", *(level.sql for level in comparison.levels)])
    names = {word.strip("(),") for word in text.replace("(", " ").replace(",", " ").split()}
    return {name[:-2] for name in names if name.endswith(("_l", "_r"))}
