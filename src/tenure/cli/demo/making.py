"""Making a demo: simulate, write the company's files, load them, derive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenure.cli import screen
from tenure.cli.demo.company import CompanyFiles, write_company
from tenure.cli.demo.forms import send_forms
from tenure.cli.demo.homes import Counts, DemoHome, Mark, World
from tenure.cli.demo.loading import DEMO, load_company
from tenure.cli.house import House
from tenure.cli.progress import progress
from tenure.cli.upkeep import rebuild_with_progress
from tenure.clock import DAY_US, from_microseconds
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.science.simulate import World as Company

DAYS_LIVE = 365
"""How long the company has used Tenure: what happened in the last year arrived day by day."""
_LATE_US = 3 * DAY_US


def make(world: World, demo: DemoHome, house: House) -> Mark:
    """Fill the demo's data directory; where this is stopped half-way, the next call goes on.

    Args:
        world: which company.
        demo: its directory, marked unfinished.
        house: the opened house in that directory; its moment is the demo's present.
    """
    from tenure.record.library.operations import publish_packs

    company = _simulated(world)
    live_us = company.end_us - DAYS_LIVE * DAY_US
    publish_packs([world.industry], note="tenure demo", by=DEMO, at=from_microseconds(live_us))
    files = _written(company, demo, house, live_us)
    with progress(Words(zh="载入", en="Loading")) as report:
        loaded = load_company(files, live_at=from_microseconds(live_us), report=report)
    late = sum(h.recorded_us - h.occurred_us > _LATE_US for h in company.happenings)
    counts = Counts(late, loaded.accepted, loaded.repeated, loaded.refused)
    _done(
        Words(
            zh=f"载入：记入 {loaded.accepted:,}，重复 {loaded.repeated:,}，"
            f"被拒 {loaded.refused:,}，迟到 {late:,}",
            en=f"Loaded: {loaded.accepted:,} accepted, {loaded.repeated:,} repeated, "
            f"{loaded.refused:,} refused, {late:,} late",
        )
    )
    send_forms(demo, house)
    _derived(house)
    mark = Mark(world, counts)
    demo.write(mark)
    return mark


def _simulated(world: World) -> Company:
    """The simulated company; the same for the same ``world``."""
    from tenure.science.simulate import simulate

    end = world.until + timedelta(days=1)
    start = end - timedelta(days=round(365.25 * world.years))
    company = simulate(world.industry, world.customers, start=start, end=end, seed=world.seed)
    _done(
        Words(
            zh=f"模拟一家公司：{world.customers:,} 位客户，{world.years} 年，"
            f"{len(company.happenings):,} 件事",
            en=f"Simulated a company: {world.customers:,} customers, {world.years} years, "
            f"{len(company.happenings):,} things that happened",
        )
    )
    return company


def _written(company: Company, demo: DemoHome, house: House, live_us: int) -> CompanyFiles:
    from tenure.record.library.queries import current_library

    library, _ = current_library()
    folder = demo.root / "company"
    files = write_company(company, folder, library, live_us=live_us, zone=house.zone)
    _done(
        Words(
            zh=f"写出它的文件：{folder}/ 下的 ledger.csv（{files.rows['ledger']:,} 行）、"
            f"history.jsonl（{files.rows['history']:,}）、daily.jsonl（{files.rows['daily']:,}）",
            en=f"Wrote its files into {folder}/: ledger.csv ({files.rows['ledger']:,} rows), "
            f"history.jsonl ({files.rows['history']:,}), daily.jsonl ({files.rows['daily']:,})",
        )
    )
    return files


def _derived(house: House) -> None:
    done = rebuild_with_progress(at=house.at)
    intervals = sum(done.computed.values())
    _done(
        Words(
            zh=f"算出 {len(done.computed)} 个生命周期，{intervals:,} 段阶段历史",
            en=f"Derived {len(done.computed)} lifecycles, {intervals:,} intervals of stages",
        )
    )


def _done(words: Words) -> None:
    screen.line(Words(zh=f"✓ {words.zh}", en=f"✓ {words.en}"))
