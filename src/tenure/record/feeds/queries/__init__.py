"""Every read of feeds."""

from __future__ import annotations

from tenure.record.feeds.queries.views import (
    FEED_KINDS,
    FeedView,
    SyncFile,
    SyncView,
    feed_view,
    feeds,
    syncs,
)

__all__ = ["FEED_KINDS", "FeedView", "SyncFile", "SyncView", "feed_view", "feeds", "syncs"]
