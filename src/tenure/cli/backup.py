"""Words: back the installation up into one file, and restore it from one."""

from __future__ import annotations

import os
from pathlib import Path

import click

from tenure.cli.archive import Contents, restore_archive, write_archive
from tenure.cli.dumping import ArchiveError
from tenure.cli.help import argument, command, option
from tenure.cli.language import say
from tenure.clock import now
from tenure.home import Home
from tenure.words import Words

_FILE = Words(zh="备份文件", en="The backup file")
_WRITE = Words(
    zh="把数据库和密钥备份到一个文件；运行中也可以备份。\n文件含密钥，只有本人可读，请妥善保管。",
    en="Back up database and keys into one file, also while Tenure is running.\n"
    "The file holds the keys: only its owner may read it; keep it safe.",
)
_READ = Words(
    zh="从备份文件恢复。原有数据改名保留在旁边，不会删除。",
    en="Restore from a backup. What was there before is kept beside it, never deleted.",
)
_YES = Words(zh="不再询问", en="Do not ask")


@command("backup", words=_WRITE, examples=("tenure backup tenure-2026-05-01.backup",))
@argument("file", type=click.Path(path_type=Path), words=_FILE)
def backup_command(file: Path) -> None:
    """Back up."""
    contents = write_archive(file, Home.from_environment(), _url(), at=now())
    size = file.stat().st_size / 1e6
    click.echo(
        say(
            Words(
                zh=f"已备份到 {file}（{size:,.1f} MB，{len(contents.sha256)} 个文件）",
                en=f"Backed up into {file} ({size:,.1f} MB, {len(contents.sha256)} files)",
            )
        )
    )


@command("restore", words=_READ, examples=("tenure restore tenure-2026-05-01.backup",))
@argument("file", type=click.Path(path_type=Path, exists=False), words=_FILE)
@option("--yes", is_flag=True, words=_YES)
def restore_command(file: Path, yes: bool) -> None:
    """Restore."""
    home = Home.from_environment()
    _agree_to_replace(home, yes)
    contents = restore_archive(file, home, _url(), at=now())
    _derive_again()
    click.echo(say(_restored(contents)))


def _url() -> str:
    return os.environ.get("DATABASE_URL", "")


def _agree_to_replace(home: Home, yes: bool) -> None:
    if yes or not home.database.exists():
        return
    question = Words(
        zh=f"{home.root} 里已有数据，将改名保留。继续吗？",
        en=f"{home.root} holds data; it will be kept under another name. Go on?",
    )
    if not click.confirm(say(question)):
        raise ArchiveError(Words(zh="没有恢复", en="Nothing was restored"))


def _derive_again() -> None:
    """The lake is not in a backup: everything derived is built again from the log."""
    from tenure.cli.house import open_house

    open_house()
    from tenure.derive.lifecycles.operations import rebuild

    rebuild(at=now())


def _restored(contents: Contents) -> Words:
    return Words(
        zh=f"已恢复 {contents.made_at:%Y-%m-%d %H:%M} UTC 的备份，并重新计算",
        en=f"Restored the backup of {contents.made_at:%Y-%m-%d %H:%M} UTC and derived all again",
    )
