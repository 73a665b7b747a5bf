import unicodedata

from django.db import migrations


def tag_key(name):
    """As in articles.models.tag when this was written."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
    folded = folded.replace("ı", "i").replace("i\u0307", "i")
    return " ".join(unicodedata.normalize("NFC", folded).split())


def write_keys(apps, schema_editor):
    """Give every tag the key that its name has now: dotted and dotless i are one letter.

    Of tags that are one by that the first has the key and the others keep theirs; all are listed,
    for a chief editor to merge.
    """
    Tag = apps.get_model("articles", "Tag")
    same = {}
    for tag in Tag.objects.order_by("pk").only("name", "key", "merged_into"):
        same.setdefault(tag_key(tag.name), []).append(tag)
    for key, tags in same.items():
        standing = [tag for tag in tags if tag.merged_into_id is None]
        if not Tag.objects.filter(key=key).exists():
            first = (standing or tags)[0]
            Tag.objects.filter(pk=first.pk).update(key=key)
        if len(standing) > 1:
            names = ", ".join(f"{tag.name} (#{tag.pk})" for tag in standing)
            print(f"\n  One tag by their letters, merge them on the desk: {names}", end="")


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_saved_as_next")]

    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop)]
