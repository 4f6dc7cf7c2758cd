"""Drafts the map of a file and lists what is unclear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml

from tenure.definitions import Library
from tenure.words import Words

from ..mapping.model import ImportMap
from ..mapping.reading import load_map
from ..reading.table import REPORT_MARK, Cells, Table
from .cards import LEAD, add_cards
from .choosing import Choices, chosen_of, moments_of, roles_of
from .draft_values import Document, Findings, Question, ValueDraft
from .profiling import ColumnProfile, profile_columns
from .roles import Roles, event_of_text, find_roles

SAMPLE_ROWS = 10_000
_SHOWN = 5
_MOST_TEXTS = 60


class _Plain(yaml.SafeDumper):
    """Writes equal parts twice rather than with anchors, which maps do not have."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@dataclass(slots=True)
class Guess:
    """A draft of a map.

    Attributes:
        meanings: what each column was taken for; columns without a part are absent.
        rows: the first rows, for showing.
        problems: what a person should know before agreeing.
        questions: what must be answered first.
        refused: rows of the sample that could not be read, with reasons.
        chosen: the part each column plays, as in :class:`Choices`.
        types: texts of the column of types and how often the sample has each.
        could_group: whether there is an order number by which rows may be put together.
    """

    document: Document
    columns: tuple[str, ...]
    meanings: Mapping[str, Words]
    rows: list[Cells]
    problems: list[Words] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    refused: list[tuple[int, Words]] = field(default_factory=list)
    chosen: Mapping[str, str] = field(default_factory=dict)
    types: list[tuple[str, int]] = field(default_factory=list)
    could_group: bool = False

    def answer(self, question: Question, value: object) -> None:
        """Put an answer into the document."""
        place: Any = self.document
        for step in question.path[:-1]:
            place = place[step]
        place[question.path[-1]] = value
        self.questions.remove(question)

    def text(self) -> str:
        """The map as YAML."""
        return yaml.dump(
            self.document, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100
        )

    def map(self, file: str) -> ImportMap:
        """The map, once every question is answered."""
        return load_map(self.text(), file)


_NOTHING_CHOSEN = Choices()


def guess_map(
    table: Table, library: Library, *, base_currency: str, choices: Choices = _NOTHING_CHOSEN
) -> Guess:
    """What the columns of ``table`` seem to mean, from its first ten thousand rows.

    Args:
        table: the opened file.
        library: names event types, identifiers and fields.
        base_currency: the organisation's, ISO 4217.
        choices: what a person said already; the rest is guessed.
    """
    refused: list[tuple[int, Words]] = []
    rows = [
        cells
        for _, cells in islice(
            table.rows(lambda line, _cells, why: refused.append((line, why))), SAMPLE_ROWS
        )
    ]
    columns = profile_columns(table.columns, rows)
    columns = [column for column in columns if not column.name.endswith(REPORT_MARK)]
    chosen = choices.roles
    roles = find_roles(columns, library) if chosen is None else roles_of(columns, chosen)
    draft = _Draft(roles, library, base_currency, table, choices)
    return Guess(
        draft.document(),
        table.columns,
        draft.meanings,
        rows[:_SHOWN],
        draft.problems,
        draft.questions,
        refused[:_SHOWN],
        chosen_of(roles, library),
        roles.type.distinct.most_common(_MOST_TEXTS) if roles.type else [],
        roles.order is not None,
    )


class _Draft:
    """A map being drafted."""

    def __init__(
        self, roles: Roles, library: Library, base: str, table: Table, choices: Choices
    ) -> None:
        self._roles = roles
        self._choices = choices
        self._library = library
        self._base = base
        self._table = table
        findings = Findings()
        self._values = ValueDraft(roles, table, findings)
        self.meanings = findings.meanings
        self.problems = findings.problems
        self.questions = findings.questions

    def document(self) -> Document:
        """The whole map."""
        roles = self._roles
        document: Document = {}
        self._currency(document)
        document["customer"] = self._customer()
        if self._is_long():
            assert roles.order is not None
            document["group_by"] = roles.order.name
            self.meanings[roles.order.name] = Words(zh="订单号（按它合并行）", en="groups rows")
        document["events"] = self._events(grouped="group_by" in document)
        if self._table.options.format == "vcard":
            add_cards(document, self._choices.event_type, self.meanings)
        if roles.profile:
            document["profile"] = {"fields": self._profile()}
            if len(document["events"]) > 1 and document["events"][0].get("optional"):
                document["profile"]["optional"] = True
        return document

    def _currency(self, document: Document) -> None:
        column = self._roles.amount or self._roles.price
        if column is None or column.currency is None or column.currency == self._base:
            return
        document["currency"] = column.currency
        self.problems.append(
            Words(
                zh=f"金额是 {column.currency}，本位币是 {self._base}："
                "请在映射中写明 exchange_rate（1 单位合多少本位币）",
                en=f"amounts are in {column.currency} and the base currency is {self._base}: "
                "write exchange_rate (base currency per unit) into the map",
            )
        )

    def _customer(self) -> dict[str, str]:
        found = self._roles.identifiers
        parties = self._library.party_types.values()
        names = {one.key: one.name for party in parties for one in party.identifiers}
        for key, column in found.items():
            name = names.get(key) or Words(zh=key, en=key)
            self.meanings[column.name] = Words(
                zh=f"客户（{name.zh}）", en=f"customer ({name.en.lower()})"
            )
            blank = len(column.cells) - len(column.texts)
            if blank:
                share = blank / len(column.cells)
                self.problems.append(
                    Words(
                        zh=f"列「{column.name}」{share:.0%} 为空：这些行作为匿名事件保留",
                        en=f"{share:.0%} of “{column.name}” is blank: kept as anonymous events",
                    )
                )
        if not found:
            self.problems.append(
                Words(
                    zh="找不到客户列：所有事件都将是匿名的，请在映射的 customer 中指明",
                    en="no column of customers found: all events would be anonymous; "
                    "name one under customer in the map",
                )
            )
        return {key: column.name for key, column in found.items()}

    def _is_long(self) -> bool:
        """Whether orders fill several rows."""
        order = self._roles.order
        if order is None or not order.texts:
            return False
        if self._choices.grouped is not None:
            return self._choices.grouped
        lines = self._roles.price or self._roles.quantity or self._roles.fields.get("product")
        return lines is not None and len(order.distinct) < 0.95 * len(order.texts)

    def _events(self, *, grouped: bool) -> list[Document]:
        roles = self._roles
        if known := moments_of(roles, self._library):
            return [self._wide_event(n, column, kind) for n, (column, kind) in enumerate(known)]
        at = self._values.moment(roles.moments[0], 0) if roles.moments else self._values.no_moment()
        event: Document = {"type": self._type(), "at": at}
        fields = self._values.fields(grouped=grouped)
        if fields:
            event["fields"] = fields
        for column in roles.moments[1:]:
            self.problems.append(
                Words(
                    zh=f"日期列「{column.name}」没有用上",
                    en=f"the date column “{column.name}” is not used",
                )
            )
        if event["type"] == "order.placed" and (refund := self._values.refund(event)):
            [(column, _)] = refund["when"].items()
            return [refund, {**event, "when": {column: {"not": {"below": 0}}}}]
        return [event]

    def _wide_event(self, number: int, column: ColumnProfile, kind: str | None) -> Document:
        event: Document = {
            "type": kind,
            "at": self._values.moment(column, number),
            "optional": True,
        }
        if kind == "order.placed" and (fields := self._values.fields(grouped=False)):
            event["fields"] = fields
        return event

    def _type(self) -> object:
        roles = self._roles
        if self._choices.event_type:
            return self._choices.event_type
        if roles.type is not None:
            return self._type_by_column(roles.type)
        if self._table.options.format == "vcard":
            return LEAD
        if roles.amount or roles.price or roles.order:
            return "order.placed"
        by_name = next(
            (kind for c in roles.moments if (kind := event_of_text(c.name, self._library))), None
        )
        if by_name is not None:
            return by_name
        self.questions.append(
            Question(
                Words(
                    zh="每一行是什么事件？（如 order.placed、customer.registered）",
                    en="which event is a row? (such as order.placed, customer.registered)",
                ),
                ("events", 0, "type"),
            )
        )
        return "?"

    def _type_by_column(self, column: ColumnProfile) -> object:
        self.meanings[column.name] = Words(zh="事件类型", en="event type")
        texts, said = list(column.distinct), self._choices.types
        if not said and all(text in self._library.event_types for text in texts):
            return {"column": column.name}
        values = {
            text: kind
            for text in texts
            if (kind := said.get(text) or event_of_text(text, self._library))
        }
        unknown = [text for text in texts if text not in values]
        if unknown:
            shown = unknown[:8]
            self.problems.append(
                Words(
                    zh=f"列「{column.name}」中 {len(unknown)} 个值没有对应的事件类型，"
                    f"这些行会被拒绝：{'、'.join(shown)}",
                    en=f"{len(unknown)} values of “{column.name}” have no event type and their "
                    f"rows will be refused: {', '.join(shown)}",
                )
            )
        return {"column": column.name, "values": values or {"?": "skip"}}

    def _profile(self) -> dict[str, object]:
        fields: dict[str, object] = {}
        for key, column in self._roles.profile.items():
            self.meanings[column.name] = Words(zh=f"客户资料 {key}", en=f"profile {key}")
            fields[key] = column.name
            if key == "birth_date" and column.moments.formats not in {("ymd",), ()}:
                fields[key] = {"column": column.name, "format": list(column.moments.formats)}
        return fields
