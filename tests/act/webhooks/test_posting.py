"""One request over a real socket: time, addresses, redirects, answers of every kind."""

from __future__ import annotations

import socket
import threading
import time
from ipaddress import ip_address
from typing import Any
from unittest.mock import patch

import pytest

from tenure.act.webhooks.operations import AddressError
from tenure.act.webhooks.operations.addresses import allowed, checked_url, may_go, shown
from tenure.act.webhooks.operations.posting import KEPT_BYTES, post
from tests.act.webhooks.receiving import Got, loopback

INSIDE = [
    "127.0.0.1", "127.9.9.9", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.100.100.200", "168.63.129.16", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:a00:1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip
PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]


@pytest.fixture
def inside(settings: Any) -> None:
    settings.TENURE_WEBHOOK_ALLOW = ["127.0.0.0/8"]


def ok(number: int, got: Got) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, b"thank you"


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_refused(address: str) -> None:
    assert not may_go("x", ip_address(address), "https", allowed())
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressError):
        checked_url(f"https://{host}/hook")


@pytest.mark.parametrize("address", PUBLIC)
def test_public_ones_only_by_https(address: str) -> None:
    assert may_go("x", ip_address(address), "https", allowed())
    assert not may_go("x", ip_address(address), "http", allowed())


def test_the_operator_may_list_networks_and_hosts(settings: Any) -> None:
    settings.TENURE_WEBHOOK_ALLOW = ["10.1.0.0/16", "ERP.internal.", "::1"]
    listed = allowed()
    assert may_go("any", ip_address("10.1.2.3"), "http", listed)
    assert not may_go("any", ip_address("10.2.2.3"), "http", listed)
    assert may_go("erp.internal", ip_address("192.168.7.7"), "http", listed)
    assert may_go("any", ip_address("::1"), "http", listed)
    assert checked_url("http://erp.internal:8080/hook") == "http://erp.internal:8080/hook"


@pytest.mark.parametrize(
    "text",
    ["", "erp.example.com", "ftp://erp.example.com/", "https://", "https://a b/", "https://x:0/",
     "https://x:99999/", "https://user:secret@erp.example.com/", "http://erp.example.com/",
     "https://localhost/hook", "javascript:alert(1)", "https://ex\u00e4mple.com/", "https://[::1/",
     "https://erp.example.com/" + "a" * 2_000, "https://a\x00b/", "https://a\nb/"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(text: str) -> None:
    with pytest.raises(AddressError) as refused:
        checked_url(text)
    assert "secret" not in refused.value.words.en


def test_what_is_shown_of_an_address_gives_nothing_away() -> None:
    assert shown("https://erp.example.com/") == "https://erp.example.com"
    assert (
        shown("https://hooks.example.com/T0/B1/secretpart9f2c") == "https://hooks.example.com/…9f2c"
    )
    assert "abc" not in shown("https://erp.example.com/?k=abc")


def test_the_answer_is_taken_no_further_than_a_kilobyte(inside: None) -> None:
    with loopback(lambda _, got: (201, {}, b"\x00\xff" + b"x" * 100_000)) as there:
        answer = post(there.url, b"{}", {"webhook-id": "msg_1"})
    assert answer.code == 201
    assert len(answer.text) == KEPT_BYTES
    assert "\x00" not in answer.text
    assert there.got[0].body == b"{}"


def test_redirects_are_not_followed(inside: None) -> None:
    with loopback(ok) as inner, loopback(lambda *_: (307, {"Location": inner.url}, b"")) as there:
        answer = post(there.url, b"{}", {})
    assert answer.code == 307
    assert inner.got == []


def test_without_the_list_loopback_is_not_reached() -> None:
    with loopback(ok) as there:
        answer = post(there.url, b"{}", {})
        https = post(there.url.replace("http:", "https:"), b"{}", {})
    assert (answer.code, answer.problem) == (None, "forbidden")
    assert https.problem == "forbidden"
    assert there.got == []


def test_a_name_that_leads_inside_is_refused_when_it_is_asked(settings: Any) -> None:
    settings.TENURE_WEBHOOK_ALLOW = []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    with patch("socket.getaddrinfo", return_value=found):
        answer = post("https://innocent.example.com/", b"{}", {})
    assert answer.problem == "forbidden"


def test_hanging_dripping_and_dropping_are_told_apart(inside: None) -> None:
    def hang(number: int, got: Got) -> None:
        time.sleep(1.5)

    with loopback(hang) as there:
        answer = post(there.url, b"{}", {}, seconds=0.3)
        assert answer.problem == "timeout"
        assert answer.millis < 1_200
    with loopback(lambda *_: None) as there:
        assert post(there.url, b"{}", {}).problem == "unreachable"
    assert post("http://127.0.0.1:1/", b"{}", {}).problem == "unreachable"
    assert post("https://nowhere.invalid/", b"{}", {}).problem == "unknown_host"
    with loopback(ok) as there:
        assert post(there.url.replace("http:", "https:"), b"{}", {}).problem == "tls"


def test_a_drip_of_headers_is_cut_off(inside: None) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with server.accept()[0] as came:
            came.recv(65_536)
            came.sendall(b"HTTP/1.1 500 No\r\n")
            for number in range(100):
                time.sleep(0.1)
                try:
                    came.sendall(b"X-%d: 1\r\n" % number)
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    answer = post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, seconds=0.5)
    thread.join()
    server.close()
    assert answer.problem == "timeout"
    assert answer.millis < 2_000
