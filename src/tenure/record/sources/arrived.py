"""What a door puts into the spool: one request, with the exact bytes of each message in it."""

from __future__ import annotations

import msgspec


class Arrived(msgspec.Struct, array_like=True, frozen=True):
    """One accepted request.

    Attributes:
        source_id: whose key it came under.
        dialect: how its messages are written: segment, posthog, sensors, webhook or form.
        received_us: when it arrived, microseconds since the epoch, UTC.
        envelope: what the request said of all its messages, JSON; empty for nothing.
        items: each message's own bytes.
        key_id: number of the write key it came under; 0 where that is not known.
    """

    source_id: int
    dialect: str
    received_us: int
    envelope: bytes
    items: list[bytes]
    key_id: int = 0


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Arrived)


def to_frame(arrived: Arrived) -> bytes:
    """``arrived`` as a frame of the spool (MessagePack)."""
    return _encoder.encode(arrived)


def from_frame(frame: bytes) -> Arrived:
    """What :func:`to_frame` made a frame of.

    Raises:
        msgspec.DecodeError: it is no such frame.
    """
    return _decoder.decode(frame)


def events_in(frame: bytes) -> int:
    """How many messages a frame holds; 1 for what is no frame."""
    try:
        return len(_decoder.decode(frame).items)
    except msgspec.DecodeError:
        return 1
