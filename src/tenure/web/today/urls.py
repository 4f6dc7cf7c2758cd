"""Addresses of today; the first has no namespace, since it is where everybody begins."""

from __future__ import annotations

from django.urls import path

from tenure.web.today import views

urlpatterns = [
    path("", views.today, name="today"),
    path("today/moves/", views.moves, name="today-moves"),
    path("today/coming/", views.coming, name="today-coming"),
    path("today/risk/", views.risk, name="today-risk"),
    path("today/refresh/", views.refresh, name="today-refresh"),
]
