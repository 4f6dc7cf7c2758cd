"""Reading much of a SQLite log as columns, in a process of its own.

The ADBC driver brings a SQLite library of its own. Two copies of SQLite that open one file in
one process undo each other's locks, for POSIX locks belong to the process (sqlite.org, "How To
Corrupt An SQLite Database File", 2.2.1): the second takes itself for the first and only one,
empties the index of the write-ahead log beneath the other, and the process dies of SIGBUS.
So the driver reads in a child process, which sends Arrow batches through a pipe.

The child runs this file as a script; it must import nothing of Tenure.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from io import IOBase
from typing import cast
from urllib.parse import quote

import pyarrow as pa

_BATCH_ROWS = "65536"


class ReadingFailedError(RuntimeError):
    """The child process could not read the database; carries what it said."""


def read_apart(query: str, file: str) -> Generator[pa.RecordBatch, None, None]:
    """The rows of ``query`` on the SQLite database ``file``, in batches as the driver makes them.

    Raises:
        ReadingFailedError: the child process failed.
    """
    command = [sys.executable, "-I", __file__, file, query]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        try:
            with pa.ipc.open_stream(cast(IOBase, child.stdout)) as batches:
                yield from batches
        except pa.ArrowInvalid as broken:
            child.kill()
            raise ReadingFailedError(child.stderr.read().decode(errors="replace")) from broken
        except BaseException:
            child.kill()
            raise
        if child.wait():
            raise ReadingFailedError(child.stderr.read().decode(errors="replace"))


def _send(file: str, query: str) -> None:
    """In the child: write the rows of ``query`` to standard output as an Arrow stream."""
    import adbc_driver_sqlite.dbapi as sqlite

    link = sqlite.connect(f"file:{quote(file)}?mode=ro")
    with closing(link), closing(link.cursor()) as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": _BATCH_ROWS})
        cursor.execute(query)
        rows = cursor.fetch_record_batch()
        with rows, pa.ipc.new_stream(cast(IOBase, sys.stdout.buffer), rows.schema) as stream:
            for batch in rows:
                stream.write_batch(batch)


if __name__ == "__main__":
    _send(*sys.argv[1:3])
