"""Where definitions come from at the terminal: files, folders, and packs by key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from tenure.definitions import Definition


class SourceError(TenureError):
    """Neither a file nor a pack."""


def load_sources(sources: tuple[str, ...]) -> tuple[Definition, ...]:
    """The definitions named by ``sources``; a pack brings the packs it requires, once.

    Raises:
        SourceError: a source is neither a path nor a pack.
        DefinitionError: a file cannot be read as definitions.
    """
    from tenure.definitions import load_files, load_packs, pack_keys

    keys = [source for source in sources if source in pack_keys() and not Path(source).exists()]
    paths = [source for source in sources if source not in keys]
    for path in paths:
        if not Path(path).exists():
            raise SourceError(_unknown(path, pack_keys()))
    return (*load_packs(keys), *(load_files(paths) if paths else ()))


def _unknown(source: str, known: tuple[str, ...]) -> Words:
    from difflib import get_close_matches

    near = get_close_matches(source, known, n=1, cutoff=0.6)
    zh_hint = f"，是不是 {near[0]}？" if near else "。"
    en_hint = f": did you mean {near[0]}?" if near else "."
    return Words(
        zh=f"“{source}”既不是文件，也不是行业包{zh_hint}现有的行业包：{'、'.join(known)}",
        en=f"“{source}” is neither a file nor a pack{en_hint} Packs: {', '.join(known)}",
    )
