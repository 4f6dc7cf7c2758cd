"""The JSON Schema for editors agrees with the loader."""

from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from tenure.definitions import json_schema
from tests.definitions.shop import SHOP

VALIDATOR = Draft202012Validator(json_schema())


def test_it_is_a_schema_and_plain_json() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json.loads(json.dumps(json_schema())) == json_schema()


def test_it_accepts_what_the_loader_accepts() -> None:
    for document in yaml.safe_load_all(SHOP):
        VALIDATOR.validate(document)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("agg: count", "agg: cuont"),
        ("agg: count", "expression: orders"),
        ("window: 90d", "window: 90"),
        ("canonical: loyal", "canonical: faithful"),
        ("kind: pack", "kind: peck"),
        ("unit: money", "units: money"),
        (", en: Revenue", ""),
    ],
)
def test_it_refuses_what_the_loader_refuses(before: str, after: str) -> None:
    documents = yaml.safe_load_all(SHOP.replace(before, after))
    assert not all(VALIDATOR.is_valid(document) for document in documents)
