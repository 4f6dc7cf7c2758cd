"""Answers kept for a day, so that a request that is sent twice is carried out once."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction

from tenure.guard.access.models import KeptAnswer
from tenure.record.vault.queries import keyring
from tenure.words import TenureError, Words

KEPT = timedelta(hours=24)


class OtherRequestError(TenureError):
    """The same key came with another request before."""


class BeingAnsweredError(TenureError):
    """The same request is being carried out at this moment."""


@dataclass(frozen=True, slots=True)
class AnswerKept:
    """What a request was answered before."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def begin_answer(token_id: int, key: str, request: bytes, *, at: datetime) -> AnswerKept | None:
    """The answer given before; ``None`` where this is the first time, which is then marked so.

    Call it in the transaction that carries the request out and ends with :func:`keep_answer`:
    where that is rolled back, the mark goes with it, and another process with the same key waits.

    Args:
        token_id: whose key it is.
        key: of the client.
        request: digest of method, address and body.
        at: the moment, aware.

    Raises:
        OtherRequestError: the key belongs to another request.
        BeingAnsweredError: the request is being carried out.
    """
    mine = KeptAnswer.objects.filter(token_id=token_id, key=key)
    mine.filter(kept_at__lt=at - KEPT).delete()
    try:
        with transaction.atomic():
            mine.create(token_id=token_id, key=key, request=request, kept_at=at)
        return None
    except IntegrityError:
        found = mine.first()
    if found is None or found.status == 0:
        raise BeingAnsweredError(
            Words("同一请求正在处理，请稍后再试", "the same request is being carried out; wait")
        )
    if bytes(found.request) != request:
        raise OtherRequestError(
            Words(
                "这个 Idempotency-Key 已用于另一个请求，请换一个",
                "this Idempotency-Key was used for another request; take another one",
            )
        )
    return AnswerKept(found.status, found.headers, _opened(found))


def keep_answer(
    token_id: int, key: str, *, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    """Keep what a request marked by :func:`begin_answer` was answered, sealed."""
    KeptAnswer.objects.filter(token_id=token_id, key=key).update(
        status=status, headers=dict(headers), body=keyring().seal(body.decode())
    )


def forget_answers(*, at: datetime) -> int:
    """Delete the answers that are older than a day; how many."""
    return KeptAnswer.objects.filter(kept_at__lt=at - KEPT).delete()[0]


def _opened(row: KeptAnswer) -> bytes:
    try:
        return keyring().cipher.decrypt(urlsafe_b64encode(bytes(row.body)))
    except InvalidToken as failure:
        raise BeingAnsweredError(
            Words(
                "保存的答复已无法打开，请换一个 Idempotency-Key",
                "the answer kept cannot be opened any more; take another Idempotency-Key",
            )
        ) from failure
