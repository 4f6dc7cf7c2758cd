"""The table in which attempts to log in are counted by all processes together."""

from typing import Any

from django.core.management import call_command
from django.db import migrations

TABLE = "login_attempts"


def make(apps: Any, schema_editor: Any) -> None:
    """Create the table of Django's database cache, where the settings name it."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop(apps: Any, schema_editor: Any) -> None:
    """Take it away again."""
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("access", "0002_links_and_organisation")]
    operations = [migrations.RunPython(make, drop)]
