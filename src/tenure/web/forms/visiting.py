"""What a visitor's request tells: where from, in which language, from which address."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, QueryDict

from tenure.definitions import Form
from tenure.record.forms.operations import Visit
from tenure.record.forms.operations.checking import cleaned
from tenure.record.sources.translating.context import bare_address
from tenure.record.sources.translating.touches import PARAMETERS
from tenure.words import Language

LONGEST_ADDRESS = 500
_LONGEST = 200
_LANGUAGES: dict[str, Language] = {"zh": "zh", "en": "en"}
CARRIED = (*PARAMETERS, "referrer", "landing", "visitor")
"""Hidden fields of the page; the script of an embedding page fills in what it knows."""


def language_asked(given: QueryDict, form: Form | None) -> Language:
    """The language asked for, else the form's own."""
    asked = _LANGUAGES.get(given.get("lang", ""))
    return asked or (form.language if form else "zh")


def carried_first(request: HttpRequest) -> dict[str, str]:
    """The hidden fields of a page shown for the first time, as far as the request tells."""
    carried = {name: _short(request.GET.get(name, "")) for name in PARAMETERS}
    before = request.headers.get("Referer", "")
    if _host(before) == request.get_host():
        before = ""
    if request.GET.get("embed"):  # the page before is the one that embeds
        return carried | {"referrer": "", "landing": _address(before), "visitor": ""}
    here = _address(request.build_absolute_uri())
    return carried | {"referrer": _address(before), "landing": here, "visitor": ""}


def carried_on(posted: QueryDict) -> dict[str, str]:
    """The hidden fields as they came back."""
    return {name: posted.get(name, "")[:LONGEST_ADDRESS] for name in CARRIED}


def visit_of(posted: QueryDict, language: Language) -> Visit:
    """How the visitor came, from the hidden fields."""
    parameters = {name: _short(posted.get(name, "")) for name in PARAMETERS}
    landing = _address(posted.get("landing", ""))
    return Visit(
        parameters={name: value for name, value in parameters.items() if value},
        referrer=_address(posted.get("referrer", "")),
        landing_page=landing,
        address=landing,
        visitor=_short(posted.get("visitor", "")),
        language=language,
    )


def client_of(request: HttpRequest) -> str:
    """The network address a request comes from; proxies are believed as far as they are ours."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < proxies <= len(told) and told[-proxies]:
        return told[-proxies][:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]


def _short(text: str) -> str:
    return cleaned(text)[:_LONGEST]


def _address(text: str) -> str:
    """An address without its query, in which people's data travels; empty for none."""
    bare = str(bare_address(cleaned(text)))[:LONGEST_ADDRESS]
    return bare if bare.startswith(("http://", "https://")) else ""


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
