"""Parts that pages are made of: pages of a list, moments, addresses, toasts, fields."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from tenure.web.components.addresses import address_with, safe_return
from tenure.web.components.as_of import DayError, as_of_from
from tenure.web.components.pages import Pages, page_number
from tenure.web.components.toasts import Undo, toast_now
from tenure.web.gallery.forms import SampleForm
from tenure.words import Words

pytestmark = pytest.mark.django_db  # what the log is kept in is data

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # already the 26th in Shanghai


def asked(address: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("number", "total", "numbers"),
    [
        (1, 0, [1]), (1, 50, [1]), (1, 51, [1, 2]), (1, 2_345, [1, 2, 3, None, 47]),
        (24, 2_345, [1, None, 22, 23, 24, 25, 26, None, 47]), (47, 2_345, [1, None, 45, 46, 47]),
    ],
)  # fmt: skip
def test_numbered_pages(number: int, total: int, numbers: list[int | None]) -> None:
    pages = Pages(number, 50, total)
    assert pages.numbers == numbers
    assert pages.last_row == min(number * 50, total)
    assert (pages.before is None) == (number == 1)
    assert (pages.after is None) == (number == pages.last)


@pytest.mark.parametrize(
    ("text", "number"),
    [(None, 1), ("", 1), ("3", 3), ("0", 1), ("-2", 1), ("x", 1), ("²", 1), ("9" * 30, 1)],
)
def test_a_page_number_in_an_address(text: str | None, number: int) -> None:
    assert page_number(text) == number


def test_today_is_the_readers() -> None:
    found = as_of_from(asked("/"), now=NOW)
    assert (found.at, found.known_at, found.is_past) == (NOW, None, False)
    assert found.day == found.today == date(2026, 11, 26)


def test_a_day_ends_at_the_readers_midnight() -> None:
    found = as_of_from(asked("/?as_of=2026-05-01&known_at=2026-06-01"), now=NOW)
    assert found.at == datetime(2026, 5, 1, 15, 59, 59, 999999, tzinfo=UTC)
    assert found.known_at == datetime(2026, 6, 1, 15, 59, 59, 999999, tzinfo=UTC)
    assert found.is_past


def test_the_future_is_now() -> None:
    found = as_of_from(asked("/?as_of=2999-01-01&known_at=2999-01-01"), now=NOW)
    assert (found.at, found.known_at, found.is_past) == (NOW, None, False)


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "0001-01-01", "2026-5-1x"])
def test_a_day_that_is_none_is_told(text: str) -> None:
    with pytest.raises(DayError, match=text):
        as_of_from(asked(f"/?as_of={text}"), now=NOW)


def test_the_slider_goes_from_the_first_day_to_today() -> None:
    found = as_of_from(asked("/?as_of=2026-01-11"), now=NOW, first=date(2026, 1, 1))
    assert (found.span, found.offset) == (329, 10)


def test_addresses_keep_what_they_do_not_change() -> None:
    request = asked("/list/?tag=a&tag=b&page=7&sort=name")
    assert address_with(request, {"page": None, "sort": "-name"}) == (
        "/list/?tag=a&tag=b&sort=-name"
    )
    assert address_with(request, {"tag": ["c"], "page": 2, "sort": None}) == "/list/?tag=c&page=2"
    assert address_with(asked("/list/?a=1"), {"a": None}) == "/list/"


@pytest.mark.parametrize("wanted", [None, "", "https://evil.example/", "//evil.example", "\\\\e.x"])
def test_nobody_is_sent_elsewhere(wanted: str | None) -> None:
    assert safe_return(asked("/"), wanted) == "/"
    assert safe_return(asked("/"), "/list/?a=1") == "/list/?a=1"


def test_a_toast_at_once_carries_its_undo() -> None:
    with translation.override("zh-hans"):
        answer = toast_now(HttpResponse(), Words("好", "Done"), undo=Undo("/undo", {"n": "1"}))
    assert answer.headers["HX-Trigger"].encode("ascii")
    assert '"url": "/undo"' in answer.headers["HX-Trigger"]


def test_fields_say_what_is_wrong() -> None:
    with translation.override("en"):
        page = str(SampleForm({"sample-name": "", "sample-email": "x"}))
    assert "This field is required" in page
    assert page.count("is-invalid") == 3
    assert 'class="form-select' in page
    assert 'class="form-check-input' in page
    assert 'aria-describedby="id_sample-name_helptext' in page


def test_text_given_by_people_stays_text() -> None:
    template = Template("{% say '“{n}”已保存' '“{n}” saved' n=name %}{% stage 'new' name %}")
    shown = template.render(Context({"name": "<b>&{x}"}))
    assert "<b>" not in shown
    assert shown.count("&lt;b&gt;&amp;{x}") == 2
