"""Addresses of webhooks."""

from __future__ import annotations

from django.urls import path

from tenure.web.webhooks.views import changing, looking

app_name = "webhooks"
urlpatterns = [
    path("", looking.every, name="list"),
    path("new/", changing.new, name="new"),
    path("<int:endpoint_id>/", looking.one, name="endpoint"),
    path("<int:endpoint_id>/change/", changing.change, name="change"),
    path("<int:endpoint_id>/secret/", changing.secret, name="secret"),
    path("<int:endpoint_id>/switching/", changing.switching, name="switching"),
    path("<int:endpoint_id>/test/", changing.test, name="test"),
    path("<int:endpoint_id>/again/", changing.again, name="again"),
    path("<int:endpoint_id>/remove/", changing.remove, name="remove"),
    path("<int:endpoint_id>/deliveries/<int:delivery_id>/", looking.delivered, name="delivery"),
]
