"""The spool on its own: durable, in order, whole, and refusing before the disk is full."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.record.sources.spool.framing import HEAD, Sealer, SpoolKeysError, segment_files
from tenure.record.sources.spool.reading import SegmentReader
from tenure.record.sources.spool.writing import Spool, SpoolFullError

ROOT = Path(__file__).parents[4]
SECRET = b"s" * 32
MB = 1_000_000


def spool(directory: Path, **sizes: int) -> Spool:
    given = {"most_bytes": 100 * MB, "least_free_bytes": 0, **sizes}
    return Spool(directory, lambda: SECRET, **given)


def read_all(directory: Path, secret: bytes = SECRET) -> list[bytes]:
    found = []
    for path in segment_files(directory):
        reader = SegmentReader(path, secret)
        found += [frame.content for frame in reader.frames(0)]
        reader.close()
    return found


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Spool]:
    made = spool(tmp_path / "spool")
    yield made
    made.close()


def test_what_is_appended_is_read_back_in_order(writer: Spool) -> None:
    writer.append([b"one", b"two"])
    writer.append([])
    writer.append([b"three" * 400_000])
    assert read_all(writer.directory) == [b"one", b"two", b"three" * 400_000]


def test_nothing_lies_in_the_clear(writer: Spool) -> None:
    writer.append([b"zhang.san@example.com"])
    [path] = segment_files(writer.directory)
    assert b"zhang" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_another_key_file_opens_nothing_and_says_so(writer: Spool) -> None:
    writer.append([b"one"])
    with pytest.raises(SpoolKeysError, match="another key file"):
        read_all(writer.directory, b"t" * 32)


@given(contents=st.lists(st.binary(max_size=50), min_size=1, max_size=8), cut=st.integers(0, 600))
def test_a_torn_file_gives_the_frames_before_the_tear(contents: list[bytes], cut: int) -> None:
    sealer = Sealer(SECRET, "a")
    block = sealer.seal(contents, 0)
    ends, place = [], 0
    for content in contents:
        place += HEAD.size + 16 + len(content)
        ends.append(place)
    whole = sum(end <= cut for end in ends)
    assert [frame.content for frame in sealer.frames(block[:cut], 0)] == contents[:whole]
    assert [frame.end for frame in sealer.frames(block[:cut], 0)] == ends[:whole]


@given(
    contents=st.lists(st.binary(min_size=1, max_size=50), min_size=2, max_size=6), data=st.data()
)
def test_a_changed_byte_hides_its_frame_and_shows_no_false_one(
    contents: list[bytes], data: st.DataObject
) -> None:
    sealer = Sealer(SECRET, "a")
    block = bytearray(sealer.seal(contents, 0))
    place = data.draw(st.integers(0, len(block) - 1))
    block[place] ^= data.draw(st.integers(1, 255))
    found = [frame.content for frame in sealer.frames(bytes(block), 0)]
    assert found == contents[: len(found)]
    assert len(found) < len(contents)


def test_segments_rotate_and_an_abandoned_one_shows_no_writer(tmp_path: Path) -> None:
    writer = spool(tmp_path, segment_bytes=1000)
    for number in range(10):
        writer.append([b"%03d" % number * 100])
    paths = segment_files(tmp_path)
    assert len(paths) == 3
    alive = [reader.has_writer() for reader in (SegmentReader(path, SECRET) for path in paths)]
    assert sum(alive) == 1
    assert len(read_all(tmp_path)) == 10
    writer.close()
    assert not any(SegmentReader(path, SECRET).has_writer() for path in paths)


def test_threads_share_syncs_and_lose_nothing(writer: Spool) -> None:
    syncs: list[int] = []
    real = os.fdatasync

    def slow(descriptor: int) -> None:
        threading.Event().wait(0.002)
        real(descriptor)
        syncs.append(1)

    def send(sender: int) -> None:
        for number in range(25):
            writer.append([b"%d-%d" % (sender, number)])

    with patch("os.fdatasync", slow):
        threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = read_all(writer.directory)
    assert sorted(found) == sorted(b"%d-%d" % (s, n) for s in range(8) for n in range(25))
    assert len(syncs) < 150


def test_two_processes_write_to_one_directory(tmp_path: Path) -> None:
    code = (
        "import sys, django; from pathlib import Path; django.setup()\n"
        "from tests.record.sources.spool.test_spool import spool\n"
        "s = spool(Path(sys.argv[1]))\n"
        "for n in range(50): s.append([b'%s-%d' % (sys.argv[2].encode(), n)])\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    env = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tenure.config.settings",
    }
    running = [subprocess.Popen([*command, name], env=env) for name in ("a", "b")]
    assert [process.wait() for process in running] == [0, 0]
    assert len(segment_files(tmp_path)) == 2
    assert len(set(read_all(tmp_path))) == 100


def test_a_forked_child_begins_its_own_segment(writer: Spool) -> None:
    writer.append([b"parent"])
    [path] = segment_files(writer.directory)
    reader = SegmentReader(path, SECRET)
    writer.abandon()
    assert not reader.has_writer()
    writer.append([b"child"])
    assert len(segment_files(writer.directory)) == 2


def test_it_takes_nothing_beyond_its_limit_and_goes_on_once_there_is_room(tmp_path: Path) -> None:
    writer = spool(tmp_path, most_bytes=10_000)
    for _ in range(9):
        writer.append([b"x" * 1000])
    with pytest.raises(SpoolFullError, match="full"):
        writer.append([b"x" * 1000])
    assert len(read_all(tmp_path)) == 9
    writer.close()
    for path in segment_files(tmp_path):
        path.unlink()
    writer = spool(tmp_path, most_bytes=10_000)
    writer.append([b"again"])
    writer.close()
    assert read_all(tmp_path) == [b"again"]


def test_it_leaves_the_disk_some_room(tmp_path: Path) -> None:
    with pytest.raises(SpoolFullError):
        spool(tmp_path, least_free_bytes=2**60).append([b"x"])
    assert not segment_files(tmp_path)


def test_a_full_disk_tears_no_frame_and_the_next_segment_goes_on(tmp_path: Path) -> None:
    writer = spool(tmp_path)
    writer.append([b"a" * 3000])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(SpoolFullError, match="full"):
            writer.append([b"b" * 3000])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    writer.append([b"c"])
    writer.close()
    assert sorted(read_all(tmp_path)) == [b"a" * 3000, b"c"]


def test_a_failed_sync_is_never_answered_as_done(tmp_path: Path) -> None:
    writer = spool(tmp_path)
    failing = patch("os.fdatasync", side_effect=OSError(5, "Input/output error"))
    with failing, pytest.raises(SpoolFullError, match="cannot be written"):
        writer.append([b"a"])
    writer.append([b"b"])
    writer.close()
    assert len(segment_files(tmp_path)) == 2
    assert b"b" in read_all(tmp_path)


def test_a_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    forbidden = patch("os.open", side_effect=PermissionError(13, "Permission denied"))
    with forbidden, pytest.raises(SpoolFullError, match="Permission denied"):
        spool(tmp_path).append([b"a"])
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SpoolFullError, match="cannot be written"):
        spool(file / "spool").append([b"a"])


def test_how_much_waits_is_told_without_reading_it(writer: Spool) -> None:
    writer.append([b"x" * 100 for _ in range(5)])
    [path] = segment_files(writer.directory)
    reader = SegmentReader(path, SECRET)
    second = reader.first(0)
    assert second is not None
    waiting = reader.waiting(second.end)
    assert (waiting.frames, waiting.bytes) == (4, 4 * 124)
    assert reader.waiting(reader.size).frames == 0
