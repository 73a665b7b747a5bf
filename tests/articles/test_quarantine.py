import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from articles import delivery, publishing, quarantine, versions
from articles.models import Finding, Message, Round, Transition
from authors.models import Organisation
from newsroom import looking
from newsroom.models import Page
from prose import body, spam
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db
FIRST, LAST = (
    "<p>Snow fell in Osh and the road was closed.</p>",
    "<p>It <em>melted</em> by noon.</p>",
)
SOLD = "Casino bonus codes, free spins and togel online for everybody."


def imported(html):
    """A story whose text was cut as an import does, and its findings."""
    left, found = spam.cut(html, languages=["en"])
    story = make_article(body=body.clean(left))
    quarantine.keep(story, {"body": found})
    return story, list(story.findings.all())


def put_back(finding, by=None):
    chosen = {finding.pk: finding.article.version}
    return quarantine.put_back(chosen, by=by or make_user("editor"))


@pytest.mark.parametrize(
    ("cut", "back"),
    [
        ('<div style="display:none">Hidden words</div>', f"{FIRST}\n<p>Hidden words</p>\n{LAST}"),
        ('<p style="font-size:0">A<br>B</p>', f"{FIRST}\n<p>A<br>B</p>\n{LAST}"),
        (
            "<ul hidden><li>One</li><li>Two</li></ul>",
            f"{FIRST}\n<ul><li>One</li><li>Two</li></ul>\n{LAST}",
        ),
    ],
)
def test_what_is_put_back_stands_where_it_was(cut, back):
    story, [finding] = imported(FIRST + cut + LAST)
    assert "idden" not in story.body
    outcome = put_back(finding)
    assert [each.pk for each in outcome.done] == [finding.pk]
    story.refresh_from_db()
    assert story.body == back
    assert versions.current(story).reason == "put back"
    assert Transition.objects.filter(move="put back").count() == 1
    finding.refresh_from_db()
    assert finding.state == "put back"


def test_words_within_a_sentence_and_a_links_character_come_back_into_it():
    html = '<p>Snow fell <span style="font-size:0">very &amp; gently</span> in Osh.</p>'
    story, [finding] = imported(html)
    put_back(finding)
    story.refresh_from_db()
    assert body.text(story.body) == "Snow fell very & gently in Osh."
    html = '<p>It ended<a href="https://a.example/">.</a> Then it rained.</p>'
    story, [finding] = imported(html)
    assert story.body == "<p>It ended. Then it rained.</p>"
    put_back(finding)
    story.refresh_from_db()
    assert story.body == html


def test_what_was_cut_side_by_side_comes_back_to_its_place():
    cut = "<div hidden>One</div>\n<div hidden>Two</div>"
    story, found = imported(f"{FIRST}\n{cut}\n{LAST}")
    for finding in found:
        finding.article.refresh_from_db()
        put_back(finding)
    story.refresh_from_db()
    words = body.text(story.body).split()
    assert set(words[9:11]) == {"One", "Two"}


def test_where_the_place_is_gone_it_comes_to_the_end():
    html = quarantine.with_put_back(
        FIRST, "<div hidden>Words</div>", "Nothing of this stands there now"
    )
    assert html == f"{FIRST}\n<p>Words</p>"


def test_a_story_edited_meanwhile_is_left_and_nothing_comes_back_twice():
    story, [finding] = imported(FIRST + "<div hidden>Hidden words</div>")
    seen = story.version
    story.headline = "Another"
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    outcome = quarantine.put_back({finding.pk: seen}, by=make_user("editor"))
    assert (outcome.done, [left.story for left in outcome.left]) == ([], [story])
    finding.article.refresh_from_db()
    assert len(put_back(finding).done) == 1
    finding.article.refresh_from_db()
    assert "settled this already" in put_back(finding).left[0].why[0]


def test_confirmed_it_stays_out_and_undone_all_is_as_before():
    story, [finding] = imported(FIRST + "<div hidden>Hidden words</div>" + LAST)
    editor = make_user("editor")
    assert quarantine.confirm(quarantine.waiting(editor), by=editor) == 1
    assert quarantine.confirm(Finding.objects.all(), by=editor) == 0
    quarantine.reopen(finding.pk, by=editor)
    put_back(finding)
    quarantine.reopen(finding.pk, by=editor)
    story.refresh_from_db()
    assert story.body == FIRST + LAST
    finding.refresh_from_db()
    assert (finding.state, finding.settled_version) == ("open", None)


def test_what_is_cut_twice_is_kept_twice():
    _, found = imported(FIRST + "<div hidden>Pills</div>" + LAST + "<div hidden>Pills</div>")
    assert len(found) == 2


def test_reporters_and_administrators_see_and_settle_nothing():
    _, [finding] = imported(FIRST + "<div hidden>Pills</div>")
    for role in ("reporter", "administrator"):
        user = make_user(role)
        assert not quarantine.waiting(user).exists()
        for act in (
            lambda user=user: put_back(finding, by=user),
            lambda user=user: quarantine.confirm(Finding.objects.all(), by=user),
            lambda user=user: quarantine.reopen(finding.pk, by=user),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_what_belongs_to_a_closed_story_is_seen_by_those_it_is_open_to():
    story, [finding] = imported(FIRST + "<div hidden>Pills</div>")
    tag, image = make_tag(name=SOLD[:90]), make_image(caption=SOLD)
    story.tags.add(tag)
    story.lead_image = image
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    publishing.restrict(story, by=chief(), people=[chief()])
    looking.look()
    editor = make_user("editor")
    assert set(quarantine.waiting(chief()).values_list("thing", flat=True)) == {"story", "tag", "picture"}  # fmt: skip
    assert list(quarantine.waiting(editor)) == []
    assert put_back(finding, by=editor).unknown == 1


# At night


def test_at_night_everything_that_readers_see_is_looked_at_and_nothing_is_cut(capsys):
    sold = f"<p>{SOLD}</p>"
    story = make_article(body=FIRST + sold)
    draft = make_article(status="draft", body=FIRST + sold)
    person = make_author(biography=sold, links=[{"label": "x", "url": "https://best-casino.example/"}])  # fmt: skip
    organisation = make_organisation(descriptions={"ru": "Играть в казино бесплатно"})
    tag, image = make_tag(name="free spins"), make_image(caption=SOLD)
    page = Page.objects.create(slug="about", name="About", bodies={"ru": sold})
    call_command("look_for_spam")
    found = set(Finding.objects.values_list("thing", "number", "place"))
    assert found == {
        ("story", story.pk, "body"),
        ("person", person.pk, "biography"),
        ("person", person.pk, "links"),
        ("organisation", organisation.pk, "descriptions"),
        ("tag", tag.pk, "name"),
        ("picture", image.pk, "caption"),
        ("page", page.pk, "bodies"),
    }
    assert not Finding.objects.filter(is_cut=True).exists()
    version = story.version
    story.refresh_from_db()
    assert (story.body, story.version) == (FIRST + sold, version)
    assert draft.findings.count() == 0
    assert "7 new findings" in capsys.readouterr().out


def test_what_was_told_or_found_to_be_fine_is_not_told_again_and_chiefs_hear_once(mailoutbox):
    chief_editor = make_user("chief editor", email="chief@example.org", muted=["mail found"])
    make_user("editor", email="editor@example.org")
    make_article(headline="Snow", body=FIRST + f"<p>{SOLD}</p>")
    looking.look()
    quarantine.confirm(Finding.objects.all(), by=chief_editor, is_fine=True)
    looking.look()
    assert Finding.objects.count() == 1
    [message] = Message.objects.filter(move="found")
    delivery.deliver("mail")
    [mail] = mailoutbox
    assert mail.to == ["chief@example.org"]
    assert "/admin/articles/article/findings/" in mail.body
    assert "casino" not in mail.body.lower()
    assert str(message)


def test_what_an_import_cut_and_an_editor_put_back_is_not_told_again():
    story, [finding] = imported(f"{FIRST}<p hidden>{SOLD}</p>")
    put_back(finding)
    looking.look()
    assert list(Finding.objects.all()) == [finding]
    story.refresh_from_db()
    assert "free spins" in story.body


def test_a_look_that_was_stopped_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(looking, "AT_ONCE", 2)
    for n in range(5):
        make_article(body=f"<p>{SOLD} {n}</p>")
    looked, _new, is_over = looking.look(3)
    assert (looked >= 3, is_over, Finding.objects.count() < 5) == (True, False, True)
    assert Round.objects.get(thing="story").reached > 0
    _looked, _new, is_over = looking.look()
    assert (is_over, Finding.objects.count()) == (True, 5)
    first = Round.objects.get(thing="story").begun_at
    looking.look()
    assert Round.objects.get(thing="story").begun_at > first
    assert Finding.objects.count() == 5


@pytest.mark.parametrize("number", [1, 3])
def test_a_look_costs_the_same_with_one_thing_and_with_three(number, django_assert_num_queries):
    for _ in range(number):
        make_article(
            body=f"<p>{SOLD}</p>", citations=[(Organisation.objects.create(name=f"O{_}"), "cites", "https://best-casino.example")]
        )  # fmt: skip
    looking.look()
    for model in (Finding, Message):
        model.objects.all().delete()
    with django_assert_num_queries(54):
        looking.look()
