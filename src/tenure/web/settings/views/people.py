"""People: accounts, invitations, and what becomes of them."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tenure.actor import Actor
from tenure.clock import now
from tenure.guard.access.operations import (
    change_access,
    change_login,
    ensure_roles,
    invite,
    one_time_login,
    revoke_invitation,
    switch_off,
    switch_on,
)
from tenure.guard.access.queries import (
    PersonView,
    account_id_of,
    invitations,
    people,
    person,
    roles,
)
from tenure.guard.audit.operations import note
from tenure.web.accounts.noting import address_of
from tenure.web.components.pages import Pages, page_number
from tenure.web.components.toasts import Undo, toast
from tenure.web.settings.asking import typed
from tenure.web.settings.forms import PersonForm
from tenure.web.settings.mailing import MailingError, mail_invitation
from tenure.web.viewer import page, viewer_of
from tenure.words import Words

_SIZE = 50


@page("account.manage")
def everybody(request: HttpRequest) -> HttpResponse:
    """Accounts, sought by name and role; open invitations."""
    viewer, number = viewer_of(request), page_number(request.GET.get("page"))
    sought, role_key = typed(request.GET, "q"), typed(request.GET, "role", 40)
    found = people(
        viewer, sought=sought, role_key=role_key, offset=(number - 1) * _SIZE, limit=_SIZE
    )
    context = {
        "people": found.people,
        "pages": Pages(number, _SIZE, found.total),
        "roles": roles(viewer),
        "invitations": invitations(viewer),
        "sought": sought,
        "role_key": role_key,
        "now": now(),
    }
    return render(request, "settings/people.html", context)


@never_cache
@page("account.manage")
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the link is mailed, or shown to be passed on."""
    viewer, at = viewer_of(request), now()
    ensure_roles(by=viewer, at=at)
    form = PersonForm(request.POST or None, viewer=viewer)
    if not (form.is_bound and form.is_valid()):
        return render(request, "settings/invite.html", {"form": form})
    email = form.cleaned_data["email"]
    invited = invite(email=email, name=form.cleaned_data["name"], **form.access, by=viewer, at=at)
    address = request.build_absolute_uri(reverse("accounts:invitation", args=[invited.token]))
    context: dict[str, object] = {"email": email, "address": address}
    try:
        context["mailed"] = mail_invitation(email, address, viewer.name)
    except MailingError as failure:
        context["problem"] = failure.words
    return render(request, "settings/invited.html", context)


@page("account.manage")
def one(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account: roles, department, teams, and what can be done with it."""
    viewer = viewer_of(request)
    found = person(account_id, viewer)
    initial = {
        "email": found.email,
        "name": found.name,
        "roles": list(found.roles),
        "department": str(found.department_id or ""),
        "teams": list(found.teams),
    }
    form = PersonForm(request.POST or None, viewer=viewer, initial=initial)
    if form.is_bound and form.is_valid():
        _change(form, found, viewer)
        toast(request, Words("已保存", "Saved"))
        return _back(account_id)
    context = {
        "person": found,
        "form": form,
        "session_count": UserSession.objects.filter(user_id=account_id).count(),
        "is_me": account_id == account_id_of(viewer),
    }
    return render(request, "settings/person.html", context)


@require_POST
@page("account.manage")
def off(request: HttpRequest, account_id: int) -> HttpResponse:
    """Switch an account off."""
    switch_off(account_id=account_id, by=viewer_of(request), at=now())
    undo = Undo(reverse("settings:person_on", args=[account_id]))
    toast(request, Words("账号已停用，立即生效", "Switched off, at once"), undo=undo)
    return _back(account_id)


@require_POST
@page("account.manage")
def on(request: HttpRequest, account_id: int) -> HttpResponse:
    """Switch an account on again."""
    switch_on(account_id=account_id, by=viewer_of(request), at=now())
    toast(request, Words("账号已启用", "Switched on"))
    return _back(account_id)


@require_POST
@page("account.manage")
def sessions(request: HttpRequest, account_id: int) -> HttpResponse:
    """Log an account out everywhere."""
    found = person(account_id, viewer_of(request))
    with transaction.atomic():
        for session in UserSession.objects.filter(user_id=found.account_id):
            session.end()
        note(
            "sessions.ended",
            by=viewer_of(request),
            at=now(),
            about=f"account:{account_id}",
            address=address_of(request),
        )
    toast(request, Words("已让这个账号在所有设备上退出", "Logged out on all devices"))
    return _back(account_id)


@never_cache
@require_POST
@page("account.manage")
def link(request: HttpRequest, account_id: int) -> HttpResponse:
    """A one-time login link, shown once."""
    found = person(account_id, viewer_of(request))
    token = one_time_login(account_id=account_id, by=viewer_of(request), at=now())
    address = request.build_absolute_uri(reverse("accounts:enter", args=[token]))
    return render(request, "settings/login_link.html", {"person": found, "address": address})


@require_POST
@page("account.manage")
def revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    revoke_invitation(invitation_id=invitation_id, by=viewer_of(request), at=now())
    toast(request, Words("邀请已撤回", "Invitation taken back"))
    return HttpResponseRedirect(reverse("settings:people"))


def _change(form: PersonForm, found: PersonView, viewer: Actor) -> None:
    """What differs from before, all of it or nothing."""
    email, name, at = form.cleaned_data["email"], form.cleaned_data["name"], now()
    with transaction.atomic():
        if (email, name) != (found.email, found.name):
            change_login(account_id=found.account_id, email=email, name=name, by=viewer, at=at)
            EmailAddress.objects.filter(user_id=found.account_id).delete()
        if {"roles", "department", "teams"} & set(form.changed_data):
            change_access(account_id=found.account_id, **form.access, by=viewer, at=at)


def _back(account_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("settings:person", args=[account_id]))
