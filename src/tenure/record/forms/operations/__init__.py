"""Every write of forms."""

from __future__ import annotations

from tenure.record.forms.operations.checking import Answers, check_answers
from tenure.record.forms.operations.counting import count_visit
from tenure.record.forms.operations.deciding import (
    DecidedError,
    delete_submission,
    release_submission,
)
from tenure.record.forms.operations.guarding import FloodError
from tenure.record.forms.operations.showing import Shown, read_token, show_form
from tenure.record.forms.operations.taking import Sending, TooLongError, Visit, take_submission

__all__ = [
    "Answers",
    "DecidedError",
    "FloodError",
    "Sending",
    "Shown",
    "TooLongError",
    "Visit",
    "check_answers",
    "count_visit",
    "delete_submission",
    "read_token",
    "release_submission",
    "show_form",
    "take_submission",
]
