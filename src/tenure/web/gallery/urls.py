"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import path

from tenure.web.gallery import views

app_name = "gallery"
urlpatterns = [
    path("", views.everything, name="all"),
    path("act", views.act, name="act"),
    path("progress/<int:step>", views.progress, name="progress"),
]
