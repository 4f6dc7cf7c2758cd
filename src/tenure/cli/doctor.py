"""Word: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import click

from tenure.cli.examination import examine
from tenure.cli.help import command, json_option
from tenure.cli.language import say
from tenure.cli.screen import print_json
from tenure.home import Home
from tenure.words import Words

_DOCTOR = Words(
    zh="检查安装：哪里不对，怎样修好",
    en="Check the installation: what is wrong and how to mend it",
)
_SIGNS = {"good": "✓", "warning": "!", "bad": "✗"}


@command("doctor", words=_DOCTOR)
@json_option
def doctor_command(as_json: bool) -> int:
    """Look at everything, mend nothing."""
    findings = list(examine(Home.from_environment()))
    if as_json:
        rows = [
            {"level": f.level, "what": say(f.what), "mend": say(f.mend) if f.mend else None}
            for f in findings
        ]
        print_json(rows)
    else:
        for finding in findings:
            click.echo(f" {_SIGNS[finding.level]} {say(finding.what)}")
            if finding.mend:
                click.echo(f"   → {say(finding.mend)}")
    return int(any(finding.level == "bad" for finding in findings))
