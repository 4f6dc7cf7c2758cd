"""Which addresses webhooks may go to: public ones by HTTPS, and what the operator lists.

Whoever names an address has a server inside the network knock at it. So the name is resolved
here, every address it leads to is looked at, and the connection is made to exactly the one that
was looked at: a name that leads elsewhere a moment later leads nowhere.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from tenure.words import TenureError, Words

LONGEST_URL = 2_000
_KEPT_VISIBLE = 4
_NAT64 = ip_network("64:ff9b::/96")
_ALSO_INSIDE = (ip_address("168.63.129.16"),)
"""Public by its number, and yet the inside of a cloud (Azure's platform)."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class AddressError(TenureError):
    """Webhooks do not go to this address."""


class ForbiddenAddressError(Exception):
    """A name leads to an address that webhooks do not go to; told as the attempt's problem."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator lists beyond public addresses: host names and networks."""

    hosts: frozenset[str]
    networks: tuple[Network, ...]

    def lists(self, host: str, address: Address) -> bool:
        """Whether this host or this address of it is listed."""
        return _plain(host) in self.hosts or any(address in net for net in self.networks)


def allowed() -> Allowed:
    """The operator's list, from the setting ``TENURE_WEBHOOK_ALLOW``."""
    hosts, networks = set[str](), list[Network]()
    for entry in settings.TENURE_WEBHOOK_ALLOW:
        try:
            networks.append(ip_network(entry, strict=False))
        except ValueError:
            hosts.add(_plain(entry))
    return Allowed(frozenset(hosts), tuple(networks))


def checked_url(text: str) -> str:
    """``text`` as the address of an endpoint.

    What a name leads to is looked at with every attempt, not here.

    Raises:
        AddressError: it is no address of HTTP, carries a password, or names a place inside.
    """
    url = text.strip()
    parts = _split(url)
    if parts is None:
        raise AddressError(
            Words(
                zh="请填写完整的地址，例如 https://erp.example.com/tenure",
                en="Give the whole address, such as https://erp.example.com/tenure",
            )
        )
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None:
        raise AddressError(
            Words(
                zh="地址里不要写用户名和密码：接收方应验证签名",
                en="No user or password in the address: the receiver checks the signature",
            )
        )
    listed, literal = allowed(), _literal(host)
    if literal is not None:
        fine = may_go(host, literal, parts.scheme, listed)
    elif parts.scheme == "http" or _plain(host) == "localhost":
        fine = _plain(host) in listed.hosts or bool(listed.networks)
    else:
        fine = True
    if not fine:
        raise _refused(host)
    return url


def shown(url: str) -> str:
    """What can be shown of an address: its host and its last characters, which tell it apart.

    The path and the query of an address are often its password.
    """
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    rest = url[len(origin) :]
    if len(rest) <= 2 * _KEPT_VISIBLE:
        return (origin if rest in {"", "/"} else f"{origin}/…")[:300]
    return f"{origin[: 290 - _KEPT_VISIBLE]}/…{rest[-_KEPT_VISIBLE:]}"


def connected(
    host: str, port: int, *, scheme: str, listed: Allowed, seconds: float
) -> socket.socket:
    """A connection to ``host``, at an address that webhooks may go to.

    Raises:
        ForbiddenAddressError: every address of it is one they do not go to.
        OSError: it has none, or none answers within ``seconds``.
    """
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    good = [one for one in found if may_go(host, ip_address(one[4][0]), scheme, listed)]
    if found and not good:
        raise ForbiddenAddressError(host)
    return _first_that_answers(good, seconds)


def may_go(host: str, address: Address, scheme: str, listed: Allowed) -> bool:
    """Whether webhooks for ``host`` may go to this address of it."""
    real = _embedded(address)
    if listed.lists(host, real):
        return True
    public = real.is_global and not real.is_multicast and real not in _ALSO_INSIDE
    return public and scheme == "https"


def _first_that_answers(
    found: Sequence[tuple[int, int, int, str, tuple[object, ...]]], seconds: float
) -> socket.socket:
    failure: OSError = OSError("the name leads to no address")
    for family, kind, protocol, _, place in found:
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(seconds)
            made.connect(place)
        except OSError as error:
            made.close()
            failure = error
        else:
            return made
    raise failure


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries inside, where it does: that is where it leads."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address.teredo is not None:
        inner = address.teredo[1]
    if inner is None and address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def _split(url: str) -> SplitResult | None:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _plain(host: str) -> str:
    return host.strip().rstrip(".").strip("[]").lower()


def _refused(host: str) -> AddressError:
    return AddressError(
        Words(
            zh=f"推送只发往公网的 HTTPS 地址。要发往内部的 {host}，请管理员在环境变量 "
            "TENURE_WEBHOOK_ALLOW 里列出这个主机名或网段",
            en=f"Webhooks go to public addresses by HTTPS only. To reach {host} inside, have the "
            "operator list its name or network in TENURE_WEBHOOK_ALLOW",
        )
    )
