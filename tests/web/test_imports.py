"""Files brought in by the pages: handed in, agreed on, tried, imported, mended, taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.config.jobs.worker import run_due
from tenure.definitions import load_pack
from tenure.guard.access.operations import make_account
from tenure.guard.trail.models import AuditEntry
from tenure.record.events.models import Event
from tenure.record.imports.models import Import, Upload
from tenure.record.imports.operations.running.report import disarmed
from tenure.record.library.operations import publish

pytestmark = pytest.mark.django_db(transaction=True)
ORDERS = (
    "订单号,客户编号,手机号,下单时间,商品,金额\n"
    "A1,C1,13800000001,2026-03-01 10:24,面霜,89.00\n"
    "A2,C2,13800000002,2026-03-01 14:05,面霜,258.00\n"
    "A3,C1,13800000001,不是日期,防晒霜,129.00\n"
    "A4,C3,13800000003,2026-04-02 09:12,防晒霜,十元\n"
) + "".join(
    f"B{n},C{n % 9 + 1},1380000000{n % 9 + 1},2026-05-{n:02} 12:00,面霜,{n}.50\n"
    for n in range(1, 25)
)
Enter = Callable[..., Client]


@pytest.fixture(autouse=True)
def first_pack(tmp_path: Path, settings: Any) -> None:
    settings.TENURE_HOME = tmp_path
    publish(load_pack("core"), note="test", by=SYSTEM, at=now())


@pytest.fixture
def enter() -> Enter:
    """A client logged in as somebody with a role, reading English or Chinese."""

    def as_(role: str = "data_administrator", language: str = "en") -> Client:
        email = f"{role}-{language}@example.com"
        number = make_account(email=email, name="Li Lei", roles=[role], by=SYSTEM, at=now())
        account = get_user_model().objects.get(pk=number)
        account.language = language
        account.save()
        client = Client()
        client.force_login(account)
        return client

    return as_


def a_file(text: str | bytes = ORDERS, name: str = "orders.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def hand_in(client: Client, *files: SimpleUploadedFile) -> int:
    answer = client.post("/imports/new/", {"files": list(files) or [a_file()]})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.url.rstrip("/").rsplit("/", 1)[1])  # type: ignore[attr-defined]


def form_of(client: Client, upload_id: int) -> dict[str, str]:
    """What the browser would send of the form as it stands."""
    context = client.get(f"/imports/uploads/{upload_id}/").context
    values = {f"column-{row.number}": row.part for row in context["columns"]}
    values["event_type"] = context["event_type"] or ""
    values["source"] = "shop"
    if context["could_group"]:
        values["could_group"] = "1"
        if context["grouped"]:
            values["grouped"] = "1"
    return values


def imported(client: Client, *files: SimpleUploadedFile) -> Import:
    upload_id = hand_in(client, *files)
    form = form_of(client, upload_id)
    answer = client.post(f"/imports/uploads/{upload_id}/", {**form, "then": "run"})
    assert answer.status_code == 302, answer.content.decode()
    run_due()
    return Import.objects.latest("id")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_file_to_report(enter: Enter, language: str) -> None:
    client = enter(language=language)
    upload_id = hand_in(client)
    page = client.get(f"/imports/uploads/{upload_id}/")
    assert page.status_code == 200
    parts = {row.name: row.part for row in page.context["columns"]}
    assert parts["客户编号"] == "customer:customer_id"
    assert parts["下单时间"] == "moment"
    assert parts["金额"] == "amount"
    form = form_of(client, upload_id)

    answer = client.post(f"/imports/uploads/{upload_id}/", {**form, "then": "try"})
    assert answer.status_code == 302
    assert Event.objects.count() == 0
    run_due()
    trial = client.get(f"/imports/uploads/{upload_id}/trial/").content.decode()
    assert ("would be recorded" in trial) is (language == "en")
    assert Event.objects.count() == 0

    client.post(f"/imports/uploads/{upload_id}/", {**form, "then": "run"})
    waiting = client.get(f"/imports/uploads/{upload_id}/running/")
    assert waiting.status_code == 200
    run_due()
    done = Import.objects.get()
    assert done.status == Import.Status.FINISHED
    assert done.source == "shop"
    assert done.by.startswith("account:")
    answer = client.get(f"/imports/uploads/{upload_id}/running/")
    assert answer.url == f"/imports/{done.id}/"  # type: ignore[attr-defined]
    page = client.get(f"/imports/{done.id}/")
    assert page.context["one"].tally.refused == 2
    assert page.context["one"].tally.accepted >= 2
    assert "orders.csv" in client.get("/imports/").content.decode()


def test_the_form_of_the_map_is_followed(enter: Enter) -> None:
    client = enter()
    upload_id = hand_in(client)
    form = form_of(client, upload_id)
    form["column-4"] = ""
    form["event_type"] = "cart.updated"
    client.post(f"/imports/uploads/{upload_id}/", form)
    upload = Upload.objects.get(pk=upload_id)
    assert "商品" not in upload.map_text
    assert "type: cart.updated" in upload.map_text
    assert "source: shop" in upload.map_text
    answer = client.get(f"/imports/uploads/{upload_id}/map.yaml")
    assert answer.content.decode() == upload.map_text


def test_a_map_of_ones_own(enter: Enter) -> None:
    client = enter()
    upload_id = hand_in(client)
    text = Upload.objects.get(pk=upload_id).map_text or None
    client.get(f"/imports/uploads/{upload_id}/")
    text = Upload.objects.get(pk=upload_id).map_text
    answer = client.post(f"/imports/uploads/{upload_id}/map/", {"map": a_file(text, "m.yaml")})
    assert answer.status_code == 302
    assert Upload.objects.get(pk=upload_id).own_map
    assert client.get(f"/imports/uploads/{upload_id}/").status_code == 200
    wrong = client.post(f"/imports/uploads/{upload_id}/map/", {"text": "evnts: []"})
    assert wrong.status_code == 400
    assert "did you mean events" in wrong.content.decode()
    client.post(f"/imports/uploads/{upload_id}/guess/")
    assert not Upload.objects.get(pk=upload_id).own_map


def test_a_map_reaches_only_files_handed_in_with_it(enter: Enter) -> None:
    client = enter()
    upload_id = hand_in(client)
    secret = settings.TENURE_HOME / "secret.csv"
    secret.write_text("客户编号,x\nC1,geheim\n")
    client.get(f"/imports/uploads/{upload_id}/")
    text = Upload.objects.get(pk=upload_id).map_text
    for name in (str(secret), "../../secret.csv"):
        own = f"{text}join:\n- file: {name}\n  on: 客户编号\n"
        client.post(f"/imports/uploads/{upload_id}/map/", {"text": own, "then": "try"})
        run_due()
        trial = client.get(f"/imports/uploads/{upload_id}/trial/").content.decode()
        assert "hand that file in first" in trial
    page = client.get(f"/imports/uploads/{upload_id}/").content.decode()
    assert "secret.csv" in page


def test_files_that_join(enter: Enter) -> None:
    client = enter()
    stores = a_file("客户编号,city\nC1,上海\nC2,北京\nC3,广州\n", "cities.csv")
    upload_id = hand_in(client, a_file(), stores)
    assert Upload.objects.get(pk=upload_id).others == ["cities.csv"]
    client.get(f"/imports/uploads/{upload_id}/")
    text = Upload.objects.get(pk=upload_id).map_text
    own = f"{text}join:\n- file: cities.csv\n  on: 客户编号\nprofile:\n  fields:\n    city: city\n"
    client.post(f"/imports/uploads/{upload_id}/map/", {"text": own, "then": "run"})
    run_due()
    assert Import.objects.get().status == Import.Status.FINISHED
    assert Event.objects.filter(type="customer.profiled").count() > 2


def test_refused_rows_are_mended_in_place(enter: Enter) -> None:
    client = enter()
    done = imported(client)
    page = client.get(f"/imports/{done.id}/refused/")
    assert page.status_code == 200
    shown = page.context["page"]
    assert [row.line for row in shown.rows] == ["4", "5"]
    first = shown.rows[0]
    cells = {f"cell-{first.index}-{n}": cell for n, cell in enumerate(first.cells)}
    cells[f"cell-{first.index}-3"] = "2026-03-18 20:41"
    before = Event.objects.filter(type="order.placed").count()
    answer = client.post(f"/imports/{done.id}/refused/", {"row": [first.index], **cells})
    assert answer.status_code == 302
    run_due()
    again = Import.objects.latest("id")
    assert again.status == Import.Status.FINISHED
    assert Event.objects.filter(type="order.placed").count() == before + 1
    left = client.get(f"/imports/{done.id}/refused/").context["page"]
    assert [row.line for row in left.rows] == ["5"]
    assert left.sent == 1
    assert "orders.mended-1.csv" in client.get(f"/imports/{done.id}/").content.decode()


def test_refused_rows_go_home_disarmed_and_come_back_whole(enter: Enter) -> None:
    client = enter()
    rows = ORDERS + "=1+1,C9,13800000009,不是日期,-面霜,5.00\n"
    done = imported(client, a_file(rows))
    answer = client.get(f"/imports/{done.id}/refused.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=1+1" in text
    assert "'-面霜" in text
    assert (disarmed("-5.00"), disarmed("+86 138"), disarmed("+x")) == ("-5.00", "+86 138", "'+x")
    mended = text.replace("不是日期", "2026-05-01 10:00").replace("十元", "10")
    sent = client.post(f"/imports/{done.id}/mended/", {"files": a_file("\ufeff" + mended, "m.csv")})
    assert sent.status_code == 302, sent.content.decode()
    run_due()
    again = Import.objects.latest("id")
    assert again.map_text == done.map_text
    assert again.status == Import.Status.FINISHED
    products = [event.properties for event in Event.objects.filter(batch_id=again.id)]
    assert any('"-面霜"' in text for text in products)
    assert AuditEntry.objects.filter(action="import_rows.exported").get().detail["rows"] == 3


def test_a_whole_import_is_taken_back_and_done_again(enter: Enter) -> None:
    client = enter()
    done = imported(client)
    answer = client.post(f"/imports/{done.id}/undo/", {"reason": "wrong file"}, follow=True)
    assert "Undone" in answer.content.decode()
    assert Import.objects.get().status == Import.Status.UNDONE
    upload = Upload.objects.get()
    client.post(f"/imports/uploads/{upload.id}/again/")
    run_due()
    assert list(Import.objects.order_by("id").values_list("status", flat=True)) == [
        "undone",
        "finished",
    ]
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"import.uploaded", "import.started", "import.undone"} <= actions


def test_a_job_run_twice_imports_once(enter: Enter) -> None:
    from tenure.record.imports.jobs import plain_actor, run_upload

    client = enter()
    imported(client)
    count = Event.objects.count()
    run_upload.enqueue(Upload.objects.get().id, plain_actor(SYSTEM))
    run_due()
    assert (Event.objects.count(), Import.objects.count()) == (count, 1)


def test_stages_follow_an_import(enter: Enter) -> None:
    from tenure.config.jobs.models import Job

    imported(enter())
    assert Job.objects.filter(task="tenure.derive.lifecycles.jobs.follow_log").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
        (b"alpha\nbeta\ngamma\n", "no separator"),
        (b"a,b,c\n", "header and no rows"),
    ],
)
def test_bad_files_are_told_in_words(enter: Enter, content: bytes, said: str) -> None:
    client = enter()
    answer = client.post("/imports/new/", {"files": [a_file(content)]}, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 400, text
    assert said in text or said == "picture"


def test_a_file_over_the_limit_is_refused(enter: Enter, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1_000
    client = enter()
    answer = client.post("/imports/new/", {"files": [a_file(ORDERS * 100)]})
    assert answer.status_code == 400
    assert "larger than the limit" in answer.content.decode()
    assert Upload.objects.count() == 0


@pytest.mark.parametrize("name", ["../../evil.csv", "C:\\x\\..\\evil.csv", "a\x00b.csv"])
def test_names_of_files_stay_in_their_folder(enter: Enter, name: str) -> None:
    upload_id = hand_in(enter(), a_file(name=name))
    folder = settings.TENURE_HOME / "uploads" / str(upload_id)
    assert [path.name for path in folder.iterdir()] == [Upload.objects.get().file_name]


def test_a_draft_is_thrown_away(enter: Enter) -> None:
    client = enter()
    upload_id = hand_in(client)
    client.post(f"/imports/uploads/{upload_id}/discard/")
    assert not (settings.TENURE_HOME / "uploads" / str(upload_id)).exists()
    assert client.get(f"/imports/uploads/{upload_id}/").status_code == 400


def test_the_list_is_filtered(enter: Enter) -> None:
    client = enter()
    imported(client)
    for query, expected in [
        ("status=finished", 1),
        ("status=undone", 0),
        ("text=ORDERS", 1),
        ("source=other", 0),
        ("refused=1", 1),
        ("since=2020-01-01&until=2020-12-31", 0),
        ("page=9", 0),
    ]:
        assert len(client.get(f"/imports/?{query}").context["rows"]) == expected, query


PAGES = [
    ("/imports/", "import.view"),
    ("/imports/sample.csv", "import.view"),
    ("/imports/new/", "import.run"),
    ("/imports/uploads/1/", "import.run"),
    ("/imports/uploads/1/trial/", "import.run"),
    ("/imports/1/", "import.view"),
    ("/imports/1/refused/", "import.run"),
    ("/imports/1/refused.csv", "import.run"),
]


@pytest.mark.parametrize("path", [path for path, _ in PAGES])
def test_only_those_with_the_right_enter(enter: Enter, path: str) -> None:
    assert enter("call_centre").get(path).status_code == 403
    assert Client().get(path).status_code == 302
    assert enter("data_administrator").get(path).status_code in {200, 400}


@pytest.mark.parametrize("path", ["/imports/1/undo/", "/imports/uploads/1/again/"])
def test_acts_need_the_right_and_a_post(enter: Enter, path: str) -> None:
    assert enter("call_centre").post(path).status_code == 403
    assert enter("data_administrator").get(path).status_code == 405


def test_queries_of_the_pages_are_few(
    enter: Enter, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = enter()
    done = imported(client)
    for path, most in [("/imports/", 16), (f"/imports/{done.id}/", 18)]:
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def test_mended_rows_wait_again_once_their_import_is_undone(enter: Enter) -> None:
    client = enter()
    done = imported(client)
    before = client.get(f"/imports/{done.id}/refused/").context["page"]
    first = before.rows[0]
    place = list(before.columns).index("下单时间")
    sent = {"row": str(first.index), f"cell-{first.index}-{place}": "2026-03-05 10:00"}
    client.post(f"/imports/{done.id}/refused/", sent)
    run_due()
    mended = Import.objects.latest("id")
    after = client.get(f"/imports/{done.id}/refused/").context["page"]
    assert (after.total, after.sent) == (before.total - 1, 1)
    client.post(f"/imports/{mended.id}/undo/", {"reason": "wrong"})
    again = client.get(f"/imports/{done.id}/refused/").context["page"]
    assert (again.total, again.sent) == (before.total, 0)


def test_a_small_file_keeps_its_amounts_and_refuses_the_odd_row(enter: Enter) -> None:
    rows = (
        "订单号,客户编号,下单时间,金额\n"
        "A1,C1,2026-03-01,89\nA2,C2,2026-03-02,abc\nA3,C3,2026-03-03,5\n"
    )
    done = imported(enter(), a_file(rows))
    page = enter("administrator").get(f"/imports/{done.id}/")
    assert page.context["one"].tally.refused == 1
    assert "order.placed" in page.context["one"].tally.amounts
    assert "CNY" in page.content.decode()


def test_a_file_is_moved_and_what_was_noticed_stays(enter: Enter) -> None:
    rows = "订单号,客户编号,下单时间,金额,金额\nA1,C1,2026-03-01,89,1\n"
    client = enter()
    done = imported(client, a_file(rows))
    left = list((Path(settings.TENURE_HOME) / "uploads").glob("*.upload"))
    assert left == []
    assert done.notes
    assert done.notes[0][1] in client.get(f"/imports/{done.id}/").content.decode().replace(
        "&quot;", '"'
    )


def test_lists_follow_an_undo_at_once(enter: Enter) -> None:
    from tenure.derive.lifecycles.operations import tick
    from tenure.derive.lifecycles.operations.roster import refresh_roster
    from tenure.derive.lifecycles.queries.roster import customer_ids

    client = enter()
    done = imported(client)
    tick(at=now())
    refresh_roster(at=now())
    assert customer_ids("", viewer=SYSTEM, limit=50)
    client.post(f"/imports/{done.id}/undo/", {"reason": "wrong"})
    run_due()
    assert customer_ids("", viewer=SYSTEM, limit=50) == []
