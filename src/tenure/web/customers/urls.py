"""Addresses of customers: the list, and the page of one."""

from __future__ import annotations

from tenure.web.customers.views.customer_urls import customer_paths

app_name = "customers"
urlpatterns = [*customer_paths]
