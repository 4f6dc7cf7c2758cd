"""What makes a submission look like spam. None of it turns anybody away: it is held for a look."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b

from tenure.clock import to_microseconds
from tenure.definitions import Form
from tenure.record.forms.models import Submission
from tenure.record.forms.operations.checking import Answers
from tenure.record.forms.operations.showing import Shown
from tenure.record.vault.queries import keyring
from tenure.words import TenureError, Words

REASONS: Mapping[str, Words] = {
    "honeypot": Words("填了只有程序看得见的一栏", "A field that people do not see was filled in"),
    "too_fast": Words("打开后不到两秒就提交", "Sent less than two seconds after it was shown"),
    "links": Words(
        "文字里有多个链接，或姓名里有链接", "Several links in the text, or one in a name"
    ),
    "repeated": Words("同样的文字一天内已经出现过", "The same text was sent before within a day"),
    "too_many": Words("同一地址一小时内提交太多", "Too many within an hour from one address"),
    "no_proof": Words("没有解出浏览器的小题", "The puzzle for browsers was not solved"),
}
"""Why a submission is held."""

LEAST_US = 2_000_000
PROOF_ZEROES = 4
"""Leading zero digits (hexadecimal) of SHA-256 over token and answer: some 65,000 trials."""
_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US
_MOST_LINKS = 2
_FLOOD = 10
_SHORTEST_TEXT = 20
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
_BLANK = re.compile(r"\s+")


class FloodError(TenureError):
    """So many submissions come from one address that they are not even held."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                "这个网络地址提交得太多，请一小时后再试",
                "Too many forms came from this network address; please try again in an hour",
            )
        )


def digest_of(purpose: str, text: str) -> bytes:
    """A digest that tells nothing without the installation's secret."""
    key = keyring().identity[:32]
    return blake2b(f"{purpose}|{text}".encode(), digest_size=16, key=key).digest()


def wording_of(answers: Answers) -> bytes | None:
    """A digest of the longest free text; None where there is none worth comparing."""
    longest = _BLANK.sub(" ", max(answers.fields.values(), key=len, default="")).casefold()
    return digest_of("wording", longest) if len(longest) >= _SHORTEST_TEXT else None


def suspicions(
    form: Form,
    shown: Shown,
    answers: Answers,
    *,
    honeypot: str,
    proof: str,
    token: str,
    address: bytes,
    limit: int,
    at: datetime,
) -> tuple[str, ...]:
    """Codes of ``REASONS`` that speak against a submission; empty where nothing does.

    Args:
        form: what was sent.
        shown: when and under which number.
        answers: as they were read.
        honeypot: of the field that people do not see.
        proof: the answer to the puzzle.
        token: as sent, which the puzzle is about.
        address: digest of where it comes from.
        limit: how many may come from there within an hour.
        at: the moment it arrived, aware.

    Raises:
        FloodError: ten times the limit came from the address within the hour.
    """
    at_us = to_microseconds(at)
    wording = wording_of(answers)
    known = Submission.objects.filter(received_us__gt=at_us - _DAY_US)
    lately = known.filter(address=address, received_us__gt=at_us - _HOUR_US).count()
    if lately >= limit * _FLOOD:
        raise FloodError
    repeated = wording is not None and known.filter(wording=wording).exists()
    signs = {
        "honeypot": bool(honeypot.strip()),
        "too_fast": at_us - shown.begun_us < LEAST_US,
        "links": _has_links(answers),
        "repeated": repeated,
        "too_many": lately >= limit,
        "no_proof": form.challenge and not is_proof(token, proof),
    }
    return tuple(code for code, there in signs.items() if there)


def is_proof(token: str, proof: str) -> bool:
    """Whether a browser has solved the puzzle: a word that, after the token, hashes to zeroes."""
    if not 0 < len(proof) <= 32:
        return False
    digest = hashlib.sha256(f"{token}:{proof}".encode(errors="replace")).hexdigest()
    return digest.startswith("0" * PROOF_ZEROES)


def _has_links(answers: Answers) -> bool:
    found = {key: len(_LINK.findall(text)) for key, text in answers.fields.items()}
    named = any(count for key, count in found.items() if key.endswith("name"))
    return named or sum(found.values()) > _MOST_LINKS
