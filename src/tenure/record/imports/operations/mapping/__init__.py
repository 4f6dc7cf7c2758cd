"""The map: a YAML file that says what the columns of a file mean."""

from .model import ImportMap
from .reading import load_map, read_map

__all__ = ["ImportMap", "load_map", "read_map"]
