"""Names and places of simulated people."""

from __future__ import annotations

# The commonest Chinese surnames, most frequent first (sixth national census).
SURNAMES = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡",
    "郭", "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹",
    "彭", "曾", "萧", "田", "董", "袁", "潘", "于", "蒋", "蔡", "余", "杜", "叶", "程", "苏",
    "魏", "吕", "丁", "任", "沈", "姚", "卢", "姜", "崔", "钟", "谭", "陆", "汪", "范", "金",
    "石", "廖", "贾", "夏", "韦", "付", "方", "白", "邹", "孟", "熊", "秦", "邱", "江", "尹",
    "薛", "闫", "段", "雷", "侯", "龙", "史", "陶", "黎", "贺", "顾", "毛", "郝", "龚", "邵",
    "万", "钱", "严", "覃", "武", "戴", "莫", "孔", "向", "汤",
]  # fmt: skip
GIVEN_NAMES = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛",
    "明", "超", "霞", "平", "刚", "婷", "宇", "欣怡", "子涵", "梓萱", "浩然", "雨桐", "诗涵",
    "一诺", "宇轩", "俊杰", "思远", "嘉怡", "晓东", "建国", "志强", "秀英", "桂兰", "玉兰",
    "海燕", "文静", "雪梅", "佳琪", "晨曦", "天宇", "泽宇", "若曦", "可馨", "梦洁", "立新",
    "国庆", "红梅", "春华", "秋实", "家豪", "书瑶", "子墨", "雅婷", "慧敏", "振华",
]  # fmt: skip
ENGLISH_FIRST = [
    "James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael", "Linda", "David",
    "Elizabeth", "William", "Barbara", "Richard", "Susan", "Joseph", "Jessica", "Thomas", "Sarah",
    "Charles", "Karen", "Emma", "Olivia", "Noah", "Liam", "Sophia", "Grace",
]  # fmt: skip
ENGLISH_LAST = [
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Wilson",
    "Anderson", "Taylor", "Moore", "Martin", "Lee", "Thompson", "White", "Harris", "Clark",
    "Lewis", "Walker", "Hall", "Young", "King", "Wright", "Hill", "Green",
]  # fmt: skip
# Large cities, those with most customers first.
CITIES = [
    "上海", "北京", "广州", "深圳", "杭州", "成都", "武汉", "南京", "西安", "重庆", "苏州",
    "天津", "长沙", "郑州", "青岛", "宁波", "厦门", "合肥", "福州", "昆明",
]  # fmt: skip
MOBILE_PREFIXES = [
    "133", "135", "136", "137", "138", "139", "150", "151", "152", "158", "159", "177", "180",
    "186", "187", "188", "189",
]  # fmt: skip
COMPANY_WORDS = [
    "华信", "中科", "恒达", "远航", "金桥", "瑞丰", "东方", "新源", "博雅", "天工", "盛世", "宏图",
    "启明", "安泰", "嘉禾", "联创",
]  # fmt: skip
TRADES = ["机械", "电子", "医药", "食品", "物流", "建材", "软件", "新能源"]
ENGLISH_COMPANIES = ["Northwind", "Contoso", "Initech", "Globex", "Fabrikam", "Tailspin", "Acme"]
