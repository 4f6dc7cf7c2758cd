"""Making the next piece in a thread while the last one is used: two cores instead of one."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

Piece = TypeVar("Piece")
_DEPTH = 2
_END = object()


class _Failure:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def read_ahead(pieces: Generator[Piece, None, None]) -> Iterator[Piece]:
    """``pieces`` in their order, at most two made in advance in a thread of their own.

    What the making raises is raised here. When the user stops early, the thread stops too
    before this generator is closed.
    """
    queue: Queue[object] = Queue(maxsize=_DEPTH)
    stop = Event()
    thread = Thread(target=_make, args=(pieces, queue, stop), daemon=True)
    thread.start()
    try:
        while (piece := queue.get()) is not _END:
            if isinstance(piece, _Failure):
                raise piece.error
            yield piece  # type: ignore[misc]
    finally:
        stop.set()
        while thread.is_alive():
            while not queue.empty():
                queue.get_nowait()
            thread.join(timeout=0.01)


def _make(pieces: Generator[Piece, None, None], queue: Queue[object], stop: Event) -> None:
    try:
        for piece in pieces:
            if stop.is_set():
                return
            queue.put(piece)
    except BaseException as error:  # noqa: BLE001  handed to the user, who raises it
        queue.put(_Failure(error))
    else:
        queue.put(_END)
    finally:
        pieces.close()  # in the thread that used it: database drivers want that
