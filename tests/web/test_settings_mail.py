"""Invitations by mail: sent, refused, and the server down."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tenure.actor import SYSTEM
from tenure.guard.access.operations import make_account
from tests.guard.staff import AT
from tests.web.mail_server import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, django_user_model: Any) -> Client:
    number = make_account(
        email="wang@example.com", name="王芳", roles=["administrator"], by=SYSTEM, at=AT
    )
    client.force_login(django_user_model.objects.get(pk=number))
    return client


def _mails_by(settings: Any, port: int) -> None:
    settings.EMAIL_ENABLED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def _invite(admin: Client) -> HttpResponse:
    form = {"email": "han@example.com", "name": "韩梅梅", "roles": ["sales"]}
    return admin.post(reverse("settings:invite"), form)


def test_the_mailed_link_opens(admin: Client, settings: Any) -> None:
    with mail_server() as server:
        _mails_by(settings, server.port)
        page = _invite(admin).content.decode()
    assert "邀请已发到 han@example.com" in page
    [message] = server.taken
    assert message["To"] == "han@example.com"
    assert message["Subject"] == "王芳 邀请您使用 Tenure"
    link = re.search(r"http://testserver(\S+)", message.get_content())
    assert link is not None
    assert "韩梅梅" in Client().get(link[1]).content.decode()


def test_an_address_the_server_does_not_take(admin: Client, settings: Any) -> None:
    with mail_server() as server:
        server.answer = "550 no such mailbox"
        _mails_by(settings, server.port)
        page = _invite(admin).content.decode()
    assert server.taken == []
    assert "邮件服务器不接受这个收件地址" in page


def test_with_the_server_down_the_link_is_offered(admin: Client, settings: Any) -> None:
    with mail_server() as server:
        port = server.port
    _mails_by(settings, port)
    page = _invite(admin).content.decode()
    assert f"连不上邮件服务器 127.0.0.1:{port}" in page
    link = re.search(r'value="http://testserver(/account/invitation/[^"]+)"', page)
    assert link is not None
    assert "韩梅梅" in Client().get(link[1]).content.decode()


def test_without_mail_nothing_failed(admin: Client) -> None:
    page = _invite(admin).content.decode()
    assert "没有发出去" not in page
    assert "请把这个链接发给 han@example.com" in page
