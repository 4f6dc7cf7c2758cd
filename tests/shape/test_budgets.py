from __future__ import annotations

from statistics import median, quantiles

from tests.shape.source import functions, own_modules


def ninetieth(values: list[int]) -> float:
    return quantiles(values, n=10, method="inclusive")[-1]


def test_files_stay_small() -> None:
    sizes = [module.lines for module in own_modules()]
    too_long = {m.name: m.lines for m in own_modules() if m.lines > 500}
    assert not too_long
    assert ninetieth(sizes) <= 250


def test_functions_stay_small() -> None:
    lengths = {
        f"{module.name}.{name}": length
        for module in own_modules()
        for name, length in functions(module)
    }
    too_long = {name: length for name, length in lengths.items() if length > 80}
    assert not too_long
    assert median(lengths.values()) <= 10
    assert ninetieth(list(lengths.values())) <= 30
