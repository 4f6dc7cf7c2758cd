"""Addresses of one-time links, invitations and the own profile."""

from __future__ import annotations

from django.urls import path

from tenure.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("enter/<str:token>/", views.enter, name="enter"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("profile/", views.profile, name="profile"),
]
