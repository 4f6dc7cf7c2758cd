"""Logging in by OpenID Connect, with everything the other system says checked.

allauth has the flow, state and PKCE. Here a nonce is added, the signature of the ID token is
always checked, and what is told of the person must be told of the one the token is for.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from requests import RequestException


class Checked(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Takes an identity only from a signed token that answers this very login."""

    nonce: str | None = None

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **given: Any) -> Any:
        """The identity.

        Raises:
            OAuth2Error: no ID token, one for another login, or other words about another person.
        """
        found = super().complete_login(request, app, token, **given)
        said = found.account.extra_data
        signed, told = said.get("id_token") or {}, said.get("userinfo") or {}
        if self.nonce is None or signed.get("nonce") != self.nonce:
            raise OAuth2Error("the ID token is not for this login")
        if told and told.get("sub") != signed.get("sub"):
            raise OAuth2Error("the user info is of somebody else")
        return found

    def _decode_id_token(self, app: Any, id_token: str) -> Any:
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )


class _Callback(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = state.get("nonce") if state else None
        return state, answer


@never_cache
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send somebody to the other system.

    Raises:
        Http404: there is none of this name.
    """
    provider = _adapter(request, provider_id).get_provider()
    given = provider.get_redirect_from_request_kwargs(request)
    nonce = secrets.token_urlsafe(24)
    given["scope"] = provider.get_scope()  # not what the address asks for
    given["auth_params"] = {**provider.get_auth_params(), "nonce": nonce}
    try:
        answer: HttpResponseBase = provider.redirect(request, **given, nonce=nonce)
    except (RequestException, KeyError, ValueError) as failure:  # it is down, or no such system
        answer = render_authentication_error(request, provider, exception=failure)
    return answer


@never_cache
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Log in whom the other system sends back.

    Raises:
        Http404: there is none of this name.
    """
    adapter = _adapter(request, provider_id)
    try:
        answer: HttpResponseBase = _Callback.adapter_view(adapter)(request)
    except (RequestException, KeyError, ValueError) as failure:
        answer = render_authentication_error(request, adapter.get_provider(), exception=failure)
    return answer


def _adapter(request: HttpRequest, provider_id: str) -> Checked:
    adapter = Checked(request, provider_id)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return adapter
