"""What a page of a lifecycle is asked about: which one, when, compared with what, of whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from tenure.actor import Actor
from tenure.clock import now
from tenure.definitions import Library, Lifecycle, load_packs, pack_keys
from tenure.derive.lifecycles.queries import Group, group_of, lifecycle_named
from tenure.web.components.as_of import AsOf, DayError, as_of_from, end_of_day
from tenure.web.language import zone_of
from tenure.web.viewer import viewer_of

CHANNEL = "first_channel"
"""The metric by whose value customers are filtered by channel, where the library has it."""
KEPT = ("as_of", "known_at", "since", "owner", "where", "channel")
COMPARED = ("vs_owner", "vs_where", "vs_channel")
_REMEMBERED = "lifecycle"


@dataclass(frozen=True, slots=True)
class Who:
    """Which customers a page counts, as the address says it.

    Attributes:
        owner: number of the owner's account; ``None`` for anybody's.
        where: a condition in the condition language; empty for none.
        channel: by which the customer first came; empty for any.
    """

    owner: int | None
    where: str
    channel: str

    @property
    def everybody(self) -> bool:
        """Whether nobody is left out."""
        return self.owner is None and not self.where and not self.channel

    @property
    def condition(self) -> str:
        """Condition and channel as one condition."""
        quoted = self.channel.replace("'", "''")
        parts = [f"({self.where})"] if self.where else []
        parts += [f"{CHANNEL} = '{quoted}'"] if self.channel else []
        return " and ".join(parts)


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything the address of a lifecycle's page says.

    Attributes:
        moment: the moment the page is about.
        since: the moment compared with, aware; its day is ``since_day``.
        who: whose stages are shown; ``beside`` those compared with them.
        groups: the customers found so far.
    """

    request: HttpRequest
    library: Library
    lifecycle: Lifecycle
    viewer: Actor
    moment: AsOf
    since: datetime
    since_day: date
    who: Who
    beside: Who
    groups: dict[Who, Group | None] = field(default_factory=dict)

    @property
    def day_end(self) -> datetime:
        """The end of the day shown; what is told by the day is the same until then."""
        return end_of_day(self.moment.day, zone_of(self.request))

    def group(self) -> Group | None:
        """The customers shown; ``None`` for everybody visible."""
        return self._found(self.who)

    def group_beside(self) -> Group | None:
        """The customers compared with them."""
        return self._found(self.beside)

    def address(self, name: str, *arguments: str, **changes: object) -> str:
        """The address of a page of this lifecycle that is asked the same, with changes."""
        kept = QueryDict(mutable=True)
        for key in KEPT:
            if self.request.GET.get(key):
                kept[key] = self.request.GET[key]
        for key, value in changes.items():
            kept.pop(key, None)
            if value not in (None, ""):
                kept[key] = str(value)
        path = reverse(f"lifecycle:{name}", args=(self.lifecycle.key, *arguments))
        return f"{path}?{kept.urlencode()}" if kept else path

    def customers(self, way: str, stage: str, **changes: object) -> str:
        """The address of the list of customers behind a figure."""
        return self.address("customers", way, stage, **changes)

    def customers_beside(self, way: str, stage: str, **changes: object) -> str:
        """The same behind a figure of those compared with."""
        who = self.beside
        changes |= {"owner": who.owner, "where": who.where, "channel": who.channel}
        return self.customers(way, stage, **changes)

    def _found(self, who: Who) -> Group | None:
        if who not in self.groups:
            self.groups[who] = group_of(
                self.lifecycle.key,
                at=self.moment.at,
                viewer=self.viewer,
                owner_id=who.owner,
                condition=who.condition,
            )
        return self.groups[who]


def asked(request: HttpRequest, key: str) -> Asked:
    """Read the address of a page of lifecycle ``key``, and remember which one it was.

    Raises:
        DayError: a day that is none.
        UnknownLifecycleError: no such lifecycle.
    """
    library, lifecycle = lifecycle_named(key)
    if request.session.get(_REMEMBERED) != key:
        request.session[_REMEMBERED] = key
    moment = as_of_from(request, now=now())
    since_day = day_of(request.GET.get("since")) or moment.day - timedelta(days=30)
    since_day = min(since_day, moment.day - timedelta(days=1))
    return Asked(
        request=request,
        library=library,
        lifecycle=lifecycle,
        viewer=viewer_of(request),
        moment=moment,
        since=end_of_day(since_day, zone_of(request)),
        since_day=since_day,
        who=_who(request, ""),
        beside=_who(request, "vs_"),
    )


def default_lifecycle(request: HttpRequest, library: Library) -> str | None:
    """Key of the lifecycle to begin with: the last one looked at, else an industry's own."""
    remembered = request.session.get(_REMEMBERED)
    if remembered in library.lifecycles:
        return str(remembered)
    own = [key for key in lifecycles_of_industries(library) if key in library.lifecycles]
    found = own or [*library.lifecycles]
    return found[-1] if found else None


def lifecycles_of_industries(library: Library) -> tuple[str, ...]:
    """Lifecycles of the packs in force that no other pack builds on: the most particular ones."""
    needed = {other for pack in library.packs.values() for other in pack.requires}
    return _own_lifecycles(tuple(sorted(key for key in library.packs if key not in needed)))


@lru_cache(maxsize=32)
def _own_lifecycles(packs: tuple[str, ...]) -> tuple[str, ...]:
    """Lifecycles that packs bring themselves; packs are files of Tenure and do not change."""
    shipped = [key for key in packs if key in pack_keys()]
    found = []
    for definition in load_packs(shipped):
        file = (definition.origin.file if definition.origin else None) or ""
        own = any(file.startswith(f"packs/{key}/") for key in shipped)
        if isinstance(definition, Lifecycle) and own:
            found.append(definition.key)
    return tuple(found)


def _who(request: HttpRequest, prefix: str) -> Who:
    owner = request.GET.get(f"{prefix}owner", "")
    return Who(
        owner=int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 19 else None,
        where=request.GET.get(f"{prefix}where", "").strip()[:2000],
        channel=request.GET.get(f"{prefix}channel", "").strip()[:200],
    )


def day_of(text: str | None) -> date | None:
    """The day an address names; ``None`` where it names none.

    Raises:
        DayError: it is no day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as failure:
        raise DayError(text) from failure
