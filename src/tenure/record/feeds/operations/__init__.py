"""Every write of feeds."""

from __future__ import annotations

from tenure.record.feeds.operations.keeping import (
    AddedFeed,
    add_feed,
    change_feed,
    settle_feed_map,
    sign_webhook,
    start_over,
)
from tenure.record.feeds.operations.previewing import Preview, feed_draft, preview_map
from tenure.record.feeds.operations.problems import FeedError
from tenure.record.feeds.operations.pulling.pulling import due_feeds, pull_feed
from tenure.record.feeds.operations.retrying import retry_refused
from tenure.record.feeds.operations.sampling import forget_sample, take_sample

__all__ = [
    "AddedFeed",
    "FeedError",
    "Preview",
    "add_feed",
    "change_feed",
    "due_feeds",
    "feed_draft",
    "forget_sample",
    "preview_map",
    "pull_feed",
    "retry_refused",
    "settle_feed_map",
    "sign_webhook",
    "start_over",
    "take_sample",
]
