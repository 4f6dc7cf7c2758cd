"""Addresses of customers: the list, and the page of one."""

from __future__ import annotations

from tenure.web.customers.views.customer_urls import customer_paths
from tenure.web.customers.views.list_urls import list_paths
from tenure.web.customers.views.review_urls import review_paths

app_name = "customers"
urlpatterns = [*list_paths, *review_paths, *customer_paths]
