"""Names of organisations: what people call them, whatever place, trade and form stand around."""

from __future__ import annotations

import pytest

from tenure.engine.identity.suggesting.companies import company_forms


@pytest.mark.parametrize(
    "name",
    [
        "华为",
        "华为技术有限公司",
        "华为技术股份有限公司",
        "華為技術有限公司",
        "深圳市华为技术有限公司",
        "华为技术（中国）有限公司",
        "Huawei",
        "Huawei Technologies Co., Ltd",
        "HUAWEI TECHNOLOGIES CO. LTD.",
        "Huawei Technologies (Shenzhen) Co., Ltd.",
    ],
)
def test_one_company_however_written(name: str) -> None:
    assert company_forms(name).sound == "huawei"


def test_place_trade_and_legal_form_are_told_apart() -> None:
    forms = company_forms("上海远航机械股份有限公司")
    assert (forms.place, forms.core, forms.trade) == ("shanghai", "远航", "机械")
    assert company_forms("北京字节跳动科技有限公司").core == "字节跳动"
    assert company_forms("Shanghai Yuanhang Machinery Inc.").trade == forms.trade
    assert company_forms("Shanghai Yuanhang Machinery Inc.").place == forms.place


def test_a_name_never_becomes_nothing() -> None:
    assert company_forms("中国银行").core
    assert company_forms("科技有限公司").core == "科技"
    assert company_forms("China Technology Ltd").core
    assert company_forms("公司").whole


def test_initials_of_latin_words() -> None:
    assert company_forms("International Business Machines").initials == "ibm"
    assert company_forms("Acme Foods").initials == ""
