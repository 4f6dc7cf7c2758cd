"""The page of one customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tenure.clock import now
from tenure.definitions import Lifecycle
from tenure.derive.customers.operations.profiling import reveal_group
from tenure.derive.customers.queries import group_of, merges
from tenure.derive.customers.queries.cards import cards_within
from tenure.derive.customers.queries.consents import consents_in
from tenure.derive.customers.queries.masking import masked
from tenure.derive.customers.queries.profile_log import owner_in, tags_in
from tenure.derive.customers.queries.profile_scope import reads
from tenure.derive.customers.queries.records import record_of
from tenure.derive.customers.queries.relations import RELATION_KINDS, relations_in
from tenure.derive.lifecycles.queries.biography import Life, Standing, standings
from tenure.guard.access.queries import FIELD_GROUPS, colleagues, explain
from tenure.record.events.queries import identifiers
from tenure.web.customers.views.customer_frame import NAME_FIELDS, Opened, open_customer
from tenure.web.customers.views.customer_origin import tells_origin
from tenure.web.customers.views.customer_profile import profile_context
from tenure.web.customers.views.customer_tabs import TABS, TIMELINE, tab_context
from tenure.web.lifecycle.asking import default_lifecycle
from tenure.web.viewer import page
from tenure.words import Words

Context = dict[str, Any]


@page("customer.view")
def show(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The page; a customer who was merged is found under the number they have now."""
    return _show(request, customer_id)


@require_GET
def _show(request: HttpRequest, customer_id: int) -> HttpResponse:
    opened = open_customer(request, customer_id)
    if opened.customer_id != customer_id:
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{opened.address}?{query}" if query else opened.address)
    return render_page(opened)


@page("customer.view")
def unmask(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The page with one group of personal fields as they are, this once; the audit notes it."""
    return _unmask(request, customer_id)


@require_POST
def _unmask(request: HttpRequest, customer_id: int) -> HttpResponse:
    opened = open_customer(request, customer_id)
    group = request.POST.get("group", "")
    revealing = reveal_group(opened.customer_id, group, by=opened.viewer, at=now())
    return render_page(open_customer(request, customer_id, revealing=revealing))


@page("customer.view")
def why(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What is expected next in the lifecycle shown, and why."""
    opened = open_customer(request, customer_id)
    key = chosen_lifecycle(opened, standings(opened.customer_id, viewer=opened.viewer))
    found = opened.lives([key]) if key else []
    context = {"life": found[0] if found else None, "opened": opened}
    return render(request, "customers/customer_why.html", context)


def render_page(opened: Opened, status: int = 200, **more: Any) -> HttpResponse:
    """The whole page, with the tab its address names."""
    tab = opened.request.GET.get("tab", TIMELINE)
    tab = tab if tab in TABS else TIMELINE
    heading = _heading(opened)
    context: Context = {
        "opened": opened,
        "as_of": opened.moment,
        "may": opened.allowed,
        **heading,
        **_side(opened),
        **profile_context(opened),
        "tab": tab,
        "tabs": _tabs(opened, tab),
        "tab_template": f"customers/customer_{tab}.html",
        **tab_context(opened, tab, heading["standings"], heading["chosen"]),
        **more,
    }
    return render(opened.request, "customers/customer.html", context, status=status)


def chosen_lifecycle(opened: Opened, found: list[Standing]) -> str | None:
    """The lifecycle shown first: the one asked for, else the one looked at last."""
    keys = [one.lifecycle.key for one in found] or list(opened.library.lifecycles)
    asked = opened.request.GET.get("lifecycle")
    if asked in opened.library.lifecycles:
        return asked
    usual = default_lifecycle(opened.request, opened.library)
    return usual if usual in keys else (keys or [None])[0]  # type: ignore[list-item]


def name_shown(opened: Opened) -> tuple[str, bool]:
    """How the customer is called at the moment asked about, and whether that is masked."""
    for key in NAME_FIELDS:
        entry = opened.profile.field(key)
        if entry is not None and entry.value is not None:
            return str(entry.value), entry.hidden
    card = cards_within([opened.customer_id], opened.seen()).get(opened.customer_id)
    return (card.name, card.masked) if card else (f"#{str(opened.customer_id)[:8]}", False)


def _heading(opened: Opened) -> Context:
    name, is_masked = name_shown(opened)
    owner, past = owner_in(opened.log), opened.moment.is_past
    opened.learn_names({f"account:{owner}"} if owner else set())
    found = standings(opened.customer_id, viewer=opened.viewer)
    chosen = chosen_lifecycle(opened, found)
    lived: list[Life] = []
    if past and chosen:
        keys = dict.fromkeys([chosen, *(one.lifecycle.key for one in found)])
        lived = opened.lives(list(keys))
    life = next((one for one in lived if one.lifecycle.key == chosen), None)
    return {
        "name": name,
        "name_masked": is_masked,
        "owner_id": owner,
        "owner": opened.name_of(f"account:{owner}") if owner else "",
        "colleagues": colleagues() if opened.allowed["assign"] else {},
        "tags": tags_in(opened.log),
        "standings": found,
        "chosen": chosen,
        "bar": _bar(opened, found, chosen, life),
        "others": [one for one in _places(found, lived, past=past) if one["key"] != chosen],
        "record": None if past else record_of(opened.customer_id, viewer=opened.viewer, at=now()),
        "explanation": explain(opened.viewer, "customer.view", owner),
        "merge_count": len(merges(viewer=opened.viewer, customer_id=opened.customer_id)),
        "groups": _hidden_groups(opened),
        "scale": opened.library.party_types,
    }


def _places(found: list[Standing], lived: list[Life], *, past: bool) -> list[Context]:
    """Where the customer stands, or stood at the moment asked about, in each lifecycle."""
    stood = [(one.lifecycle, one.history[-1].stage, one.history[-1].entered_at) for one in lived]
    stand = [(one.lifecycle, one.stage, one.entered_at) for one in found]
    return [
        {
            "key": lifecycle.key,
            "name": lifecycle.name,
            "stage": next((one for one in lifecycle.stages if one.code == code), None),
            "since": since,
        }
        for lifecycle, code, since in (stood if past else stand)
    ]


def _bar(
    opened: Opened, found: list[Standing], chosen: str | None, life: Life | None
) -> Context | None:
    """The stages of the chosen lifecycle with the one the customer is in."""
    lifecycle = opened.library.lifecycles.get(chosen or "")
    if lifecycle is None:
        return None
    if life is not None:
        last, coming = life.history[-1], life.next
        at, code = (coming.at, coming.stage) if coming else (None, "")
        return _stages(lifecycle, last.stage, last.entered_at, at, code)
    standing = next((one for one in found if one.lifecycle.key == chosen), None)
    if standing is None or opened.moment.is_past:
        return None
    return _stages(
        lifecycle, standing.stage, standing.entered_at, standing.next_at, standing.next_stage
    )


def _stages(
    lifecycle: Lifecycle, stage: str, since: object, next_at: object, next_stage: str
) -> Context:
    named = {one.code: one for one in lifecycle.stages}
    return {
        "lifecycle": lifecycle,
        "stages": [{"stage": one, "here": one.code == stage} for one in lifecycle.stages],
        "stage": named.get(stage),
        "since": since,
        "next_at": next_at,
        "next": named.get(next_stage),
    }


def _side(opened: Opened) -> Context:
    """Identifiers, relations and consent."""
    relations = relations_in(opened.log)
    known = cards_within([one.other_id for one in relations], opened.seen())
    consents = consents_in(opened.log, as_of=opened.moment.at)
    opened.learn_names({one.by for one in consents})
    return {
        "identifiers": _identifiers(opened),
        "tells_origin": tells_origin(opened),
        "relations": [{"is": one, "card": known.get(one.other_id)} for one in relations],
        "relation_kinds": RELATION_KINDS.values(),
        "consents": [{"is": one, "by": opened.name_of(one.by)} for one in consents],
    }


def _identifiers(opened: Opened) -> list[Mapping[str, object]]:
    names = {
        kind.key: kind.name
        for party in opened.library.party_types.values()
        for kind in party.identifiers
    }
    views = sorted(
        identifiers(opened.own, with_personal=True).values(), key=lambda one: (one.type, one.id)
    )
    rows: list[Mapping[str, object]] = []
    for one in views:
        hidden = one.personal and not reads(opened.rights, one.type, opened.revealing)
        value = one.value or ""
        shown = masked(group_of(one.type), value) if hidden else value
        name = names.get(one.type) or Words(one.type, one.type)
        rows.append({"name": name, "value": shown, "hidden": hidden, "type": one.type})
    return rows


def _hidden_groups(opened: Opened) -> list[tuple[str, Words]]:
    """Groups the viewer does not read and may ask to see."""
    groups = opened.rights.reveals - opened.rights.reads - opened.revealing
    return [(key, words) for key, words in FIELD_GROUPS.items() if key in groups]


def _tabs(opened: Opened, here: str) -> list[Mapping[str, object]]:
    kept = {
        key: opened.request.GET[key]
        for key in ("as_of", "known_at", "lifecycle")
        if opened.request.GET.get(key)
    }
    counts: Mapping[str, Callable[[], int]] = {TIMELINE: lambda: opened.extent.total}
    address = reverse("customers:customer", args=[opened.customer_id])
    return [
        {
            "words": words,
            "address": f"{address}?{urlencode({'tab': key, **kept})}",
            "here": key == here,
            "count": counts[key]() if key in counts else None,
        }
        for key, words in TABS.items()
    ]
