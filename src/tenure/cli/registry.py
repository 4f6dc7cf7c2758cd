"""Every word of the terminal door: where its code is and what it is for.

The list is all that ``tenure --help`` needs, so that help never loads Django or an engine.
"""

from __future__ import annotations

from dataclasses import dataclass

from tenure.words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """One word: ``target`` is ``module:attribute`` of its click command."""

    word: str
    target: str
    words: Words


def _entry(word: str, target: str, zh: str, en: str) -> Entry:
    return Entry(word, f"tenure.cli.{target}", Words(zh=zh, en=en))


SECTIONS: tuple[tuple[Words, tuple[Entry, ...]], ...] = (
    (
        Words(zh="开始", en="Begin"),
        (
            _entry("demo", "demo:demo", "看一家模拟公司", "See a simulated company"),
            _entry("up", "up:up", "打开网页", "Open the pages"),
            _entry("import", "imports:import_command", "载入事件文件", "Load a file of events"),
            _entry("imports", "imports:imports", "查看、撤销载入", "List and undo imports"),
            _entry("sources", "sources:sources", "来源与写入密钥", "Sources and write keys"),
            _entry(
                "webhooks",
                "webhooks:webhooks",
                "把事件告诉其他系统",
                "Tell other systems of events",
            ),
            _entry(
                "definitions",
                "definitions:definitions",
                "查看、比较、发布定义",
                "Show, compare and publish definitions",
            ),
        ),
    ),
    (
        Words(zh="查看", en="See"),
        (
            _entry("stages", "stages:stages", "各阶段的客户数", "How many customers per stage"),
            _entry("flows", "stages:flows", "一段时间的进出与转化", "Who moved in a period"),
            _entry(
                "customer",
                "customer:customer",
                "一位客户的经历、阶段与原因",
                "One customer: timeline, stages and why",
            ),
            _entry("conversion", "cohorts:conversion", "按批次的转化率", "Conversion per cohort"),
            _entry(
                "time-in-stage",
                "cohorts:time_in_stage",
                "在一个阶段停留多久",
                "How long customers stay in a stage",
            ),
            _entry("paths", "cohorts:paths", "最常见的阶段路径", "Commonest stage paths"),
        ),
    ),
    (
        Words(zh="更正", en="Correct"),
        (
            _entry("pin", "pins:pin", "把客户固定在一个阶段", "Hold a customer in a stage"),
            _entry("unpin", "pins:unpin", "取消固定", "Let the definition decide again"),
            _entry("merge", "identities:merge", "合并为同一位客户", "Two are one customer"),
            _entry("unmerge", "identities:unmerge", "撤销合并", "Two are not one customer"),
            _entry("separate", "parting:separate", "拆分客户", "Some identifiers are another's"),
            _entry("merges", "parting:merges", "合并与拆分的记录", "Who merged or parted, and why"),
            _entry("suggestions", "suggestions:suggestions", "谁可能是同一位", "Who may be one"),
            _entry(
                "dead-letters",
                "dead_letters:dead_letters",
                "查看、修正、重放被拒事件",
                "List, mend and replay refused events",
            ),
        ),
    ),
    (
        Words(zh="维护", en="Keep"),
        (
            _entry("rebuild", "upkeep:rebuild", "从事件日志重新计算", "Derive all from the log"),
            _entry("tick", "upkeep:tick", "补算新事件与到期变化", "Catch up with what is new"),
            _entry("worker", "up:worker", "只运行后台进程", "Only the background work"),
            _entry("compact", "upkeep:compact", "合并数据小文件", "Merge small parts of the lake"),
            _entry("tokens", "tokens:tokens", "程序使用接口的令牌", "Tokens for programs"),
            _entry("vault", "vault:vault", "个人信息的密钥", "Keys of personal data"),
            _entry("backup", "backup:backup_command", "备份到一个文件", "Back up into one file"),
            _entry("restore", "backup:restore_command", "从备份恢复", "Restore from a backup"),
            _entry("doctor", "doctor:doctor_command", "检查安装", "Check the installation"),
        ),
    ),
)

ENTRIES: dict[str, Entry] = {entry.word: entry for _, rows in SECTIONS for entry in rows}
