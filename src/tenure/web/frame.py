"""What every page shows around its content: the areas of the product, who is logged in."""

from __future__ import annotations

from django.http import HttpRequest

from tenure.web.language import language_of


def frame(request: HttpRequest) -> dict[str, object]:
    """Context of the frame."""
    return {"language": language_of(request), "theme": getattr(request.user, "theme", "auto")}
