"""All that the tables and the media folder hold, without what the clock and chance gave:
python -m tests.articles.interchange.content SINCE prints it, one row a line.

Rows are numbered by their place in their table, so that numbers that a rollback left out do not
count. Times after ``SINCE`` (ISO 8601) are "now".
"""

import datetime
import hashlib
import json
import os
import re
import sys
import uuid

import django

APPS = ["addresses", "images", "authors", "articles", "fronts", "newsroom"]
# How entries of the search and uses of pictures name rows.
_MARK = re.compile(r"\b([aotrs]|story |person )(\d+)\b")
_IMAGE = re.compile(r'(data-image=")(\d+)')
# The words that are searched are made of the rest; the counts of words are kept after commit.
LEFT_OUT = {"searchspelling", "message"}


def rows(since):
    from django.apps import apps  # noqa: PLC0415  (after setup)
    from django.db import connection  # noqa: PLC0415

    models = [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model._meta.managed and model._meta.model_name not in LEFT_OUT
    ]
    ranks = {}
    for model in models:
        numbers = model._base_manager.order_by("pk").values_list("pk", flat=True)
        ranks[model] = {number: rank for rank, number in enumerate(numbers, 1)}
    images = ranks[apps.get_model("images", "Image")]
    files = {}
    from articles.search.names import KINDS  # noqa: PLC0415  (after setup)

    of = {letter: ranks[model] for letter, model in KINDS.items()}
    of |= {"story ": ranks[apps.get_model("articles", "Article")], "person ": of["a"]}

    def placed(words):
        """The numbers of rows in a text by their places: "a12", "story 7", a picture's."""
        words = _IMAGE.sub(lambda m: f"{m[1]}{images.get(int(m[2]), m[2])}", words)
        return _MARK.sub(lambda m: f"{m[1]}{of[m[1]].get(int(m[2]), m[2])}", words)

    def shown(row, field, value):
        if field.is_relation:
            return ranks.get(field.related_model, {}).get(value, value)
        if field.primary_key:
            return None
        if isinstance(value, datetime.datetime):
            return "now" if value >= since else value.isoformat()
        if isinstance(value, uuid.UUID) or field.name in {"token", "translation_group"}:
            return "random"
        if field.name == "guid" and str(value).startswith("tag:"):
            return "made here"
        if field.get_internal_type() in {"FileField", "ImageField"}:
            if value:
                with value.open("rb") as file:
                    files[value.name] = hashlib.sha256(file.read()).hexdigest()
            return files.get(getattr(value, "name", ""), "")
        if field.name == "place" and field.model._meta.model_name == "searchentry":
            return value >> 24  # the seconds; the rest is the number of the story
        if field.name == "marks":
            return sorted(placed(value).split())
        if field.name == "number" and field.model._meta.model_name == "searchname":
            return of[row.kind].get(value, value)
        if field.name == "content":  # the rest is numbers of rows, which have gaps on PostgreSQL
            said = value if connection.vendor != "postgresql" else value.get("fields")
            return {name: placed(v) if isinstance(v, str) else v for name, v in said.items()}
        return placed(value) if isinstance(value, str) else value

    for model in models:
        fields = model._meta.concrete_fields
        for row in model._base_manager.order_by("pk").iterator():
            values = [
                shown(row, f, getattr(row, f.name if f.get_internal_type() in {"FileField", "ImageField"} else f.attname))
                for f in fields
            ]  # fmt: skip
            yield f"{model._meta.label_lower} {json.dumps(values, default=str, ensure_ascii=False)}"
    yield from strangers(files)


def strangers(files):
    """Files below the media folder that no row names; what is drawn of others does not count."""
    from django.conf import settings  # noqa: PLC0415

    for folder, _, names in os.walk(settings.MEDIA_ROOT):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), settings.MEDIA_ROOT)
            if path not in files and not path.startswith("renditions/"):
                yield f"file without a row: {os.path.dirname(path)}"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    for row in rows(datetime.datetime.fromisoformat(sys.argv[1])):
        print(row)


if __name__ == "__main__":
    main()
