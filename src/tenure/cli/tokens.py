"""``tenure tokens``: tokens for programs, listed, made and revoked."""

from __future__ import annotations

from datetime import timedelta

import click

from tenure.cli import screen
from tenure.cli.help import Group, argument, command, json_option, option
from tenure.cli.house import open_house
from tenure.words import TenureError, Words

USUAL_DAYS = 90


@click.group(
    "tokens",
    cls=Group,
    words=Words(
        zh="程序使用接口的令牌：查看，创建，撤销", en="Tokens for programs: list, make, revoke"
    ),
)
def tokens() -> None:
    """Tokens."""


@command(
    "list", words=Words(zh="所有人和服务的令牌", en="Everybody's tokens and those of services")
)
@json_option
def list_tokens(*, as_json: bool) -> None:
    """List tokens."""
    house = open_house()
    from tenure.guard.access.queries import all_tokens

    rows = all_tokens(house.by)
    if as_json:
        screen.print_json(rows)
        return
    if not rows:
        screen.line(Words(zh="还没有令牌", en="There are no tokens yet"))
        return
    columns: list[screen.Column] = [
        (Words(zh="编号", en="No."), "right"),
        (Words(zh="所有者", en="Owner"), "left"),
        (Words(zh="名称", en="Name"), "left"),
        (Words(zh="末四位", en="Ends"), "left"),
        (Words(zh="到期", en="Expires"), "left"),
        (Words(zh="有效", en="Good"), "left"),
    ]
    cells = [
        [
            str(one.token_id),
            one.owner,
            one.name,
            one.hint,
            screen.short_date(one.expires_at, house.zone) if one.expires_at else "—",
            "✓" if one.is_good(house.at) else "✗",
        ]
        for one in rows
    ]
    screen.table(columns, cells)


@command(
    "make",
    words=Words(
        zh="为账号（邮箱）或服务（名称）创建令牌；令牌只显示这一次",
        en="Make a token of an account (e-mail) or a service (name); it is shown this once",
    ),
    examples=("tenure tokens make ann@example.com --name sync --scope customer.view",),
)
@argument(
    "owner", words=Words(zh="账号的邮箱或服务的名称", en="E-mail of an account, or a service")
)
@option("--name", required=True, words=Words(zh="令牌的用途", en="What it is for"))
@option(
    "--scope", multiple=True, required=True, words=Words(zh="权限，可多次", en="A right; repeat")
)
@option(
    "--reads", multiple=True, words=Words(zh="不遮蔽的信息组，可多次", en="Fields unmasked; repeat")
)
@option(
    "--days",
    type=click.IntRange(1, 3650),
    default=USUAL_DAYS,
    words=Words(zh="有效天数", en="Days it is good for"),
)
@json_option
def make(
    *,
    owner: str,
    name: str,
    scope: tuple[str, ...],
    reads: tuple[str, ...],
    days: int,
    as_json: bool,
) -> None:
    """Make a token."""
    house = open_house()
    from tenure.guard.access.operations import (
        TokenRequest,
        make_service_token,
        make_token_of_account,
    )
    from tenure.guard.access.queries import people, services

    request = TokenRequest(name, scope, reads, house.at + timedelta(days=days))
    service = next((one for one in services(house.by) if one.name == owner), None)
    if service is not None:
        made = make_service_token(service.service_id, request, by=house.by, at=house.at)
    else:
        found = people(house.by, sought=owner).people
        account = next((one for one in found if one.email == owner.lower()), None)
        if account is None:
            raise TenureError(
                Words(f"没有账号或服务 {owner}", f"there is no account or service {owner}")
            )
        made = make_token_of_account(account.account_id, request, by=house.by, at=house.at)
    if as_json:
        screen.print_json({"token_id": made.token_id, "token": made.token})
    else:
        click.echo(made.token)


@command("revoke", words=Words(zh="撤销令牌，立即失效", en="Let a token open nothing any more"))
@argument("number", type=int, words=Words(zh="令牌的编号", en="Number of the token"))
@json_option
def revoke(*, number: int, as_json: bool) -> None:
    """Revoke a token."""
    house = open_house()
    from tenure.guard.access.operations import revoke_token

    revoke_token(number, by=house.by, at=house.at)
    if as_json:
        screen.print_json({"token_id": number, "revoked": True})
    else:
        screen.line(Words(zh=f"令牌 {number} 已撤销", en=f"token {number} is revoked"))


for _word in (list_tokens, make, revoke):
    tokens.add_command(_word)
