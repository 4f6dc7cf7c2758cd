"""Addresses that visitors see."""

from __future__ import annotations

from django.urls import path

from tenure.web.forms.views import hosted

app_name = "hosted"
urlpatterns = [
    path("embed.js", hosted.embed_script, name="embed"),
    path("<str:key>/", hosted.form_page, name="form"),
    path("<str:key>/thanks/", hosted.thanks, name="thanks"),
    path("<str:key>/started/", hosted.started, name="started"),
]
