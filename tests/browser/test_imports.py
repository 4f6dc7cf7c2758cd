"""A file, from the browser into the log and out again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, settle, violations

pytestmark = pytest.mark.browser
ROLE = "data_administrator"


def a_file(folder: Path, name: str) -> Path:
    rows = [
        f"{name}{n},C{n % 40:03},2026-0{n % 8 + 1}-1{n % 9} 10:24,面霜,{n}.50" for n in range(1, 60)
    ]
    rows.append(f"{name}99,C001,不是日期,面霜,12")
    path = folder / f"{name}.csv"
    path.write_text("\n".join(["订单号,客户编号,下单时间,商品,金额", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize(("language", "dark"), [("zh", False), ("en", True)])
def test_from_file_to_undo(open_page: OpenPage, tmp_path: Path, language: str, dark: bool) -> None:
    zh = language == "zh"
    page = open_page("/imports/new/", account=ROLE, language=language, dark=dark)
    page.set_input_files("#files", str(a_file(tmp_path, f"shop-{language}")))
    page.locator("form[data-upload] .btn-primary").click()
    page.wait_for_url("**/imports/uploads/*/")
    settle(page)
    assert violations(page) == []
    expect(
        page.get_by_label("列“金额”是什么" if zh else "What the column “金额” is")
    ).to_have_value("amount")
    page.locator("button[value=try]").click()
    told = "什么都没有写入" if zh else "Nothing was written"
    expect(page.get_by_text(told)).to_be_visible(timeout=30_000)
    assert violations(page) == []
    page.locator("button[value=run]").click()
    finished = page.get_by_text("已完成" if zh else "finished", exact=True)
    expect(finished).to_be_visible(timeout=30_000)
    settle(page)
    assert violations(page) == []
    page.get_by_role("link", name="查看并修好" if zh else "See and mend").click()
    cell = page.locator("[data-mending] .mended-cell").nth(2)
    cell.fill("2026-03-09 10:00")
    expect(page.locator("[name=row]").first).to_be_checked()
    assert violations(page) == []
    page.locator("[data-mending] .btn-primary").click()
    expect(finished).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="撤销这次导入" if zh else "Undo this import").click()
    expect(page.get_by_text("已撤销" if zh else "undone", exact=True)).to_be_visible()


def test_the_list_on_a_phone(open_page: OpenPage) -> None:
    open_page("/imports/", account=ROLE, phone=True, dark=True)
    open_page("/imports/new/", account=ROLE, phone=True)
    open_page("/imports/", account="call_centre", language="en", status=403)
