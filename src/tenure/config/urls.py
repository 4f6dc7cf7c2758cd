"""Which address leads to which door."""

from __future__ import annotations

from django.urls import include, path

from tenure.config.metrics.views import metrics
from tenure.web import failures, vitals

urlpatterns = [
    path("healthz", vitals.alive, name="healthz"),
    path("readyz", vitals.ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("account/", include("tenure.web.accounts.urls")),
    path("account/", include("tenure.web.accounts.logins")),
    path("settings/", include("tenure.web.settings.urls")),
    path("preferences/", include("tenure.web.preferences.urls")),
    path("api/", include("tenure.api.rest.urls")),
    path("customers/", include("tenure.web.customers.urls")),
    path("gallery/", include("tenure.web.gallery.urls")),
    path("", include("tenure.web.today.urls")),
    path("imports/", include("tenure.web.imports.urls")),
    path("sources/", include("tenure.web.sources.urls")),
    path("feeds/", include("tenure.web.feeds.urls")),
    path("webhooks/", include("tenure.web.webhooks.urls")),
    path("forms/", include("tenure.web.forms.urls")),
    path("f/", include("tenure.web.forms.hosted_urls")),
    path("health/", include("tenure.web.health.urls")),
    path("lifecycle/", include("tenure.web.lifecycle.urls")),
    path("definitions/", include("tenure.web.definitions.urls")),
    path("", include("tenure.api.ingest.urls")),
]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.fault
