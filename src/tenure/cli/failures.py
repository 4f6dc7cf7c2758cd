"""What to say about failures that are not Tenure's own: mistyped words, full disks, databases."""

from __future__ import annotations

import errno
from difflib import get_close_matches

import click

from tenure.words import Words

_FULL = {errno.ENOSPC, errno.EDQUOT}
_NEAR = 0.6
"""Words less alike than this are no slips of the hand."""
_DATABASE = ("OperationalError", "InterfaceError")
"""Errors of the database itself, by name: this module must not load a database driver."""


def unknown_word(word: str, known: list[str], path: str) -> Words:
    """A word that does not exist, and the nearest that does."""
    near = get_close_matches(word, known, n=1, cutoff=_NEAR)
    if near:
        return Words(
            zh=f"没有“{word}”这个命令，是不是 {near[0]}？",
            en=f"There is no word “{word}”. Did you mean {near[0]}?",
        )
    return Words(
        zh=f"没有“{word}”这个命令，用 {path} --help 查看全部",
        en=f"There is no word “{word}”; {path} --help lists them all",
    )


def usage_words(error: click.ClickException) -> Words:
    """What is wrong with the arguments."""
    if isinstance(error, click.NoSuchOption):
        return _no_such_option(error)
    if isinstance(error, click.MissingParameter):
        name, words = _parameter(error), getattr(error.param, "words", None)
        zh, en = (f"（{words.zh}）", f" ({words.en})") if isinstance(words, Words) else ("", "")
        return Words(zh=f"缺少 {name}{zh}", en=f"Missing {name}{en}")
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    if isinstance(error, click.BadOptionUsage):
        name = error.option_name
        return Words(zh=f"选项 {name} 需要一个值", en=f"Option {name} needs a value")
    text = error.format_message()
    if "unexpected extra argument" in text:
        extra = text.partition("(")[2].rstrip(").")
        return Words(zh=f"多余的参数：{extra}", en=f"Too many arguments: {extra}")
    # Our own words come here in the reader's language already.
    return Words(zh=text, en=text)


def _no_such_option(error: click.NoSuchOption) -> Words:
    near = ", ".join(error.possibilities or ())
    zh_hint, en_hint = (f"，是不是 {near}？", f" Did you mean {near}?") if near else ("", "")
    name = error.option_name
    return Words(zh=f"没有选项 {name}{zh_hint}", en=f"There is no option {name}.{en_hint}")


def _parameter(error: click.BadParameter) -> str:
    if error.param is None:
        return ""
    context = error.ctx or click.Context(click.Command(""))
    return error.param.get_error_hint(context).replace("'", "")


def _bad_value(error: click.BadParameter) -> Words:
    name, kind = _parameter(error), error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        choices = [str(choice) for choice in kind.choices]
        return Words(
            zh=f"{name} 只能是 {'、'.join(choices)}",
            en=f"{name} must be one of {', '.join(choices)}",
        )
    if isinstance(kind, click.IntRange):
        low, high = kind.min, "…" if kind.max is None else f"{kind.max}"
        return Words(
            zh=f"{name} 应是 {low} 到 {high} 的整数",
            en=f"{name} must be a whole number from {low} to {high}",
        )
    if kind is click.INT:
        return Words(zh=f"{name} 应是整数", en=f"{name} must be a whole number")
    if isinstance(kind, click.DateTime):
        return Words(
            zh=f"{name} 应是 2024-05-01 这样的日期", en=f"{name} must be a date like 2024-05-01"
        )
    return Words(zh=f"{name}：{error.message}", en=f"{name}: {error.message}")


def mendable_words(error: Exception) -> Words | None:
    """What to do about a failure of the machine; ``None`` where it is a fault of Tenure's."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return _full()
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return _read_only()
    if isinstance(error, PermissionError):
        place = error.filename or ""
        return Words(
            zh=f"没有权限读写 {place}。请检查它的所有者与权限",
            en=f"No permission to read or write {place}. Check its owner and permissions",
        )
    if type(error).__name__ in _DATABASE:
        return _database(str(error))
    return None


def _full() -> Words:
    return Words(
        zh="磁盘已满。已记录的数据都在；腾出空间后再运行一次",
        en="The disk is full. What was recorded is safe; free some space and run it again",
    )


def _read_only() -> Words:
    return Words(
        zh="数据目录只能读，不能写。请检查挂载方式与权限，或用 TENURE_HOME 换一个目录",
        en="The data directory cannot be written. Check how it is mounted and its permissions, "
        "or name another one in TENURE_HOME",
    )


def _database(text: str) -> Words | None:
    if "readonly database" in text:
        return _read_only()
    if "disk is full" in text or "No space left" in text:
        return _full()
    if "locked" in text:
        return Words(
            zh="数据库正忙：另一个程序在写。稍后再试",
            en="The database is busy: another program is writing. Try again shortly",
        )
    if "connect" in text or "refused" in text or "authentication" in text:
        return Words(
            zh="连不上数据库。请检查 DATABASE_URL 与数据库服务，或运行 tenure doctor",
            en="Cannot reach the database. Check DATABASE_URL and the server, or run tenure doctor",
        )
    return None
