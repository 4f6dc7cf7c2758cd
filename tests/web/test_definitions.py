"""The pages of definitions: rights, drafts and their conflicts, trials, publishing, packs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tenure.clock import now
from tenure.definitions import Lifecycle, dump, fingerprint, load_packs, load_text
from tenure.definitions.drafting import draft_of, has_comments, read_draft, text_of
from tenure.derive.lifecycles.operations import rebuild
from tenure.derive.lifecycles.queries import following, lifecycle_trial, waiting_lifecycles
from tenure.guard.access.models import Account
from tenure.guard.access.queries import actor_of
from tenure.guard.trail.models import AuditEntry
from tenure.record.library.models import DefinitionDraft
from tenure.record.library.queries import current_library, versions
from tenure.web.definitions.lifecycle_form import draft_of_form, form_of_lifecycle
from tenure.web.definitions.playbook_fields import FIELDS
from tests.derive.company import TESTER, Company, fresh_house
from tests.derive.staff import account
from tests.derive.steps import PHONES, Happening
from tests.web.test_lifecycle import as_

BUYERS = "/definitions/lifecycle/buyers/"
EDITOR = {f"definition.{one}": "all" for one in ("view", "publish")} | {"customer.view": "all"}
WHO = [("phone", number) for number in PHONES]


def order(who: tuple[str, str]) -> Happening:
    fields = (("amount", "50"), ("channel", "web"))
    return Happening("order.placed", (who,), timedelta(0), fields)


@pytest.fixture
def company(db: None) -> Iterator[Company]:
    """Four buyers of today; the first two ordered twice."""
    with fresh_house():
        company = Company(now=now().replace(microsecond=0) - timedelta(days=20))
        for some in (WHO, WHO[:2]):
            company.record(tuple(order(who) for who in some), imported=False)
            company.now += timedelta(days=8)
        rebuild(at=company.now)
        yield company


@pytest.fixture
def editor(company: Company) -> Account:
    return account("editor@example.com", EDITOR)


def buyers(**changes: str) -> str:
    """The published lifecycle as YAML, with other conditions of some stages."""
    plain = draft_of(dump(current_library()[0].lifecycles["buyers"]))
    assert plain is not None
    for stage in plain["stages"]:
        stage["when"] = changes.get(stage["code"], stage.get("when", ""))
    return text_of(plain)


def save(client: Client, body: str, revision: int | str = 0, **more: str) -> str:
    data = {"tab": "yaml", "body": body, "revision": revision, **more}
    answer = client.post(f"{BUYERS}save/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


PAGES = [
    "", "?kind=metric&q=订单", "packs/", "packs/bank/", "new/?kind=metric", "lifecycle/buyers/",
    "lifecycle/buyers/edit/", "lifecycle/buyers/edit/yaml/", "lifecycle/buyers/edit/preview/",
    "metric/orders/", "metric/orders/edit/", "event_type/order.placed/",
    "event_type/order.placed/edit/yaml/", "names/?place=where&of=order.placed",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_both_languages_by_right(editor: Account, page: str) -> None:
    for language in ("zh", "en"):
        editor.language = language
        editor.save()
        assert as_(editor).get(f"/definitions/{page}").status_code == 200
    assert as_(account("none@example.com", {})).get(f"/definitions/{page}").status_code == 403
    assert Client().get(f"/definitions/{page}").status_code == 302
    if "edit" in page or "new" in page:
        reader = account("reader@example.com", {"definition.view": "all"})
        assert as_(reader).get(f"/definitions/{page}").status_code == 403


def test_a_draft_says_what_it_means_and_what_is_wrong(editor: Account) -> None:
    client = as_(editor)
    said = save(client, buyers(new="orderz = 1"))
    assert "orderz" in said
    assert "orders" in said
    assert "发布为" not in said
    said = save(client, buyers(new="orders = 1"), 1)
    assert "发布为第 2 版" in said
    assert "由“orders = 1 and days_since_last_order &lt;= 40”改为“orders = 1”" in said
    assert "没有问题" not in save(client, "stages: [", 2)


def test_the_form_and_the_yaml_are_one_draft(editor: Account) -> None:
    client = as_(editor)
    page = client.get(f"{BUYERS}edit/")
    form = page.context["form"]
    rows = form.stages
    data: dict[str, object] = {
        "tab": "form", "revision": 0, "title_zh": "买家们", "title_en": "Buyers", "party": "person",
        "head": form.head,
        "row": [row.row for row in rows],
        "check": [row.row for row in form.check],
        "do": f"down:{rows[0].row}",
    }  # fmt: skip
    for name in (
        "code", "name_zh", "name_en", "canonical", "when", "entry_zh", "entry_en", "owner_role",
        "extra",
    ):  # fmt: skip
        data[name] = [getattr(row, name) for row in rows]
    assert client.post(f"{BUYERS}save/", data).status_code == 302
    draft = DefinitionDraft.objects.get(kind="lifecycle", key="buyers")
    plain = draft_of(draft.body)
    assert plain is not None
    assert plain["name"]["zh"] == "买家们"
    assert [stage["code"] for stage in plain["stages"][:2]] == [rows[1].code, rows[0].code]
    assert plain["check"] == [row.code for row in form.check]
    again = client.get(f"{BUYERS}edit/").context["form"]
    assert [row.code for row in again.stages[:2]] == [rows[1].code, rows[0].code]


def sent_form(client: Client) -> dict[str, object]:
    """The form of the lifecycle as the browser sends it."""
    page = client.get(f"{BUYERS}edit/")
    form, revision = page.context["form"], page.context["revision"]
    data: dict[str, object] = {
        "tab": "form", "revision": revision, "title_zh": form.name_zh, "title_en": form.name_en,
        "description_zh": form.description_zh, "description_en": form.description_en,
        "party": form.party, "head": form.head,
        "row": [row.row for row in form.stages], "check": [row.row for row in form.check],
    }  # fmt: skip
    for name in (
        "code", "name_zh", "name_en", "canonical", "when", "entry_zh", "entry_en", "owner_role",
        "extra",
    ):  # fmt: skip
        data[name] = [getattr(row, name) for row in form.stages]
    for name in FIELDS:
        data[name] = [getattr(row.book, name) for row in form.stages]
    return data


def changed(data: dict[str, object], **first: str) -> dict[str, object]:
    """The form with other values in the first stage."""
    values = {name: [value, *list(data[name])[1:]] for name, value in first.items()}  # type: ignore[call-overload]
    return {**data, **values}


def test_a_playbook_is_written_in_the_form(editor: Account) -> None:
    client = as_(editor)
    data = changed(
        sent_form(client),
        goal_zh="留住", goal_en="Keep", actions_zh="打电话\n寄样品", actions_en="Call\nSend",
        channels="sms, email", kpis_zh="复购率", kpis_en="Repeat rate", book_role="sales",
    )  # fmt: skip
    said = client.post(f"{BUYERS}save/", data, headers={"HX-Request": "true"}).content.decode()
    assert "运营手册" in said
    assert "留住" in said
    draft = DefinitionDraft.objects.get(kind="lifecycle", key="buyers")
    read = read_draft(draft.body, "lifecycle", "buyers")
    assert isinstance(read, Lifecycle)
    book = read.stages[0].playbook
    assert book is not None
    assert [one.zh for one in book.actions] == ["打电话", "寄样品"]
    assert [one.en for one in book.actions] == ["Call", "Send"]
    assert (book.channels, book.owner_role, book.kpis[0].en) == (
        ("sms", "email"),
        "sales",
        "Repeat rate",
    )
    again = client.get(f"{BUYERS}edit/").context["form"].stages[0].book
    assert (again.actions_en, again.channels) == ("Call\nSend", "sms, email")
    wrong = changed(sent_form(client), goal_zh="", goal_en="")
    said = client.post(f"{BUYERS}save/", wrong, headers={"HX-Request": "true"}).content.decode()
    assert "运营手册" in said
    assert "goal" in said


def test_a_playbook_the_form_cannot_show_is_kept() -> None:
    odd: list[object] = [
        "call them",
        {"goal": {"zh": "一", "en": "one"}, "songs": ["x"]},
        {"goal": {"zh": "一", "en": "one"}, "actions": ["call"]},
        {"goal": {"zh": "一\n二", "en": "one"}},
        {"goal": {"zh": "一", "en": "one"}, "kpis": "many"},
    ]
    for book in odd:
        plain = {"stages": [{"code": "new", "playbook": book}], "check": ["new"]}
        form = form_of_lifecycle(plain)
        assert form.stages[0].book_unread
        assert draft_of_form(form, "buyers")["stages"][0]["playbook"] == book


def test_comments_stay_until_the_form_changes_something(editor: Account) -> None:
    client = as_(editor)
    assert not client.get(f"{BUYERS}edit/").context["commented"]
    save(client, f"# mine: why so\n{buyers()}")
    page = client.get(f"{BUYERS}edit/")
    assert page.context["commented"]
    assert "注释" in page.content.decode()
    client.post(f"{BUYERS}save/", sent_form(client))
    assert "# mine: why so" in DefinitionDraft.objects.get().body
    client.post(f"{BUYERS}save/", changed(sent_form(client), when="orders = 3"))
    assert "# mine" not in DefinitionDraft.objects.get().body
    assert not has_comments("name: 'no # comment'\nnote: a#b\n")
    assert has_comments("name: x # yes")


def test_a_filter_is_told_by_the_names_of_fields(editor: Account) -> None:
    told = as_(editor).post(
        "/definitions/explain/",
        {"expression": "source = 'web'", "place": "where", "of": "order.placed"},
    )
    assert "来源" in told.content.decode()


def test_nothing_of_a_lifecycle_is_lost_by_the_form(editor: Account) -> None:
    """Read into the form and written back, a published lifecycle says the same."""
    found = [one for one in load_packs(["ecommerce", "hospital"]) if isinstance(one, Lifecycle)]
    assert found
    for one in found:
        plain = draft_of(dump(one))
        assert plain is not None
        text = text_of(draft_of_form(form_of_lifecycle(plain), one.key))
        assert fingerprint(read_draft(text, "lifecycle", one.key)) == fingerprint(one)


def test_two_windows_are_told_of_each_other(editor: Account) -> None:
    client = as_(editor)
    save(client, buyers(new="orders = 1"), 0)
    told = save(client, buyers(new="orders = 2"), 0)
    assert "另一个窗口" in told
    assert "orders = 1" in DefinitionDraft.objects.get().body
    save(client, buyers(new="orders = 2"), 0, overwrite="1")
    assert "orders = 2" in DefinitionDraft.objects.get().body
    other = account("other@example.com", EDITOR)
    assert "也在编辑这个定义" in as_(other).get(f"{BUYERS}edit/").content.decode()
    assert "orders = 2" not in as_(other).get(f"{BUYERS}edit/yaml/").content.decode()


def test_the_preview_counts_who_would_move(company: Company, editor: Account) -> None:
    client = as_(editor)
    save(client, buyers(new="orders >= 1 and days_since_last_order <= 40"))
    page = client.get(f"{BUYERS}edit/preview/").content.decode()
    assert "2 位客户会换阶段（看了 4 位）" in page.replace("\n", "")
    with_draft = DefinitionDraft.objects.get().body
    [draft] = load_text(with_draft)
    trial = lifecycle_trial(draft, "buyers", at=now(), viewer=TESTER)
    assert (trial.moved, trial.looked_at, trial.share) == (2, 4, 1)
    assert {(move.from_stage, move.to_stage) for move in trial.moves} == {
        ("new", "new"),
        ("active", "new"),
    }
    seller = account("seller@example.com", {**EDITOR, "customer.view": "own"})
    assert lifecycle_trial(draft, "buyers", at=now(), viewer=actor_of(seller)).looked_at == 0


def test_a_metric_tried_changes_values_and_stages(company: Company, editor: Account) -> None:
    client = as_(editor)
    address = "/definitions/metric/orders/"
    body = dump(current_library()[0].metrics["orders"]) + "window: 15d\n"
    data = {"tab": "yaml", "body": body, "revision": 0}
    client.post(f"{address}save/", data)
    page = client.get(f"{address}edit/preview/").content.decode()
    assert "位客户的值会不同" in page
    assert "买家" in page


def test_publishing_is_noted_and_waits_for_the_tick(company: Company, editor: Account) -> None:
    client = as_(editor)
    save(client, buyers(new="orders = 1"))
    form = {"seen": "1", "note": ""}
    assert client.post(f"{BUYERS}publish/", form).status_code == 400
    answer = client.post(f"{BUYERS}publish/", {**form, "note": "simpler"})
    assert answer.status_code == 302
    assert [(one.number, one.note) for one in versions("lifecycle", "buyers")][-1] == (2, "simpler")
    entry = AuditEntry.objects.get(action="definition.published")
    assert (entry.about, entry.detail["version"]) == ("lifecycle:buyers", 2)
    assert not DefinitionDraft.objects.exists()
    assert waiting_lifecycles() == ["buyers"]
    assert following("buyers").waiting
    assert "正在按新的定义重新计算" in client.get("/lifecycle/buyers/").content.decode()
    rebuild(at=now())
    assert "重新计算" not in client.get("/lifecycle/buyers/").content.decode()
    back = client.post(f"{BUYERS}roll-forward/", {"number": "1", "note": "no, as before"})
    assert back.status_code == 302
    first, _, third = versions("lifecycle", "buyers")
    assert first.fingerprint == third.fingerprint
    assert client.post(f"{BUYERS}roll-forward/", {"number": "9", "note": "x"}).status_code == 400


def test_nobody_publishes_over_what_they_have_not_seen(company: Company, editor: Account) -> None:
    other = account("other@example.com", EDITOR)
    save(as_(editor), buyers(new="orders = 1"))
    save(as_(other), buyers(new="orders = 1 and days_since_last_order <= 10"))
    form = {"seen": "1", "note": "mine"}
    assert as_(other).post(f"{BUYERS}publish/", form).status_code == 302
    assert as_(editor).post(f"{BUYERS}publish/", form).status_code == 400
    assert "第 2 版已发布" in as_(editor).get(f"{BUYERS}edit/").content.decode()
    assert as_(editor).post(f"{BUYERS}publish/", {**form, "seen": "2"}).status_code == 302


def test_only_by_right(company: Company) -> None:
    reader = as_(account("reader@example.com", {"definition.view": "all"}))
    for address in ("save/", "publish/", "roll-forward/", "discard/"):
        assert reader.post(BUYERS + address, {"note": "x"}).status_code == 403
    assert reader.post("/definitions/packs/bank/install/", {"note": "x"}).status_code == 403
    assert len(versions("lifecycle", "buyers")) == 1


def test_an_expression_is_said_in_both_languages_as_it_is_typed(editor: Account) -> None:
    client = as_(editor)

    def said(expression: str, **more: object) -> str:
        data = {"expression": expression, **more}
        return client.post("/definitions/explain/", data).content.decode()

    assert "订单数 不少于 2" in said("orders >= 2")
    assert "Orders is at least 2" in said("orders >= 2")
    wrong = said("orders >= 2 and visitz > 1")
    assert "visits" in wrong
    assert "第 17 个字符" in wrong
    assert "channel" in said("channel = 'web'", place="where", of="order.placed")
    assert said("") == "\n" or said("").strip() == ""
    names = json.loads(client.get("/definitions/names/").content)["names"]
    assert {"key": "orders", "name": "订单数", "sort": "metric"} in names


def test_a_new_definition_begins_with_its_shape(editor: Account) -> None:
    client = as_(editor)
    new = "/definitions/new/"
    assert client.post(new, {"kind": "metric", "key": "Not a key"}).status_code == 400
    answer = client.post(new, {"kind": "metric", "key": "recent_orders", "name": "近期"})
    assert answer.headers["Location"] == "/definitions/metric/recent_orders/edit/"
    page = client.get("/definitions/metric/recent_orders/edit/").content.decode()
    assert "近期" in page
    assert "发布为第 1 版" in page
    discarded = client.post(
        "/definitions/metric/recent_orders/discard/", {"next": "//evil.example"}
    )
    assert discarded.headers["Location"] == "/definitions/"
    assert client.get("/definitions/metric/recent_orders/").status_code == 404


def test_the_library_asks_the_database_little(
    editor: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(editor)
    client.get("/definitions/")
    with django_assert_max_num_queries(9):
        client.get("/definitions/?kind=metric")
    with django_assert_max_num_queries(14):
        client.get(f"{BUYERS}edit/")
