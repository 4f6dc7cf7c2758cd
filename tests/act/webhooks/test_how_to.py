"""The code of the how-to, as it stands there, checks what we sign."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from tenure.act.webhooks.operations.signing import new_secret, signed_headers
from tenure.clock import now
from tests.shape.source import ROOT

BODY = '{"type":"order.placed","fields":{"channel":"门店"}}'.encode()


def code(language: str, kind: str) -> str:
    text = (ROOT / "docs" / "how-to" / f"webhooks.{language}.md").read_text(encoding="utf-8")
    [found] = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    return str(found)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_python(language: str) -> None:
    told: dict[str, Any] = {}
    exec(code(language, "python"), told)
    old, secret = new_secret(), new_secret()
    headers = signed_headers("msg_1", BODY, [secret, old], at=now())
    assert told["verify"](secret, headers, BODY)
    assert told["verify"](old, headers, BODY)
    assert not told["verify"](secret, headers, BODY + b" ")
    assert not told["verify"](new_secret(), headers, BODY)


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node on this machine")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_node(language: str) -> None:
    secret = new_secret()
    headers = signed_headers("msg_1", BODY, [new_secret(), secret], at=now())
    given = [json.dumps(secret), json.dumps(headers), json.dumps(BODY.decode())]
    asked = "console.log(verify(s, h, Buffer.from(b)), verify(s, h, Buffer.from(b + ' ')));"
    script = f"{code(language, 'js')}\nconst [s, h, b] = [{', '.join(given)}];\n{asked}"
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["true", "false"]
