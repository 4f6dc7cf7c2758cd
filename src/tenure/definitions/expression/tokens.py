"""From text to tokens: an allow-list of characters, anything else refused by name and place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from tenure.definitions.base import DefinitionError
from tenure.definitions.expression.text import SourceText
from tenure.words import Words

MAX_LENGTH = 4000
KEYWORDS = frozenset(
    ["and", "or", "not", "in", "between", "is", "null", "true", "false"]
) | frozenset(["case", "when", "then", "else", "end"])
UNIT_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0}

TokenKind = Literal["name", "keyword", "number", "duration", "string", "symbol", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign: ``value`` is its meaning, ``start`` and ``end`` its place in the text."""

    kind: TokenKind
    value: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<comment>--|/\*|\*/|\#)
      | (?P<number>(?:[0-9]+(?:\.[0-9]+)?)(?:[eE][+-]?[0-9]+)?)(?P<unit>[A-Za-z_]\w*)?
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<string>'(?:[^']|'')*')
      | (?P<symbol><=|>=|<>|[<>=+\-*/(),])""",
    re.VERBOSE,
)

_COMMENT = Words(
    "表达式里不能写注释；请写在 YAML 的 # 注释或 description 里",
    "comments are not part of an expression; put them in the YAML or in the description",
)
_QUOTED = Words(
    "名称不加引号，文本用单引号：'gift'",
    "names are written without quotes, text with single quotes: 'gift'",
)
_FOREIGN = {
    ";": Words("一个定义只写一个表达式，不用分号", "write one expression, without a semicolon"),
    '"': _QUOTED,
    "`": _QUOTED,
    **dict.fromkeys("“”‘’", _QUOTED),
    ".": Words(
        "名称不能带前缀，小数要写成 0.5",
        "names take no prefix, and a fraction is written 0.5",
    ),
    "'": Words("文本缺少右边的单引号", "the text has no closing quote"),
    "!": Words("“不等于”写作 <>", "write <> for not equal"),
    "&": Words("“并且”写作 and", "write and"),
    "|": Words("“或者”写作 or", "write or"),
}


def tokenise(source: SourceText) -> tuple[Token, ...]:
    """The tokens of ``source``, closed by an ``end`` token.

    Raises:
        DefinitionError: too long, or a character outside the language, with its place.
    """
    text = source.text
    if len(text) > MAX_LENGTH:
        cause = Words(
            f"表达式有 {len(text)} 个字符，最多 {MAX_LENGTH} 个",
            f"the expression has {len(text)} characters, at most {MAX_LENGTH} are allowed",
        )
        raise DefinitionError([source.problem(MAX_LENGTH, MAX_LENGTH + 1, cause)])
    tokens = []
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise _refused(source, offset, offset + 1, _foreign(text[offset]))
        if match.lastgroup != "space":
            tokens.append(_token(source, match))
        offset = match.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tuple(tokens)


def _token(source: SourceText, match: re.Match[str]) -> Token:
    start, end = match.span()
    if match["comment"]:
        raise _refused(source, start, end, _COMMENT)
    if match["number"]:
        return _number(source, match)
    if match["name"]:
        lowered = match["name"].lower()
        if lowered in KEYWORDS:
            return Token("keyword", lowered, start, end)
        return Token("name", match["name"], start, end)
    if match["string"]:
        return _string(source, match)
    return Token("symbol", match["symbol"], start, end)


def _number(source: SourceText, match: re.Match[str]) -> Token:
    start, end = match.span()
    number, unit = match["number"], match["unit"]
    if len(number) > 40 or float(number) > 1e300:
        cause = Words("这个数太大", "this number is too large")
        raise _refused(source, start, end, cause)
    if unit is None:
        return Token("number", repr(float(number)), start, end)
    days = UNIT_DAYS.get(unit)
    if days is None:
        cause = Words(
            f"数字后面的“{unit}”不是时间单位；可用 h（小时）、d（天）、w（周），如 30d",
            f"{unit!r} after a number is no unit of time; use h, d or w, as in 30d",
        )
        raise _refused(source, start, end, cause)
    # Hours are divided, not multiplied by a rounded 1/24, so that 24h is exactly 1d.
    amount = float(number) / 24 if unit == "h" else float(number) * days
    return Token("duration", repr(amount), start, end)


def _string(source: SourceText, match: re.Match[str]) -> Token:
    start, end = match.span()
    value = match["string"][1:-1].replace("''", "'")
    for index in range(start + 1, end - 1):
        character = source.text[index]
        if not character.isprintable() and unicodedata.category(character) != "Zs":
            raise _refused(source, index, index + 1, _foreign(character))
    return Token("string", value, start, end)


def _foreign(character: str) -> Words:
    if character in _FOREIGN:
        return _FOREIGN[character]
    code = f"U+{ord(character):04X}"
    if character.isascii() and character.isprintable():
        return Words(
            f"表达式里不能用字符 {character}", f"{character} is not part of the condition language"
        )
    name = unicodedata.name(character, "")
    plain = unicodedata.normalize("NFKC", character)
    if plain.isascii() and plain.isprintable():
        return Words(
            f"全角字符“{character}”要写成半角 {plain}",
            f"write the plain {plain} in place of {character} ({code} {name})",
        )
    shown = character if character.isprintable() else ""
    return Words(
        f"不能用的字符 {shown}（{code} {name}）；名称只用英文小写字母、数字和下划线",
        f"the character {shown} ({code} {name}) is not allowed; names are made of a-z, 0-9 and _",
    )


def _refused(source: SourceText, start: int, end: int, cause: Words) -> DefinitionError:
    return DefinitionError([source.problem(start, end, cause)])
