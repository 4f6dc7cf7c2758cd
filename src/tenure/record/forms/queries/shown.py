"""The form that an address shows."""

from __future__ import annotations

from dataclasses import dataclass

from tenure.definitions import Form, Library
from tenure.record.library.queries import current_library, versions


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A published form with what it stands on; ``version`` is the one in force."""

    form: Form
    version: int
    library: Library


def open_form(key: str) -> OpenForm | None:
    """The form of that key as it is in force, closed or not; None where there is none."""
    library, _ = current_library()
    form = library.forms.get(key)
    if form is None:
        return None
    return OpenForm(form, versions(Form.kind, key)[-1].number, library)


def form_as_shown(opened: OpenForm, version: int) -> Form:
    """The form as it was in a version: whoever began to fill that in sends that."""
    if version == opened.version:
        return opened.form
    known = versions(Form.kind, opened.form.key)
    older = next((one.definition() for one in known if one.number == version), None)
    return older if isinstance(older, Form) else opened.form
