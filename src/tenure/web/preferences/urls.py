"""Addresses of the reader's own choices."""

from __future__ import annotations

from django.urls import path

from tenure.web.preferences import views

app_name = "preferences"
urlpatterns = [
    path("language", views.language, name="language"),
    path("theme", views.theme, name="theme"),
]
