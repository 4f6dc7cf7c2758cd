"""Every read of forms."""

from __future__ import annotations

from tenure.record.forms.queries.held import HeldView, held_submissions
from tenure.record.forms.queries.numbers import FormNumbers, form_numbers
from tenure.record.forms.queries.shown import OpenForm, form_as_shown, open_form

__all__ = [
    "FormNumbers",
    "HeldView",
    "OpenForm",
    "form_as_shown",
    "form_numbers",
    "held_submissions",
    "open_form",
]
