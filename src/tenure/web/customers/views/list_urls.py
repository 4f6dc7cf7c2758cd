"""Addresses of the list of customers."""

from __future__ import annotations

from django.urls import path

from tenure.web.customers.views import list_acts, list_export, list_page, list_search, list_views

list_paths = [
    path("", list_page.show, name="list"),
    path("palette/", list_search.palette, name="palette"),
    path("words/", list_search.words, name="words"),
    path("value/", list_search.value, name="value"),
    path("acts/", list_acts.act, name="list-act"),
    path("undo/", list_acts.undo, name="undo"),
    path("export.<slug:kind>", list_export.export, name="export"),
    path("views/", list_views.save, name="save-view"),
    path("views/<int:view_id>/", list_views.choose, name="view"),
]
