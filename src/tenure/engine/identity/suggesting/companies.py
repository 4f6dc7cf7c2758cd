"""Names of organisations without what tells their place, their trade and their legal form.

华为技术有限公司, 华为 and Huawei Technologies Co., Ltd have the same core, and the same sound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

from tenure.engine.identity.suggesting.chinese import simplified

_LEGAL_ZH_TEXT = """
集团股份有限公司 股份有限公司 有限责任公司 集团有限公司 有限公司 股份公司 分公司 子公司 总公司
公司 集团 合伙企业 事务所 总部 普通合伙 有限合伙 特殊普通合伙 个体工商户 办事处 代表处 分行 支行
分店 总店 研究院 研究所
"""
_TRADES_ZH_TEXT = """
信息技术 网络科技 电子商务 生物科技 新能源 新材料 互联网 房地产 供应链 人工智能 投资控股 技术
科技 信息 网络 电子 机械 软件 医药 食品 物流 建材 贸易 商贸 实业 控股 投资 国际 工业 制造 设备
工程 建筑 装饰 广告 传媒 文化 教育 咨询 服务 管理 汽车 能源 化工 材料 生物 医疗 器械 制药 药业
纺织 服装 家具 电器 通信 通讯 智能 数据 系统 旅游 酒店 餐饮 农业 环保 金融 保险 证券 银行 基金
租赁 地产 置业 发展 进出口 供应链管理 企业
"""
_PLACES_ZH_TEXT = """
中国 全国 北京 上海 天津 重庆 香港 澳门 台湾 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西
山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆 广州 深圳
杭州 成都 武汉 南京 西安 苏州 长沙 郑州 青岛 宁波 厦门 合肥 福州 昆明 哈尔滨 沈阳 济南 太原 南昌
贵阳 兰州 无锡 佛山 大连 东莞 珠海 长春 石家庄 南宁 海口 温州 常州 徐州 烟台 泉州 嘉兴 绍兴 中山
惠州 乌鲁木齐 呼和浩特 银川 西宁 拉萨 南通
"""
_LEGAL_EN_TEXT = """
ab ag and aps as bhd bv co company corp corporation gmbh group holding holdings inc incorporated
kk limited llc llp lp ltd nv of oy plc pte pty sa sarl sdn spa srl the
"""
_PLACES_EN_TEXT = """
asia beijing changsha chengdu china chinese chongqing dalian dongguan europe foshan fujian
fuzhou global guangdong guangzhou hangzhou harbin hefei hongkong hubei hunan jiangsu jinan
kunming nanjing ningbo qingdao shandong shanghai shenyang shenzhen sichuan suzhou tianjin uk us
usa wuhan wuxi xiamen xian zhejiang zhengzhou zhuhai
"""
_TRADES_EN_TEXT = """
technologies:技术 technology:技术 tech:技术 science:科技 software:软件 systems:系统
electronics:电子 electronic:电子 electric:电器 network:网络 networks:网络 information:信息
machinery:机械 foods:食品 food:食品 logistics:物流 trading:贸易 trade:贸易 industries:实业
industrial:工业 industry:工业 international:国际 investment:投资 investments:投资
pharmaceutical:制药 pharmaceuticals:制药 pharma:医药 medical:医疗 biotech:生物科技 energy:能源
automobile:汽车 automotive:汽车 auto:汽车 motors:汽车 media:传媒 education:教育 consulting:咨询
services:服务 service:服务 management:管理 engineering:工程 equipment:设备 materials:材料
chemical:化工 chemicals:化工 bank:银行 insurance:保险 development:发展 enterprise:企业
enterprises:企业 communications:通信 intelligence:智能
"""
_LEGAL_ZH = tuple(_LEGAL_ZH_TEXT.split())
_TRADES_ZH = tuple(_TRADES_ZH_TEXT.split())
_PLACES_ZH = tuple(_PLACES_ZH_TEXT.split())
_LEGAL_EN = frozenset(_LEGAL_EN_TEXT.split())
_PLACES_EN = frozenset(_PLACES_EN_TEXT.split())
_TRADES_EN = dict(entry.split(":") for entry in _TRADES_EN_TEXT.split())
_PLACE_END = ("特别行政区", "自治区", "省", "市")
_NOT_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class CompanyForms:
    """One organisation's name in the forms in which it is compared; empty where it has none.

    Attributes:
        whole: all that is not legal form, in one script and case; words keep their order.
        core: also without place and trade: what people call it.
        sound: letters of the core; pinyin of Chinese.
        trade: the trade in the name, in Chinese.
        place: letters of the place in the name.
        initials: first letters of three and more Latin words.
    """

    whole: str
    core: str
    sound: str
    trade: str
    place: str
    initials: str


@lru_cache(maxsize=100_000)
def company_forms(raw: str) -> CompanyForms:
    """The forms of an organisation's name as written."""
    text = simplified(raw).casefold()
    return _chinese(text) if _HAN.search(text) else _latin(text)


def company_key(raw: str) -> str:
    """The name of a company without what tells its legal form."""
    return company_forms(raw).whole


def sound_of(text: str) -> str:
    """The letters of a text; pinyin of Chinese."""
    return _NOT_WORD.sub("", "".join(lazy_pinyin(text)))


def _chinese(text: str) -> CompanyForms:
    inside = "".join(_BRACKETS.findall(text))
    bare = _without_end(_NOT_WORD.sub("", _BRACKETS.sub("", text)), _LEGAL_ZH, 1)
    place, rest = _place(bare)
    if not place:
        place = _place(_NOT_WORD.sub("", inside))[0]
    core = _without_end(rest, (*_LEGAL_ZH, *_TRADES_ZH), 2)
    trade = rest.removeprefix(core)
    for legal in _LEGAL_ZH:
        trade = trade.removesuffix(legal)
    return CompanyForms(bare, core, sound_of(core), trade, sound_of(place), "")


def _place(text: str) -> tuple[str, str]:
    """The place a name begins with, and the rest; a name that is a place alone stays whole."""
    for place in _PLACES_ZH:
        if text.startswith(place) and len(text) >= len(place) + 2:
            rest = text.removeprefix(place)
            for end in _PLACE_END:
                if rest.startswith(end) and len(rest) >= len(end) + 2:
                    rest = rest.removeprefix(end)
            return place, rest
    return "", text


def _without_end(text: str, ends: tuple[str, ...], least: int) -> str:
    """``text`` without these endings, one after another, while so many characters stay."""
    before = ""
    while text != before:
        before = text
        for end in ends:
            if text.endswith(end) and len(text) - len(end) >= least:
                text = text.removesuffix(end)
                break
    return text


def _latin(text: str) -> CompanyForms:
    words = _NOT_WORD.sub(" ", text.replace(".", "").replace("'", "")).split()
    bare = [word for word in words if word not in _LEGAL_EN] or words
    core = [w for w in bare if w not in _TRADES_EN and w not in _PLACES_EN] or bare
    trade = "".join(_TRADES_EN[word] for word in bare if word in _TRADES_EN and word not in core)
    place = "".join(word for word in bare if word in _PLACES_EN and word not in core)
    initials = "".join(word[0] for word in bare) if len(bare) >= 3 else ""
    return CompanyForms(" ".join(bare), " ".join(core), "".join(core), trade, place, initials)
