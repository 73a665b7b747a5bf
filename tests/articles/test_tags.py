"""What is one tag, whatever the script and however it is typed."""

import importlib
import unicodedata

import pytest
from django.apps import apps

from articles import successors
from articles.models import Tag
from articles.models.tag import tag_key
from tests.articles.test_desk import signed_in
from tests.factories import chief, make_article, make_tag

pytestmark = pytest.mark.django_db
rekeying = importlib.import_module("articles.migrations.0009_tag_keys")

SAME = [
    ["İstanbul", "istanbul", "ISTANBUL", "Istanbul", "ıstanbul", "i̇stanbul", "İSTANBUL"],
    ["Isı", "ISI", "ısı", "İSİ", "isi"],
    ["Qızılorda", "QIZILORDA", "qizilorda", "QİZİLORDA"],
    ["Bakı", "BAKI", "baki"],
    ["Политика", "ПОЛИТИКА", "  политика "],
    ["Ыстық-Көл", "ЫСТЫҚ-КӨЛ", "ыстық-көл"],
    ["Ελλάς", "ΕΛΛΆΣ", "ελλάσ"],
    ["Straße", "STRASSE", "strasse"],
    ["თბილისი", "ᲗᲑᲘᲚᲘᲡᲘ"],
    ["Երևան", "ԵՐԵՒԱՆ"],
    ["Şırnak", "ŞIRNAK", "şirnak"],
]
OTHERS = ["ё е", "й и", "ö o", "ș s", "ғ г", "і и"]


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_names_that_differ_in_case_alone_are_one_tag(names):
    for form in ("NFC", "NFD"):
        made = [Tag.objects.named([unicodedata.normalize(form, name)]) for name in names]
        assert made == [[Tag.objects.get()]] * len(names)
    assert tag_key(Tag.objects.get().key) == Tag.objects.get().key


@pytest.mark.parametrize("pair", OTHERS)
def test_other_letters_are_other_tags(pair):
    assert len(Tag.objects.named(pair.split())) == 2


def test_a_story_and_the_form_of_a_tag_take_them_as_one():
    tag = make_tag(name="İstanbul")
    assert list(make_article(tags=["ISTANBUL"]).tags.all()) == [tag]
    page = signed_in().post("/admin/articles/tag/add/", {"name": "ıstanbul"}).content.decode()
    assert "There is the tag “İstanbul” already." in page


def with_old_key(name):
    tag = make_tag(name=f"to be {name}")
    key = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    Tag.objects.filter(pk=tag.pk).update(name=name, key=key)
    return Tag.objects.get(pk=tag.pk)


def test_keys_of_before_are_written_anew_and_twins_are_kept_and_listed(capsys):
    alone, dotted, dotless = map(with_old_key, ["İzmir", "İstanbul", "ıstanbul"])
    plain, twin = with_old_key("Iğdır"), with_old_key("iğdir")
    rekeying.write_keys(apps, None)
    rekeying.write_keys(apps, None)
    keys = dict(Tag.objects.values_list("pk", "key"))
    assert keys[alone.pk] == "izmir"
    assert (keys[dotted.pk], keys[dotless.pk]) == ("istanbul", "ıstanbul")
    assert (keys[plain.pk], keys[twin.pk]) == ("iğdır", "iğdir")
    said = capsys.readouterr().out
    assert f"İstanbul (#{dotted.pk}), ıstanbul (#{dotless.pk})" in said
    assert "İzmir" not in said
    assert Tag.objects.named(["ISTANBUL"]) == [dotted]
    assert rekeying.tag_key("İI ıi Й") == tag_key("İI ıi Й")


def test_a_twin_is_changed_and_merged_like_any_tag():
    first, twin = map(with_old_key, ["İstanbul", "ıstanbul"])
    rekeying.write_keys(apps, None)
    data = {"name": twin.name, "slug": twin.slug, "aliases": "", "description": "A city"}
    path = f"/admin/articles/tag/{twin.pk}/change/"
    assert signed_in().post(path, data).status_code == 302
    twin.refresh_from_db()
    assert (twin.description, twin.key) == ("A city", "ıstanbul")
    successors.merge(twin, into=first, by=chief())
    assert Tag.objects.named(["ıSTANBUL"]) == [first]
