"""After how many days what is known of a customer counts as outdated."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_login_attempts")]
    operations = [
        migrations.AddField("organisation", "fresh_days", models.PositiveIntegerField(default=365))
    ]
