"""Addresses of data sources."""

from __future__ import annotations

from django.urls import path

from tenure.web.sources.views import keys, listing, one, refused, samples, unknown

app_name = "sources"
urlpatterns = [
    path("", listing.every, name="list"),
    path("unknown/", unknown.everywhere, name="unknown"),
    path("declare/", unknown.declare, name="declare"),
    path("<int:source_id>/", one.one, name="source"),
    path("<int:source_id>/key/", keys.new_key, name="key"),
    path("<int:source_id>/key/<int:key_id>/", keys.end_key, name="end_key"),
    path("<int:source_id>/pausing/", one.pausing, name="pausing"),
    path("<int:source_id>/samples/", samples.of_source, name="samples"),
    path("<int:source_id>/unknown/", unknown.of_source, name="source_unknown"),
    path("<int:source_id>/refused/", refused.of_source, name="refused"),
    path("<int:source_id>/refused/again/", refused.again, name="refused_again"),
    path("<int:source_id>/refused/download/", refused.download, name="refused_download"),
]
