"""Pages of imports join to the whole list, whatever is imported while somebody reads on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tenure.clock import now
from tenure.record.imports.models import Import
from tenure.record.imports.queries import imports_before

pytestmark = pytest.mark.django_db


def another() -> int:
    row = Import.objects.create(
        file_name="f.csv", file_path="/f.csv", file_sha256="0", source="s", map_text="",
        map_file="", started_at=now(), by="t", status="finished", finished_at=now(),
    )  # fmt: skip
    return row.id


class TestPages(TestCase):
    """The law."""

    @given(
        before=st.integers(0, 12),
        size=st.integers(1, 5),
        meanwhile=st.lists(st.integers(0, 3), max_size=12),
    )
    def test_they_join(self, before: int, size: int, meanwhile: list[int]) -> None:
        whole = sorted((another() for _ in range(before)), reverse=True)
        read: list[int] = []
        where: int | None = None
        turns = iter(meanwhile)
        while True:
            page, where = imports_before(where, size=size)
            read += [one.id for one in page]
            assert len(page) <= size
            for _ in range(next(turns, 0)):
                another()
            if where is None:
                break
        assert read == whole
