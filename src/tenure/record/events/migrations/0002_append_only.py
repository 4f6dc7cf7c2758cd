"""The database itself refuses to rewrite an event."""

from typing import Any

from django.db import migrations

_TABLES = ("events_event",)


def forbid(apps: Any, schema_editor: Any) -> None:
    """Install a trigger per table that refuses every UPDATE."""
    for table in _TABLES:
        for statement in _statements(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)


def allow(apps: Any, schema_editor: Any) -> None:
    """Take the triggers away again."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in _TABLES:
        schema_editor.execute(
            f"DROP TRIGGER {table}_fixed" + (f" ON {table}" if postgresql else "")
        )
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION {table}_fixed()")


def _statements(vendor: str, table: str) -> list[str]:
    refusal = f"{table} rows are never rewritten"
    trigger = f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table}"
    if vendor == "postgresql":
        body = f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
        function = f"CREATE FUNCTION {table}_fixed() RETURNS trigger LANGUAGE plpgsql AS {body}"
        return [function, f"{trigger} FOR EACH ROW EXECUTE FUNCTION {table}_fixed()"]
    return [f"{trigger} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"]


class Migration(migrations.Migration):
    dependencies = [("events", "0001_log")]
    operations = [migrations.RunPython(forbid, allow)]
