"""What a card knows of how good the customer's record is; the cards are computed anew."""

from typing import Any

from django.db import migrations, models


def compute_anew(apps: Any, schema_editor: Any) -> None:
    """Forget how far the cards were followed: the next tick computes all of them."""
    apps.get_model("customers", "IdentityState").objects.filter(name="cards").delete()


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_search_and_views")]

    operations = [
        migrations.AddField("customercard", "source", models.CharField(max_length=100, null=True)),
        migrations.AddField("customercard", "told_us", models.BigIntegerField(null=True)),
        migrations.AddField("customercard", "lacking", models.TextField(default="")),
        migrations.AddField("customercard", "identified", models.BooleanField(default=False)),
        migrations.RunPython(compute_anew, compute_anew),
    ]
