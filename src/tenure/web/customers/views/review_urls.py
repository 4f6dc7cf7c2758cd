"""Addresses of the queue of customers who may be one."""

from __future__ import annotations

from django.urls import path

from tenure.web.customers.views import identity_log, review, review_many

review_paths = [
    path("review/", review.review, name="review"),
    path("review/accept/", review_many.accept_many, name="review-accept"),
    path("review/again/", review_many.look_again, name="review-again"),
    path("review/stop/", review_many.stop, name="review-stop"),
    path("review/work/", review_many.checking, name="review-checking"),
    path("review/undo/", review_many.undo_many, name="review-undo"),
    path("review/log/", identity_log.export, name="review-log"),
    path("review/log/<int:event_id>/", identity_log.take_back, name="review-take-back"),
    path("review/<int:suggestion_id>/", review.decide, name="review-decide"),
    path("review/<int:suggestion_id>/reopen/", review.reopen, name="review-reopen"),
    path("review/<int:suggestion_id>/reveal/", review.reveal, name="review-reveal"),
]
