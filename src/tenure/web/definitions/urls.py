"""Addresses of the definitions."""

from __future__ import annotations

from django.urls import path

from tenure.web.definitions.views import editor, library, packs, preview, publishing

app_name = "definitions"
urlpatterns = [
    path("", library.everything, name="library"),
    path("packs/", packs.everything, name="packs"),
    path("packs/<slug:key>/", packs.one, name="pack"),
    path("packs/<slug:key>/install/", packs.install, name="install"),
    path("names/", editor.names, name="names"),
    path("explain/", editor.explain, name="explain"),
    path("new/", editor.new, name="new"),
    path("<slug:kind>/<str:key>/", library.one, name="one"),
    path("<slug:kind>/<str:key>/edit/", editor.edit, name="edit"),
    path("<slug:kind>/<str:key>/edit/yaml/", editor.edit_yaml, name="yaml"),
    path("<slug:kind>/<str:key>/edit/preview/", preview.show, name="preview"),
    path("<slug:kind>/<str:key>/save/", editor.save, name="save"),
    path("<slug:kind>/<str:key>/discard/", publishing.discard, name="discard"),
    path("<slug:kind>/<str:key>/publish/", publishing.publish, name="publish"),
    path("<slug:kind>/<str:key>/roll-forward/", publishing.roll, name="roll"),
]
