"""Addresses of the queue of customers who may be one."""

from __future__ import annotations

from django.urls import path

from tenure.web.customers.views import identity_log, review

review_paths = [
    path("review/", review.review, name="review"),
    path("review/accept/", review.accept_many, name="review-accept"),
    path("review/again/", review.look_again, name="review-again"),
    path("review/log/", identity_log.export, name="review-log"),
    path("review/log/<int:event_id>/", identity_log.take_back, name="review-take-back"),
    path("review/<int:suggestion_id>/", review.decide, name="review-decide"),
    path("review/<int:suggestion_id>/reopen/", review.reopen, name="review-reopen"),
    path("review/<int:suggestion_id>/reveal/", review.reveal, name="review-reveal"),
]
