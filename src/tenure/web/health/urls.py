"""Addresses of data health."""

from __future__ import annotations

from django.urls import path

from tenure.web.health.views import letters, measured, records

app_name = "health"
urlpatterns = [
    path("", measured.overview, name="overview"),
    path("measure/", measured.measure, name="measure"),
    path("measuring/", measured.measuring, name="measuring"),
    path("source/", measured.source, name="source"),
    path("records/", records.records, name="records"),
    path("records/days/", records.fresh_days, name="fresh_days"),
    path("functions/", measured.functions, name="functions"),
    path("oddities/", measured.odd, name="oddities"),
    path("links/", measured.links, name="links"),
    path("refused/", letters.groups, name="letters"),
    path("refused/replay/", letters.replay, name="replay"),
    path("refused/<int:letter_id>/", letters.letter, name="letter"),
    path("refused/<int:letter_id>/discard/", letters.discard, name="discard"),
]
