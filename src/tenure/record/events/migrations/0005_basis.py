"""The log says itself what it is kept in; the environment only says how a house begins."""

from typing import Any

from django.conf import settings
from django.db import migrations, models


def keep_first(apps: Any, schema_editor: Any) -> None:
    """As the environment says now, under which all events so far were recorded."""
    apps.get_model("events", "Basis").objects.create(
        pk=1, currency=settings.TENURE_BASE_CURRENCY, zone=settings.TENURE_ZONE
    )


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0004_quality_report"),
    ]

    operations = [
        migrations.CreateModel(
            name="Basis",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("currency", models.CharField(max_length=3)),
                ("zone", models.CharField(max_length=40)),
            ],
        ),
        migrations.RunPython(keep_first, migrations.RunPython.noop),
    ]
