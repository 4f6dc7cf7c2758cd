"""How two records of persons are compared, which pairs are, and what is learned from."""

from __future__ import annotations

from tenure.engine.identity.suggesting.comparing import (
    ADDRESS_LEVELS,
    CITY,
    NUMBER,
    POSTCODE,
    Comparison,
    Level,
    alike,
    likeness,
    near,
    same,
    same_or_near,
)


def _both(least: float) -> str:
    """Family name and given name both alike, as they stand or changed over.

    Not where both are written in characters: one that differs in writing and in sound is
    another name, however alike the letters of its pinyin are.
    """
    straight, crossed = (
        f"least({likeness('family_l', f'{family}_r')}, {likeness('given_l', f'{given}_r')})"
        for family, given in (("family", "given"), ("given", "family"))
    )
    return (
        f"(given_l IS NOT NULL AND given_r IS NOT NULL AND (han_l IS NULL OR han_r IS NULL)"
        f" AND ({straight} >= {least} OR {crossed} >= {least}))"
    )


_OTHER_READING = " OR ".join(
    f"(han_{other} IS NULL AND other_key_{one} = name_key_{other})" for one, other in ("lr", "rl")
)
_PART = " OR ".join(
    f"(given_{one} IS NULL AND list_contains(string_split(sound_{other}, ' '), family_{one}))"
    for one, other in ("lr", "rl")
)
_NEAR_PART = " OR ".join(
    f"(given_{one} IS NULL AND length(family_{one}) >= 4 AND greatest("
    f"{likeness(f'family_{one}', f'family_{other}')}, "
    f"{likeness(f'family_{one}', f'''coalesce(given_{other}, '')''')}) >= 0.85)"
    for one, other in ("lr", "rl")
)
_SHARED = (
    "coalesce(family_l = family_r OR family_l = given_r OR given_l = family_r"
    " OR given_l = given_r, false)"
)
_RELATIVE = (
    f"{_SHARED} AND name_key_l <> name_key_r AND given_l IS NOT NULL AND given_r IS NOT NULL"
    f" AND NOT {_both(0.75)} AND coalesce(NOT ({_OTHER_READING}), true)"
)
_NAME = Comparison(
    "name",
    "name_key",
    (
        Level("same", same("whole"), rare="whole"),
        Level("homophone", f"{same('name_key')} AND han_l IS NOT NULL AND han_r IS NOT NULL"),
        Level("same_sound", same("name_key"), rare="name_key"),
        Level("other_reading", _OTHER_READING, among_same=0.01),
        Level("near_sound", _both(0.88)),
        Level("part", _PART),
        Level("near_part", _NEAR_PART),
        Level("similar_sound", _both(0.75)),
        Level("shared", _SHARED, among_same=0.02, fixed=True),
        Level("other_part", "given_l IS NULL AND given_r IS NULL"),
    ),
)


def _household(field: str) -> Level:
    """A relative, or a colleague of the same name, has the same telephone and address just as
    well: where the given names are others, agreeing there speaks neither for nor against.
    """
    return Level("household", f"{same(field)} AND {_RELATIVE}", among_same=0.01, by_chance=0.01)


def _within(days: int) -> str:
    """Dates of birth at most so many days apart."""
    return f"abs(birth_day_l - birth_day_r) <= {days}"


_MONTH, _YEAR = 31, 366
_BIRTH = Comparison(
    "birth_date",
    "birth_date",
    (
        Level("same", same("birth_date")),
        Level("near", near("birth_date", 1)),
        Level("month", _within(_MONTH)),
        Level("near_two", near("birth_date", 2)),
        Level("year", _within(_YEAR + _MONTH)),
        Level("decade", _within(10 * _YEAR + _MONTH)),
    ),
)
_EMAIL = Comparison(
    "email",
    "email",
    (
        Level("same", same("email"), rare="email"),
        Level("same_user", same("mail_user"), rare="mail_user"),
        Level(
            "near_user",  # digits after a name tell people of that name apart
            "mail_digits_l IS NOT DISTINCT FROM mail_digits_r AND length(mail_user_l) > 4"
            f" AND {near('mail_user', 1)}",
        ),
        Level("near", f"{near('mail_home', 2)} AND {alike('mail_user', 0.85)}"),
    ),
)
_COMPANY = Comparison(
    "company",
    "company",
    (
        Level("same", same("company"), rare="company"),
        Level("same_sound", same("company_sound")),
        Level("near_sound", alike("company_sound", 0.9)),
    ),
)
COMPARISONS = (
    _NAME,
    _BIRTH,
    NUMBER,
    same_or_near("phone", _household("phone")),
    _EMAIL,
    _COMPANY,
    CITY,
    Comparison("address", "address", (_household("address"), *ADDRESS_LEVELS)),
    POSTCODE,
)
BLOCKS = {
    "number": "number",
    "phone": "phone",
    "email": "email",
    "mail_user": "mail_user",
    "birth": "birth_date || '|' || family",
    "birth_sound": "birth_date || '|' || left(name_key, 2)",
    "city": "name_key || '|' || city",
    "company": "name_key || '|' || company_sound",
    "post": "postcode || '|' || family",
    "address": "address",
    "family_phone": "family || '|' || left(phone, 7)",
    "phone_end": "city || '|' || right(phone, 6)",
    "birth_city": "birth_date || '|' || city",
    "loose_name": "name_key, other_key",
    "loose_family_company": "family || '|' || company_sound",
    "loose_family_city": "family || '|' || left(name_key, 3) || '|' || city",
    "loose_birth": "birth_date",
}
TRAINED_ON = (("number",), ("email",), ("phone", "name_key"), ("birth_date",), ("name_key",))
CERTAIN = (
    ("number",),
    ("email", "family"),
    ("phone", "name_key"),
    ("name_key", "birth_date"),
    ("name_key", "company", "city"),
    ("mail_user", "name_key"),
    ("name_key", "address"),
)
