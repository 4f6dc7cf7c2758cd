"""Addresses of feeds."""

from __future__ import annotations

from django.urls import path

from tenure.web.feeds.views import acts, adding, listing, mapping, one

app_name = "feeds"
urlpatterns = [
    path("", listing.every, name="list"),
    path("new/<slug:kind>/", adding.new, name="new"),
    path("<int:source_id>/", one.feed, name="feed"),
    path("<int:source_id>/refused.csv", one.refused_file, name="refused_file"),
    path("<int:source_id>/settings/", adding.change, name="settings"),
    path("<int:source_id>/signature/", adding.signature, name="signature"),
    path("<int:source_id>/address/", adding.address, name="address"),
    path("<int:source_id>/mapping/", mapping.agree, name="mapping"),
    path("<int:source_id>/mapping/sample/", mapping.sample, name="sample"),
    path("<int:source_id>/mapping/text/", mapping.own_text, name="own_text"),
    path("<int:source_id>/pull/", acts.pull, name="pull"),
    path("<int:source_id>/pausing/", acts.pausing, name="pausing"),
    path("<int:source_id>/retry/", acts.retry, name="retry"),
    path("<int:source_id>/over/", acts.over, name="over"),
]
