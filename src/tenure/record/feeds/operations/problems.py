"""What can be wrong with a feed, in words that say how to mend it."""

from __future__ import annotations

from tenure.words import TenureError


class FeedError(TenureError):
    """A feed cannot be as it was asked for, or cannot be read as it is now."""
