from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Sum


def add_up(apps: Any, schema_editor: Any) -> None:
    """Totals of what arrived before they were kept."""
    arrival, total = apps.get_model("sources", "Arrival"), apps.get_model("sources", "ArrivalTotal")
    names = ("accepted", "repeated", "refused")
    rows = arrival.objects.order_by().values("source_id")
    total.objects.bulk_create(
        total(**row) for row in rows.annotate(**{name: Sum(name) for name in names})
    )


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0001_sources"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArrivalTotal",
            fields=[
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="total",
                        serialize=False,
                        to="sources.source",
                    ),
                ),
                ("accepted", models.BigIntegerField(default=0)),
                ("repeated", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="writekey",
            name="last_used_us",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="ArrivalMinute",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("minute_us", models.BigIntegerField()),
                ("messages", models.BigIntegerField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="minutes",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("minute_us", "source"), name="arrival_minute_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=100)),
                ("event_ids", models.TextField()),
                ("last_us", models.BigIntegerField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="samples",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "type"), name="sample_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="UnknownField",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=100)),
                ("field", models.CharField(max_length=200)),
                ("count", models.BigIntegerField()),
                ("first_us", models.BigIntegerField()),
                ("last_us", models.BigIntegerField()),
                ("event_id", models.BigIntegerField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unknown_fields",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "type", "field"), name="unknown_field_once"
                    )
                ],
            },
        ),
        migrations.RunPython(add_up, migrations.RunPython.noop),
    ]
