"""Which key data each function needs, and which of it the log lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tenure.clock import DAY_US
from tenure.definitions import Library
from tenure.record.events.queries.quality import Measured
from tenure.record.library.queries import current_library
from tenure.words import Words

State = Literal["ready", "partly", "lacking"]


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a function needs.

    Attributes:
        words: what it is.
        met: whether the log has it.
        told: how much of it there is, or what to do.
    """

    words: Words
    met: bool
    told: Words


@dataclass(frozen=True, slots=True)
class FunctionNeeds:
    """A function and its needs; ``lifecycle`` is the key of one, empty for the others."""

    key: str
    name: Words
    purpose: Words
    state: State
    needs: tuple[Need, ...]
    lifecycle: str = ""

    @property
    def lacks(self) -> int:
        """How many of them the log lacks."""
        return sum(not need.met for need in self.needs)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What a function that no definition describes needs.

    Attributes:
        types: event types, any of which does.
        fields: fields of those types that must be filled for half of their events.
        days: how long a history it needs.
    """

    key: str
    name: Words
    purpose: Words
    types: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...] = ()
    days: int = 0


_ORDERS = (
    "order.placed",
    "transaction.made",
    "vehicle.ordered",
    "loan.disbursed",
    "visit.attended",
)
_PLANNED = (
    _Planned(
        "churn",
        Words("流失预警", "Churn warning"),
        Words("按各人的节奏判断谁快要离开", "Who is about to leave, by their own rhythm"),
        (_ORDERS,),
        days=180,
    ),
    _Planned(
        "value",
        Words("客户价值（CLV）", "Customer value (CLV)"),
        Words("每位客户未来会带来多少", "What each customer will bring"),
        (_ORDERS,),
        fields=("amount",),
        days=180,
    ),
    _Planned(
        "messaging",
        Words("经同意的消息触达", "Messages with consent"),
        Words("只联系同意过的人", "Only those who agreed are written to"),
        (("consent.given",), ("customer.registered", "customer.profiled")),
    ),
    _Planned(
        "attribution",
        Words("渠道归因", "Attribution to channels"),
        Words("客户从哪里来，哪个渠道值得投", "Where customers come from and what pays"),
        (("touch.recorded", "ad.clicked"), _ORDERS),
        fields=("channel",),
    ),
    _Planned(
        "service",
        Words("服务与投诉", "Service and complaints"),
        Words("问题多久解决，投诉后是否留下", "How fast problems are solved and who stays"),
        (("support.requested", "complaint.opened"), ("support.resolved", "complaint.resolved")),
    ),
    _Planned(
        "satisfaction",
        Words("满意度与推荐", "Satisfaction and recommendation"),
        Words("客户怎么评价我们", "What customers think of us"),
        (("satisfaction.rated", "recommendation.rated", "survey.answered"),),
    ),
    _Planned(
        "loyalty",
        Words("会员与积分", "Membership and points"),
        Words("等级、积分与权益", "Tiers, points and benefits"),
        (("membership.joined", "tier.assigned"), ("points.earned",)),
    ),
    _Planned(
        "recommendations",
        Words("商品推荐", "Recommendations"),
        Words("给谁推荐什么", "What to suggest to whom"),
        (_ORDERS, ("product.viewed", "cart.updated")),
        fields=("product",),
    ),
)


def functions_needing(measured: Measured | None) -> list[FunctionNeeds]:
    """Every planned function and every lifecycle in force, with what each lacks.

    Args:
        measured: the latest measurement; without one nothing is known to be there.
    """
    library, _ = current_library()
    log = _Log(measured)
    planned = [_function(one, library, log) for one in _PLANNED]
    return planned + [_lifecycle(key, library, log) for key in library.lifecycles]


class _Log:
    """What the log holds, by type."""

    def __init__(self, measured: Measured | None) -> None:
        self.events: dict[str, int] = {}
        self.days: dict[str, int] = {}
        self._filled: dict[tuple[str, str], int] = {}
        for kind in measured.quality.kinds if measured else ():
            self.events[kind.type] = self.events.get(kind.type, 0) + kind.events
            span = (kind.last_us - kind.first_us) // DAY_US
            self.days[kind.type] = max(self.days.get(kind.type, 0), span)
            for key, count in {**kind.filled, "amount": kind.amounts}.items():
                place = kind.type, key
                self._filled[place] = self._filled.get(place, 0) + count

    def share(self, types: Iterable[str], key: str) -> float:
        """The share of the events of some types that have a field."""
        there = [one for one in types if self.events.get(one)]
        events = sum(self.events[one] for one in there)
        return sum(self._filled.get((one, key), 0) for one in there) / events if events else 0.0


def _lifecycle(key: str, library: Library, log: _Log) -> FunctionNeeds:
    lifecycle = library.lifecycles[key]
    needs = [_type_need((one,), library, log) for one in library.lifecycle_event_types(key)]
    metrics = library.lifecycle_metrics(key)
    wanted = {(metric.of, metric.field) for metric in metrics if metric.field}
    for types, field in sorted(wanted):
        if any(log.events.get(one) for one in types):
            needs.append(_field_need(types, field, library, log))
    purpose = Words("谁在哪个阶段，下一步会怎样", "Who is in which stage and what comes next")
    return FunctionNeeds(key, lifecycle.name, purpose, _state(needs), tuple(needs), lifecycle=key)


def _function(planned: _Planned, library: Library, log: _Log) -> FunctionNeeds:
    needs = [_type_need(types, library, log) for types in planned.types]
    flat = tuple(one for types in planned.types for one in types)
    needs += [_field_need(flat, key, library, log) for key in planned.fields]
    if planned.days:
        longest = max((log.days.get(one, 0) for one in planned.types[0]), default=0)
        needs.append(_span_need(longest, planned.days))
    return FunctionNeeds(planned.key, planned.name, planned.purpose, _state(needs), tuple(needs))


def _type_need(types: tuple[str, ...], library: Library, log: _Log) -> Need:
    count = sum(log.events.get(one, 0) for one in types)
    known = [one for one in types if one in library.event_types]
    shown = known or list(types[:1])
    names = [library.event_types[one].name if one in library.event_types else None for one in shown]
    zh = "、".join(name.zh if name else key for name, key in zip(names, shown, strict=True))
    en = ", ".join(name.en if name else key for name, key in zip(names, shown, strict=True))
    either = len(shown) > 1
    words = Words(
        f"事件：{zh}{'（任一）' if either else ''}", f"events: {en}{' (any)' if either else ''}"
    )
    if count:
        return Need(words, True, Words(f"{count:,} 个", f"{count:,}"))
    todo = f"{'、'.join(shown)}", f"{', '.join(shown)}"
    return Need(words, False, Words(f"导入含 {todo[0]} 的文件", f"import a file with {todo[1]}"))


def _field_need(types: tuple[str, ...], key: str, library: Library, log: _Log) -> Need:
    declared = library.fields_of([one for one in types if one in library.event_types])
    name = declared[key].name if key in declared else None
    words = Words(f"字段：{name.zh if name else key}", f"field: {name.en if name else key}")
    share = log.share(types, key)
    if share >= 0.5:
        return Need(words, True, Words(f"{share:.0%} 有值", f"{share:.0%} filled"))
    return Need(
        words,
        False,
        Words(f"只有 {share:.0%} 有值：在映射中补上 {key}", f"{share:.0%} filled: map {key}"),
    )


def _span_need(days: int, wanted: int) -> Need:
    words = Words(f"至少 {wanted} 天的历史", f"a history of {wanted} days")
    told = Words(f"现有 {days:,} 天", f"{days:,} days so far")
    if days >= wanted:
        return Need(words, True, told)
    return Need(words, False, Words(f"{told.zh}：补导更早的数据", f"{told.en}: import older data"))


def _state(needs: Iterable[Need]) -> State:
    met = [need.met for need in needs]
    if all(met):
        return "ready"
    return "partly" if any(met) else "lacking"
