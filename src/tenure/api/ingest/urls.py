"""Addresses that senders' libraries know; none of them can be chosen otherwise."""

from __future__ import annotations

from django.urls import path, re_path

from tenure.api.ingest import hooks, posthog, sensors, views

urlpatterns = [
    re_path(r"^v1/(?:batch|b|import)/?$", views.batch),
    re_path(r"^beacon/v1/batch/?$", views.batch),
    re_path(r"^v1/(?P<kind>identify|track|page|screen|group|alias|[itpsga])/?$", views.single),
    path("v1/projects/<str:key>/settings", views.project_settings),
    re_path(r"^(?:v1/)?sourceConfig/?$", views.source_config),
    re_path(r"^v1/", views.nowhere),
    re_path(r"^(?:batch|capture|e|i/v0/e)/?$", posthog.capture),
    re_path(r"^(?:flags|decide)/?$", posthog.flags),
    path("array/<str:token>/config", posthog.config),
    re_path(r"^hooks(?:/(?P<key>[\w-]{1,200}))?/?$", hooks.hook),
    re_path(r"^sa(?:\.gif)?/?$", sensors.track),
]
