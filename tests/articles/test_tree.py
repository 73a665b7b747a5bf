"""Regions as a tree on the desk, the order of sections, tags by other names, parts of a series."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article, Region, Series, Tag
from tests.factories import make_article, make_region, make_section, make_tag, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/region/"


def signed_in(role="editor"):
    client = Client()
    client.user = make_user(role)
    client.force_login(client.user)
    return client


def address(thing):
    return reverse(f"admin:articles_{thing._meta.model_name}_change", args=[thing.pk])


def region_data(region, **fields):
    return {
        "name": region.name,
        "kind": region.kind,
        "parent": region.parent.name if region.parent else "",
        "slug": region.slug,
        "members": ", ".join(member.name for member in region.members.all()),
        "aliases": "\n".join(region.aliases),
    } | fields


def errors(response):
    assert response.status_code == 200
    found = response.context["adminform"].form.errors
    return {name: " ".join(said) for name, said in found.items()}


@pytest.fixture
def tree():
    asia = make_region(name="Central Asia", kind="world region")
    kyrgyzstan = make_region(name="Kyrgyzstan", kind="country", parent=asia)
    kazakhstan = make_region(name="Kazakhstan", kind="country", parent=asia)
    osh = make_region(name="Osh", parent=kyrgyzstan, names={"ru": "Ош"})
    uzgen = make_region(name="Uzgen", kind="city", parent=osh)
    valley = make_region(name="Ferghana Valley", kind="group", parent=asia)
    valley.members.set([osh, uzgen])
    return {r.slug: r for r in (asia, kyrgyzstan, kazakhstan, osh, uzgen, valley)}


# The list


def rows(client, query=""):
    return list(client.get(LIST + query).context["cl"].result_list)


def test_the_list_is_the_tree_in_alphabetical_order(tree):
    make_region(name="Caucasus", kind="world region")
    assert [r.name for r in rows(signed_in())] == [
        "Caucasus",
        "Central Asia",
        "Ferghana Valley",
        "Kazakhstan",
        "Kyrgyzstan",
        "Osh",
        "Uzgen",
    ]
    html = signed_in().get(LIST).content.decode()
    assert '<span class="tree tree--3">Uzgen</span>' in html
    assert "Russian: Ош" in html
    assert "style=" not in html.split('id="result_list"')[1].split("</table>")[0]


def test_the_list_counts_a_story_once_wherever_it_is_filed(tree):
    make_article(regions=[tree["osh"], tree["uzgen"], tree["kyrgyzstan"]])
    make_article(regions=[tree["uzgen"]], status="draft")
    make_article(regions=[tree["uzgen"]], status="scheduled")
    make_article(regions=[tree["kazakhstan"]], status="spiked")
    found = {r.slug: (r.live, r.others) for r in rows(signed_in())}
    assert found == {
        "central-asia": (1, 2),
        "kyrgyzstan": (1, 2),
        "osh": (1, 2),
        "uzgen": (1, 2),
        "ferghana-valley": (1, 2),
        "kazakhstan": (0, 0),
    }
    assert Article.objects.in_region(tree["ferghana-valley"]).count() == 3


def test_the_count_tells_nothing_of_a_restricted_story(tree):
    story = make_article(regions=[tree["osh"]], status="draft")
    Article.objects.filter(pk=story.pk).update(is_restricted=True)
    counts = {role: rows(signed_in(role))[0].others for role in ("editor", "chief editor")}
    assert counts == {"editor": 0, "chief editor": 1}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_many_regions(number):
    parent = None
    for _ in range(number):
        parent = make_region(parent=parent)
        make_article(regions=[parent])
    client = signed_in()
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    assert len(captured) == 7, [q["sql"][:90] for q in captured]


# Moving and naming


def test_a_moved_and_renamed_region_is_found_under_its_old_address(client, tree):
    osh, story = tree["osh"], make_article(regions=[tree["uzgen"]])
    data = region_data(osh, name="Osh Region", parent="Kazakhstan", slug="osh-region")
    assert signed_in().post(address(osh), data).status_code == 302
    for prefix in ("", "/ru"):
        old = client.get(f"{prefix}/regions/osh/")
        assert (old.status_code, old["Location"]) == (301, f"{prefix}/regions/osh-region/")
        feed = client.get(f"{prefix}/regions/osh/rss.xml")
        assert feed["Location"] == f"{prefix}/regions/osh-region/rss.xml"
    osh.refresh_from_db()
    assert osh.parent == tree["kazakhstan"]
    assert list(Article.objects.in_region(tree["kazakhstan"])) == [story]
    assert not Article.objects.in_region(tree["kyrgyzstan"]).exists()


@pytest.mark.parametrize("parent", ["Osh", "Uzgen"])
def test_a_region_does_not_lie_in_what_lies_in_it(tree, parent):
    said = errors(signed_in().post(address(tree["osh"]), region_data(tree["osh"], parent=parent)))
    assert "cannot lie in itself" in said["parent"]


def test_a_cycle_is_refused_by_whatever_saves_it(tree):
    old = Region.objects.get(slug="kyrgyzstan")
    old.path = "/0/"  # as an object that was read long ago may say
    old.parent = tree["uzgen"]
    with pytest.raises(ValidationError):
        old.save()
    assert Region.objects.get(slug="kyrgyzstan").parent == tree["central-asia"]


@pytest.mark.parametrize(
    ("members", "name"),
    [("Ferghana Valley", "Ferghana Valley"), ("Osh, Pamirs", "Pamirs")],
)
def test_a_group_has_no_group_in_it(tree, members, name):
    make_region(name="Pamirs", kind="group")
    valley = tree["ferghana-valley"]
    said = errors(signed_in().post(address(valley), region_data(valley, members=members)))
    assert said["members"] == f"A group has no group in it, and not itself: {name}."


def test_a_member_of_a_group_does_not_become_one(tree):
    said = errors(signed_in().post(address(tree["osh"]), region_data(tree["osh"], kind="group")))
    assert "belongs to a group" in said["kind"]


def test_a_group_does_not_lie_in_a_group_however_deep(tree):
    pamirs = make_region(name="Pamirs", kind="group")
    inner = make_region(name="Inner", parent=pamirs)
    valley, osh = tree["ferghana-valley"], tree["osh"]
    said = errors(signed_in().post(address(valley), region_data(valley, parent="Inner")))
    assert said["parent"] == "A group would lie in a group: Pamirs."
    said = errors(signed_in().post(address(inner), region_data(inner, kind="group")))
    assert said["parent"] == "A group would lie in a group: Pamirs."
    Region.objects.filter(pk=valley.pk).update(parent=osh, path=f"{osh.path}{valley.pk}/")
    said = errors(signed_in().post(address(osh), region_data(osh, parent="Inner")))
    assert said["parent"] == "A group would lie in a group: Pamirs, Ferghana Valley."
    assert signed_in().post(address(osh), region_data(osh, parent="Kazakhstan")).status_code == 302


def member(tree, pamirs):
    tree["ferghana-valley"].members.add(pamirs)


def other_member(tree, pamirs):
    Region.members.through.objects.update(to_region=pamirs)


def kind_of_a_member(tree, pamirs):
    Region.objects.filter(pk=tree["osh"].pk).update(kind="group")


def place_in_the_tree(tree, pamirs):
    pamirs.parent = tree["ferghana-valley"]
    pamirs.save()


def place_above(tree, pamirs):
    pamirs.parent = tree["kyrgyzstan"]
    pamirs.save()
    Region.objects.filter(pk=tree["kyrgyzstan"].pk).update(kind="group")


@pytest.mark.parametrize(
    "change", [member, other_member, kind_of_a_member, place_in_the_tree, place_above]
)
def test_the_database_keeps_groups_out_of_groups(tree, change):
    pamirs = make_region(name="Pamirs", kind="group")
    with pytest.raises(DatabaseError, match="no group in it"), transaction.atomic():
        change(tree, pamirs)
    assert tree["osh"] in tree["ferghana-valley"].members.all()


def test_other_spellings_of_any_language_are_lines(tree):
    osh = tree["osh"]
    data = region_data(osh, aliases="Ош\nOš\n\nОШ шаары\nОш")
    assert signed_in().post(address(osh), data).status_code == 302
    osh.refresh_from_db()
    assert osh.aliases == ["Ош", "Oš", "ОШ шаары"]
    made = region_data(tree["uzgen"], parent="ош ШААРЫ")
    assert signed_in().post(address(tree["uzgen"]), made).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_who_move_regions_into_each_other_make_no_cycle():
    editors = [signed_in() for _ in range(2)]
    for turn in range(5):
        a = make_region(name=f"A{turn}")
        b = make_region(name=f"B{turn}")
        below = make_region(name=f"C{turn}", parent=a)
        start, answers = threading.Barrier(2), []

        def move(client, one, into, start=start, answers=answers):
            start.wait()
            response = client.post(address(one), region_data(one, parent=into.name))
            answers.append(response.status_code)
            connection.close()

        pairs = [(editors[0], a, b), (editors[1], b, a)]
        threads = [threading.Thread(target=move, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [200, 302]
        for region in (a, b, below):
            region.refresh_from_db()
        assert (a.parent is None) != (b.parent is None)
        top, inner = (a, b) if a.parent is None else (b, a)
        assert (top.path, inner.path) == (f"/{top.pk}/", f"/{top.pk}/{inner.pk}/")
        assert below.path == f"{a.path}{below.pk}/"


# Sections


def test_sections_are_ordered_on_their_list(client):
    one, two = make_section(name="One", position=10), make_section(name="Two", position=20)
    desk = signed_in()
    data = {
        "form-TOTAL_FORMS": 2,
        "form-INITIAL_FORMS": 2,
        "form-0-id": one.pk,
        "form-0-position": 20,
        "form-1-id": two.pk,
        "form-1-position": 10,
        "_save": "Save",
    }
    assert 'name="_save"' in desk.get("/admin/articles/section/").content.decode()
    assert desk.post("/admin/articles/section/", data).status_code == 302
    html = client.get("/").content.decode()
    assert html.index(">Two</a>") < html.index(">One</a>")
    assert signed_in("reporter").post("/admin/articles/section/", data).status_code == 403
    bad = desk.post("/admin/articles/section/", data | {"form-0-position": "first"})
    assert "Enter a whole number" in bad.content.decode()
    assert 'value="first"' in bad.content.decode()


# Tags


def tag_data(tag, **fields):
    return {"name": tag.name, "slug": tag.slug, "aliases": "\n".join(tag.aliases)} | fields


def test_a_renamed_tag_is_found_by_its_old_name_and_address(client):
    make_article(tags=["H2O"])
    tag = Tag.objects.get()
    data = tag_data(tag, name="Water", slug="water")
    assert signed_in().post(address(tag), data).status_code == 302
    moved = client.get("/tags/h2o/")
    assert (moved.status_code, moved["Location"]) == (301, "/tags/water/")
    tag.refresh_from_db()
    assert tag.aliases == ["H2O"]
    assert Tag.objects.named(["h2o"]) == [tag]
    assert signed_in().post(address(tag), tag_data(tag, name="WATER")).status_code == 302
    tag.refresh_from_db()
    assert tag.aliases == ["H2O"]


@pytest.mark.parametrize("spelling", ["ВОДА", "вода", "Су", "сУ"])
def test_another_spelling_belongs_to_one_tag_in_every_script(spelling):
    make_tag(name="Вода", aliases=["су"])
    tag = make_tag(name="Water")
    said = errors(signed_in().post(address(tag), tag_data(tag, aliases=f"aqua\n{spelling}")))
    assert said["aliases"] == f"“{spelling}” is the tag “Вода” already."


# Series


@pytest.fixture
def series():
    return Series.objects.create(name="Ice")


def part(series, number, **fields):
    return make_article(series=series, part=number, **fields)


def test_a_series_shows_its_parts_and_what_is_missing_or_there_twice(series):
    part(series, 4, headline="Four")
    part(series, 1, headline="One", status="draft")
    part(series, 1, headline="Once more")
    part(series, None, headline="Loose")
    part(series, 2, headline="Русская", language="ru")
    part(series, 3, headline="Spiked", status="spiked")
    html = signed_in().get(address(series)).content.decode()
    assert "There twice: 1." in html
    assert "Missing: 2, 3." in html
    assert "Without a number: 1." in html
    assert html.index("Once more") < html.index("Four") < html.index("Loose")
    assert "Missing: 1." in html  # of the Russian ones
    assert "Spiked" not in html


def test_the_order_of_a_series_is_changed_on_its_page(series):
    one, two = part(series, 1), part(series, 2)
    desk = signed_in()
    data = {
        "name": "Ice",
        "slug": "ice",
        f"part-{one.pk}": 2,
        f"version-{one.pk}": one.version,
        f"part-{two.pk}": 1,
        f"version-{two.pk}": two.version,
    }
    bad = desk.post(address(series), data | {f"part-{one.pk}": "x"})
    assert bad.status_code == 200
    assert 'value="x"' in bad.content.decode()
    assert desk.post(address(series), data).status_code == 302
    for story, number in ((one, 2), (two, 1)):
        story.refresh_from_db()
        assert story.part == number
        assert story.revisions.latest("pk").by == desk.user
    # Who has an old page overwrites nothing.
    stale = signed_in().post(address(series), data | {f"part-{one.pk}": 7}, follow=True)
    one.refresh_from_db()
    assert one.part == 2
    assert "it was left as it is" in stale.content.decode()


def test_a_reporter_reads_the_parts_and_changes_none(series):
    one = part(series, 1)
    client = signed_in("reporter")
    assert f'name="part-{one.pk}"' not in client.get(address(series)).content.decode()
    assert client.post(address(series), {f"part-{one.pk}": 2}).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_a_series_costs_the_same_however_many_parts(series, number):
    for n in range(number):
        part(series, n + 1)
    client = signed_in()
    client.get(address(series))
    with CaptureQueriesContext(connection) as captured:
        client.get(address(series))
    assert len(captured) <= 9, [q["sql"][:90] for q in captured]
