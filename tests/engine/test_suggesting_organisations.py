"""Organisations known by name alone, and with what else is known of them."""

from __future__ import annotations

import pyarrow as pa
import pytest
from benchmarks.identity_data import quality
from benchmarks.identity_organisations import organisations

from tenure.engine.identity.suggesting import suggest

NAMES = [
    "华为技术有限公司", "华为", "Huawei Technologies Co., Ltd", "腾讯科技（深圳）有限公司",
    "騰訊科技(深圳)有限公司", "北京远航机械有限公司", "上海金桥食品有限公司",
    "杭州恒达软件有限公司", "成都安泰医药有限公司", "宁波瑞丰物流有限公司", "天津宏图建材有限公司",
    "武汉启明电子有限公司",
    "Northwind Trading Ltd", "Contoso Systems Inc", "Fabrikam Foods", "青岛嘉禾农业有限公司",
    "厦门联创传媒有限公司", "重庆盛世置业有限公司", "西安博雅教育有限公司", "福州新源能源有限公司",
    "昆明天工工程有限公司", "合肥中科通信有限公司", "长沙华信咨询有限公司",
]  # fmt: skip


def test_short_and_english_names_are_suggested() -> None:
    records = pa.table({"id": range(len(NAMES)), "name": NAMES})
    found = suggest(records, "organisation")
    pairs = {(one["left_id"], one["right_id"]) for one in found.pairs.to_pylist()}
    assert {(0, 1), (0, 2), (1, 2), (3, 4)} == pairs


def test_evidence_names_what_agrees() -> None:
    records = pa.table({"id": range(len(NAMES)), "name": NAMES})
    told = {
        (one["left_id"], one["right_id"]): {
            part["field"]: part["level"] for part in one["evidence"]
        }
        for one in suggest(records, "organisation").pairs.to_pylist()
    }
    assert told[0, 1]["name"] == "core"
    assert told[0, 2]["name"] == "same_sound"


@pytest.mark.parametrize(
    ("with_contacts", "precision", "recall"), [(False, 0.9, 0.75), (True, 0.98, 0.88)]
)
def test_a_thousand_companies(with_contacts: bool, precision: float, recall: float) -> None:
    truth = organisations(1_500, 1_100, with_contacts=with_contacts)
    found = quality(truth, suggest(truth.records, "organisation").pairs)
    assert found.pairs.precision >= precision
    assert found.pairs.recall >= recall
