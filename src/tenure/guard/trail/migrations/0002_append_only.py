"""The database itself refuses to rewrite or remove an entry."""

from typing import Any

from django.db import migrations

TABLE = "trail_auditentry"


def forbid(apps: Any, schema_editor: Any) -> None:
    """Install the triggers that refuse every UPDATE and DELETE."""
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def allow(apps: Any, schema_editor: Any) -> None:
    """Take the triggers away again."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for verb in ("update", "delete"):
        schema_editor.execute(
            f"DROP TRIGGER {TABLE}_{verb}" + (f" ON {TABLE}" if postgresql else "")
        )
    if postgresql:
        schema_editor.execute(f"DROP FUNCTION {TABLE}_fixed()")


def statements(vendor: str) -> list[str]:
    """What creates the triggers on this engine."""
    refusal = "entries of the audit are never rewritten nor removed"
    heads = [f"CREATE TRIGGER {TABLE}_{v} BEFORE {v.upper()} ON {TABLE}" for v in _VERBS]
    if vendor == "postgresql":
        body = f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
        function = f"CREATE FUNCTION {TABLE}_fixed() RETURNS trigger LANGUAGE plpgsql AS {body}"
        return [function, *(f"{h} FOR EACH ROW EXECUTE FUNCTION {TABLE}_fixed()" for h in heads)]
    return [f"{head} BEGIN SELECT RAISE(ABORT, '{refusal}'); END" for head in heads]


_VERBS = ("update", "delete")


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_audit")]
    operations = [migrations.RunPython(forbid, allow)]
