import pytest
from django.core.exceptions import PermissionDenied

from articles import doubts, publishing, versions
from articles.doubts import Answer
from articles.interchange.attribution import Hint
from articles.models import Byline, Citation, Doubt, Transition
from authors.models import Author, Organisation
from tests.factories import chief, make_article, make_author, make_organisation, make_user

pytestmark = pytest.mark.django_db
BODY = "<p>Snow fell.</p><p>It <em>melted</em>.</p><p>By Sergey Kwan</p>"


def doubt(story=None, *, names=("Sergey Kwan",), account="admin", **fields):
    story = story or make_article(body=BODY, authors=[make_author(name="Site Admin")])
    fields = {"pattern": "by-line", "words": "By Sergey Kwan"} | fields
    doubts.raise_doubts(story, [Hint(names=list(names), **fields)], account=account)
    return story.doubts.latest("pk")


def settle(*rows, by=None, **options):
    chosen = {row.pk: row.article.version for row in rows}
    return doubts.settle(chosen, by=by or make_user("editor"), **options)


def credits(story):
    return [str(byline.author or byline.organisation) for byline in story.bylines.all()]


def test_accepted_the_person_of_the_text_is_credited_and_no_word_of_it_is_lost():
    row = doubt()
    outcome = settle(row)
    story = row.article
    story.refresh_from_db()
    assert [each.pk for each in outcome.done] == [row.pk]
    assert credits(story) == ["Sergey Kwan"]
    assert Author.objects.get(name="Sergey Kwan").slug == "sergey-kwan"
    assert story.body == BODY
    last = versions.current(story)
    assert (last.reason, last.version) == ("credit", story.version)
    assert Transition.objects.get(move="credit").note == "By Sergey Kwan"
    row.refresh_from_db()
    assert (row.state, row.settled_version) == ("accepted", story.version)


def test_who_is_here_already_is_credited_also_by_another_spelling():
    person = make_author(name="Sergey Kwan", aliases=["Сергей Кван"])
    row = doubt(names=["Сергей Кван"])
    settle(row)
    assert [byline.author for byline in row.article.bylines.all()] == [person]
    assert Author.objects.count() == 2


def test_of_several_of_one_name_nobody_is_guessed():
    for _ in range(2):
        make_author(name="Sergey Kwan")
    row = doubt()
    outcome = settle(row)
    assert "Several are called Sergey Kwan" in outcome.left[0].why[0]
    assert credits(row.article) == ["Site Admin"]
    one = Author.objects.filter(name="Sergey Kwan").first()
    settle(row, answers={row.pk: Answer((f"Sergey Kwan (#{one.pk})",), False)})
    assert [byline.author for byline in row.article.bylines.all()] == [one]


def test_the_line_is_taken_out_only_where_it_is_just_that_line():
    row = doubt()
    settle(row, answers={row.pk: doubts.suggested(row)._replace(takes_line_out=True)})
    row.article.refresh_from_db()
    assert row.article.body == "<p>Snow fell.</p><p>It <em>melted</em>.</p>"
    twice = doubt(make_article(body="<p>Snow.<br>By Sergey Kwan</p>"))
    outcome = settle(
        twice, answers={twice.pk: doubts.suggested(twice)._replace(takes_line_out=True)}
    )
    assert (len(outcome.left), outcome.done) == (1, [])
    assert doubts.line_in("<p>By A B</p><p>x</p><p>By A B</p>", "By A B") is None


def test_a_source_is_cited_with_its_address_and_the_credit_stays():
    agency = make_organisation(name="24.kg")
    row = doubt(names=["24.kg"], is_organisation=True, relation="based on", url="https://24.kg/7", words="Source: 24.kg", pattern="source")  # fmt: skip
    settle(row)
    citation = Citation.objects.get()
    assert (citation.organisation, citation.relation, citation.url) == (agency, "based on", "https://24.kg/7")  # fmt: skip
    assert credits(row.article) == ["Site Admin"]
    assert row.kind == "source"


def test_a_story_edited_meanwhile_is_shown_and_not_overwritten():
    row = doubt()
    story, seen = row.article, row.article.version
    story.headline = "Another headline"
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    outcome = doubts.settle({row.pk: seen}, by=make_user("editor"))
    assert outcome.done == []
    assert outcome.left[0].story == story
    row.refresh_from_db()
    assert (row.state, credits(story)) == ("open", ["Site Admin"])
    assert doubts.settle_group(row.key, row.pk, by=chief()).done == []


def test_two_who_settle_the_same_do_it_once():
    row = doubt()
    assert len(settle(row).done) == 1
    version = versions.current(row.article).version
    again = settle(row)
    assert "settled this already" in again.left[0].why[0]
    assert versions.current(row.article).version == version


def test_the_account_is_right_changes_nothing_of_the_story():
    row = doubt()
    version = row.article.version
    settle(row, is_right=True)
    row.refresh_from_db()
    row.article.refresh_from_db()
    assert (row.state, row.article.version, credits(row.article)) == ("right", version, ["Site Admin"])  # fmt: skip


def test_what_belongs_together_is_settled_together():
    rows = [doubt() for _ in range(3)]
    other = doubt(names=["Ann Lee"])
    groups = doubts.groups(doubts.waiting(chief()))
    assert [(group.count, group.unchanged, group.example.names) for group in groups] == [(3, 3, ["Sergey Kwan"])]  # fmt: skip
    later = doubt()
    outcome = doubts.settle_group(groups[0].example.key, groups[0].upto, by=chief())
    assert (len(outcome.done), outcome.more) == (3, 0)
    assert {credits(row.article)[0] for row in rows} == {"Sergey Kwan"}
    assert Author.objects.filter(name="Sergey Kwan").count() == 1
    assert list(doubts.waiting(chief())) == [other, later]


def test_undone_the_credit_is_as_before_and_what_others_changed_since_stays():
    row = doubt()
    settle(row, answers={row.pk: doubts.suggested(row)._replace(takes_line_out=True)})
    story = row.article
    story.refresh_from_db()
    story.headline = "Another headline"
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    doubts.reopen(row.pk, by=make_user("editor"))
    story.refresh_from_db()
    assert (credits(story), story.headline, story.body) == (["Site Admin"], "Another headline", BODY)  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.version) == ("open", story.version)
    assert Transition.objects.filter(move="undo credit").exists()
    assert doubts.reopen(row.pk, by=chief()) is None


def test_whom_others_credited_since_stays_credited():
    row = doubt()
    settle(row)
    story = row.article
    story.refresh_from_db()
    content = versions.snapshot(story)
    editor = make_author(name="Ed")
    content["bylines"].append({"author_id": editor.pk, "organisation_id": None, "role": "editor", "withheld": False})  # fmt: skip
    publishing.rewrite(story, by=chief(), content=content, move="credit")
    doubts.reopen(row.pk, by=chief())
    assert sorted(credits(story)) == ["Ed", "Site Admin"]


def test_where_others_rewrote_what_was_taken_out_nothing_is_undone():
    row = doubt()
    settle(row, answers={row.pk: doubts.suggested(row)._replace(takes_line_out=True)})
    story = row.article
    story.refresh_from_db()
    story.body = "<p>Snow fell.</p><p>It rained, and the river rose.</p><p>More by others.</p>"
    publishing.save(story, by=chief())
    publishing.record(story, by=chief())
    with pytest.raises(publishing.Collided):
        doubts.reopen(row.pk, by=chief())
    row.refresh_from_db()
    assert (row.state, credits(story)) == ("accepted", ["Sergey Kwan"])


def test_a_withheld_name_and_other_roles_stay():
    story = make_article(body=BODY, authors=[make_author(name="Account"), (make_author(name="Ed"), "editor")])  # fmt: skip
    Byline.objects.create(article=story, author=make_author(name="Secret"), withheld=True, position=9)  # fmt: skip
    publishing.record(story, by=chief())
    settle(doubt(story))
    assert credits(story) == ["Sergey Kwan", "Ed", "Secret"]
    assert story.bylines.get(author__name="Secret").withheld


def test_a_login_or_an_address_becomes_nobodys_name():
    for name in ("admin", "jo@mail.example.org", " "):
        row = doubt(names=[name])
        assert settle(row).left
    assert not Author.objects.filter(name__contains="@").exists()
    assert not Author.objects.filter(slug__contains="admin").exclude(name="Site Admin").exists()


def test_reporters_and_administrators_settle_nothing():
    row = doubt()
    for role in ("reporter", "administrator"):
        user = make_user(role)
        assert list(doubts.waiting(user)) == []
        for act in (
            lambda user=user: settle(row, by=user),
            lambda user=user: doubts.settle_group(row.key, row.pk, by=user),
            lambda user=user: doubts.reopen(row.pk, by=user),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_a_closed_story_is_settled_by_those_it_is_open_to():
    row = doubt(make_article(status="draft", body=BODY))
    publishing.restrict(row.article, by=chief(), people=[chief()])
    row.article.refresh_from_db()
    editor = make_user("editor")
    assert list(doubts.waiting(editor)) == []
    assert settle(row, by=editor).unknown == 1
    assert len(settle(row, by=chief()).done) == 1


def test_a_next_version_of_the_story_gets_the_credit_too():
    row = doubt()
    story = row.article
    content = versions.snapshot(story)
    content["fields"]["headline"] = "Next"
    publishing.propose(story, by=chief(), content=content)
    settle(row)
    person = Author.objects.get(name="Sergey Kwan")
    assert versions.pending(story).content["bylines"][0]["author_id"] == person.pk
    assert Organisation.objects.count() == 0
    assert Doubt.objects.get().state == "accepted"
