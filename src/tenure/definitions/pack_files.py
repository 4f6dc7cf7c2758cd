"""The packs that come with Tenure: folders of YAML beside the code."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from tenure.definitions.base import (
    Definition,
    DefinitionError,
    DefinitionProblem,
    nearest_name,
    problem_in,
)
from tenure.definitions.loading import load_bytes
from tenure.definitions.pack import Pack
from tenure.words import Words


def pack_keys() -> tuple[str, ...]:
    """Keys of the packs that come with Tenure, ordered."""
    folder = _folder()
    found = folder.iterdir() if folder.is_dir() else iter(())
    return tuple(sorted(entry.name for entry in found if (entry / "pack.yaml").is_file()))


def load_pack(key: str) -> tuple[Definition, ...]:
    """The definitions of a pack and of all packs it requires, the required ones first.

    Raises:
        DefinitionError: no such pack, packs that require each other in a circle, or a file
            of a pack that cannot be read.
    """
    return load_packs([key])


def load_packs(keys: list[str]) -> tuple[Definition, ...]:
    """The definitions of several packs and all they require, each pack once.

    Raises:
        DefinitionError: as ``load_pack``.
    """
    loaded: dict[str, tuple[Definition, ...]] = {}
    for key in keys:
        if key not in pack_keys():
            nearest = nearest_name(key, pack_keys())
            problem = DefinitionProblem(None, None, None, "", _unknown(key), nearest)
            raise DefinitionError([problem])
        _load(key, (), loaded)
    return tuple(definition for found in loaded.values() for definition in found)


def _load(key: str, path: tuple[str, ...], loaded: dict[str, tuple[Definition, ...]]) -> None:
    if key in loaded:
        return
    own = _load_folder(key)
    pack = next(found for found in own if isinstance(found, Pack))
    for index, required in enumerate(pack.requires):
        where = f"requires[{index}]"
        if required in (*path, key):
            circle = " → ".join((*path, key, required))
            cause = Words(
                f"行业包互相依赖成环：{circle}", f"packs require each other in a circle: {circle}"
            )
            raise DefinitionError([problem_in(pack, where, cause)])
        if required not in pack_keys():
            nearest = nearest_name(required, pack_keys())
            raise DefinitionError([problem_in(pack, where, _unknown(required), nearest=nearest)])
        _load(required, (*path, key), loaded)
    loaded[key] = own


def _load_folder(key: str) -> tuple[Definition, ...]:
    definitions: list[Definition] = []
    problems: list[DefinitionProblem] = []
    folder = _folder() / key
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            try:
                definitions.extend(load_bytes(entry.read_bytes(), f"packs/{key}/{entry.name}"))
            except DefinitionError as error:
                problems.extend(error.problems)
    packs = [found for found in definitions if isinstance(found, Pack)]
    if not problems and [pack.key for pack in packs] != [key]:
        cause = Words(
            f"packs/{key} 里要有且只有一个 key 为 {key} 的 pack 文档",
            f"packs/{key} must hold exactly one pack document, with the key {key}",
        )
        problems.append(DefinitionProblem(f"packs/{key}/pack.yaml", None, None, "", cause))
    if problems:
        raise DefinitionError(problems)
    return tuple(definitions)


def _folder() -> Traversable:
    return files("tenure") / "packs"


def _unknown(key: str) -> Words:
    return Words(f"没有行业包 {key}", f"there is no pack {key}")
