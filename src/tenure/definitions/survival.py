"""Which of several values of a profile field is shown, where the sources disagree.

Survivorship of master data: of what has been told about a field since it was last emptied, one
value is shown by the rule of the party type, or of the field; the others are kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from tenure.definitions.base import nearest_name
from tenure.definitions.body import Body
from tenure.words import Words

Rule = Literal["newest", "oldest", "longest", "most_complete", "trusted"]
RULES: tuple[Rule, ...] = get_args(Rule)
OWN_WORD = "tenure"
"""The source of what people write themselves; it comes first under every rule but ``newest``."""
NAMING_FIELDS = ("full_name", "company_name", "name")
"""Fields that lists call a customer by. They are chosen without opening the vault, hence never
by their length."""

RULE_WORDS: dict[Rule, Words] = {
    "newest": Words("最新的值", "the newest value"),
    "oldest": Words("最早的值", "the first value told"),
    "longest": Words("最长的值", "the longest value"),
    "most_complete": Words("资料最全的来源", "the source that fills most fields"),
    "trusted": Words("最可信的来源", "the most trusted source"),
}


@dataclass(frozen=True, slots=True)
class SurvivalRule:
    """How one of several values is chosen.

    Attributes:
        rule: ``newest``, ``oldest`` and ``longest`` look at the values; ``most_complete`` takes
            the source that fills most fields, ``trusted`` the first of ``sources``. Of equals
            the newest counts.
        sources: of ``trusted``, the most trusted first; others come after them.
    """

    rule: Rule = "newest"
    sources: tuple[str, ...] = ()

    def explained(self) -> Words:
        """The rule in both languages."""
        said = RULE_WORDS[self.rule]
        if not self.sources:
            return said
        zh, en = " > ".join(self.sources), ", then ".join(self.sources)
        return Words(f"{said.zh}（{zh}）", f"{said.en} ({en})")


NEWEST = SurvivalRule()


@dataclass(frozen=True, slots=True)
class Survival:
    """The rules of a party type.

    Attributes:
        usual: of every field without a rule of its own.
        fields: key of a field to its own rule, in the order written.
    """

    usual: SurvivalRule = NEWEST
    fields: tuple[tuple[str, SurvivalRule], ...] = ()

    def of(self, key: str) -> SurvivalRule:
        """The rule of a field."""
        return next((rule for field, rule in self.fields if field == key), self.usual)


NEWEST_EVERYWHERE = Survival()


def read_survival(body: Body, declared: Collection[str]) -> Survival:
    """The part ``survival`` of a party type with these profile fields; newest where absent."""
    part = body.part("survival")
    if part is None:
        return NEWEST_EVERYWHERE
    usual = _read_rule(part)
    fields = []
    for key, own in part.named_parts("fields"):
        if key not in declared:
            cause = Words(f"没有资料字段 {key}", f"there is no profile field {key}")
            nearest = nearest_name(key, declared)
            part.refuse_at(own.path, cause, nearest=nearest)
        fields.append((key, _read_rule(own)))
        own.close()
    part.close()
    survival = Survival(usual, tuple(fields))
    for key in NAMING_FIELDS:
        if key in declared and survival.of(key).rule == "longest":
            cause = Words(
                f"{key} 是客户的称呼，选择时不打开保险库，不能比较长短："
                f"请在 survival.fields 里给 {key} 写别的规则",
                f"customers are called by {key}, chosen without opening the vault, so not by "
                f"length: give {key} another rule under survival.fields",
            )
            part.refuse_at(part.path, cause)
    return survival


def _read_rule(body: Body) -> SurvivalRule:
    found = body.choice("rule", RULES, required=False) or "newest"
    rule = next(known for known in RULES if known == found)
    sources = body.texts("sources")
    if rule == "trusted" and not sources:
        cause = Words(
            "trusted 需要写出 sources：最可信的来源在前",
            "trusted needs sources, the most trusted first",
        )
        body.refuse("rule", cause)
    if rule != "trusted" and sources:
        cause = Words("只有 rule: trusted 才有 sources", "sources belong to rule: trusted only")
        body.refuse("sources", cause)
    if OWN_WORD in sources or len(set(sources)) != len(sources):
        cause = Words(
            f"每个来源写一次；{OWN_WORD}（人工填写）总在最前，不用写",
            f"each source once; {OWN_WORD} (what people write) always comes first, unwritten",
        )
        body.refuse("sources", cause)
    return SurvivalRule(rule, sources)
