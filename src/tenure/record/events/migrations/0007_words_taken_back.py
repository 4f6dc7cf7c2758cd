"""A word about two identifiers may be taken back: then neither linked nor unlinked is said."""

from typing import Any

from django.db import migrations, models


def forget(apps: Any, schema_editor: Any) -> None:
    """Drop what the code before this cannot read; the events of it stay in the log."""
    apps.get_model("events", "LinkStatement").objects.filter(linked=None).delete()


class Migration(migrations.Migration):
    dependencies = [("events", "0006_sealing")]
    operations = [
        migrations.AlterField("linkstatement", "linked", models.BooleanField(null=True)),
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
