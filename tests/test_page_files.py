"""The files that pages are made of: locked, checked, made whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.shape.source import ROOT
from tests.shape.test_templates import page_files

Pack = Callable[[], dict[str, Any]]
hook = page_files()
SPRITE = "".join(f'<symbol id="tabler-{name}"><path d="M0 0"/></symbol>' for name in hook.ICONS)


def test_versions_are_exact_and_no_registry_is_named() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert set(wanted) == set(hook.FILES)
    for name, version in wanted.items():
        entry = lock["packages"][f"node_modules/{name}"]
        assert entry["version"] == version
        assert entry["integrity"].startswith("sha512-")
    assert not [entry for entry in lock["packages"].values() if "resolved" in entry]
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own whose packages come from a program that stands for npm."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    locked = {}
    for name, kept in hook.FILES.items():
        archive = shelf / f"{name.replace('@', '').replace('/', '-')}-1.0.0.tgz"
        about = {"author": {"name": f"Maker of {name}"}}
        contents = {"package.json": json.dumps(about), "LICENSE": f"Licence of {name}"}
        contents |= dict.fromkeys(kept, "code();\n//# sourceMappingURL=code.js.map\n")
        if name == "@tabler/icons-sprite":
            contents["dist/tabler-sprite-nostroke.svg"] = f"<svg>{SPRITE}</svg>"
        with tarfile.open(archive, "w:gz") as package:
            for path, text in contents.items():
                member = tarfile.TarInfo(f"package/{path}")
                member.size = len(text.encode())
                package.addfile(member, io.BytesIO(text.encode()))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        entry = {"version": "1.0.0", "integrity": f"sha512-{digest}", "license": "MIT"}
        locked[f"node_modules/{name}"] = entry
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": locked}))
    npm = tmp_path / "npm.py"
    npm.write_text(
        "import json, shutil, sys\nfrom pathlib import Path\n"
        "place = sys.argv[sys.argv.index('--pack-destination') + 1]\n"
        f"shelf = Path({str(shelf)!r})\nfound = []\n"
        "for asked in sys.argv[sys.argv.index(place) + 1:]:\n"
        "    name, _, version = asked.rpartition('@')\n"
        "    file = name.replace('@', '').replace('/', '-') + f'-{version}.tgz'\n"
        "    if not (shelf / file).exists(): sys.exit('npm error code E404')\n"
        "    shutil.copy(shelf / file, place)\n"
        "    found.append({'name': name, 'filename': file})\n"
        "print(json.dumps(found))\n"
    )
    monkeypatch.setattr(hook, "ROOT", tmp_path)
    monkeypatch.setattr(hook, "CARRIED", tmp_path / "assets")
    monkeypatch.setattr(hook, "_npm", lambda work: [sys.executable, str(npm)])
    return shelf


def test_only_what_is_needed_is_taken_out(registry: Path, tmp_path: Path) -> None:
    folder = tmp_path / "build" / "made"
    hook.fill(folder)
    made = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    vendor = {name for kept in hook.FILES.values() for name in kept.values()} | {"icons.svg"}
    assert made == {"THIRD_PARTY.txt", "__init__.py", "stamp.txt"} | {
        f"static/vendor/{name}" for name in vendor
    }
    assert "sourceMappingURL" not in (folder / "static/vendor/htmx.js").read_text()
    assert '<symbol id="users">' in (folder / "static/vendor/icons.svg").read_text()
    licences = (folder / "THIRD_PARTY.txt").read_text()
    assert all(f"Licence of {name}" in licences for name in hook.FILES)
    assert hook.is_fresh(folder)


def test_nothing_is_fetched_where_nothing_has_changed(registry: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    hook.fill(folder)
    for archive in registry.iterdir():
        archive.unlink()
    hook.fill(folder)
    folder.rename(tmp_path / "assets")  # as a source archive carries them
    hook.fill(tmp_path / "again")
    assert hook.is_fresh(tmp_path / "again")
    lock = tmp_path / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert not hook.is_fresh(tmp_path / "again")


def test_a_changed_archive_is_refused(registry: Path, tmp_path: Path) -> None:
    archive = next(registry.glob("htmx*"))
    archive.write_bytes(archive.read_bytes() + b"\0")
    with pytest.raises(hook.AssetsError, match=r"(?s)htmx\.org.*校验和.*recorded"):
        hook.fill(tmp_path / "made")
    assert not (tmp_path / "made").exists()
    assert not list(tmp_path.glob(".assets-*"))


def test_a_registry_out_of_reach_is_told_in_both_languages(
    registry: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    next(registry.glob("echarts*")).unlink()
    assert hook.main([str(tmp_path / "made")]) == 2
    told = capsys.readouterr().err
    for word in ("软件源", "registry", "npm_config_registry", "E404"):
        assert word in told
