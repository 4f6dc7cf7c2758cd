"""Licence texts of the parts that pages and programs are made of."""

from __future__ import annotations

from functools import cache
from importlib import metadata

from django.conf import settings


@cache
def third_party() -> str:
    """Names and licences of all parts, with the texts of those that run in the browser."""
    programs = sorted(
        {
            f"{part.metadata['Name']} {part.version} — {_licence(part)}"
            for part in metadata.distributions()
            if part.metadata["Name"]
        },
        key=str.lower,
    )
    texts = [
        file.read_text(encoding="utf-8")
        for folder in settings.STATICFILES_DIRS
        if (file := folder.parent / "THIRD_PARTY.txt").is_file()
    ]
    return "\n".join(programs) + "\n\n" + "\n".join(texts)


def _licence(part: metadata.Distribution) -> str:
    said = part.metadata.json
    named = str(said.get("license_expression", ""))
    classified = [
        line.rsplit("::", 1)[-1].strip()
        for line in map(str, said.get("classifier", []))
        if line.startswith("License ::")
    ]
    first_line = str(said.get("license", "")).strip().split("\n", 1)[0]
    return named or ", ".join(classified) or first_line or "?"
