"""Nothing is in an export, or missing from it, because nobody thought of it."""

from pathlib import Path

import pytest
from django.apps import apps

from newsroom.export.contents import FIELDS_LEFT_OUT, KINDS, LEFT_OUT

MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
LISTED = {
    kind.model._meta.get_field(name).remote_field.through._meta.label
    for kind in KINDS
    for name in kind.many
}


def test_every_table_is_in_an_export_or_left_out_for_a_reason():
    inside = {kind.model._meta.label for kind in KINDS} | LISTED
    assert inside | set(LEFT_OUT) == set(MODELS)
    assert inside & set(LEFT_OUT) == set()
    assert all(LEFT_OUT.values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_is_in_an_export_or_left_out_for_a_reason(kind):
    fields = {f.name for f in kind.model._meta.concrete_fields + kind.model._meta.many_to_many}
    left_out = FIELDS_LEFT_OUT.get(kind.model._meta.label, {})
    assert kind.keys | set(left_out) == fields
    assert kind.keys & set(left_out) == set()
    assert len(kind.fields) == len(set(kind.fields))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_line_refers_to_is_in_the_export_too(kind):
    inside = {other.model for other in KINDS}
    for name in kind.keys:
        other = kind.model._meta.get_field(name).related_model
        assert other is None or other in inside, name


def test_every_file_and_key_is_documented():
    text = (Path(__file__).resolve().parents[3] / "docs" / "formats.md").read_text()
    assert [kind.name for kind in KINDS if f"| `{kind.name}` |" not in text] == []
