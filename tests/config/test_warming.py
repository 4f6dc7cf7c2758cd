"""What the first reader would wait for is there before the server listens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError

from tenure.config import warming
from tests.cli.terminal import python

CODE = """
import sys
from tenure.config.wsgi import application
wanted = ("pandas", "ibis", "ninja", "allauth.account.forms")
print([name for name in wanted if name not in sys.modules])
"""


def test_a_new_house_is_warm_before_it_listens(tmp_path: Path) -> None:
    told = python("-c", "from tenure.cli.house import open_house; open_house()",
                  home=tmp_path, DATABASE_URL="")  # fmt: skip
    assert told.returncode == 0, told.stderr
    done = python("-W", "default", "-c", CODE, home=tmp_path, DATABASE_URL="")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.mark.django_db
def test_a_house_without_a_database_is_served_all_the_same(settings: Any, tmp_path: Path) -> None:
    settings.TENURE_HOME = tmp_path
    with patch.object(warming, "_definitions", side_effect=DatabaseError), \
         patch.object(warming, "_lists", side_effect=OSError):  # fmt: skip
        warming._definitions.__name__ = warming._lists.__name__ = "step"
        warming.warm_up()
    assert "pandas" in sys.modules
