"""What people do with their account and the settings, clicked through from end to end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE, WIDE, Watch, settle, violations
from tests.browser.house import Served
from tests.browser.test_accounts_and_settings import add_authenticator

pytestmark = pytest.mark.browser
PASSWORD, ANOTHER = "a long enough password", "an even longer password"
Somebody = Callable[..., Page]


@pytest.fixture
def somebody(house: Served, browser: Browser) -> Iterator[Somebody]:
    """``somebody("administrator", "zh")``: a page of a new person who came by a one-time link."""
    watch, contexts = Watch(house.address.replace("127.0.0.1", "localhost")), list[BrowserContext]()

    def come(role: str, language: str) -> Page:
        email = f"{uuid4().hex}@example.com"
        path = house.run(
            "from tenure.actor import SYSTEM\n"
            "from tenure.guard.access.operations import make_account, one_time_login\n"
            f"number = make_account(email={email!r}, name='赵敏', roles=[{role!r}], "
            f"language={language!r}, by=SYSTEM, at=house.at)\n"
            "print('/account/enter/' + one_time_login(account_id=number, by=SYSTEM, at=house.at))"
        ).strip()
        locale = "en-GB" if language == "en" else "zh-CN"
        context = browser.new_context(viewport=WIDE, locale=locale, reduced_motion="reduce")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        watch.attach(page)
        page.goto(f"{watch.address}{path}/")
        page.set_default_timeout(30_000)
        return page

    yield come
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def look(screenshots: Path, request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """``look(page, "roles")``: pictures wide, on a phone and in the dark; nothing axe dislikes."""

    def seen(page: Page, name: str) -> None:
        settle(page)
        file = screenshots / f"{request.node.name}-{name}"
        for mode in ("wide", "phone", "dark"):
            page.set_viewport_size(PHONE if mode == "phone" else WIDE)  # type: ignore[arg-type]
            theme = "dark" if mode == "dark" else "light"
            page.evaluate("one => document.documentElement.dataset.bsTheme = one", theme)
            page.screenshot(path=f"{file}-{mode}.png", full_page=True)
            assert violations(page) == [], (name, mode)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{name} is {wide} pixels too wide ({mode})"
        page.evaluate("document.documentElement.dataset.bsTheme = 'light'")

    return seen


def _totp(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def _menu(page: Page, item: str) -> None:
    page.locator("[aria-label='账号、语言与外观']:visible").click()
    menu = page.locator(".dropdown-menu.show")
    menu.get_by_role("button", name=item).or_(menu.get_by_role("link", name=item)).click()


def _password(page: Page, *, old: str | None, new: str) -> None:
    """From the security page; the first one, or another."""
    if old is not None:
        page.locator("input[name=oldpassword]").fill(old)
    page.locator("input[name=password1]").fill(new)
    page.locator("input[name=password2]").fill(new)
    page.get_by_role("button", name="保存").click()


def test_my_own_account(somebody: Somebody, look: Callable[[Page, str], None]) -> None:
    page = somebody("administrator", "zh")
    add_authenticator(page)
    _menu(page, "我的账号")
    page.get_by_label("姓名").fill("赵敏敏")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存").first).to_be_visible()
    email = page.locator(".dropdown-header").first.text_content() or ""

    page.get_by_role("link", name="登录与安全").click()
    look(page, "security")
    page.get_by_role("link", name="设置密码").click()
    _password(page, old=None, new=PASSWORD)
    page.get_by_role("link", name="修改密码").click()
    _password(page, old=PASSWORD, new=ANOTHER)
    look(page, "password-changed")

    page.goto(page.url.split("/account/")[0] + "/account/2fa/")
    page.get_by_role("link", name="启用").click()
    look(page, "totp")
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("input[name=code]").fill("000000")
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    assert page.locator("#authenticator_secret").input_value() == secret
    page.locator("input[name=code]").fill(_totp(secret))
    page.get_by_role("button", name="启用").click()
    page.wait_for_load_state()
    codes = page.locator("#recovery_codes").input_value().split()
    assert len(codes) == 10
    look(page, "codes")
    page.get_by_role("link", name="完成").click()
    expect(page.get_by_text("已启用")).to_be_visible()

    page.locator("a[href$='webauthn/add/']").click()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.goto(page.url.split("/account/")[0] + "/account/2fa/webauthn/")
    look(page, "passkeys")
    page.get_by_role("link", name="移除").click()
    page.get_by_role("button", name="移除").click()
    expect(page.get_by_text("还没有添加。")).to_be_visible()

    _menu(page, "退出登录")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(ANOTHER)
    page.locator("main form button.btn-primary").first.click()
    page.locator("input[name=code]").fill(codes[0])
    look(page, "second-step")
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_url(lambda url: "/account/" not in url)
    _menu(page, "深色")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    _menu(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_other_devices_are_logged_out(
    somebody: Somebody, house: Served, browser: Browser, look: Callable[[Page, str], None]
) -> None:
    page = somebody("sales", "zh")
    page.goto(page.url.rstrip("/") + "/account/2fa/")
    page.get_by_role("link", name="设置密码").click()
    _password(page, old=None, new=PASSWORD)
    email = page.locator(".dropdown-header").first.text_content() or ""
    theirs = browser.new_context(locale="zh-CN")
    other = theirs.new_page()
    other.goto(page.url.split("/account/")[0] + "/account/login/")
    other.locator("input[name=login]").fill(email)
    other.locator("input[name=password]").fill(PASSWORD)
    other.locator("main form button.btn-primary").first.click()
    other.wait_for_url(lambda url: "/account/" not in url)
    _menu(page, "登录的设备")
    look(page, "sessions")
    page.get_by_role("button", name="让其他设备全部退出").click()
    expect(page.get_by_role("button", name="让其他设备全部退出")).to_have_count(0)
    other.reload()
    expect(other.locator("input[name=password]")).to_be_visible()
    theirs.close()


def test_the_house_is_set(somebody: Somebody, look: Callable[[Page, str], None]) -> None:
    page = somebody("administrator", "zh")
    base, mark = page.url.rstrip("/"), uuid4().hex[:6]
    page.goto(f"{base}/settings/roles/analyst/")
    page.get_by_role("button", name="复制").click()
    page.get_by_label("中文名").fill(f"外部顾问{mark}")
    page.get_by_label("查看客户：团队").check()
    page.get_by_label("查看数据健康").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"外部顾问{mark}")
    expect(page.get_by_label("查看客户：团队")).to_be_checked()
    look(page, "role")
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_text(f"外部顾问{mark}")).to_have_count(0)

    page.goto(f"{base}/settings/departments/")
    for name in (f"总部{mark}", f"华东{mark}"):
        page.get_by_label("新部门的名称").fill(name)
        page.get_by_role("button", name="新增").first.click()
        expect(page.locator("summary", has_text=name)).to_be_visible()
    east = page.locator("li", has=page.locator("summary", has_text=f"华东{mark}"))
    east.locator("summary").click()
    east.get_by_label("上级").select_option(label=f"总部{mark}")
    look(page, "departments")
    east.get_by_role("button", name="保存").click()
    expect(east).to_have_class("list-group-item tree-1")
    for name in (f"华东{mark}", f"总部{mark}"):
        line = page.locator("li", has=page.locator("summary", has_text=name))
        line.locator("summary").click()
        line.get_by_role("button", name="删除（须为空）").click()
        expect(line).to_have_count(0)

    page.goto(f"{base}/settings/organisation/")
    page.locator("#name").fill("客迹示例公司")
    page.locator("#opens").fill("08:30")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#opens")).to_have_value("08:30")
    expect(page.get_by_text("已有事件按它们记账")).to_be_visible()
    look(page, "organisation")


def test_briefly_in_english(somebody: Somebody, look: Callable[[Page, str], None]) -> None:
    page = somebody("administrator", "en")
    base = page.url.rstrip("/")
    page.goto(f"{base}/settings/organisation/")
    page.get_by_label("A week begins with").select_option(label="Sunday")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved").first).to_be_visible()
    look(page, "organisation")
    page.get_by_label("From").fill("2030-10-01")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Remove 1 Oct 2030").click()
    expect(page.get_by_role("button", name="Remove 1 Oct 2030")).to_have_count(0)
    page.locator("[aria-label='Account, language and look']:visible").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.locator("input[name=password]")).to_be_visible()
