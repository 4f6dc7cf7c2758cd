"""What the tests of forms share: a house with forms, a visitor, and the loader at the end."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tenure.actor import SYSTEM
from tenure.clock import now
from tenure.definitions import load_text
from tenure.record.events.models import Event
from tenure.record.forms.operations import show_form
from tenure.record.library.operations import publish
from tenure.record.sources.operations import load_spool
from tests.web.house import open_first

GOOD = {
    "a-full_name": "王小明",
    "a-phone": "138 0013 8001",
    "a-email": "",
    "a-remark": "想了解春季新品",
    "consent-0": "yes",
    "lang": "zh",
}
FORM = """
kind: form
key: {key}
name: {{zh: 留言, en: Leave a note}}
party: person
fields:
  - {{field: full_name, required: true}}
  - {{field: phone}}
  - {{field: email}}
  - {{field: remark}}
  - {{field: birth_date}}
  - {{field: gender}}
  - {{field: birth_year}}
consents:
  - purpose: service
    text: {{zh: 同意答复, en: I agree to an answer}}
    version: "1"
    required: true
  - purpose: marketing
    channel: sms
    text: {{zh: 同意短信, en: I agree to text messages}}
    version: "2"
{more}
"""


def open_forms(tmp_path: Path, settings: Any, more: str = "", key: str = "note") -> None:
    """A house with the first packs and one form."""
    open_first(tmp_path, settings, "general")
    settings.TENURE_SPOOL_FREE_BYTES = 0
    publish_form(more, key=key)


def publish_form(more: str = "", key: str = "note") -> None:
    """Publish the form with further lines."""
    definitions = load_text(FORM.format(key=key, more=more))
    publish(definitions, note="test", by=SYSTEM, at=now())


def token(form: str = "note", version: int = 1, *, age: float = 30) -> str:
    """A token of a form that was shown so many seconds ago."""
    return show_form(form, version, at=now() - timedelta(seconds=age))


def send(client: Client, form: str = "note", query: str = "", **changed: str) -> Any:
    """Send a form that is in order, with some fields changed."""
    fields = {**GOOD, "token": token(form)} | changed
    return client.post(f"/f/{form}/{query}", urlencode(fields), "application/x-www-form-urlencoded")


def shown_token(answer: Any) -> str:
    """The token of a page."""
    [found] = re.findall(r'name="token" value="([^"]+)"', answer.content.decode())
    return str(found)


def load(directory: Path) -> list[Event]:
    """Load what waits; the events that are then in the log."""
    load_spool(clock=now, directory=directory / "spool")
    return list(Event.objects.order_by("id"))
