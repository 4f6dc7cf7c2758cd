from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from tenure.derive.customers.models import SearchToken
from tenure.derive.customers.operations import assign_customers, merge_customers
from tenure.derive.customers.operations.searching import forget_search, index_search
from tenure.derive.customers.projection import customers_of
from tenure.derive.customers.queries import identifiers_of, search_customers
from tenure.derive.lifecycles.operations import tick
from tenure.record.vault.operations import rotate_keys
from tests.derive.company import TESTER
from tests.derive.staff import START, Person, account, actor, meet, shop

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(db: None) -> Iterator[list[int]]:
    with shop():
        known = meet()
        tick(at=START)
        yield customers_of(np.array(known)).tolist()


def names(text: str) -> set[str]:
    return {result.card.name for result in search_customers(text, viewer=TESTER)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明", "王小明"),
        ("王", "王小明"),
        ("小明", "王小明"),
        ("wangxiaoming", "王小明"),
        ("WangX", "王小明"),
        ("wxm", "王小明"),
        ("xiaoming", "王小明"),
        ("zeng", "曾国华"),
        ("cengguohua", "曾国华"),
        ("zgh", "曾国华"),
        ("shanxiao", "单晓燕"),
        ("單曉燕", "单晓燕"),
        ("陈美丽", "陳美麗"),
        ("陳美麗", "陳美麗"),
        ("chenmeili", "陳美麗"),
        ("smith", "John Smith"),
        ("jo smi", "John Smith"),
        ("8001", "王小明"),
        ("345678", "曾国华"),
        ("138 0013 8001", "王小明"),
        ("+86 13800138001", "王小明"),
        ("XM.Wang@Example.com", "王小明"),
        ("M004", "John Smith"),
    ],
)
def test_a_customer_is_found_by(people: list[int], text: str, name: str) -> None:
    assert names(text) == {name}


@pytest.mark.parametrize("text", ["", " ", "李", "001", "nobody", "x' OR 1=1 --", "%", "王 x"])
def test_nobody_is_found_by(people: list[int], text: str) -> None:
    assert names(text) == set()


def test_only_the_own_customers_are_found(people: list[int]) -> None:
    seller = account("seller@example.com", {"customer.view": "own"})
    assign_customers(people[:1], seller.pk, by=TESTER, at=START + A_MINUTE)

    def mine(text: str) -> list[str]:
        return [one.card.name for one in search_customers(text, viewer=actor(seller))]

    assert mine("王") == ["王**"]
    assert mine("13800138001") == ["王**"]
    assert mine("zeng") == mine("13912345678") == mine("5678") == []


def test_a_merged_customer_is_found_by_both_names(people: list[int]) -> None:
    merge_customers(people[0], people[3], reason="same", by=TESTER, at=START + A_MINUTE)
    tick(at=START + 2 * A_MINUTE)
    assert names("wxm") == names("smith")


def test_search_outlives_new_keys_and_ends_with_erasing(people: list[int]) -> None:
    rotate_keys()
    index_search(at=START + A_MINUTE)
    assert names("wxm") == {"王小明"}
    forget_search([one for person in people for one in identifiers_of(person)])
    assert names("wxm") == set()
    kept = b"".join(str(row).encode() for row in SearchToken.objects.values_list())
    assert "王".encode() not in kept


def test_the_exact_name_comes_first(db: None) -> None:
    with shop():
        meet(
            [
                Person("SARAH", "Somebody Else", "13500001111", "", ""),
                Person("M12", "Sarah", "13500002222", "", ""),
                Person("M13", "Sarahlyn Poe", "13500003333", "", ""),
            ]
        )
        tick(at=START)
        found = search_customers("SARAH", viewer=TESTER)
    assert [one.card.name for one in found] == ["Sarah", "Somebody Else", "Sarahlyn Poe"]
    assert [one.by for one in found] == ["", "member_no", ""]
