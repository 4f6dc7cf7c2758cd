"""Pictures of pages with 256 colours: less than half the bytes."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from playwright.sync_api import Page

COLOURS = 256
EXACT = 64
"""How many of the most frequent colours are kept as they are."""
_READ = """async (source) => {
  const picture = new Image();
  picture.src = source;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const {data} = canvas.getImageData(0, 0, picture.width, picture.height);
  let text = "";
  for (let at = 0; at < data.length; at += 32768)
    text += String.fromCharCode(...data.subarray(at, at + 32768));
  return [picture.width, picture.height, btoa(text)];
}"""


def small(png: bytes, reader: Page) -> bytes:
    """The picture with a palette.

    Args:
        png: any PNG without transparency.
        reader: an empty page, whose browser decodes it.

    Returns:
        A PNG with at most :data:`COLOURS` colours, each other colour drawn as the nearest.
    """
    source = "data:image/png;base64," + base64.b64encode(png).decode()
    width, height, text = reader.evaluate(_READ, source)
    pixels = np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, 4)[:, :3]
    packed = pixels.astype(np.int64) @ np.array([65_536, 256, 1])
    known, place, times = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([known >> 16, known >> 8 & 255, known & 255], axis=1)
    palette = _palette(colours, times)
    apart = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    indices = apart.argmin(axis=1)[place].astype(np.uint8).reshape(height, width)
    rows = np.zeros((height, width + 1), np.uint8)  # each begins with the filter 0
    rows[:, 1:] = indices
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            _chunk(b"IHDR", head),
            _chunk(b"PLTE", palette.astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _palette(colours: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The grounds exactly, then one colour of each shade: a small red mark stays red."""
    colours = colours[np.argsort(-times, kind="stable")]
    shades = (colours >> 4) @ np.array([256, 16, 1])
    _, leading = np.unique(shades, return_index=True)
    chosen = np.concatenate([np.arange(min(EXACT, len(colours))), np.sort(leading)])
    _, first = np.unique(chosen, return_index=True)
    kept: np.ndarray = colours[chosen[np.sort(first)]][:COLOURS]
    return kept


def _chunk(kind: bytes, body: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
