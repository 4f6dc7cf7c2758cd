"""Many words in one process, for tests: starting Python once instead of once per word.

Reads a JSON list of lists of arguments from standard input, answers with a JSON list of
``[exit code, standard output, standard error]``.
"""

from __future__ import annotations

import sys

import msgspec
from click.testing import CliRunner

from tenure.cli.main import tenure


def main() -> None:
    answers = []
    for arguments in msgspec.json.decode(sys.stdin.buffer.read()):
        done = CliRunner().invoke(tenure, arguments, prog_name="tenure")
        answers.append([done.exit_code, done.stdout, done.stderr])
    sys.stdout.buffer.write(msgspec.json.encode(answers))


if __name__ == "__main__":
    main()
