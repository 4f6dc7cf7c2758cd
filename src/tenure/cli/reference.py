"""The reference of the terminal door, written from the words themselves.

``python -m tenure.cli.reference docs/reference`` writes both languages; a test keeps the files
equal to what this makes, so the reference is never behind the program.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from tenure.cli.help import Command, Rows, argument_rows, option_rows
from tenure.cli.language import LANGUAGES, choose_language, say
from tenure.cli.main import tenure
from tenure.cli.registry import SECTIONS
from tenure.words import Language, Words

_TITLE = Words(zh="命令参考", en="Reference of the terminal door")
_INTRO = Words(
    zh="""\
从源代码目录运行时写 `./tenure 命令`，安装后写 `tenure 命令`。`tenure --help` 列出全部命令，
`tenure 命令 --help` 说明一个命令。

**每个命令都有**：`--language zh|en`（否则看 `TENURE_LANGUAGE`，再看 `LANG`，默认中文）、
`--home 目录`（代替 `TENURE_HOME`，默认 `./tenure-data`）、`--help`。

**日期** 写成 `2024-05-01`、`2024/5/1`、`2024年5月1日`、`today`、`yesterday`，或带时间
`2024-05-01T13:45`，都按公司所在时区（见“设置 › 组织”）。只写日期时，作为截止指当天结束，
作为开始指当天零点。

**退出码**：0 完成；1 检查没有通过，或有行被拒；2 用户可以自己改好的问题；70 Tenure 内部出错
（报告写在 `TENURE_HOME/reports`，不含个人信息）；130 用 Ctrl-C 停止；141 输出的读者已离开。

数据写到标准输出，提示与进度写到标准错误；带 `--json` 的命令供程序读取。""",
    en="""\
From a checkout write `./tenure WORD`, once installed `tenure WORD`. `tenure --help` lists all
words, `tenure WORD --help` explains one.

**Every word takes** `--language zh|en` (else `TENURE_LANGUAGE`, else `LANG`, else Chinese),
`--home DIR` (instead of `TENURE_HOME`, default `./tenure-data`) and `--help`.

**Dates** are written `2024-05-01`, `2024/5/1`, `today`, `yesterday`, or with a time,
`2024-05-01T13:45`, always in the organisation's time zone (Settings › Organisation). A bare date
means the end of that day where it is an end, and its first moment where it is a beginning.

**Exit codes**: 0 done; 1 checks failed or rows were refused; 2 something the user can mend;
70 a fault of Tenure's (a report without personal data is written to `TENURE_HOME/reports`);
130 stopped by Ctrl-C; 141 the reader of the output went away.

Data goes to standard output, hints and progress to standard error; `--json` is for programs.""",
)
_EVERYWHERE = {"--language", "--home", "--help"}
_HEADINGS = {
    "argument": Words(zh="参数", en="Argument"),
    "option": Words(zh="选项", en="Option"),
    "meaning": Words(zh="含义", en="Meaning"),
}


def reference(language: Language) -> str:
    """The whole page in one language, Markdown."""
    choose_language(language)
    ctx = click.Context(tenure, info_name="tenure")
    parts = [f"# {say(_TITLE)}", say(_INTRO)]
    for heading, entries in SECTIONS:
        parts.append(f"## {say(heading)}")
        for entry in entries:
            word = tenure.get_command(ctx, entry.word)
            if word is not None:
                parts.extend(_word(word, ctx, entry.word))
    return "\n\n".join(parts) + "\n"


def _word(word: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    ctx = click.Context(word, info_name=name, parent=parent)
    yield f"### `{' '.join([ctx.command_path, *_pieces(word, ctx)])}`"
    if isinstance(word, Command):
        yield say(word.words)
    yield from _table("argument", argument_rows(word))
    rows = option_rows(word, ctx)
    yield from _table("option", [row for row in rows if row[0].split()[0] not in _EVERYWHERE])
    if isinstance(word, Command) and word.examples:
        yield "```sh\n" + "\n".join(word.examples) + "\n```"
    if isinstance(word, click.Group):
        for beneath in word.list_commands(ctx):
            found = word.get_command(ctx, beneath)
            if found is not None:
                yield from _word(found, ctx, beneath)


def _pieces(word: click.Command, ctx: click.Context) -> list[str]:
    """Arguments only; options stand in the table."""
    return [piece for piece in word.collect_usage_pieces(ctx) if piece != "[OPTIONS]"]


def _table(kind: str, rows: Rows) -> Iterator[str]:
    if not rows:
        return
    head = [f"| {say(_HEADINGS[kind])} | {say(_HEADINGS['meaning'])} |", "|---|---|"]
    cells = [f"| `{name.replace('|', chr(92) + '|')}` | {text} |" for name, text in rows]
    yield "\n".join([*head, *cells])


def main(folder: Path) -> None:
    """Write both languages into ``folder``."""
    for language in LANGUAGES:
        (folder / f"cli.{language}.md").write_text(reference(language), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
