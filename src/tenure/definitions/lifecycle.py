"""Lifecycles: the stages customers pass through, each with its condition and its playbook."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from tenure.definitions.base import Definition, nearest_name
from tenure.definitions.body import Body
from tenure.definitions.expression import Node, SourceText
from tenure.words import Words

Canonical = Literal[
    "prospect", "engaged", "new", "active", "loyal", "at_risk", "lost", "won_back", "ended"
]
CANONICAL_STAGES: tuple[Canonical, ...] = get_args(Canonical)


@dataclass(frozen=True, slots=True)
class Playbook:
    """What to do for customers in a stage.

    Attributes:
        goal: what the stage is worked for.
        actions: what is done.
        content: what is said.
        channels: keys of the channels it is said through.
        owner_role: role that answers for it.
        kpis: what it is measured by.
    """

    goal: Words
    actions: tuple[Words, ...] = ()
    content: Words | None = None
    channels: tuple[str, ...] = ()
    owner_role: str | None = None
    kpis: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage.

    Attributes:
        code: key within the lifecycle.
        name: how people name it.
        canonical: which of the nine stages all industries share it counts as.
        owner_role: role that answers for customers in it.
        when: condition of being in it; None for the fallback alone.
        entry: the condition in words.
        playbook: what to do for customers in it.
    """

    code: str
    name: Words
    canonical: Canonical
    owner_role: str | None = None
    when: Node | None = None
    entry: Words | None = None
    playbook: Playbook | None = None
    when_source: SourceText | None = dataclasses.field(
        default=None, kw_only=True, compare=False, repr=False
    )


@dataclass(frozen=True, slots=True)
class Lifecycle(Definition):
    """A customer's stage at t is the first stage, in ``check`` order, whose ``when`` is TRUE.

    Attributes:
        party: party type whose lifecycle it is; None for customers of any.
        stages: in the order in which they are shown.
        check: stage codes in the order in which they are tried; the last is the fallback.
        model: id of the requirement it fulfils, such as ``M-07``.
    """

    kind: ClassVar[str] = "lifecycle"

    party: str | None
    stages: tuple[Stage, ...]
    check: tuple[str, ...]
    model: str | None = None

    def stage(self, code: str) -> Stage:
        """The stage with this code.

        Raises:
            KeyError: there is none.
        """
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)


def read_lifecycle(body: Body) -> Lifecycle:
    """A lifecycle from its document."""
    lifecycle = Lifecycle(
        key=body.key("key"),
        name=body.words("name"),
        description=body.optional_words("description"),
        party=body.key("party", required=False) or None,
        stages=tuple(_read_stage(part) for part in body.parts("stages")),
        check=body.keys("check"),
        model=body.optional("model"),
        origin=body.document.origin(),
    )
    _check_order(body, lifecycle)
    return lifecycle


def _read_stage(body: Body) -> Stage:
    canonical = body.choice("canonical", CANONICAL_STAGES)
    when, when_source = body.expression("when")
    stage = Stage(
        code=body.key("code"),
        name=body.words("name"),
        canonical=next((known for known in CANONICAL_STAGES if known == canonical), "active"),
        owner_role=body.key("owner_role", required=False) or None,
        when=when,
        entry=body.optional_words("entry"),
        playbook=_read_playbook(body.part("playbook")),
        when_source=when_source,
    )
    body.close()
    return stage


def _read_playbook(body: Body | None) -> Playbook | None:
    if body is None:
        return None
    playbook = Playbook(
        goal=body.words("goal"),
        actions=body.words_list("actions"),
        content=body.optional_words("content"),
        channels=body.keys("channels"),
        owner_role=body.key("owner_role", required=False) or None,
        kpis=body.words_list("kpis"),
    )
    body.close()
    return playbook


def _check_order(body: Body, lifecycle: Lifecycle) -> None:
    """``check`` names every stage once; only the last has no condition."""
    codes = [stage.code for stage in lifecycle.stages]
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        cause = Words(f"阶段 {code} 重复", f"the stage {code} is written twice")
        body.refuse("stages", cause)
    if not body.has("check"):
        body.refuse(
            "check", Words("缺少 check（判断顺序）", "check, the order of trial, is missing")
        )
        return
    for index, code in enumerate(lifecycle.check):
        if code not in codes:
            cause = Words(f"没有阶段 {code}", f"there is no stage {code}")
            body.refuse_at(f"check[{index}]", cause, nearest=nearest_name(code, codes))
        elif code in lifecycle.check[:index]:
            cause = Words(f"{code} 在 check 里重复", f"{code} stands in check twice")
            body.refuse_at(f"check[{index}]", cause)
    missing = [code for code in codes if code and code not in lifecycle.check]
    if missing:
        cause = Words(
            f"check 里缺少阶段 {'、'.join(missing)}", f"check lacks the stages {', '.join(missing)}"
        )
        body.refuse("check", cause)
    _check_conditions(body, lifecycle)


def _check_conditions(body: Body, lifecycle: Lifecycle) -> None:
    fallback = lifecycle.check[-1] if lifecycle.check else ""
    for index, stage in enumerate(lifecycle.stages):
        written = f"stages[{index}].when" in body.document.marks
        if stage.code == fallback and written:
            cause = Words(
                f"{fallback} 在 check 的最后，是其余客户的归宿，不写 when",
                f"{fallback} is last in check and takes everyone else, so it has no when",
            )
            body.refuse_at(f"stages[{index}].when", cause)
        elif stage.code != fallback and not written:
            cause = Words(
                f"阶段 {stage.code} 缺少 when（只有 check 的最后一个可以没有）",
                f"the stage {stage.code} lacks a when (only the last in check has none)",
            )
            body.refuse_at(f"stages[{index}]", cause)
