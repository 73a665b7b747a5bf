import django.db.models.deletion
from django.db import migrations, models


def name_the_version(apps, schema_editor):
    """A link that was made before shows the version that was the newest one then."""
    links = apps.get_model("articles", "PreviewLink")
    revisions = apps.get_model("articles", "Revision")
    for link in links.objects.all():
        shown = revisions.objects.filter(
            article=link.article_id, at__lte=link.at, state__in=["live", "past", "dropped"]
        )
        link.revision = shown.order_by("-pk").first()
        link.save(update_fields=["revision"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_initial")]

    operations = [
        migrations.AlterModelOptions(name="previewlink", options={"ordering": ["-pk"]}),
        migrations.AddField(
            "revision", "purged_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            "revision",
            models.CheckConstraint(
                condition=models.Q(
                    ("purged_at", None), ("state__in", ["past", "dropped"]), _connector="OR"
                ),
                name="only_a_past_version_is_purged",
            ),
        ),
        migrations.AddField(
            "previewlink",
            "revision",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="articles.revision",
            ),
        ),
        migrations.RunPython(name_the_version, migrations.RunPython.noop),
    ]
