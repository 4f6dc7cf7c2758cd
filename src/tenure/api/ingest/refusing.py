"""Requests that are refused as a whole: every answer is JSON with both ``code`` and ``message``.

Some clients give a batch up only when both are there and otherwise send it ten times more.
"""

from __future__ import annotations

from tenure.words import Words


class RefusedError(Exception):
    """A request cannot be taken.

    Attributes:
        status: of the answer.
        code: a word for programs.
        words: for people.
        wait: seconds after which to try again; 0 for never.
    """

    def __init__(self, status: int, code: str, words: Words, *, wait: int = 0) -> None:
        super().__init__(words.en)
        self.status, self.code, self.words, self.wait = status, code, words, wait


def bad_json() -> RefusedError:
    """The body is not what it should be."""
    words = Words("请求内容不是有效的 JSON（UTF-8）", "the body is no valid JSON in UTF-8")
    return RefusedError(400, "invalid_json", words)


def bad_compression() -> RefusedError:
    """The body begins as gzip and is none, or ends too soon."""
    words = Words("gzip 内容损坏或不完整", "the gzip content is damaged or incomplete")
    return RefusedError(400, "invalid_gzip", words)


def too_large(limit: int) -> RefusedError:
    """More bytes than a request may have, as it is or unpacked."""
    words = Words(
        f"请求超过 {limit // 1000} KB：请分成几批发送",
        f"the request has more than {limit // 1000} KB: send it in several batches",
    )
    return RefusedError(413, "too_large", words)


def too_many(limit: int) -> RefusedError:
    """More events than a batch may have."""
    words = Words(f"一批超过 {limit} 个事件", f"the batch has more than {limit} events")
    return RefusedError(413, "too_many_events", words)


def unknown_key() -> RefusedError:
    """Without a write key that is in force nothing is taken."""
    words = Words(
        "写入密钥缺失、不存在或已停用：请在“数据来源”中核对",
        "the write key is missing, unknown or revoked: check it at the page of the source",
    )
    return RefusedError(401, "invalid_write_key", words)


def wrong_method() -> RefusedError:
    """Events are posted."""
    return RefusedError(405, "method_not_allowed", Words("请用 POST 发送", "send it by POST"))


def busy(seconds: int) -> RefusedError:
    """The disk is nearly full, or loading is far behind."""
    words = Words(
        "暂时无法接收，请稍后再发", "nothing more can be taken at the moment: send it again later"
    )
    return RefusedError(429, "busy", words, wait=seconds)
