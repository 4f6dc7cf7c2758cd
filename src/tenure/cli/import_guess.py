"""Showing what the columns of a file were taken for, and asking what cannot be known."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenure.cli import screen
from tenure.cli.house import House
from tenure.cli.language import say
from tenure.words import TenureError, Words

if TYPE_CHECKING:
    from tenure.record.imports.operations.guessing import Guess, Question
    from tenure.record.imports.operations.mapping import ImportMap
    from tenure.record.imports.operations.reading import Table

_WIDEST_CELL = 24
_SAMPLES = 3


class UnansweredError(TenureError):
    """A guess with open questions where nobody can be asked."""


def agreed_map(
    path: Path,
    house: House,
    *,
    event_type: str | None,
    yes: bool,
    quiet: bool,
    save: Path | None,
    dry_run: bool = False,
) -> ImportMap | None:
    """The map of ``path`` as guessed, shown, and completed by the person at the terminal.

    Args:
        event_type: what every row is, where the person said so beforehand.
        yes: agree without asking; open questions are errors then.
        quiet: show nothing (for programs).
        save: where to write the guess; with open questions the guess is only written.
        dry_run: nothing will be recorded, so nobody need agree.

    Returns:
        The map; None where it was only written, for somebody to complete.

    Raises:
        TenureError: the file is no table, or questions stay open.
    """
    from tenure.record.imports.operations.agreeing import LIKELIEST, guess_of, is_anonymous
    from tenure.record.imports.operations.guessing import Choices
    from tenure.record.imports.operations.needs import types_of

    choices = Choices(event_type=event_type)
    table, guess, library = guess_of(path, choices, base_currency=house.currency)
    if not quiet:
        show(path, table, guess)
    interactive = not yes and sys.stdin.isatty()
    if save is not None and not interactive:
        _save(save, guess)
        if guess.questions or not yes:
            return None
    if not interactive and is_anonymous(guess):
        raise _no_customers(path)
    for question in list(guess.questions):
        if not interactive:
            raise _unanswered(guess)
        guess.answer(question, _ask(question, list(library.event_types)))
    if interactive and not dry_run:
        click.confirm(say(Words(zh="这样导入吗？", en="Import it like this?")), abort=True)
    elif not yes and not dry_run:
        raise UnansweredError(
            Words(
                zh="这里不能提问：加 --yes 表示同意以上猜测，或用 --map 给出映射文件"
                "（--save-map 可先把猜测写成文件再改）",
                en="Nobody can be asked here: add --yes to agree with this guess, or give a map "
                "with --map (--save-map writes the guess to a file to be edited)",
            )
        )
    if save is not None:
        _save(save, guess)
    agreed = guess.map(str(save or f"{path.name}.map.yaml"))
    if not dry_run:
        publish_needed({event_type or LIKELIEST, LIKELIEST} | types_of(agreed), house)
    return agreed


def publish_needed(event_types: set[str], house: House) -> None:
    """Publish the packs that define event types the library lacks, and say so."""
    from tenure.record.imports.operations.needs import publish_needed as publish

    for note in publish(event_types, by=house.by, at=house.at):
        screen.note(note)


def _save(path: Path, guess: Guess) -> None:
    questions = "".join(f"# ? {say(question.words)}\n" for question in guess.questions)
    path.write_text(questions + guess.text(), encoding="utf-8")
    screen.note(Words(zh=f"映射已写入 {path}", en=f"The map is written to {path}"))


def _unanswered(guess: Guess) -> UnansweredError:
    zh = "\n".join(f"  · {question.words.zh}" for question in guess.questions)
    en = "\n".join(f"  · {question.words.en}" for question in guess.questions)
    return UnansweredError(
        Words(
            zh=f"有些事只有您知道：\n{zh}\n用 --save-map 文件 写出猜测，改好后用 --map 文件 导入"
            "（--type 可直接说明事件类型）",
            en=f"Some things only you can know:\n{en}\nWrite the guess with --save-map FILE, "
            "complete it, and import with --map FILE (--type says what every row is)",
        )
    )


def _no_customers(path: Path) -> UnansweredError:
    return UnansweredError(
        Words(
            zh=f"在 {path.name} 里找不到客户列：所有事件都会是匿名的，不属于任何客户。\n"
            "用 --save-map 文件 写出猜测，在 customer 下写明客户列（如 customer_id: 列名），"
            "再用 --map 文件 导入。\n确实没有客户的事件，就在映射中保留 customer: {}",
            en=f"{path.name} has no column that looks like customers: all events would be "
            "anonymous, nobody's.\nWrite the guess with --save-map FILE, name the column under "
            "customer (such as customer_id: COLUMN), and import with --map FILE.\n"
            "For events that really have no customer, leave customer: {} in that map",
        )
    )


def _ask(question: Question, event_types: list[str]) -> object:
    if not question.choices:
        chosen: str = click.prompt(say(question.words), type=click.Choice(event_types))
        return chosen
    screen.line(question.words)
    for number, (label, _) in enumerate(question.choices, start=1):
        screen.line(f"  {number}  {say(label)}")
    number = click.prompt(
        say(Words(zh="选哪一个", en="Which one")), type=click.IntRange(1, len(question.choices))
    )
    return question.choices[number - 1][1]


def show(path: Path, table: Table, guess: Guess) -> None:
    """Print the columns with samples and meanings, then what is odd."""
    options = table.options
    from tenure.record.imports.operations.agreeing import FORMATS

    kind = FORMATS.get(options.format or "")
    how = [say(kind) if kind else "", options.encoding or "", repr(options.delimiter or "")]
    screen.heading(
        f"{path.name} · {' · '.join(part for part in how if part not in ('', repr('')))}"
    )
    columns: list[tuple[Words | str, screen.Align]] = [
        (Words(zh="列", en="Column"), "left"),
        *((Words(zh=f"第 {n} 行", en=f"Row {n}"), "left") for n in _numbers(guess)),
        (Words(zh="理解为", en="Taken for"), "left"),
    ]
    screen.table(columns, [_line(guess, n, name) for n, name in enumerate(guess.columns)])
    screen.heading(Words(zh="映射", en="Map"))
    screen.line(guess.text())
    notes = [*table.notes, *guess.problems]
    notes += [
        Words(zh=f"第 {line} 行：{why.zh}", en=f"line {line}: {why.en}")
        for line, why in guess.refused
    ]
    for note in notes:
        screen.line(f"! {say(note)}", style="yellow")


def _numbers(guess: Guess) -> range:
    return range(1, min(len(guess.rows), _SAMPLES) + 1)


def _line(guess: Guess, position: int, name: str) -> list[str]:
    samples = ["" if row[position] is None else str(row[position]) for row in guess.rows[:_SAMPLES]]
    meaning = guess.meanings.get(name)
    return [
        name,
        *(sample[:_WIDEST_CELL] for sample in samples),
        say(meaning) if meaning else screen.UNKNOWN,
    ]
