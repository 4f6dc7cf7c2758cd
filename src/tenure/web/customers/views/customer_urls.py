"""Addresses of the page of one customer."""

from __future__ import annotations

from django.urls import path

from tenure.web.customers.views import (
    customer,
    customer_acts,
    customer_edit,
    customer_merge,
    customer_origin,
    customer_profile,
    customer_separate,
    customer_tabs,
)

customer_paths = [
    path("<int:customer_id>/", customer.show, name="customer"),
    path("<int:customer_id>/unmask/", customer.unmask, name="unmask"),
    path("<int:customer_id>/why/", customer.why, name="why"),
    path("<int:customer_id>/origin/", customer_origin.origin, name="origin"),
    path("<int:customer_id>/profile/", customer_edit.profile, name="profile"),
    path(
        "<int:customer_id>/profile/<slug:key>/history/",
        customer_profile.history,
        name="field-history",
    ),
    path("<int:customer_id>/lives/<slug:key>/", customer_tabs.life, name="life"),
    path("<int:customer_id>/acts/<slug:name>/", customer_acts.act, name="act"),
    path("<int:customer_id>/files/<int:file_id>/", customer_acts.download, name="file"),
    path("<int:customer_id>/merge/", customer_merge.merge, name="merge"),
    path("<int:customer_id>/separate/", customer_separate.separate, name="separate"),
]
