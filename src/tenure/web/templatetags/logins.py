"""The other login system, where this installation has one."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@register.simple_tag
def other_login_name() -> str:
    """What the other login system is called; empty without one."""
    return str(settings.OIDC_NAME) if _configured() else ""


@register.simple_tag
def other_login_link() -> str:
    """Where logging in by it begins; empty without one."""
    if not _configured():
        return ""
    return reverse("openid_connect_login", kwargs={"provider_id": "oidc"})


def _configured() -> bool:
    return bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])
