"""What every page shows around its content: the areas of the product, who is logged in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from tenure.guard.access.queries import Rights
from tenure.record.events.queries import basis
from tenure.web.areas import AREAS, Area, Place
from tenure.web.language import language_of
from tenure.web.viewer import rights_on


@dataclass(frozen=True, slots=True)
class Door:
    """A place the viewer may go to, with its address; an area with the doors within it."""

    place: Place
    address: str
    here: bool
    within: tuple[Door, ...] = ()


def frame(request: HttpRequest) -> dict[str, object]:
    """Context of the frame."""
    return {
        "language": language_of(request),
        "theme": theme_of(request),
        "currency": basis().currency,
        "doors": SimpleLazyObject(lambda: doors(request)),
        "customer_search": address_of("customers:palette"),
    }


def theme_of(request: HttpRequest) -> str:
    """``light``, ``dark`` or ``auto``: of the account, else of the cookie."""
    reader = getattr(request, "user", None)
    chosen = getattr(reader, "theme", None) or request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else "auto"


def doors(request: HttpRequest) -> list[Door]:
    """The areas open to whoever asks, each with its places; none before the login."""
    reader = getattr(request, "user", None)
    if reader is None or not reader.is_authenticated:
        return []
    rights = rights_on(request)
    match = request.resolver_match
    here = match.view_name if match else ""
    return [door for area in AREAS if (door := _area_door(area, rights, here)) is not None]


def _area_door(area: Area, rights: Rights, here: str) -> Door | None:
    within = tuple(_within(area, rights, here))
    door = within[0] if area.places and within else _door(area, rights, here)
    if door is None:
        return None
    namespace, _, _ = area.url.rpartition(":")
    inside = bool(namespace) and here.startswith(f"{namespace}:") and not _claimed(area, here)
    active = door.here or inside or any(one.here for one in within)
    return Door(area, door.address, active, within)


def _claimed(area: Area, here: str) -> bool:
    """Whether another area is exactly this page or has it as a place, in the same namespace."""
    others = [other for other in AREAS if other is not area]
    return any(here in (other.url, *(one.url for one in other.places)) for other in others)


def _within(area: Area, rights: Rights, here: str) -> Iterator[Door]:
    for place in area.places:
        door = _door(place, rights, here)
        if door is not None:
            yield door


def _door(place: Place, rights: Rights, here: str) -> Door | None:
    address = address_of(place.url)
    if not address or (place.right is not None and not rights.may(place.right)):
        return None
    return Door(place, address, place.url == here or _alone_in(place, here))


def _alone_in(place: Place, here: str) -> bool:
    """Whether this page is of a namespace that no other place or area has a page in."""
    namespace, _, _ = place.url.rpartition(":")
    if not namespace or not here.startswith(f"{namespace}:"):
        return False
    everything = (one for area in AREAS for one in (area, *area.places))
    return not any(one.url.startswith(f"{namespace}:") for one in everything if one is not place)


def address_of(name: str) -> str:
    """The address named so; empty where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
