"""Addresses of allauth's pages; those that do not fit a house of invited staff lead nowhere."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from tenure.web.accounts import openid, views


def nowhere(request: HttpRequest, **_: object) -> HttpResponse:
    """Addresses are changed by administrators; nobody signs up by themselves.

    Raises:
        Http404: always.
    """
    raise Http404


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="accounts:profile"), name="account_security"),
    path("password/reset/", views.forgotten, name="account_reset_password"),
    re_path(r"^(?:email|confirm-email|3rdparty/signup)/", nowhere),
    path("oidc/<slug:provider_id>/login/", openid.begin),
    path("oidc/<slug:provider_id>/login/callback/", openid.come_back),
    path("", include("allauth.urls")),
]
