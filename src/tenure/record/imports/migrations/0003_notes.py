"""What was noticed about a file stays with its import."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_uploads")]
    operations = [migrations.AddField("import", "notes", models.JSONField(default=list))]
