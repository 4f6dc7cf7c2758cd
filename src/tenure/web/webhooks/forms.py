"""The form of an endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict

from tenure.act.webhooks.operations import USUAL_DAYS, Wanted
from tenure.act.webhooks.queries import EndpointView
from tenure.guard.access.queries import FIELD_GROUPS, Rights
from tenure.record.library.queries import current_library
from tenure.web.language import told
from tenure.words import Words

Choice = tuple[str, Words | None, bool]
"""A key, how it is called (``None`` where no definition says), whether it is chosen."""


class EndpointForm(forms.Form):
    """Name, address, event types, what it reads, how long deliveries are kept."""

    name = forms.CharField(max_length=150)
    url = forms.CharField(max_length=2_000)
    which = forms.ChoiceField(choices=[("some", ""), ("every", "")])
    types = forms.MultipleChoiceField(required=False)
    reads = forms.MultipleChoiceField(required=False)
    keep_days = forms.IntegerField(min_value=1, max_value=365)

    def __init__(
        self, data: QueryDict | None = None, *, rights: Rights, known: EndpointView | None = None
    ) -> None:
        super().__init__(data, initial=_initial(known))
        self._groups = sorted(rights.reads | frozenset(known.reads if known else ()))
        self._keys = {*current_library()[0].event_types, *(known.types if known else ())}
        self._choose("types", sorted(self._keys))
        self._choose("reads", self._groups)
        self.fields["url"].required = known is None
        said = {
            "name": (Words("名称", "Name"), None),
            "url": (Words("地址", "Address"), _url_help(known)),
            "keep_days": (Words("投递记录保留天数", "Days deliveries are kept"), None),
        }
        for name, (label, help_) in said.items():
            self.fields[name].label = told(label)
            self.fields[name].help_text = told(help_) if help_ else ""
        for name in ("name", "url", "keep_days"):
            self.fields[name].widget.attrs["class"] = "form-control"

    @property
    def every(self) -> bool:
        """Whether all types are chosen."""
        return bool(self["which"].value() == "every")

    @property
    def type_choices(self) -> list[Choice]:
        """Event types, those that are chosen first."""
        library, chosen = current_library()[0].event_types, set(self["types"].value() or ())
        keys = sorted(self._keys, key=lambda key: (key not in chosen, key))
        return [(key, library[key].name if key in library else None, key in chosen) for key in keys]

    @property
    def group_choices(self) -> list[Choice]:
        """Field groups the viewer may give, and those the endpoint has."""
        chosen = set(self["reads"].value() or ())
        return [
            (key, words, key in chosen)
            for key, words in FIELD_GROUPS.items()
            if key in self._groups
        ]

    def wanted(self) -> Wanted:
        """As operations take it; an address left empty stays as it is."""
        said = self.cleaned_data
        every = said["which"] == "every"
        return Wanted(
            name=said["name"],
            url=said["url"] or None,
            every_type=every,
            types=said["types"] if not every else (),
            reads=said["reads"],
            keep_days=said["keep_days"],
        )

    def _choose(self, name: str, keys: Sequence[str]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [(key, key) for key in keys]


def _initial(known: EndpointView | None) -> dict[str, Any]:
    if known is None:
        return {"which": "some", "keep_days": USUAL_DAYS}
    return {
        "name": known.name,
        "which": "every" if known.every_type else "some",
        "types": list(known.types),
        "reads": list(known.reads),
        "keep_days": known.keep_days,
    }


def _url_help(known: EndpointView | None) -> Words:
    if known is None:
        return Words(
            "公网的 HTTPS 地址；内部地址须由管理员用 TENURE_WEBHOOK_ALLOW 放行",
            "A public HTTPS address; those inside need the operator's TENURE_WEBHOOK_ALLOW",
        )
    return Words(
        f"现在是 {known.address}。留空则不变",
        f"Now {known.address}. Leave it empty to keep it",
    )
