"""Which lifecycle, which moments, which customer a word is about."""

from __future__ import annotations

from datetime import datetime

from tenure.cli.help import F, option
from tenure.cli.house import House
from tenure.cli.moments import end_of
from tenure.cli.preferences import preferences
from tenure.words import TenureError, Words

_LIFECYCLE = Words(zh="生命周期的键", en="Key of a lifecycle")
_AS_OF = Words(zh="截至何时的世界，如 2024-05-01", en="The world as of then, such as 2024-05-01")
_KNOWN_AT = Words(zh="按那时所知来看", en="As it was known then")


class NothingToShowError(TenureError):
    """There is nothing yet; says what to do first. No failure of a program."""

    exit_code = 0


class UnknownCustomerError(TenureError):
    """Nobody, or more than one customer, is known by what was typed."""


def lifecycle_option(function: F) -> F:
    """``--lifecycle``."""
    return option("--lifecycle", metavar="KEY", words=_LIFECYCLE)(function)


def as_of_option(function: F) -> F:
    """``--as-of``."""
    return option("--as-of", metavar="DATE", words=_AS_OF)(function)


def known_at_option(function: F) -> F:
    """``--known-at``."""
    return option("--known-at", metavar="DATE", words=_KNOWN_AT)(function)


def moment_options(function: F) -> F:
    """``--as-of`` and ``--known-at``."""
    return as_of_option(known_at_option(function))


def moments(
    house: House, as_of: str | None, known_at: str | None
) -> tuple[datetime, datetime | None]:
    """The two clocks as typed; now, and everything known, where nothing was typed."""
    at = house.at
    world = end_of(as_of, zone=house.zone, at=at, where="--as-of") if as_of else at
    known = end_of(known_at, zone=house.zone, at=at, where="--known-at") if known_at else None
    return world, known


def lifecycle_keys(house: House) -> list[str]:
    """Keys of the published lifecycles, the one to show first at the front.

    Raises:
        NothingToShowError: no events, or no lifecycle is published yet.
    """
    from tenure.record.events.queries import last_event_id
    from tenure.record.library.queries import current_library

    if last_event_id() == 0:
        raise NothingToShowError(NO_EVENTS)
    known = list(current_library()[0].lifecycles)
    if not known:
        raise NothingToShowError(NO_LIFECYCLES)
    wanted = preferences(house.home).lifecycle
    return sorted(known, key=lambda key: key != wanted)


def computed_lifecycles(house: House) -> list[str]:
    """Lifecycles that can be shown, the one to show first at the front; maybe none yet.

    Raises:
        NothingToShowError: there are no events.
    """
    from tenure.derive.lifecycles.projection.places import house_histories
    from tenure.record.events.queries import last_event_id
    from tenure.record.library.queries import current_library

    if last_event_id() == 0:
        raise NothingToShowError(NO_EVENTS)
    known = set(current_library()[0].lifecycles) & set(house_histories().lifecycles())
    wanted = preferences(house.home).lifecycle
    return sorted(known, key=lambda key: (key != wanted, key))


def chosen_lifecycle(house: House, key: str | None) -> str:
    """The lifecycle named, else the preferred one; computed already.

    Raises:
        NothingToShowError: there is nothing to show yet, and what to do about it.
        UnknownLifecycleError: no such lifecycle.
    """
    from tenure.derive.lifecycles.operations.ticking import unknown_lifecycle
    from tenure.derive.lifecycles.projection.places import house_histories

    known = lifecycle_keys(house)
    if key is not None and key not in known:
        raise unknown_lifecycle(key, known)
    chosen = key or known[0]
    if chosen not in house_histories().lifecycles():
        raise NothingToShowError(NOT_COMPUTED)
    return chosen


def names_of(lifecycle: str) -> tuple[Words, dict[str, Words]]:
    """The name of a published lifecycle, and the names of its stages by code."""
    from tenure.record.library.queries import current_library

    found = current_library()[0].lifecycles[lifecycle]
    return found.name, {stage.code: stage.name for stage in found.stages}


def unseen_events() -> int:
    """How many events of the log the derived stages do not know yet."""
    from tenure.derive.lifecycles.projection.places import house_lake
    from tenure.record.events.queries import last_event_id

    return max(0, last_event_id() - house_lake().cursor)


NO_EVENTS = Words(
    zh="还没有事件。用 tenure import 文件 载入，或 tenure demo 看示例。",
    en="There are no events yet. Load some with tenure import FILE, or see tenure demo.",
)
NO_LIFECYCLES = Words(
    zh="还没有发布生命周期。例如 tenure definitions apply ecommerce，再 tenure rebuild。",
    en="No lifecycle is published yet. For example tenure definitions apply ecommerce, "
    "then tenure rebuild.",
)
NOT_COMPUTED = Words(
    zh="这个生命周期还没有计算。运行 tenure rebuild。",
    en="This lifecycle is not computed yet. Run tenure rebuild.",
)


def customer_number(house: House, typed: str, *, known_at: datetime | None = None) -> int:
    """The customer known by any identifier value, or by number, as people type it.

    Args:
        house: where to look.
        typed: the value or number.
        known_at: whose it was believed to be at this moment; now when ``None``.

    Raises:
        UnknownCustomerError: nobody, or several; then their numbers are told.
    """
    from tenure.derive.customers.queries import customer_of, customers_found
    from tenure.record.events.queries import identifiers

    matches = customers_found(typed, viewer=house.by, known_at=known_at)
    found = {one.customer_id: one for one in matches}
    if typed.isdigit() and len(typed) < 20 and int(typed) < 2**63 and identifiers([int(typed)]):
        return customer_of(int(typed), known_at=known_at)
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise UnknownCustomerError(
            Words(
                zh=f"没有客户用“{typed}”。可以输入手机号、会员号、邮箱，或客户编号",
                en=f"No customer is known by “{typed}”. A phone, member number, e-mail "
                "or customer number would do",
            )
        )
    several = "\n".join(f"  {number}  {one.identifier.type}" for number, one in found.items())
    raise UnknownCustomerError(
        Words(
            zh=f"“{typed}”指向 {len(found)} 位客户，请用编号：\n{several}",
            en=f"“{typed}” leads to {len(found)} customers; use a number:\n{several}",
        )
    )
