"""A draft as it stands: what is wrong, what it says, what it changes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tenure.definitions import (
    Change,
    Definition,
    DefinitionError,
    DefinitionProblem,
    Lifecycle,
    diff,
    explain_words,
)
from tenure.definitions.drafting import draft_of, read_draft
from tenure.record.library.queries import DraftView, Version, supposing, versions
from tenure.words import Words

_STAGE = re.compile(r"stages\[(\d+)\]\.?(.*)")
_FIELDS = {
    "when": Words("条件", "condition"),
    "name": Words("名称", "name"),
    "canonical": Words("通用阶段", "canonical stage"),
    "code": Words("代码", "code"),
    "playbook": Words("运营手册", "playbook"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, where, and what to do about it.

    Attributes:
        place: which field, as people call it.
    """

    place: Words
    found: DefinitionProblem


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft looked at.

    Attributes:
        definition: what it says; ``None`` where it has problems.
        explanation: the same in words.
        changes: against the version in force.
        published: the version in force; ``None`` where there is none yet.
        overtaken: whether that version is newer than the one the draft began with.
    """

    draft: DraftView
    definition: Definition | None
    problems: tuple[Problem, ...]
    explanation: Words | None
    changes: tuple[Change, ...]
    published: Version | None
    overtaken: bool

    @property
    def ready(self) -> bool:
        """Whether it could be published and would change something."""
        return self.definition is not None and bool(self.changes)


def check_draft(draft: DraftView) -> Checked:
    """Look at a draft: by itself, within the library, and against what is published."""
    known = versions(draft.kind, draft.key)
    published = known[-1] if known else None
    number = published.number if published else 0
    definition: Definition | None = None
    explanation: Words | None = None
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    try:
        read = read_draft(draft.body, draft.kind, draft.key)
        with supposing([read]) as library:
            definition, explanation = read, explain_words(read, library)
    except DefinitionError as error:
        problems = tuple(Problem(_place(one, draft), one) for one in error.problems)
    if definition is not None:
        changes = diff(published.definition() if published else None, definition)
    return Checked(
        draft, definition, problems, explanation, changes, published, number > draft.base
    )


def _place(problem: DefinitionProblem, draft: DraftView) -> Words:
    """The field a problem stands in, as the form calls it."""
    path = problem.path.partition(": ")[2]
    found = _STAGE.match(path)
    if draft.kind != Lifecycle.kind or found is None:
        where = Words("", "")
        if problem.path and not problem.path.startswith(f"{draft.kind} {draft.key}"):
            where = Words(problem.path, problem.path)
        return where if not path else Words(path, path)
    plain = draft_of(draft.body) or {}
    stages = plain.get("stages")
    number = int(found[1])
    name = ""
    if isinstance(stages, list) and number < len(stages) and isinstance(stages[number], dict):
        name = str(stages[number].get("code", ""))
    field = _FIELDS.get(found[2].partition(".")[0].partition("[")[0])
    label = Words(f"第 {number + 1} 个阶段 {name}", f"stage {number + 1} {name}")
    if field is None:
        return label
    return Words(f"{label.zh} › {field.zh}", f"{label.en} › {field.en}")
