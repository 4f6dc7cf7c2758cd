"""Who asks, by the token they show; and whether they may ask this."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from tenure.actor import Actor
from tenure.api.rest.limits import Limit, limit_of
from tenure.api.rest.problems import ProblemError
from tenure.clock import now
from tenure.guard.access.operations import note_use
from tenure.guard.access.queries import ForbiddenError, KnownToken, token_shown
from tenure.words import Words


class Token(HttpBearer):
    """A good token whose owner's rights and own scopes include ``right``."""

    def __init__(self, right: str | None) -> None:
        super().__init__()
        self.right = right

    def authenticate(self, request: HttpRequest, token: str) -> KnownToken | None:
        """Whoever shows ``token``; ``None``: nobody."""
        known = token_of(request, token)
        if known is None:
            return None
        limit = limit_of(known.token_id)
        request.tenure_limit = limit  # type: ignore[attr-defined]
        if limit.wait:
            words = Words(f"请 {limit.wait} 秒后再试", f"try again in {limit.wait} seconds")
            raise ProblemError(429, words, limit.headers())
        note_use(known, at=now())
        if self.right is not None and not known.rights.may(self.right):
            raise ForbiddenError(self.right)
        return known


def token_of(request: HttpRequest, token: str) -> KnownToken | None:
    """Whoever shows ``token``, looked up once for a request."""
    if not hasattr(request, "tenure_token"):
        request.tenure_token = token_shown(token, now())  # type: ignore[attr-defined]
    return request.tenure_token  # type: ignore[attr-defined,no-any-return]


def shown_token(request: HttpRequest) -> KnownToken | None:
    """Whoever shows a token in the header, before the operation asks."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token_of(request, token) if scheme.lower() == "bearer" else None


def limit_on(request: HttpRequest) -> Limit | None:
    """What the token of a request may still ask; ``None`` where none was shown."""
    return getattr(request, "tenure_limit", None)


def asker(request: HttpRequest) -> KnownToken:
    """Who asks, in an operation that only answers to tokens."""
    known: KnownToken = request.auth  # type: ignore[attr-defined]
    return known


def viewer_of(request: HttpRequest) -> Actor:
    """The token as the one who acts."""
    return asker(request).actor
