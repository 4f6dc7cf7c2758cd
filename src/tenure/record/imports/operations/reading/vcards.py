"""vCard files (2.1, 3.0, 4.0; RFC 2426, RFC 6350): each card a row, several to a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import vobject

from tenure.words import Words

from .content import Content
from .encoding import BROKEN, TextLines, detect_encoding
from .table import Cell, Cells, ReadOptions, Refuse

COLUMNS = (
    "full_name", "family_name", "given_name", "works_at", "department", "job_title",
    "phone", "phone_2", "phone_3", "email", "email_2", "address", "city", "province",
    "postal_code", "country", "birthday", "website", "remark", "card_date", "card_id",
)  # fmt: skip
BEGIN = re.compile(rb"BEGIN[ \t]*:[ \t]*VCARD", re.IGNORECASE)
_BEGIN, _END = (
    re.compile(rf"\s*{word}\s*:\s*VCARD\s*", re.IGNORECASE) for word in ("BEGIN", "END")
)
_NAME = re.compile(r"(?:[A-Za-z0-9\-]+\.)?([A-Za-z0-9\-]+)\s*[;:]")
_HEAVY = {"PHOTO", "LOGO", "SOUND", "KEY"}
_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[T ].*)?")
_REVISED = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})[T ]([0-9]{2}):?([0-9]{2}):?([0-9]{2})"
    r"(?:[.,][0-9]+)?(Z|[+\-][0-9]{2}:?[0-9]{2})?"
)
_QUOTED_PRINTABLE = re.compile(r"(?im)^([^:\n]*ENCODING=QUOTED-PRINTABLE)(?![^:\n]*CHARSET)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MOST_LINES = 20_000
_BROKEN_CARD = Words("这张名片写法有误，读不出来", "this card is not written as a vCard should be")
_NO_CARD = Words("这一行不属于任何名片", "this line belongs to no card")
_TOO_LONG = Words(
    f"这张名片超过 {_MOST_LINES:,} 行", f"this card has more than {_MOST_LINES:,} lines"
)
_BAD_BYTES = Words("有些字节不合文件的编码", "some bytes do not fit the encoding of the file")


class VCardTable:
    """A file of cards; its columns are always the same, the line of a row is where it begins."""

    def __init__(self, path: Path, options: ReadOptions, lines: TextLines) -> None:
        self.path = path
        self.columns = COLUMNS
        self.options = options
        self._lines = lines
        self._size = max(path.stat().st_size, 1)
        self._day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        self.notes = self._noticed()

    def progress(self) -> float:
        """The share of the stored bytes read."""
        return min(self._lines.done / self._size, 1.0)

    def rows(self, refuse: Refuse) -> Iterator[tuple[int, Cells]]:
        """Each card as (the line it begins at, its cells)."""
        for line, text in _cards(self._lines):
            why = _fault_of(text)
            found = None if why is not None else _read(text)
            if found is None:
                refuse(line, [text.strip()[:200]], why or _BROKEN_CARD)
            else:
                yield line, _cells(found, self._day)

    def _noticed(self) -> tuple[Words, ...]:
        photos = undated = 0
        for _, text in _cards(self._lines):
            names = {_name_of(one) for one in text.split("\n")}
            photos += bool(names & _HEAVY)
            undated += "REV" not in names
        notes = []
        if photos:
            notes.append(
                Words(
                    zh=f"{photos:,} 张名片带有照片等附件：不导入",
                    en=f"{photos:,} cards hold photos or the like: those are left out",
                )
            )
        if undated:
            notes.append(
                Words(
                    zh=f"{undated:,} 张名片没有修改时间（REV）：按文件日期 {self._day} 记录",
                    en=f"{undated:,} cards do not say when they were made (REV): the date of the "
                    f"file, {self._day}, is taken",
                )
            )
        return tuple(notes)


def _cards(lines: TextLines) -> Iterator[tuple[int, str]]:
    """The text of each card with the line it begins at; lines between cards by themselves."""
    begun, depth, card = 0, 0, list[str]()
    for number, line in enumerate(lines, start=1):
        if _BEGIN.fullmatch(line):
            if depth == 0:
                begun, card = number, []
            depth += 1
        if depth:
            if len(card) <= _MOST_LINES:
                card.append(line.rstrip("\n"))
        elif line.strip():
            yield number, line
        if depth and _END.fullmatch(line):
            depth -= 1
            if depth == 0:
                yield begun, "\n".join(card)
    if depth:
        yield begun, "\n".join(card)


def _fault_of(text: str) -> Words | None:
    if not _BEGIN.match(text):
        return _NO_CARD
    if text.count("\n") >= _MOST_LINES:
        return _TOO_LONG
    return _BAD_BYTES if BROKEN.search(text) else None


def _name_of(line: str) -> str:
    found = _NAME.match(line)
    return found[1].upper() if found else ""


def _light(text: str) -> str:
    """A card without photos, logos, sounds and keys, the lines they go on in included."""
    kept: list[str] = []
    dropping = False
    for line in text.split("\n"):
        if dropping and (line[:1] in {" ", "\t"} or ":" not in line):
            continue
        dropping = _name_of(line) in _HEAVY
        if not dropping and line.strip():
            kept.append(line)
    return "\n".join(kept) + "\n"


def _read(text: str) -> Any | None:
    """The card; quoted-printable that names no encoding may be GBK, as old phones wrote it."""
    light = _light(text)
    for attempt in (light, _QUOTED_PRINTABLE.sub(r"\1;CHARSET=gb18030", light)):
        try:
            return vobject.readOne(attempt, allowQP=True)
        except (UnicodeError, LookupError):
            continue
        except (vobject.base.VObjectError, ValueError, TypeError, IndexError, AttributeError):
            return None
    return None


def _cells(card: Any, day: date) -> list[Cell]:
    name = _first(card, "n")
    family, given = (_text(getattr(name, part, "")) for part in ("family", "given"))
    phones = [one.removeprefix("tel:") for one in _texts(card, "tel", "CELL")]
    mails = [one.removeprefix("mailto:") for one in _texts(card, "email", "PREF")]
    units = [_text(one) for one in _first(card, "org") or []]
    place = _first(card, "adr")
    cells: dict[str, Cell] = {
        "full_name": _plain(card, "fn") or _joined_name(family, given),
        "family_name": family,
        "given_name": given,
        "works_at": units[0] if units else "",
        "department": " ".join(units[1:]),
        "job_title": _plain(card, "title"),
        "birthday": _birthday(_plain(card, "bday")),
        "website": _plain(card, "url"),
        "remark": _plain(card, "note"),
        "card_date": _revised(_plain(card, "rev")) or day.isoformat(),
        "card_id": _plain(card, "uid"),
        "address": " ".join(filter(None, (_text(getattr(place, p, "")) for p in _STREET))),
        "city": _text(getattr(place, "city", "")),
        "province": _text(getattr(place, "region", "")),
        "postal_code": _text(getattr(place, "code", "")),
        "country": _text(getattr(place, "country", "")),
    }
    for column, number in (("phone", 0), ("phone_2", 1), ("phone_3", 2)):
        cells[column] = phones[number] if number < len(phones) else ""
    for column, number in (("email", 0), ("email_2", 1)):
        cells[column] = mails[number] if number < len(mails) else ""
    return [cells[column] or None for column in COLUMNS]


_STREET = ("box", "extended", "street")


def _first(card: Any, name: str) -> Any:
    lines = card.contents.get(name)
    return lines[0].value if lines else None


def _plain(card: Any, name: str) -> str:
    return _text(_first(card, name))


def _text(value: object) -> str:
    """A value as one line of text; a list of texts with spaces between."""
    if isinstance(value, (list, tuple)):
        return " ".join(filter(None, map(_text, value)))
    return " ".join(str(value).split()) if value is not None else ""


def _texts(card: Any, name: str, foremost: str) -> list[str]:
    """All values of a property, once each, those of the type ``foremost`` first."""
    lines = card.contents.get(name, [])
    ranked = sorted(lines, key=lambda line: foremost not in _types(line))
    return list(dict.fromkeys(text for line in ranked if (text := _text(line.value))))


def _types(line: Any) -> set[str]:
    given = [*line.singletonparams, *line.params.get("TYPE", [])]
    return {word.strip().upper() for one in given for word in one.split(",")}


def _joined_name(family: str, given: str) -> str:
    if _HAN.search(family + given):
        return f"{family}{given}"
    return f"{given} {family}".strip()


def _birthday(text: str) -> str:
    """A whole date; one without its year tells no age and is left out."""
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        return ""


def _revised(text: str) -> str:
    found = _REVISED.fullmatch(text)
    if found is None:
        return _birthday(text)
    year, month, day, hour, minute, second, zone = found.groups()
    offset = "+00:00" if zone in {None, "Z"} else zone
    try:
        return datetime.fromisoformat(
            f"{year}-{month}-{day}T{hour}:{minute}:{second}{offset}"
        ).isoformat()
    except ValueError:
        return ""


def open_vcards(path: Path, content: Content, options: ReadOptions) -> VCardTable:
    """The table of a vCard file."""
    lines = TextLines(
        path, options.encoding or detect_encoding(path, content), packed=content.packed
    )
    settled = replace(options, format="vcard", encoding=lines.encoding, columns=COLUMNS)
    return VCardTable(path, settled, lines)
