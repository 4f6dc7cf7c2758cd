"""Forms of logging in, accepting an invitation, and one's own profile."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from tenure.record.events.queries import basis
from tenure.web.components.zones import zones
from tenure.web.language import told
from tenure.words import Language, Words

LANGUAGES = (("zh", "简体中文"), ("en", "English"))


def themes() -> list[tuple[str, str]]:
    """Looks to choose from."""
    return [
        ("auto", told(Words("跟随系统", "As the system"))),
        ("light", told(Words("浅色", "Light"))),
        ("dark", told(Words("深色", "Dark"))),
    ]


def own_zones() -> list[tuple[str, str]]:
    """Time zones to choose from, the organisation's first."""
    zone = basis().zone_name
    house = told(Words(f"组织的时区（{zone}）", f"The organisation's ({zone})"))
    return [("", house), *zones()]


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """E-mail and password, with labels instead of words that vanish while one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].label = told(Words("邮箱", "E-mail"))
        self.fields["password"].label = told(Words("密码", "Password"))
        self.fields["remember"].label = told(
            Words("在这台设备上保持登录", "Stay logged in on this device")
        )
        self.fields["password"].help_text = format_html(
            '<a href="{}">{}</a>',
            reverse("account_reset_password"),
            told(Words("忘记密码？", "Forgotten?")),
        )


class InvitationForm(forms.Form):
    """A name and a password for a new account."""

    name = forms.CharField(max_length=100)
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), max_length=200
    )

    def __init__(self, data: QueryDict | None = None, *, name: str = "", email: str = "") -> None:
        super().__init__(data, initial={"name": name})
        self._email = email
        self.fields["name"].label = told(Words("姓名", "Name"))
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["password"].label = told(Words("密码", "Password"))
        self.fields["password"].help_text = told(
            Words("至少 10 个字符，越长越好", "At least 10 characters; longer is better")
        )

    def clean_password(self) -> str:
        """The password, if it is good enough."""
        password = cast(str, self.cleaned_data["password"])
        validate_password(password)
        return password


class ProfileForm(forms.Form):
    """How one is shown, and how one sees the pages."""

    name = forms.CharField(max_length=100)
    language = forms.ChoiceField(choices=LANGUAGES)
    theme = forms.ChoiceField()
    time_zone = forms.ChoiceField(required=False)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        cast(forms.ChoiceField, self.fields["theme"]).choices = themes()
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = own_zones()
        for name, words in {
            "name": Words("姓名", "Name"),
            "language": Words("语言", "Language"),
            "theme": Words("外观", "Look"),
            "time_zone": Words("时区", "Time zone"),
        }.items():
            self.fields[name].label = told(words)
        self.fields["name"].help_text = told(
            Words("同事看到的名字", "The name your colleagues see")
        )

    @property
    def chosen_language(self) -> Language:
        """The language that was chosen."""
        return "en" if self.cleaned_data["language"] == "en" else "zh"
