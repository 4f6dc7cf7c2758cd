"""Two arrows that an import graph cannot show; .importlinter holds the others."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from tests.shape.source import imports, own_modules

FLOORS = ["record", "guard", "derive", "act", "decide", "measure"]


def home_of(models_module: str) -> str:
    return models_module.split(".models", maxsplit=1)[0]


def test_models_stay_home() -> None:
    strays = [
        f"{module.name} imports {imported}"
        for module in own_modules()
        for imported in imports(module)
        if imported.startswith("tenure.")
        and ".models" in imported
        and not module.name.startswith(home_of(imported))
    ]
    assert not strays


def floor_of(module: str) -> int:
    return FLOORS.index(module.split(".")[1])


OWN_MODELS = [model for model in apps.get_models() if model.__module__.startswith("tenure.")]


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_keys_point_down(model: type) -> None:
    for field in model._meta.get_fields():  # type: ignore[attr-defined]
        if isinstance(field, ForeignKey):
            assert floor_of(field.related_model.__module__) <= floor_of(model.__module__)
