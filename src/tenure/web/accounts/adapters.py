"""How allauth fits this house: staff only, by invitation, with second factors sealed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse

from tenure.clock import now
from tenure.guard.access.operations import accept_by_address
from tenure.guard.access.queries import is_invited
from tenure.web.language import newcomer_language


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the ways to log in, not to the form again."""
        return reverse("mfa_index")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **more: Any
    ) -> None:
        """What allauth has to say, but for what the next page shows anyway."""
        if not message_template.endswith(("/logged_in.txt", "/logged_out.txt")):
            super().add_message(request, level, message_template, *args, **more)


class InvitedOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whoever logs in by another system has an account here, or an invitation."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether an address that the other system has confirmed is invited."""
        return any(is_invited(email, now()) for email in _confirmed(sociallogin))

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An invitation says all there is to know."""
        return True

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """The account that the invitation leads to, with this login tied to it."""
        at = now()
        email = next(email for email in _confirmed(sociallogin) if is_invited(email, at))
        number = accept_by_address(email=email, name="", language=newcomer_language(request), at=at)
        sociallogin.user = get_user_model().objects.get(pk=number)
        sociallogin.save(request, connect=True)
        return sociallogin.user


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are encrypted in the database."""

    def encrypt(self, text: str) -> str:
        """Sealed."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was before :meth:`encrypt`."""
        return _seal().decrypt(encrypted_text.encode()).decode()


def _seal() -> Fernet:
    digest = hashlib.sha256(settings.MFA_SECRETS_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _confirmed(sociallogin: Any) -> list[str]:
    return [address.email for address in sociallogin.email_addresses if address.verified]
