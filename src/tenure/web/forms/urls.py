"""Addresses of the pages on which forms are made and looked after."""

from __future__ import annotations

from django.urls import path

from tenure.web.forms.views import builder, held, listing, publishing

app_name = "forms"
urlpatterns = [
    path("", listing.every, name="list"),
    path("new/", builder.new, name="new"),
    path("<str:key>/", listing.one, name="one"),
    path("<str:key>/qr.svg", listing.qr_code, name="qr"),
    path("<str:key>/edit/", builder.edit, name="edit"),
    path("<str:key>/save/", builder.save, name="save"),
    path("<str:key>/preview/", builder.preview, name="preview"),
    path("<str:key>/publish/", publishing.publish, name="publish"),
    path("<str:key>/discard/", publishing.discard, name="discard"),
    path("<str:key>/back/", publishing.back, name="back"),
    path("<str:key>/switch/", publishing.switch, name="switch"),
    path("<str:key>/held/", held.waiting, name="held"),
    path("<str:key>/held/decide/", held.decide, name="decide"),
]
