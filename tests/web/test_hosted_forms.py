"""The pages that visitors see: taken once, held where suspicious, answered in words otherwise."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tenure.record.forms.models import FormDay, Submission
from tenure.record.sources.models import Source
from tenure.record.sources.spool import SpoolFullError, spool_directory
from tenure.record.vault.models import VaultEntry
from tenure.words import Words
from tests.web.forms import GOOD, load, open_forms, publish_form, send, shown_token, token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any) -> Path:
    open_forms(tmp_path, settings)
    assert spool_directory() == tmp_path / "spool"
    return tmp_path


@pytest.mark.parametrize(("query", "words"), [("", "提交"), ("?lang=en", "Send")])
def test_the_page_in_both_languages(query: str, words: str) -> None:
    answer = Client().get(f"/f/note/{query}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert words in text
    assert "checked" not in text
    assert "no-store" in answer.headers["Cache-Control"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert not answer.cookies
    assert FormDay.objects.get().shown == 1


def test_sent_it_becomes_events(house: Path) -> None:
    answer = send(
        Client(), **{"utm_source": "Baidu", "utm_campaign": "spring", "consent-1": "yes"},
        referrer="https://www.baidu.com/s?wd=x", landing="https://shop.example/p?phone=1",
    )  # fmt: skip
    assert answer.status_code == 303
    assert Client().get(answer.headers["Location"]).status_code == 200
    events = load(house)
    assert Counter(one.type for one in events) == {
        "form.submitted": 1, "customer.profiled": 1, "consent.given": 2,
    }  # fmt: skip
    submitted = json.loads(events[0].properties)
    assert submitted["form"] == "note"
    assert submitted["form_version"] == 1
    assert submitted["touch_source"] == "baidu"
    assert submitted["touch_campaign"] == "spring"
    assert submitted["referrer"] == "https://www.baidu.com/s"
    assert submitted["landing_page"] == "https://shop.example/p"
    agreed = json.loads(events[2].properties)
    assert (agreed["purpose"], agreed["policy_version"]) == ("service", "1")
    assert agreed["wording"] == "同意答复"
    assert "王小明" not in "".join(one.properties for one in events)
    assert VaultEntry.objects.filter(field="full_name").exists()
    assert Source.objects.get().kind == "form"
    assert {one.source for one in events} == {"form-note"}
    assert len({one.identifier_id for one in events}) == 1


def test_a_double_click_is_one(house: Path) -> None:
    same = token()
    answers = [send(Client(), token=same) for _ in range(3)]
    assert [one.status_code for one in answers] == [303, 303, 303]
    assert len(load(house)) == 3
    assert Submission.objects.count() == 1
    assert FormDay.objects.get().sent == 1


def test_sent_again_with_other_answers_the_visitor_decides(house: Path) -> None:
    same = token()
    send(Client(), token=same)
    answer = send(Client(), token=same, **{"a-remark": "还有一个问题"})
    assert answer.status_code == 409
    assert "还有一个问题" in answer.content.decode()
    assert shown_token(answer) != same
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"a-full_name": " "}, "请填写"),
        ({"a-phone": "12"}, "不像一个电话号码"),
        ({"a-phone": "", "a-email": ""}, "请至少留下"),
        ({"a-phone": "13800138000"}, "不属于任何人"),
        ({"a-email": "nobody"}, "不像一个邮箱"),
        ({"a-birth_date": "1990/1/1"}, "请填日期"),
        ({"a-birth_year": "x"}, "请填整数"),
        ({"a-gender": "Q"}, "选一个"),
        ({"consent-0": ""}, "请勾选"),
        ({"a-remark": "长" * 2001}, "最多 2000 个字符"),
    ],
)
def test_what_is_wrong_is_told_by_field(house: Path, changed: dict[str, str], words: str) -> None:
    same = token()
    answer = send(Client(), token=same, **changed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert shown_token(answer) == same
    assert changed.get("a-full_name", "王小明") in text
    assert not load(house)


@pytest.mark.parametrize("bad", ["", "x", "note", token])
def test_without_a_good_token_it_is_shown_anew(house: Path, bad: Any) -> None:
    given = bad(age=90_000) if callable(bad) else bad
    answer = send(Client(), token=given)
    assert answer.status_code == 400
    assert "王小明" in answer.content.decode()
    assert send(Client(), token=shown_token(answer)).status_code == 303  # at once: held
    assert Submission.objects.get().status == "held"
    assert not load(house)


def test_a_token_of_another_form_is_none() -> None:
    publish_form(key="other")
    assert send(Client(), token=token("other")).status_code == 400


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"website": "http://x"}, "honeypot"),
        ({"token": "fast"}, "too_fast"),
        ({"a-full_name": "visit www.x.cn"}, "links"),
        ({"a-remark": "http://a http://b http://c"}, "links"),
    ],
)
def test_what_looks_like_spam_is_held(house: Path, changed: dict[str, str], reason: str) -> None:
    if changed.get("token") == "fast":
        changed = {"token": token(age=0.5)}
    assert send(Client(), **changed).status_code == 303
    row = Submission.objects.get()
    assert (row.status, json.loads(row.reasons)) == ("held", [reason])
    assert VaultEntry.objects.filter(holder="form_submission", holder_id=row.id).count() == 1
    assert not load(house)


def test_the_same_text_from_many_is_held() -> None:
    text = {"a-remark": "专业代开发票，欢迎来电咨询，价格优惠，全国包邮"}
    send(Client(), **text)
    send(Client(), **text, **{"a-phone": "13900001111"})
    assert [one.status for one in Submission.objects.order_by("id")] == ["sent", "held"]


def test_too_many_from_one_address_are_held_then_turned_away_in_words() -> None:
    publish_form("hourly_limit: 2")
    answers = [send(Client(), **{"a-phone": f"1380000{n:04}"}) for n in range(1, 23)]
    assert [one.status_code for one in answers] == [303] * 20 + [429] * 2
    assert "一小时后" in answers[-1].content.decode()
    assert Counter(one.status for one in Submission.objects.all()) == {"sent": 2, "held": 18}


def test_the_puzzle_is_checked_where_it_is_asked(house: Path) -> None:
    publish_form("challenge: true")
    send(Client(), token=token(version=2))
    assert json.loads(Submission.objects.get().reasons) == ["no_proof"]


def test_a_full_spool_loses_nothing(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise SpoolFullError(Words("满", "full"))

    same = token()
    with monkeypatch.context() as patched:
        patched.setattr("tenure.record.forms.operations.taking.append_message", full)
        answer = send(Client(), token=same)
    assert answer.status_code == 503
    assert "王小明" in answer.content.decode()
    assert not Submission.objects.exists()
    assert send(Client(), token=same).status_code == 303
    assert len(load(house)) == 3


def test_closed_unknown_and_too_large() -> None:
    assert Client().get("/f/nothing/").status_code == 404
    large = Client().post("/f/note/", "x" * 200_001, "application/x-www-form-urlencoded")
    assert large.status_code == 400
    assert "无法读取" in large.content.decode()
    publish_form("closed: true")
    assert "停止接收" in Client().get("/f/note/").content.decode()
    assert send(Client()).status_code == 410


def test_what_was_begun_in_an_older_version_is_sent_in_it(house: Path) -> None:
    older = token()
    publish_form("registration: true")
    assert send(Client(), token=older).status_code == 303
    events = load(house)
    assert json.loads(events[0].properties)["form_version"] == 1
    assert "customer.registered" not in {one.type for one in events}


def test_a_registration_makes_a_member(house: Path) -> None:
    publish_form("registration: true\ncampaign: expo\nchannel: event")
    send(Client(), token=token(version=2))
    events = {one.type: json.loads(one.properties) for one in load(house)}
    assert events["customer.registered"]["campaign"] == "expo"
    assert events["form.submitted"]["touch_source"] == "event"


def test_only_its_own_sites_may_embed_it() -> None:
    publish_form("sites: [https://shop.example, https://*.x.cn]")
    answer = Client().get("/f/note/?embed=1", headers={"referer": "https://shop.example/p?x=1"})
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors https://shop.example https://*.x.cn" in policy
    assert "X-Frame-Options" not in answer.headers
    assert 'name="landing" value="https://shop.example/p"' in answer.content.decode()


def test_a_beginning_is_counted_with_a_good_token_only() -> None:
    assert Client().post("/f/note/started/", {"token": token()}).status_code == 204
    assert Client().post("/f/note/started/", {"token": "x"}).status_code == 204
    assert FormDay.objects.get().started == 1


def test_no_token_against_forgery_is_needed() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, **GOOD).status_code == 303
