"""What forms of the customer page send, read; and the way back that follows an act."""

from __future__ import annotations

from django.urls import reverse

from tenure.web.components.toasts import Undo
from tenure.web.customers.views.customer_frame import LARGEST_NUMBER, Opened
from tenure.words import TenureError, Words

Done = tuple[Words, Undo | None]


class InputError(TenureError):
    """A form was sent without what it needs."""


def text(opened: Opened, key: str) -> str:
    """A text of the form, without spaces around it."""
    return opened.request.POST.get(key, "").strip()


def number(opened: Opened, key: str) -> int:
    """A number of the form.

    Raises:
        InputError: it is none.
    """
    typed = text(opened, key)
    if not is_number(typed):
        raise InputError(
            Words("表单不完整，请刷新页面再试", "the form is incomplete; reload the page")
        )
    return int(typed)


def is_number(typed: str) -> bool:
    """Whether this is a number that the database may hold."""
    plain = typed.isascii() and typed.isdigit() and len(typed) < 20
    return plain and int(typed) <= LARGEST_NUMBER


def undo_by(opened: Opened, name: str, **fields: object) -> Undo:
    """The act that takes another back."""
    address = reverse("customers:act", args=[opened.customer_id, name])
    return Undo(address, {key: str(value) for key, value in fields.items()})
