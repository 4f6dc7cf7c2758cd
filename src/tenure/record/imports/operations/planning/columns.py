"""The columns of a table by name, with mistakes pointed at in the map."""

from __future__ import annotations

from collections.abc import Sequence

from tenure.words import Words

from ..mapping.body import MapError
from ..mapping.model import Place
from ..problems import did_you_mean


class Columns:
    """Positions of named columns."""

    def __init__(self, names: Sequence[str], map_file: str) -> None:
        self.names = tuple(names)
        self._positions = {name: position for position, name in enumerate(names)}
        self._map_file = map_file

    def index(self, name: str, place: Place) -> int:
        """Where the column ``name`` stands.

        Raises:
            MapError: no such column; names the nearest.
        """
        position = self._positions.get(name)
        if position is None:
            hint = did_you_mean(name, self.names)
            shown = self.names[:30]
            raise MapError(
                self._map_file,
                place,
                Words(
                    zh=f"文件没有列「{name}」{hint.zh}；现有列：{'、'.join(shown)}",
                    en=f"the file has no column “{name}”{hint.en}; it has: {', '.join(shown)}",
                ),
            )
        return position
