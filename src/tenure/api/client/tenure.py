"""The client: one method for each thing programs mostly do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from tenure.api.client.calling import ProblemError, Request, Response, Sender, send
from tenure.api.client.shapes import (
    Customer,
    Event,
    EventShown,
    Life,
    ListedCustomer,
    Metric,
    Page,
    Receipt,
    Receipts,
)
from tenure.api.client.webhooks import AddedWebhook, Delivery, NewSecret, Resent, Webhook

T = TypeVar("T")
Value = str | int | float | bool | None


class Tenure:
    """A house of Tenure, asked with a token.

    Args:
        address: such as ``https://tenure.example.com``.
        token: made under Settings → API tokens.
        language: in which problems are told, ``zh`` or ``en``.
        sender: sends requests; by ``urllib`` as a rule.
    """

    def __init__(
        self, address: str, token: str, *, language: str = "en", sender: Sender = send
    ) -> None:
        self._address = address.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept-Language": language,
            "Content-Type": "application/json",
        }
        self._send = sender

    def customers(
        self,
        where: str = "",
        *,
        columns: Sequence[str] = (),
        sort: str = "-last_seen",
        page: int = 100,
    ) -> Iterator[ListedCustomer]:
        """Everybody for whom a condition holds, read page by page as they are needed."""
        asked = {"where": where, "columns": ",".join(columns), "sort": sort, "limit": page}
        return self._pages("/api/customers", asked, ListedCustomer)

    def customer(self, customer_id: str) -> Customer:
        """One customer by any of their numbers."""
        return self._read(f"/api/customers/{quote(customer_id)}", Customer)

    def find(self, value: str, *, kind: str | None = None) -> list[Customer]:
        """Customers whom a telephone, a mail address or a number leads to."""
        page = self._write("POST", "/api/customers/find", {"value": value, "type": kind}, Page)
        return [msgspec.json.decode(item, type=Customer) for item in page.items]

    def put_customer(
        self,
        identifiers: Mapping[str, str | list[str]],
        profile: Mapping[str, Value],
        *,
        key: str | None = None,
    ) -> Customer:
        """Put a customer on record, or change the one who has these identifiers.

        Args:
            identifiers: type to value or values.
            profile: field to value; ``None`` empties it.
            key: an idempotency key, so that sending it twice writes it once.
        """
        body = {"identifiers": dict(identifiers), "profile": dict(profile)}
        return self._write("PUT", "/api/customers", body, Customer, key=key)

    def tag(
        self, customer_id: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Customer:
        """Put tags on a customer, and take others off."""
        body = {"add": list(add), "remove": list(remove)}
        return self._write("POST", f"/api/customers/{quote(customer_id)}/tags", body, Customer)

    def record(self, events: Iterable[Event], *, source: str = "api") -> list[Receipt]:
        """Record up to a thousand events; a receipt for each, in their order."""
        body = {"source": source, "events": list(events)}
        return self._write("POST", "/api/events", body, Receipts).receipts

    def timeline(
        self, customer_id: str, *, as_of: date | None = None, page: int = 100
    ) -> Iterator[EventShown]:
        """What happened with a customer, newest first."""
        path = f"/api/customers/{quote(customer_id)}/events"
        return self._pages(path, {**_moment(as_of), "limit": page}, EventShown)

    def stages(
        self, customer_id: str, *, lifecycles: Sequence[str] = (), as_of: date | None = None
    ) -> list[Life]:
        """Where a customer stood on a day, and the way there."""
        asked = {"lifecycles": ",".join(lifecycles), **_moment(as_of)}
        return self._listed(f"/api/customers/{quote(customer_id)}/stages", asked, Life)

    def metrics(
        self, customer_id: str, *, keys: Sequence[str] = (), as_of: date | None = None
    ) -> list[Metric]:
        """Metrics of a customer as they were on a day."""
        asked = {"metrics": ",".join(keys), **_moment(as_of)}
        return self._listed(f"/api/customers/{quote(customer_id)}/metrics", asked, Metric)

    def webhooks(self) -> list[Webhook]:
        """All endpoints that are told of events."""
        return self._listed("/api/webhooks", {}, Webhook)

    def add_webhook(
        self,
        name: str,
        url: str,
        *,
        types: Sequence[str] | None = None,
        reads: Sequence[str] = (),
        keep_days: int = 30,
    ) -> AddedWebhook:
        """Tell another system of events recorded from now on; its secret is told this once.

        Args:
            name: for people.
            url: a public HTTPS address.
            types: event types; all where none are given.
            reads: groups of personal fields sent along, each of which the token reads.
            keep_days: how long deliveries are kept.
        """
        body = {
            "name": name,
            "url": url,
            "every_type": types is None,
            "types": list(types or ()),
            "reads": list(reads),
            "keep_days": keep_days,
        }
        return self._write("POST", "/api/webhooks", body, AddedWebhook)

    def change_webhook(self, webhook_id: int, **changes: Any) -> Webhook:
        """Change ``name``, ``url``, ``types``, ``every_type``, ``reads``, ``keep_days``, ``on``."""
        return self._write("PATCH", f"/api/webhooks/{webhook_id}", changes, Webhook)

    def remove_webhook(self, webhook_id: int) -> Webhook:
        """Remove an endpoint with its deliveries; what it was."""
        return self._write("DELETE", f"/api/webhooks/{webhook_id}", None, Webhook)

    def rotate_webhook(self, webhook_id: int, *, overlap_seconds: int = 86_400) -> str:
        """A new signing secret, told this once; the old one signs beside it for a while."""
        path, body = f"/api/webhooks/{webhook_id}/rotate", {"overlap_seconds": overlap_seconds}
        return self._write("POST", path, body, NewSecret).secret

    def test_webhook(self, webhook_id: int) -> Delivery:
        """Send a test; ask :meth:`deliveries` what became of it."""
        return self._write("POST", f"/api/webhooks/{webhook_id}/test", None, Delivery)

    def resend(self, webhook_id: int, delivery: str | None = None) -> int:
        """Send one delivery again, or all that failed; how many."""
        body = {"delivery": delivery}
        return self._write("POST", f"/api/webhooks/{webhook_id}/resend", body, Resent).deliveries

    def deliveries(
        self, webhook_id: int, *, status: str = "", kind: str = "", page: int = 100
    ) -> Iterator[Delivery]:
        """The delivery log of an endpoint, newest first; ``kind`` is an event type."""
        asked = {"status": status, "type": kind, "limit": page}
        return self._pages(f"/api/webhooks/{webhook_id}/deliveries", asked, Delivery)

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Any operation of the reference, for what has no method here.

        Raises:
            ProblemError: the server refused it.
        """
        address = f"{self._address}{path}" + (f"?{urlencode(query)}" if query else "")
        content = None if body is None else msgspec.json.encode(body)
        asked = Request(method, address, {**self._headers, **(headers or {})}, content)
        response = self._send(asked)
        if response.status >= 400:
            raise ProblemError(response)
        return response

    def _read(self, path: str, shape: type[T], query: Mapping[str, Any] | None = None) -> T:
        return msgspec.json.decode(self.ask("GET", path, query=query).body, type=shape)

    def _write(
        self, method: str, path: str, body: Any, shape: type[T], *, key: str | None = None
    ) -> T:
        headers = {"Idempotency-Key": key} if key else {}
        response = self.ask(method, path, body=body, headers=headers)
        return msgspec.json.decode(response.body, type=shape)

    def _listed(self, path: str, query: Mapping[str, Any], shape: type[T]) -> list[T]:
        page = self._read(path, Page, query)
        return [msgspec.json.decode(item, type=shape) for item in page.items]

    def _pages(self, path: str, query: Mapping[str, Any], shape: type[T]) -> Iterator[T]:
        word: str | None = ""
        while word is not None:
            page = self._read(path, Page, {**query, "cursor": word} if word else query)
            for item in page.items:
                yield msgspec.json.decode(item, type=shape)
            word = page.next


def _moment(as_of: date | None) -> dict[str, str]:
    if as_of is None:
        return {}
    if isinstance(as_of, datetime) and as_of.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return {"as_of": as_of.isoformat()}
