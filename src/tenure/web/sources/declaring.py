"""A proposed definition as a form, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpRequest, QueryDict

from tenure.definitions import EventType, Field, load_text
from tenure.definitions.event_type import FIELD_TYPES, FieldType
from tenure.definitions.writing import dump
from tenure.record.sources.queries import Proposal
from tenure.web.settings.asking import typed
from tenure.web.sources.frame import seen
from tenure.words import TenureError, Words

FIELD_KINDS: Mapping[FieldType, Words] = {
    "string": Words("短文本", "Short text"),
    "text": Words("长文本", "Long text"),
    "integer": Words("整数", "Whole number"),
    "number": Words("数字", "Number"),
    "boolean": Words("是/否", "Yes or no"),
    "date": Words("日期", "Date"),
    "money": Words("金额", "Amount of money"),
}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field in the form; ``examples`` as the viewer may see them."""

    key: str
    taken: bool
    type: FieldType
    personal: bool
    zh: str
    en: str
    seen: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeclareForm:
    """What the form says; ``rows`` hold examples in clear until they are shown."""

    proposal: Proposal
    zh: str
    en: str
    party: str
    note: str
    rows: tuple[FieldRow, ...]

    @classmethod
    def proposed(cls, proposal: Proposal) -> DeclareForm:
        """The form as it is offered."""
        kind = proposal.event_type
        rows = tuple(
            FieldRow(
                key=one.field.key,
                taken=one.taken,
                type=one.field.type,
                personal=one.field.personal,
                zh=one.field.name.zh if one.field.name else "",
                en=one.field.name.en if one.field.name else "",
                seen=one.seen,
                examples=one.examples,
            )
            for one in proposal.fields
        )
        return cls(proposal, kind.name.zh, kind.name.en, kind.party or "", "", rows)

    @classmethod
    def posted(cls, proposal: Proposal, data: QueryDict) -> DeclareForm:
        """The form as somebody changed it."""
        offered = cls.proposed(proposal)
        known = set(data.getlist("field"))
        rows = tuple(
            replace(
                row,
                taken=f"take-{row.key}" in data,
                type=_kind(data.get(f"kind-{row.key}", "")),
                personal=f"personal-{row.key}" in data,
                zh=typed(data, f"zh-{row.key}", _LONGEST_NAME),
                en=typed(data, f"en-{row.key}", _LONGEST_NAME),
            )
            if row.key in known
            else replace(row, taken=False)  # it came since the form was opened
            for row in offered.rows
        )
        return cls(
            proposal,
            typed(data, "zh", _LONGEST_NAME),
            typed(data, "en", _LONGEST_NAME),
            typed(data, "party"),
            typed(data, "note", 500),
            rows,
        )

    def definition(self) -> EventType:
        """The definition that the form says.

        Raises:
            TenureError: it has no name, or says what no definition may.
        """
        fields = [
            Field(
                row.key, row.type, personal=row.personal,
                name=Words(row.zh or row.en, row.en or row.zh) if row.zh or row.en else None,
            )
            for row in self.rows
            if row.taken
        ]  # fmt: skip
        whole = self.proposal.whole(fields)
        if not self.proposal.published:
            if not (self.zh or self.en):
                raise TenureError(Words("请写出事件的名称", "give the event a name"))
            name = Words(self.zh or self.en, self.en or self.zh)
            whole = replace(whole, name=name, party=self.party or None)
        [read] = load_text(dump(whole), self.proposal.event_type.key)  # by the grammar's own rules
        assert isinstance(read, EventType)
        return read

    def shown(self, request: HttpRequest) -> list[FieldRow]:
        """The fields, with personal examples as the viewer may see them."""
        was = {one.field.key: one.field.personal for one in self.proposal.fields}
        return [
            replace(row, examples=tuple(seen(request, row.key, one) for one in row.examples))
            if row.personal or was[row.key]
            else row
            for row in self.rows
        ]


def _kind(text: str) -> FieldType:
    return next((known for known in FIELD_TYPES if known == text), "string")
