"""Addresses of the queue of customers who may be one."""

from __future__ import annotations

from django.urls import path

from tenure.web.customers.views import review

review_paths = [
    path("review/", review.review, name="review"),
    path("review/accept/", review.accept_many, name="review-accept"),
    path("review/again/", review.look_again, name="review-again"),
    path("review/<int:suggestion_id>/", review.decide, name="review-decide"),
    path("review/<int:suggestion_id>/reveal/", review.reveal, name="review-reveal"),
]
