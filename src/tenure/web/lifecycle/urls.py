"""Addresses of the lifecycle pages; every tab has its own."""

from __future__ import annotations

from django.urls import path

from tenure.web.lifecycle.views import board, coming, customers, flows, lives

app_name = "lifecycle"
urlpatterns = [
    path("", board.first, name="board"),
    path("<slug:key>/", board.show, name="stages"),
    path("<slug:key>/figures/", board.figures, name="figures"),
    path("<slug:key>/filters/", board.filters, name="filters"),
    path("<slug:key>/playbook/<slug:stage>/", board.playbook, name="playbook"),
    path("<slug:key>/flows/", flows.show, name="flows"),
    path("<slug:key>/conversion/", lives.conversion_tab, name="conversion"),
    path("<slug:key>/time/", lives.time_tab, name="time"),
    path("<slug:key>/paths/", lives.paths_tab, name="paths"),
    path("<slug:key>/coming/", coming.show, name="coming"),
    path("<slug:key>/customers/<slug:way>/<slug:stage>/", customers.show, name="customers"),
    path("<slug:key>/customers/<slug:way>/<slug:stage>/csv/", customers.export, name="csv"),
]
