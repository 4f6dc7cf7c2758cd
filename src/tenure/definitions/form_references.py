"""What a form needs of the party type it asks about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tenure.definitions.base import DefinitionProblem, nearest_name, problem_in
from tenure.definitions.form import Form, FormField
from tenure.definitions.party_type import PartyType
from tenure.words import Words


def form_problems(
    forms: Iterable[Form], party_types: Mapping[str, PartyType]
) -> list[DefinitionProblem]:
    """Forms of no known party type, questions it does not know, and forms that name nobody."""
    problems = []
    for form in forms:
        party = party_types.get(form.party)
        if party is None:
            cause = Words(f"没有主体类型 {form.party}", f"there is no party type {form.party}")
            nearest = nearest_name(form.party, party_types)
            problems.append(problem_in(form, "party", cause, nearest=nearest))
        else:
            problems += _problems(form, party)
    return problems


def _problems(form: Form, party: PartyType) -> list[DefinitionProblem]:
    askable = {
        one.key for one in party.identifiers if not one.fleeting and one.strength == "strong"
    }
    fields = {one.key for one in party.fields}
    problems = [
        _unknown(form, index, asked, party, askable | fields)
        for index, asked in enumerate(form.fields)
        if asked.field not in askable | fields
    ]
    if not any(asked.field in askable for asked in form.fields):
        cause = Words(
            "至少要问一个能识别客户的字段，如手机号或邮箱",
            "it asks nothing by which a customer is recognised, such as a phone or an e-mail",
        )
        problems.append(problem_in(form, "fields", cause))
    return problems


def _unknown(
    form: Form, index: int, asked: FormField, party: PartyType, known: Iterable[str]
) -> DefinitionProblem:
    if any(one.key == asked.field for one in party.identifiers):
        cause = Words(
            f"{asked.field} 由浏览器或设备给出，不能向人提问",
            f"{asked.field} comes from browsers and devices; people cannot be asked for it",
        )
    else:
        cause = Words(
            f"{party.key} 没有字段或标识 {asked.field}",
            f"{party.key} has no field or identifier {asked.field}",
        )
    nearest = nearest_name(asked.field, known)
    return problem_in(form, f"fields[{index}].field", cause, nearest=nearest)
