"""How two records of organisations are compared, which pairs are, and what is learned from."""

from __future__ import annotations

from tenure.engine.identity.suggesting.comparing import (
    ADDRESS_LEVELS,
    CITY,
    NUMBER,
    POSTCODE,
    Comparison,
    Level,
    alike,
    near,
    same,
)

_CONTAINED = " OR ".join(
    f"(length(whole_{one}) >= 4 AND contains(replace(whole_{other}, ' ', ''), "
    f"replace(whole_{one}, ' ', '')))"
    for one, other in ("lr", "rl")
)
_INITIALS = " OR ".join(
    f"(length(initials_{one}) >= 3 AND initials_{one} = core_sound_{other})"
    for one, other in ("lr", "rl")
)
_ONE_WITHOUT_TRADE = "(trade_l IS NULL OR trade_r IS NULL)"
_NAME = Comparison(
    "name",
    "whole",
    (
        Level("same", same("whole"), among_same=0.4, rarely=1e-5),
        Level("same_sound", same("whole_sound"), among_same=0.25, rarely=3e-5),
        Level("core", f"{same('core')} AND {_ONE_WITHOUT_TRADE}", among_same=0.12, rarely=1e-4),
        Level(
            "core_sound",
            f"{same('core_sound')} AND {_ONE_WITHOUT_TRADE}",
            among_same=0.05,
            rarely=2e-4,
        ),
        Level("other_trade", same("core_sound"), rare="core_sound", among_same=0.02, fixed=True),
        Level("short", _CONTAINED, among_same=0.02),
        Level("initials", _INITIALS, among_same=0.02),
        Level("near_sound", alike("whole_sound", 0.94), among_same=0.05),
        Level("similar_sound", alike("core_sound", 0.88), among_same=0.01),
    ),
)
_PHONE = Comparison(
    "phone",
    "phone",
    (
        Level("same", same("phone"), rare="phone"),
        Level("near", near("phone", 1)),
        Level("switchboard", "length(phone_l) >= 9 AND length(phone_l) = length(phone_r)"
              " AND left(phone_l, length(phone_l) - 3) = left(phone_r, length(phone_r) - 3)"),
    ),
)  # fmt: skip
_DOMAIN = Comparison(
    "email",
    "email",
    (
        Level("same", same("email"), rare="email", among_same=0.3),
        Level("same_domain", same("mail_home"), rare="mail_home", among_same=0.4, rarely=1e-5),
        Level("near", near("mail_home", 1), among_same=0.05),
    ),
)
COMPARISONS = (
    _NAME,
    NUMBER,
    _PHONE,
    _DOMAIN,
    CITY,
    Comparison("address", "address", ADDRESS_LEVELS),
    POSTCODE,
)
BLOCKS = {
    "number": "number",
    "phone": "phone",
    "switchboard": "left(phone, length(phone) - 3)",
    "email": "email",
    "domain": "mail_home",
    "name": "whole",
    "core": "core",
    "core_sound": "core_sound",
    "core_city": "core_sound || '|' || city",
    "initials": "CASE WHEN length(initials) >= 3 THEN initials ELSE core_sound END",
    "begin": "left(core_sound, 6) || '|' || coalesce(city, '')",
    "loose_begin": "left(whole, 4)",
    "loose_sound": "left(core_sound, 8)",
    "end": "right(core_sound, 8)",
    "address": "address",
}
TRAINED_ON = (("number",), ("phone",), ("mail_home",), ("whole",), ("core_sound",))
CERTAIN = (
    ("number",), ("whole", "city"), ("email",), ("core_sound", "mail_home"),
    ("core_sound", "phone"), ("whole_sound",),
)  # fmt: skip
