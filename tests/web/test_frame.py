"""The frame around all pages: doors by right, language, look, errors in words, headers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.guard.access.operations import make_account
from tenure.web import failures
from tenure.web.areas import AREAS, Area, Place
from tenure.words import TenureError, Words
from tests.shape.source import ROOT

pytestmark = pytest.mark.django_db
LogIn = Callable[..., Client]


@pytest.fixture
def log_in(client: Client) -> LogIn:
    def logged_in(role: str, language: str = "zh") -> Client:
        number = make_account(
            email=f"{role}@example.com", roles=[role], language=language, by=SYSTEM, at=now()
        )
        client.force_login(get_user_model().objects.get(pk=number))
        return client

    return logged_in


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_the_gallery_needs_a_login_and_the_right(client: Client, log_in: LogIn) -> None:
    answer = client.get("/gallery/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/gallery/")
    refused = log_in("sales").get("/gallery/")
    assert refused.status_code == 403
    assert "没有“管理组织设置”的权限" in text(refused)


def test_the_gallery_shows_all_with_few_questions(
    log_in: LogIn,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    administrator = log_in("administrator", "en")
    with django_assert_max_num_queries(8):
        page = administrator.get("/gallery/?sort=-orders&page=3")
    assert page.status_code == 200
    assert page["Content-Language"] == "en"
    for told in ("¥123.5M", "3.7%", "101–150 of 2,345", "of more than 10,000", "descending"):
        assert told in text(page)


def test_doors_are_those_one_may_open(log_in: LogIn) -> None:
    page = text(log_in("sales").get("/nowhere"))
    assert "组件" not in page
    client = log_in("administrator")
    page = text(client.get("/nowhere"))
    assert f'href="{reverse("settings:organisation")}"' in page
    assert reverse("gallery:all") not in page  # for developers, by its address


def test_one_area_at_most_is_where_one_is(log_in: LogIn) -> None:
    client = log_in("administrator")
    for name in ("definitions:packs", "definitions:library", "settings:people", "lifecycle:board"):
        page = client.get(reverse(name), follow=True)
        assert [door.place.key for door in page.context["doors"] if door.here] == [
            "settings" if name == "definitions:packs" else name.partition(":")[0]
        ]


def test_every_icon_of_the_areas_is_in_the_sprite() -> None:
    known = set((ROOT / "hatch_build.py").read_text(encoding="utf-8").split())
    places: list[Place] = [*AREAS, *(place for area in AREAS for place in area.places)]
    assert {place.icon for place in places} - known == set()
    keys = [place.key for place in places if isinstance(place, Area)]
    assert len(keys) == len(set(keys))


def test_an_account_keeps_language_and_look(log_in: LogIn) -> None:
    client = log_in("executive")
    there = {"next": "/nowhere?a=1"}
    answer = client.post("/preferences/language", {"language": "en", **there})
    assert (answer.status_code, answer["Location"]) == (302, "/nowhere?a=1")
    client.post("/preferences/theme", {"theme": "dark", **there})
    client.cookies.pop("language")
    client.cookies.pop("theme")
    page = text(client.get("/nowhere"))
    assert '<html lang="en" data-theme="dark"' in page


def test_a_cookie_keeps_them_before_the_login(client: Client) -> None:
    assert '<html lang="zh-hans" data-theme="auto"' in text(client.get("/nowhere"))
    client.post("/preferences/language", {"language": "en"})
    client.post("/preferences/theme", {"theme": "<script>"})
    assert '<html lang="en" data-theme="auto"' in text(client.get("/nowhere"))


def test_preferences_send_nobody_elsewhere(client: Client) -> None:
    answer = client.post("/preferences/theme", {"theme": "dark", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert client.get("/preferences/theme").status_code == 405


def test_every_answer_has_the_policy(client: Client) -> None:
    for path in ("/gallery/", "/nowhere", "/healthz"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline'; " not in policy.replace("style-src-attr 'unsafe-inline'", "")
        assert "unsafe-eval" not in policy


def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/preferences/language", {"language": "en"})
    assert answer.status_code == 403
    assert "表单已过期" in text(answer)


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (TenureError(Words("改一下", "Mend it")), 400, "改一下"),
        (Http404(), 404, "没有这一页"),
        (PermissionDenied(), 404, "没有这一页"),
        (SuspiciousOperation("secret"), 400, "无法理解"),
        (BadRequest("secret"), 400, "无法理解"),
        (ValueError("secret"), 500, "系统出错了"),
    ],
)
@pytest.mark.parametrize("part", [False, True])
def test_what_fails_is_told_in_words(error: Exception, status: int, told: str, part: bool) -> None:
    request = RequestFactory().get("/x", headers={"HX-Request": "true"} if part else {})
    middleware = failures.ToldInWords(lambda _: HttpResponse())
    answer = middleware.process_exception(request, error)
    assert answer is not None
    assert answer.status_code == status
    assert told in text(answer)
    assert "secret" not in text(answer)
    assert ("<html" in text(answer)) is not part


def test_where_nothing_works_there_is_a_page_that_needs_nothing() -> None:
    answer = failures.fault(HttpRequest())
    assert answer.status_code == 500
    assert failures.FAULT.zh in text(answer)
    assert failures.FAULT.en in text(answer)


def test_a_strange_host_is_refused(client: Client) -> None:
    answer = client.get("/nowhere", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in text(answer)
    assert "TENURE_HOSTS" in text(answer)


def test_a_browser_keeps_nothing_of_what_was_seen(client: Client, log_in: LogIn) -> None:
    assert "no-store" not in client.get("/nowhere").headers.get("Cache-Control", "")
    assert log_in("executive").get("/nowhere")["Cache-Control"] == "private, no-store"


def test_it_lives_and_is_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}
    assert client.post("/healthz").status_code == 405


def test_progress_asks_again_until_it_is_done(log_in: LogIn) -> None:
    client = log_in("administrator")
    assert 'hx-get="/gallery/progress/3"' in text(client.get("/gallery/progress/2"))
    assert "hx-get" not in text(client.get("/gallery/progress/5"))


def test_an_act_offers_its_undo(log_in: LogIn) -> None:
    client = log_in("administrator")
    page = text(client.post("/gallery/act", follow=True))
    assert 'action="/gallery/act"' in page
    assert 'name="undo" value="1"' in page
    assert "已撤销" in text(client.post("/gallery/act", {"undo": "1"}, follow=True))
    assert client.get("/gallery/act").status_code == 405
