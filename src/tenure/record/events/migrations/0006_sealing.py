"""An event may lose what goes into the vault or becomes its amount; anything else stays refused."""

from typing import Any

from django.db import migrations, models

_TABLE = "events_event"
_FIXED = (
    "id", "key", "source", "type", "identifier_id", "occurred_us", "recorded_us", "local_date",
    "batch_id", "recorded_by",
)  # fmt: skip
_REFUSAL = f"{_TABLE} rows are never rewritten"


def let_pass(apps: Any, schema_editor: Any) -> None:
    """The trigger refuses an UPDATE unless it only takes out of ``properties``."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(_function(_sealing("IS NOT DISTINCT FROM", _POSTGRESQL)))
    else:
        schema_editor.execute(f"DROP TRIGGER {_TABLE}_fixed")
        schema_editor.execute(_trigger(f" WHEN NOT ({_sealing('IS', _SQLITE)})"))


def refuse_all(apps: Any, schema_editor: Any) -> None:
    """As it was: every UPDATE is refused."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_function("false"))
    else:
        schema_editor.execute(f"DROP TRIGGER {_TABLE}_fixed")
        schema_editor.execute(_trigger(""))


_SQLITE = (
    "NOT EXISTS (SELECT 1 FROM json_each(NEW.properties) kept WHERE NOT EXISTS "
    "(SELECT 1 FROM json_each(OLD.properties) was "
    "WHERE was.key = kept.key AND was.value IS kept.value))"
)
_POSTGRESQL = "OLD.properties::jsonb @> NEW.properties::jsonb"


def _sealing(same: str, only_less: str) -> str:
    fixed = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in _FIXED)
    amount = (
        f"(OLD.amount_e4 IS NULL OR (NEW.amount_e4 {same} OLD.amount_e4 "
        f"AND NEW.currency {same} OLD.currency))"
    )
    return f"{fixed} AND {amount} AND {only_less}"


def _trigger(when: str) -> str:
    return (
        f"CREATE TRIGGER {_TABLE}_fixed BEFORE UPDATE ON {_TABLE}{when} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def _function(allowed: str) -> str:
    body = f"$$ BEGIN IF {allowed} THEN RETURN NEW; END IF; RAISE EXCEPTION '{_REFUSAL}'; END $$"
    return f"CREATE OR REPLACE FUNCTION {_TABLE}_fixed() RETURNS trigger LANGUAGE plpgsql AS {body}"


class Migration(migrations.Migration):
    dependencies = [("events", "0005_basis")]
    operations = [
        migrations.RunPython(let_pass, refuse_all),
        migrations.CreateModel(
            name="Sealing",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=100)),
                ("fields", models.TextField()),
                ("events", models.BigIntegerField()),
                ("unfit", models.BigIntegerField()),
                ("recorded_us", models.BigIntegerField()),
                ("recorded_by", models.CharField(max_length=100)),
            ],
        ),
    ]
