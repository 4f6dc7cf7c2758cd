"""Tokens: never more than their owner may, shown once, gone when revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tenure.actor import SYSTEM, Actor
from tenure.guard.access.models import Account, ApiToken, KeptAnswer, Role
from tenure.guard.access.operations import (
    TokenRequest,
    add_service,
    change_service,
    make_service_token,
    make_token,
    make_token_of_account,
    note_use,
    revoke_token,
    switch_off,
    switch_service,
)
from tenure.guard.access.operations.answers import (
    OtherRequestError,
    begin_answer,
    forget_answers,
    keep_answer,
)
from tenure.guard.access.queries import (
    ForbiddenError,
    Scope,
    all_tokens,
    own_tokens,
    rights_of,
    services,
    token_names,
    token_shown,
)
from tenure.guard.trail.models import AuditEntry
from tenure.words import TenureError
from tests.guard.staff import AT, number, staff

pytestmark = pytest.mark.django_db
VIEW = TokenRequest("sync", ["customer.view"], ["name", "phone"], AT + timedelta(days=90))


def test_a_token_may_what_scopes_and_owner_both_allow() -> None:
    owner = staff("sales")
    made = make_token(VIEW, by=owner, at=AT)
    known = token_shown(made.token, AT)
    assert made.token.startswith("tn_")
    assert known is not None
    assert known.actor.kind == "program"
    assert known.rights.grants == {"customer.view": Scope.OWN}
    assert known.rights.reads == {"name", "phone"}
    assert known.rights.owners("customer.view") == {number(owner)}
    assert known.rights.reveals == frozenset()


def test_only_the_digest_is_kept() -> None:
    made = make_token(VIEW, by=staff("sales"), at=AT)
    row = ApiToken.objects.get()
    assert made.token not in str(list(ApiToken.objects.values()))
    assert made.token not in str(list(AuditEntry.objects.values()))
    assert row.hint == made.token[-4:]


@pytest.mark.parametrize(
    "request_",
    [
        TokenRequest("", ["customer.view"]),
        TokenRequest("x" * 101, ["customer.view"]),
        TokenRequest("x", []),
        TokenRequest("x", ["definition.publish"]),
        TokenRequest("x", ["no.such"]),
        TokenRequest("x", ["account.manage"]),
        TokenRequest("x", ["customer.view"], ["finance"]),
        TokenRequest("x", ["customer.view"], [], AT),
    ],
)
def test_what_no_token_can_be(request_: TokenRequest) -> None:
    with pytest.raises(TenureError):
        make_token(request_, by=staff("sales"), at=AT)


def test_it_follows_its_owner() -> None:
    owner = staff("sales")
    made = make_token(VIEW, by=owner, at=AT)
    account = Account.objects.get(pk=number(owner))
    account.roles.set([Role.objects.get(key="analyst")] if _has("analyst") else [])
    known = token_shown(made.token, AT)
    assert known is not None
    assert known.rights.reads == frozenset()
    switch_off(account_id=account.pk, by=SYSTEM, at=AT)
    known = token_shown(made.token, AT)
    assert known is not None
    assert not known.rights.may("customer.view")


def _has(key: str) -> bool:
    return Role.objects.filter(key=key).exists()


def test_revoked_expired_and_unknown_tokens_open_nothing() -> None:
    owner = staff("sales")
    made = make_token(VIEW, by=owner, at=AT)
    known = token_shown(made.token, AT)
    assert known is not None
    assert token_shown(made.token, AT + timedelta(days=90)) is None
    assert token_shown(made.token + "x", AT) is None
    assert token_shown("", AT) is None
    revoke_token(made.token_id, by=owner, at=AT)
    assert token_shown(made.token, AT) is None
    assert not rights_of(known.actor).grants
    with pytest.raises(TenureError):
        revoke_token(made.token_id, by=owner, at=AT)


def test_a_token_makes_no_tokens_and_others_are_not_revoked() -> None:
    admin, other = staff("administrator"), staff("sales")
    made = make_token(TokenRequest("a", ["audit.view"]), by=admin, at=AT)
    known = token_shown(made.token, AT)
    assert known is not None
    with pytest.raises(TenureError):
        make_token(VIEW, by=known.actor, at=AT)
    with pytest.raises(ForbiddenError):
        revoke_token(made.token_id, by=other, at=AT)
    with pytest.raises(ForbiddenError):
        make_token_of_account(number(admin), VIEW, by=other, at=AT)
    mine = make_token(VIEW, by=other, at=AT)
    revoke_token(mine.token_id, by=admin, at=AT)


def test_use_is_remembered_to_the_minute() -> None:
    made = make_token(VIEW, by=staff("sales"), at=AT)
    for seconds, expected in ((0, 0), (30, 0), (61, 61)):
        at = AT + timedelta(seconds=seconds)
        known = token_shown(made.token, at)
        assert known is not None
        note_use(known, at=at)
        assert ApiToken.objects.get().last_used_at == AT + timedelta(seconds=expected)


def test_a_service_has_roles_and_tokens_of_its_own() -> None:
    admin = staff("administrator")
    staff("analyst")
    one = add_service(name="Till", roles=["analyst"], by=admin, at=AT)
    made = make_service_token(one, TokenRequest("t", ["customer.view"]), by=admin, at=AT)
    known = token_shown(made.token, AT)
    assert known is not None
    assert known.rights.owners("customer.view") is None
    assert known.actor.name == "Till · t"
    assert token_names([known.actor.key, "account:1", "token:999"]) == {known.actor.key: "Till · t"}
    change_service(one, roles=[], department_id=None, by=admin, at=AT)
    assert not rights_of(known.actor).grants
    change_service(one, roles=["analyst"], department_id=None, by=admin, at=AT)
    assert rights_of(known.actor).grants
    switch_service(one, on=False, by=admin, at=AT)
    assert not rights_of(known.actor).grants
    assert [view.active for view in services(admin)] == [False]
    with pytest.raises(TenureError):
        make_service_token(one, TokenRequest("t", ["customer.view"]), by=admin, at=AT)
    switch_service(one, on=True, by=admin, at=AT)
    with pytest.raises(TenureError):
        add_service(name="Till", roles=[], by=admin, at=AT)


def test_what_is_done_is_in_the_audit() -> None:
    owner = staff("sales")
    made = make_token(VIEW, by=owner, at=AT)
    revoke_token(made.token_id, by=owner, at=AT)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["token.made", "token.revoked"]


def test_everybody_sees_their_own_and_managers_all() -> None:
    owner, admin = staff("sales"), staff("administrator")
    make_token(VIEW, by=owner, at=AT)
    assert [view.name for view in own_tokens(owner)] == ["sync"]
    assert own_tokens(admin) == []
    assert own_tokens(Actor("terminal:x", "person", "x")) == []
    assert [view.owner for view in all_tokens(admin)] == ["P0"]
    with pytest.raises(ForbiddenError):
        all_tokens(owner)


def test_an_answer_is_given_again_to_the_same_request_only(tmp_path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TENURE_HOME = tmp_path
    token = make_token(VIEW, by=staff("sales"), at=AT).token_id
    assert begin_answer(token, "k", b"1", at=AT) is None
    keep_answer(token, "k", status=201, headers={"ETag": "x"}, body="王小明".encode())
    again = begin_answer(token, "k", b"1", at=AT)
    assert again is not None
    assert (again.status, again.body.decode(), again.headers) == (201, "王小明", {"ETag": "x"})
    assert "王小明".encode() not in bytes(KeptAnswer.objects.get().body)
    with pytest.raises(OtherRequestError):
        begin_answer(token, "k", b"2", at=AT)
    later = AT + timedelta(hours=24, seconds=1)
    assert begin_answer(token, "k", b"2", at=later) is None
    assert forget_answers(at=later) == 0
    assert forget_answers(at=later + timedelta(hours=25)) == 1
