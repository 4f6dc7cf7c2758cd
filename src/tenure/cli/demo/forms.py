"""Visitors of the demo's forms: customers of the company who came by a campaign, and some spam."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from tenure.cli import screen
from tenure.cli.demo.homes import DemoHome
from tenure.cli.house import House
from tenure.clock import to_microseconds
from tenure.words import Words

if TYPE_CHECKING:
    from tenure.record.forms.queries import OpenForm

_VISITORS = 24
_SHOWN_EACH = 3
_CAMES = (
    {"utm_source": "baidu", "utm_medium": "cpc", "utm_campaign": "spring_2026"},
    {"utm_source": "wechat", "utm_medium": "social", "utm_campaign": "fans_week"},
    {"utm_source": "qr", "utm_medium": "poster", "utm_campaign": "store_opening"},
    {"utm_source": "douyin", "utm_medium": "video", "utm_campaign": "spring_2026"},
)
_QUESTIONS = ("想了解会员权益", "门店几点开门？", "能开发票吗？", "什么时候有新品？")
_SPAM = (
    "http://a.example http://b.example http://c.example 低价代发，量大从优",
    "Buy followers now http://x.example http://y.example http://z.example",
)


class _People(msgspec.Struct):
    """The parts of ``truth.json`` that tell who can be called."""

    name: list[str]
    owner: dict[str, list[int]]


def send_forms(demo: DemoHome, house: House) -> None:
    """Have visitors send the published forms during the last month; sent twice they are once."""
    from tenure.record.forms.queries import open_form
    from tenure.record.library.queries import current_library
    from tenure.record.sources.operations import load_spool

    opened = [found for key in current_library()[0].forms if (found := open_form(key))]
    if not opened:
        return
    truth = msgspec.json.decode((demo.root / "company" / "truth.json").read_bytes(), type=_People)
    for number, (phone, name) in enumerate(_callable(truth)):
        at = house.at - timedelta(hours=29 * number + 3)
        question = _QUESTIONS[number % len(_QUESTIONS)]
        given = {"full_name": name, "phone": phone, "remark": question}
        _send(opened[number % len(opened)], number, given, at)
    for number, text in enumerate(_SPAM, start=_VISITORS):
        given = {"full_name": "SEO", "phone": f"1380013{number:04}", "remark": text}
        asks = (one for one in opened if any(f.field == "remark" for f in one.form.fields))
        _send(next(asks, opened[0]), number, given, house.at - timedelta(hours=number))
    load_spool(clock=lambda: house.at)
    said = len(opened)
    screen.line(
        Words(
            zh=f"✓ {said} 张表单收到 {_VISITORS} 份提交，{len(_SPAM)} 份像垃圾的留待人看",
            en=f"✓ {said} forms were sent {_VISITORS} times; "
            f"{len(_SPAM)} that look like spam wait for a person",
        )
    )


def _callable(truth: _People) -> list[tuple[str, str]]:
    """Phones that belong to one person alone, with the name."""
    phones = (
        (key.partition(":")[2], truth.name[people[0]])
        for key, people in truth.owner.items()
        if key.startswith("phone:") and len(people) == 1
    )
    return list(islice(phones, _VISITORS))


def _send(opened: OpenForm, number: int, given: dict[str, str], at: datetime) -> None:
    from tenure.record.forms.operations import (
        Sending,
        Shown,
        Visit,
        check_answers,
        count_visit,
        take_submission,
    )

    form = opened.form
    answers = check_answers(form, opened.library, given, range(1 + number % 3))
    if answers.problems:
        return
    shown = Shown(f"demo-{number}", opened.version, to_microseconds(at) - 40_000_000)
    came = _CAMES[number % len(_CAMES)]
    visit = Visit(parameters=came, landing_page="https://shop.example/")
    client = f"203.0.113.{number}"
    sending = Sending(form, shown, "", answers, visit, client, limit=100)
    if take_submission(sending, at=at) != "again":
        count_visit(form.key, "started", at=at)
        for _ in range(_SHOWN_EACH):
            count_visit(form.key, "shown", at=at)
