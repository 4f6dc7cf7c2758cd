"""One customer as a page is asked about them: who looks, as of when, and what was stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.http import Http404, HttpRequest
from django.urls import reverse

from tenure.actor import SYSTEM, Actor
from tenure.clock import now
from tenure.definitions import Library
from tenure.derive.customers.queries import Visible, customer_of
from tenure.derive.customers.queries.cards import cards_within
from tenure.derive.customers.queries.profile import Profile, profile_in
from tenure.derive.customers.queries.profile_log import CustomerLog, customer_log
from tenure.derive.customers.queries.profile_scope import (
    UnknownCustomerError,
    demand_customer,
    own_identifiers,
)
from tenure.derive.lifecycles.queries.biography import Life, lives
from tenure.guard.access.queries import Rights, account_names, token_names
from tenure.guard.audit.operations import note
from tenure.record.events.queries import TimelineExtent, timeline_extent
from tenure.record.library.queries import current_library
from tenure.web.components.as_of import AsOf, as_of_from
from tenure.web.language import told, zone_of
from tenure.web.viewer import viewer_of
from tenure.words import Words

_ACCOUNT = "account:"
_TERMINAL = "terminal:"
LARGEST_NUMBER = 2**63 - 1
"""Numbers in the database are no larger; those in addresses and forms may be."""
_UNNOTED = frozenset({"why", "life", "origin"})
"""Parts that the page fetches by itself and that hold nothing personal."""
NAME_FIELDS = ("full_name", "contact_person")


@dataclass(frozen=True)
class Opened:
    """A customer somebody has opened.

    Attributes:
        customer_id: the customer's own number now.
        own: all identifiers, as believed at the moment asked about.
        extent: how long the customer has been known, and by what, up to that moment.
        revealing: groups of personal fields shown on this answer only.
    """

    request: HttpRequest
    viewer: Actor
    rights: Rights
    customer_id: int
    own: tuple[int, ...]
    moment: AsOf
    extent: TimelineExtent
    log: CustomerLog
    library: Library
    revealing: frozenset[str] = frozenset()
    _names: dict[str, str] = field(default_factory=dict)
    _lives: dict[str, Life | None] = field(default_factory=dict)
    _others: dict[int, str] = field(default_factory=dict)

    @cached_property
    def profile(self) -> Profile:
        """The profile at the moment asked about."""
        return profile_in(self.log, rights=self.rights, revealing=self.revealing)

    @cached_property
    def allowed(self) -> Mapping[str, bool]:
        """What the viewer may do to this customer here: never anything to the past."""
        rights = {
            "edit": "customer.edit",
            "assign": "customer.assign",
            "merge": "customer.merge",
            "pin": "stage.pin",
        }
        if self.moment.is_past:
            return dict.fromkeys(rights, False)
        return {short: self.seen(right).allows(self.customer_id) for short, right in rights.items()}

    def seen(self, right: str = "customer.view") -> Visible:
        """The customers a right of the viewer reaches, without asking for their rights anew."""
        return Visible(self.rights, self.rights.owners(right))

    def lives(self, keys: Sequence[str]) -> list[Life]:
        """The customer in some lifecycles, up to the moment asked about; each computed once."""
        missing = [key for key in keys if key not in self._lives]
        if missing:
            found = lives(
                self.customer_id,
                missing,
                as_of=self.moment.at,
                viewer=self.viewer,
                known_at=self.moment.known_at,
                revealing=self.revealing,
            )
            self._lives.update(dict.fromkeys(missing))
            self._lives.update({one.lifecycle.key: one for one in found})
        return [one for key in keys if (one := self._lives[key]) is not None]

    @property
    def address(self) -> str:
        """Of the page."""
        return reverse("customers:customer", args=[self.customer_id])

    def learn_names(self, keys: set[str]) -> None:
        """Look up how some actors are called, all at once."""
        numbers = {
            int(key.removeprefix(_ACCOUNT))
            for key in keys - self._names.keys()
            if key.startswith(_ACCOUNT) and key.removeprefix(_ACCOUNT).isdecimal()
        }
        found = account_names(numbers) if numbers else {}
        self._names.update({f"{_ACCOUNT}{number}": name for number, name in found.items()})
        self._names.update(token_names(keys - self._names.keys()))

    def learn_customers(self, numbers: set[int]) -> None:
        """Look up how some other customers are called, as the viewer may see them."""
        missing = sorted(numbers - self._others.keys())
        found = cards_within(missing, self.seen()) if missing else {}
        for number in missing:
            card = found.get(number)
            self._others[number] = card.name if card else f"#{str(number)[:8]}"

    def customer_name(self, number: int) -> str:
        """How another customer is called; a part of the number where that is not known."""
        return self._others.get(number) or f"#{str(number)[:8]}"

    def name_of(self, key: str) -> str:
        """How an actor is called."""
        if key == SYSTEM.key:
            return SYSTEM.name
        if key.startswith(_TERMINAL):
            user = key.removeprefix(_TERMINAL)
            return told(Words(zh=f"{user}（终端）", en=f"{user} (terminal)"))
        return self._names.get(key) or key.partition(":")[2] or key


def open_customer(
    request: HttpRequest, customer_id: int, *, revealing: frozenset[str] = frozenset()
) -> Opened:
    """The customer a page is about.

    Raises:
        Http404: there is none, or the viewer may not see them.
        DayError: the address names a day that is none.
    """
    viewer = viewer_of(request)
    if customer_id > LARGEST_NUMBER:
        raise Http404
    try:
        rights = demand_customer(customer_id, viewer=viewer)
    except UnknownCustomerError as unknown:
        raise Http404 from unknown
    number, at = customer_of(customer_id), now()
    _note_view(request, viewer, number)
    moment = as_of_from(request, now=at)
    own = own_identifiers(number, rights=rights, known_at=moment.known_at)
    limits = {
        "occurred_to": moment.at if moment.is_past else None,
        "known_at": moment.known_at,
    }
    extent = timeline_extent(own, **limits)
    first = timeline_extent(own).first_at if moment.is_past else extent.first_at
    if first is not None:
        moment = as_of_from(request, now=at, first=first.astimezone(zone_of(request)).date())
    log = customer_log(number, as_of=limits["occurred_to"], known_at=moment.known_at, own=own)
    library, _ = current_library()
    return Opened(request, viewer, rights, number, own, moment, extent, log, library, revealing)


def _note_view(request: HttpRequest, viewer: Actor, number: int) -> None:
    """Note in the audit that somebody looks; an act is noted by its operation."""
    part = request.resolver_match.url_name if request.resolver_match else ""
    if request.method == "GET" and part not in _UNNOTED:
        note(
            "customer.viewed",
            by=viewer,
            at=now(),
            about=f"customer:{number}",
            detail={} if part == "customer" else {"part": part or ""},
            address=request.META.get("REMOTE_ADDR", ""),
        )
