"""``tenure vault``: the keys of personal data."""

from __future__ import annotations

import click

from tenure.cli import screen
from tenure.cli.help import Group, command, json_option
from tenure.cli.house import open_house
from tenure.cli.progress import progress
from tenure.words import Words


@click.group(
    "vault", cls=Group, words=Words(zh="个人信息的加密密钥", en="The keys that seal personal data")
)
def vault() -> None:
    """The vault."""


@command(
    "rotate",
    words=Words(
        zh="换用新密钥，重新加密全部个人信息；中断后再运行会接着做",
        en="New keys: seal all personal data again; run it again to resume after a stop",
    ),
)
@json_option
def rotate(*, as_json: bool) -> None:
    """Rotate the keys."""
    open_house()
    from tenure.record.vault.operations import rotate_keys

    with progress(Words(zh="重新加密", en="Sealing again")) as report:
        done = rotate_keys(report=report)
    if as_json:
        screen.print_json(done)
        return
    screen.line(
        Words(
            zh=f"已换用第 {done.generation} 代密钥，重新加密 {done.entries:,} 项",
            en=f"Key generation {done.generation} in use; {done.entries:,} values sealed again",
        ),
        style="green",
    )


vault.add_command(rotate)
