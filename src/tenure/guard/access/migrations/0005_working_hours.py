import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_fresh_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="opens",
            field=models.TimeField(default=datetime.time(9)),
        ),
        migrations.AddField(
            model_name="organisation",
            name="closes",
            field=models.TimeField(default=datetime.time(18)),
        ),
        migrations.AddField(
            model_name="organisation",
            name="first_weekday",
            field=models.PositiveSmallIntegerField(default=1),
        ),
    ]
