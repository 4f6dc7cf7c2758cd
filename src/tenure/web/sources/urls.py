"""Addresses of data sources."""

from __future__ import annotations

from django.urls import path

from tenure.web.sources import views

app_name = "sources"
urlpatterns = [
    path("", views.every, name="list"),
    path("<int:source_id>/", views.one, name="source"),
    path("<int:source_id>/key/", views.new_key, name="key"),
    path("<int:source_id>/pausing/", views.pausing, name="pausing"),
]
