"""The pages that visitors see: no login, no session, no script needed.

A form has no session that a strange page could misuse, so Django's own token against forgery is
not asked for; the signed token of the form says that it was shown here, when, and in which version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tenure.clock import now
from tenure.definitions import Form
from tenure.definitions.form import HOURLY_LIMIT
from tenure.record.forms.operations import (
    FloodError,
    Sending,
    TooLongError,
    check_answers,
    count_visit,
    read_token,
    show_form,
    take_submission,
)
from tenure.record.forms.queries import OpenForm, form_as_shown, open_form
from tenure.record.sources.spool import SpoolFullError
from tenure.web.forms.asking import agreed_of, asked_of
from tenure.web.forms.visiting import (
    carried_first,
    carried_on,
    client_of,
    language_asked,
    visit_of,
)
from tenure.words import Words

View = Callable[[HttpRequest, OpenForm | None], HttpResponse]
LARGEST_BODY = 200_000
_CODES = {"zh": "zh-hans", "en": "en"}
_GONE = Words("没有这张表单", "There is no such form")
_GONE_HINT = Words(
    "请核对网址，或联系给您链接的人。", "Check the address, or ask who gave it to you."
)
_CLOSED = Words("这张表单已停止接收", "This form is closed")
_CLOSED_HINT = Words("如有需要，请直接联系我们。", "If you need anything, please contact us.")
_STALE = Words(
    "这一页打开太久或来自别处，请核对后再提交一次",
    "This page was open for too long or came from elsewhere; please check it and send it again",
)
_CHANGED = Words(
    "您已经提交过一次了。要按现在的内容再提交一份，请再点一次",
    "You have sent this form already. To send it again as it is now, press the button once more",
)
_BUSY = Words(
    "现在无法接收，您填的内容还在，请过几分钟再提交",
    "We cannot take it right now; what you wrote is still here, please send it in a few minutes",
)
_UNREADABLE = Words(
    "浏览器发来的内容无法读取，请重新填写", "What the browser sent cannot be read; please try again"
)
_STATUS = {SpoolFullError: 503, TooLongError: 422, FloodError: 429}
_MEND = Words("还有几处需要改一下", "A few things need mending")


@dataclass(frozen=True, slots=True)
class _Written:
    """What a page shows again: answers, ticks, hidden fields, and what is wrong with them."""

    given: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[int] = frozenset()
    carried: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Words] = field(default_factory=dict)


def _framed(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page that only the form's own sites may show within theirs, with nothing of others."""

    @wraps(view)
    def answer(request: HttpRequest, key: str) -> HttpResponse:
        opened = open_form(key)
        form = opened.form if opened else None
        code = _CODES[language_asked(request.GET, form)]
        with translation.override(code):
            response = view(request, opened)
        sites = " ".join(form.sites) if form and form.sites else "'none'"
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; "
            f"frame-ancestors {sites}"
        )
        response.headers["Content-Language"] = code
        response.xframe_options_exempt = bool(form and form.sites)
        return response

    return answer


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_framed
def form_page(request: HttpRequest, opened: OpenForm | None) -> HttpResponse:
    """The form; sent, it is taken or shown again with what is wrong, nothing written lost."""
    if opened is None:
        return _said(request, _GONE, _GONE_HINT, 404)
    if opened.form.closed:
        return _said(request, _CLOSED, _CLOSED_HINT, 410 if request.method == "POST" else 200)
    if request.method == "POST":
        return _sent(request, opened)
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        count_visit(opened.form.key, "shown", at=now())
    return _page(request, opened, _Written(carried=carried_first(request)))


@never_cache
@require_GET
@_framed
def thanks(request: HttpRequest, opened: OpenForm | None) -> HttpResponse:
    """What is shown once a form is sent; looking at it again sends nothing again."""
    if opened is None:
        return _said(request, _GONE, _GONE_HINT, 404)
    return render(request, "forms/hosted_thanks.html", _frame(request, opened.form))


@csrf_exempt
@require_POST
def started(request: HttpRequest, key: str) -> HttpResponse:
    """A visitor has begun to fill the form in; the page's script says so, once."""
    posted = _posted(request)
    token = posted.get("token", "") if posted is not None else ""
    if read_token(token, key, at=now()) is not None:
        count_visit(key, "started", at=now())
    return HttpResponse(status=204)


@require_GET
def embed_script(request: HttpRequest) -> HttpResponse:
    """The script for embedding pages, under an address that never changes."""
    response = HttpResponseRedirect(static("tenure/embed.js"))
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _sent(request: HttpRequest, opened: OpenForm) -> HttpResponse:
    posted = _posted(request)
    if posted is None:
        return _said(request, _UNREADABLE, _GONE_HINT, 400)
    return _read(request, opened, posted)


def _read(request: HttpRequest, opened: OpenForm, posted: QueryDict) -> HttpResponse:
    at = now()
    token = posted.get("token", "")
    shown = read_token(token, opened.form.key, at=at)
    form = form_as_shown(opened, shown.version) if shown else opened.form
    asked = {one.field: posted.get(f"a-{one.field}", "") for one in form.fields}
    ticked = frozenset(n for n in range(len(form.consents)) if posted.get(f"consent-{n}"))
    written = _Written(asked, ticked, carried_on(posted))
    if shown is None:
        return _page(request, opened, written, note=_STALE, status=400)
    answers = check_answers(form, opened.library, asked, ticked)
    if answers.problems:
        again = _Written(asked, ticked, written.carried, answers.problems)
        whole = answers.problems.get("", _MEND)
        return _page(request, opened, again, note=whole, token=token, form=form, status=422)
    sending = Sending(
        form=form,
        shown=shown,
        token=token,
        answers=answers,
        visit=visit_of(posted, language_asked(request.GET, form)),
        client=client_of(request),
        limit=opened.form.hourly_limit or HOURLY_LIMIT,
        honeypot=posted.get("website", ""),
        proof=posted.get("proof", ""),
    )
    return _take(request, opened, written, sending)


def _take(
    request: HttpRequest, opened: OpenForm, written: _Written, sending: Sending
) -> HttpResponse:
    form = sending.form
    try:
        outcome = take_submission(sending, at=now())
    except (SpoolFullError, TooLongError, FloodError) as error:
        note = _BUSY if isinstance(error, SpoolFullError) else error.words
        return _page(
            request,
            opened,
            written,
            note=note,
            token=sending.token,
            form=form,
            status=_STATUS[type(error)],
        )
    if outcome == "changed":
        return _page(request, opened, written, note=_CHANGED, status=409)
    response = HttpResponseRedirect(f"{reverse('hosted:thanks', args=[form.key])}{_kept(request)}")
    response.status_code = 303
    return response


def _page(
    request: HttpRequest,
    opened: OpenForm,
    written: _Written,
    *,
    form: Form | None = None,
    token: str | None = None,
    note: Words | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form; under its old token where it was shown before, else under a new one."""
    form = form or opened.form
    questions = asked_of(form, opened.library, written.given, written.problems)
    consents = agreed_of(form, written.ticked, written.problems)
    context = _frame(request, form) | {
        "questions": questions,
        "consents": consents,
        "carried": written.carried.items(),
        "token": token or show_form(form.key, opened.version, at=now()),
        "note": note,
        "wrong": [one for one in questions if one.problem],
        "unticked": [one for one in consents if one.problem],
    }
    return render(request, "forms/hosted.html", context, status=status)


def _frame(request: HttpRequest, form: Form) -> dict[str, Any]:
    here = language_asked(request.GET, form)
    other = "en" if here == "zh" else "zh"
    return {
        "form": form,
        "title": form.title or form.name,
        "here": here,
        "embed": bool(request.GET.get("embed")),
        "action": f"{reverse('hosted:form', args=[form.key])}{_kept(request)}",
        "other": other,
        "other_address": _with_language(request, other),
    }


def _kept(request: HttpRequest) -> str:
    kept = {name: request.GET[name] for name in ("lang", "embed") if name in request.GET}
    return f"?{urlencode(kept)}" if kept else ""


def _with_language(request: HttpRequest, language: str) -> str:
    asked = request.GET.copy()
    asked["lang"] = language
    return f"?{asked.urlencode()}"


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent; None where that is no form, or far too large. Files are not taken."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return None
    try:
        return request.POST
    except (BadRequest, SuspiciousOperation, MultiPartParserError):
        return None


def _said(request: HttpRequest, words: Words, hint: Words, status: int) -> HttpResponse:
    context = {
        "title": words,
        "hint": hint,
        "here": language_asked(request.GET, None),
        "embed": bool(request.GET.get("embed")),
    }
    return render(request, "forms/hosted_said.html", context, status=status)
