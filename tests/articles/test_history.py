"""A story's versions: who sees them, what differs, the way back, purging, and the audit."""

import csv
import datetime
import io
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles import history, permissions, previews, publishing, restoring, translations, versions
from articles.models import (
    Article,
    Autosave,
    Byline,
    Citation,
    PreviewLink,
    Revision,
    Series,
    Tag,
    Transition,
)
from authors.models import Author
from images.models import Use
from tests.articles.test_desk import address, as_it_is, credits, said, signed_in
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
WORD = "zyzzyva"
AUDIT = "/admin/articles/article/audit/"


def save(story, *, by=None, reason="", **fields):
    """A save of a story as its form makes it."""
    story = Article.objects.get(pk=story.pk)
    for name, value in fields.items():
        setattr(story, name, value)
    by = by or chief()
    publishing.save(story, by=by)
    publishing.record(story, by=by, reason=reason)
    return story


def first_and_last(story):
    kept = list(story.revisions.order_by("pk"))
    return kept[0], kept[-1]


def text(response):
    """What is read on a page, without its tags."""
    page = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<h1") :]).split())


def compare(client, story, **which):
    return client.get(address(story, "compare"), which)


def restore(client, story, revision, **data):
    data = {"version": revision.pk, "opened_at": story.version} | data
    return client.post(address(story, "restore"), data, follow=True)


# The list of versions


def test_every_save_is_listed_with_who_and_why():
    story = make_article(status="draft")
    ann = make_user("editor", first_name="Ann", last_name="Editor")
    save(story, by=ann, reason="Figures checked", headline="Second")
    publishing.submit(story, by=ann)
    page = text(signed_in().get(address(story, "history")))
    assert "Version 2 : Figures checked" in page
    assert "Version 3 : Submitted for review as it is now" in page
    assert page.count("Ann Editor") == 3  # two versions, one change of state


def test_a_save_carries_the_reason_that_was_typed():
    client = signed_in()
    story = make_article(status="draft")
    client.post(address(story), as_it_is(story, reason="  Checked\nwith the ministry "))
    assert story.revisions.first().reason == "Checked with the ministry"
    assert "Checked with the ministry" in text(client.get(address(story)))


@pytest.mark.parametrize("number", [1, 3])
def test_the_history_costs_the_same_whatever_its_length(number, django_assert_num_queries):
    story = make_article(status="draft")
    for n in range(number):
        save(story, by=make_user("editor"), headline=f"Headline {n}")
    client = signed_in("chief editor")
    client.get(address(story, "history"))
    with django_assert_num_queries(12):
        client.get(address(story, "history"))


def test_a_long_history_has_pages():
    story = make_article(status="draft")
    by, first = chief(), story.revisions.first()
    Revision.objects.bulk_create(
        Revision(article=story, version=n, by=by, content=first.content, state="past")
        for n in range(2, 203)
    )
    client = signed_in()
    page = client.get(address(story, "history")).content.decode()
    older = re.search(r'href="(\?before=\d+)"', page)[1]
    assert "Version 202<" in page
    assert "Version 2<" not in page
    page = client.get(address(story, "history") + older).content.decode()
    older = re.search(r'href="(\?before=\d+)"', page)[1]
    page = client.get(address(story, "history") + older).content.decode()
    assert "Version 2<" in page


@pytest.mark.parametrize("verb", ["history", "compare", "frames"])
@pytest.mark.parametrize("status", ["draft", "published"])
def test_old_drafts_are_no_more_public_than_new_ones(verb, status):
    story = make_article(status="draft", body=f"<p>The source is {WORD}.</p>")
    first = story.revisions.first()
    story = save(story, body="<p>A source.</p>")
    if status == "published":
        publishing.publish(story, by=chief())
    data = {"from": first.pk, "to": first.pk, "version": first.pk}
    stranger = signed_in("reporter").get(address(story, verb), data)
    assert stranger.status_code == 403
    owner = signed_in("reporter")
    Article.objects.filter(pk=story.pk).update(entered_by=owner.user)
    assert owner.get(address(story, verb), data).status_code == 200
    preview = f"{address(story, 'preview')}?version={first.pk}"
    assert WORD in owner.get(preview).content.decode()
    assert signed_in("reporter").get(preview).status_code == 403


@pytest.mark.parametrize("verb", ["history", "compare", "preview", "frames", "purge"])
def test_the_history_of_a_restricted_story_is_closed_like_the_story(verb):
    story = make_article(status="draft", headline=WORD)
    save(story, headline=f"{WORD} 2")
    named = make_user("editor")
    publishing.restrict(story, by=chief(), people=[named])
    response = signed_in().get(address(story, verb))
    assert response.status_code in {403, 404}
    assert WORD.encode() not in response.content
    if verb != "purge":
        assert signed_in(named).get(address(story, verb)).status_code == 200


# What differs


def test_everything_editorial_that_differs_is_on_one_page_by_name():
    ann, ben = make_author(name="Ann One"), make_author(name="Ben Two")
    agency = make_organisation(name="The Agency")
    picture = make_image(caption="The lake in June")
    story = make_article(
        status="draft",
        headline="Snow in Osh",
        body="<p>It fell by 36 cm.</p><p>Stays.</p>",
        authors=[ann],
        section=make_section(name="Politics"),
        tags=["Water"],
    )
    story = save(
        story,
        headline="Snow in Naryn",
        body="<p>It fell by 38 cm.</p><p>Stays.</p>",
        section=make_section(name="Economy"),
        lead_image=picture,
        dateline_place="Naryn",
        seo_title="Snow",
        series=Series.objects.create(name="Winter"),
    )
    Byline.objects.create(article=story, author=ben, role="translator", position=2)
    Citation.objects.create(
        article=story, organisation=agency, relation="based on", url="https://agency.example/1"
    )
    story.regions.set([make_region(name="Naryn Region")])
    story.tags.set([Tag.objects.create(name="Ice")])
    publishing.record(story, by=chief())
    old, new = first_and_last(story)
    response = compare(signed_in(), story, **{"from": old.pk, "to": new.pk})
    page = text(response)
    for words in (
        "Ben Two, translator",
        "The Agency, based on, https://agency.example/1",
        "Naryn Region",
        "The lake in June",
        "Winter",
    ):
        assert f"[added: {words} ]" in page, words
    for words in ("Politics", "Water", "36", "Osh"):
        assert f"[removed: {words} ]" in page, words
    assert "Ann One, author" in page
    assert "Stays." in page
    html = response.content.decode()
    assert "<ins" in html
    assert "<del" in html


@pytest.mark.parametrize("number", [1, 3])
def test_comparing_costs_the_same_whatever_is_filed(number, django_assert_num_queries):
    story = make_article(
        status="draft",
        authors=[make_author() for _ in range(number)],
        citations=[make_organisation() for _ in range(number)],
        regions=[make_region() for _ in range(number)],
        tags=[f"Tag {n}" for n in range(number)],
        lead_image=make_image(),
    )
    save(story, headline="Another", body="".join("<p>New.</p>" for _ in range(number)))
    client = signed_in("chief editor")
    client.get(address(story, "compare"))
    with django_assert_num_queries(17):
        client.get(address(story, "compare"))


def test_markup_of_a_text_is_never_markup_of_the_page():
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;"
    story = make_article(status="draft", headline="<b>One</b>", body=f"<p>One {hostile}</p>")
    save(story, headline="<img src=x onerror=alert(1)>", body=f"<p>Two {hostile}{hostile}</p>")
    html = compare(signed_in(), story).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html


def test_versions_of_another_story_and_none_are_not_compared():
    story, other = make_article(status="draft"), make_article(status="draft", headline=WORD)
    client = signed_in()
    for wrong in (other.revisions.first().pk, 10**17, "x", "9" * 30, "-1"):
        response = compare(client, story, **{"from": wrong})
        assert response.status_code == 404
        assert WORD.encode() not in response.content
    assert "Nothing differs" in text(compare(client, story))


@pytest.mark.parametrize("role", ["editor", "chief editor"])
def test_a_withheld_person_is_named_in_no_version_to_those_who_must_not_know(role):
    person = make_author(name=f"Ann {WORD}")
    story = make_article(status="draft", authors=[person])
    Byline.objects.filter(article=story).update(withheld=True)
    publishing.record(Article.objects.get(pk=story.pk), by=chief())
    Byline.objects.filter(article=story).delete()
    save(story, headline="Without")
    old, new = first_and_last(story)
    client = signed_in(role)
    for first, second in ((old, new), (new, old)):
        page = text(compare(client, story, **{"from": first.pk, "to": second.pk}))
        assert (WORD in page) is (role == "chief editor")
        assert ("(name withheld), author" in page) is (role == "editor")
    # Nor is the name printed by a preview of the version in which it stood openly.
    page = client.get(f"{address(story, 'preview')}?version={old.pk}").content.decode()
    assert WORD not in page


def test_a_story_that_is_closed_is_not_named_as_the_one_that_was_continued():
    hidden = make_article(status="draft", headline=WORD)
    publishing.restrict(hidden, by=chief(), people=[make_user("editor")])
    story = make_article(status="draft", supersedes=hidden)
    save(story, supersedes=None)
    page = text(compare(signed_in(), story))
    assert WORD not in page
    assert "closed to you" in page


# The way back


def test_an_old_version_becomes_the_newest_and_the_history_keeps_all():
    ann, ben = make_author(name="Ann"), make_author(name="Ben")
    region, agency = make_region(), make_organisation()
    story = make_article(
        status="draft",
        headline="First",
        body="<p>First words.</p>",
        authors=[ann, (ben, "editor")],
        regions=[region],
        tags=["Water"],
        citations=[(agency, "based on", "https://agency.example/")],
        dateline_place="Osh",
        dateline_date=datetime.date(2026, 11, 20),
    )
    old = story.revisions.first()
    story = save(story, headline="Second", body="<p>Other.</p>", dateline_date=None)
    story.bylines.all().delete()
    story.tags.clear()
    story.regions.clear()
    story.citations.all().delete()
    publishing.record(story, by=chief())
    client = signed_in()
    response = restore(client, story, old)
    assert "Version 1 is restored." in said(response)
    story.refresh_from_db()
    assert versions.snapshot(story) == old.content | {
        "fields": old.content["fields"] | {"slug": story.slug}
    }
    newest = story.revisions.first()
    assert (newest.by, history.why(newest)) == (client.user, "Version 1 restored")
    assert story.revisions.count() == 4
    assert story.status == "draft"


def test_a_stale_restore_is_refused_and_says_so():
    story = make_article(status="draft", headline="First")
    old, seen = story.revisions.first(), save(story, headline="Second")
    save(story, headline="Third", by=make_user("editor", first_name="Ben", last_name="Fast"))
    response = restore(signed_in(), seen, old)
    assert any("Not restored. Ben Fast saved this story" in m for m in said(response))
    story.refresh_from_db()
    assert (story.headline, story.revisions.count()) == ("Third", 3)


def test_what_is_gone_is_left_out_and_named():
    region, agency, series = make_region(), make_organisation(), Series.objects.create(name="Ice")
    author, merged = make_author(name="Ann"), make_author(name="Ann Again")
    story = make_article(
        status="draft",
        regions=[region],
        tags=["Water"],
        citations=[agency],
        series=series,
        authors=[author],
    )
    old = story.revisions.first()
    story = save(story, series=None)
    for things in (story.regions, story.tags):
        things.clear()
    story.citations.all().delete()
    publishing.record(story, by=chief())
    for thing in (region, agency, series, Tag.objects.get()):
        thing.delete()
    author.merged_into = merged
    author.save()
    response = restore(signed_in(), story, old)
    assert "Left out, because it is no longer here: Regions, Series, Sources, Tags" in said(
        response
    )
    story.refresh_from_db()
    assert [b.author for b in story.bylines.all()] == [merged]
    assert (story.series, story.citations.count(), story.tags.count()) == (None, 0, 0)


def test_readers_see_at_once_what_an_editor_restores_of_a_live_story():
    story = make_article(headline="First", body="<p>First words.</p>", section=make_section())
    portrait = make_image()
    ann = make_author(name="Ann", portrait=portrait)
    old = story.revisions.first()
    place = story.get_absolute_url()
    story = save(story, headline="Second", body="<p>Second words.</p>")
    story.bylines.all().delete()
    Byline.objects.create(article=story, author=ann)
    publishing.record(story, by=chief())
    assert Use.objects.live(timezone.now()).filter(image=portrait).exists()
    client = signed_in()
    page = client.get(address(story, "compare"), {"from": story.revisions.first().pk, "to": old.pk})
    assert "they see at once" in text(page)
    response = restore(client, story, old, is_substantive="on")
    assert "Version 2 is restored." in said(response)
    page = client.get(place).content.decode()
    assert "First words." in page
    story.refresh_from_db()
    assert story.get_absolute_url() == place
    assert story.updated_at is not None
    assert story.revisions.first().state == "live"
    # The portrait of who is no longer credited is no longer public.
    assert not Use.objects.live(timezone.now()).filter(image=portrait).exists()


def test_a_live_story_keeps_section_and_language_that_an_early_draft_had_not():
    story = make_article(status="draft", section=None, language="ru", headline="Снег")
    old = story.revisions.first()
    section = make_section()
    story = save(story, section=section, language="en", headline="Snow")
    publishing.publish(story, by=chief())
    response = restore(signed_in(), story, old)
    story.refresh_from_db()
    assert "Version 1 is restored." in said(response)
    assert (story.headline, story.section, story.language) == ("Снег", section, "en")


def test_a_reporter_proposes_an_old_version_of_the_live_story_they_are_credited_on():
    client = signed_in("reporter")
    person = make_author(name="Ann", user=client.user)
    story = make_article(headline="First", authors=[person])
    old = story.revisions.first()
    story = save(story, headline="Second")
    response = restore(client, story, old)
    assert "Version 2 waits for an editor as the next version." in said(response)
    story.refresh_from_db()
    pending = versions.pending(story)
    assert (story.headline, pending.state, pending.by) == ("Second", "in_review", client.user)
    assert pending.content["fields"]["headline"] == "First"
    again = restore(client, story, old)
    assert any("next version of this story already" in message for message in said(again))
    # What waits for its turn is not restored.
    assert restore(signed_in(), story, pending).status_code == 404


def test_a_reporter_gains_nothing_by_restoring():
    reporter = signed_in("reporter")
    person = make_author(name="Ann")
    sponsor = make_organisation()
    story = make_article(
        status="draft",
        entered_by=reporter.user,
        authors=[person],
        noindex=True,
        paid_by=sponsor,
        canonical_url="https://elsewhere.example/",
    )
    old = story.revisions.first()
    story = save(story, noindex=False, paid_by=None, canonical_url="")
    Byline.objects.filter(article=story).update(withheld=True)
    publishing.record(story, by=chief())
    response = restore(reporter, story, old)
    assert "Version 1 is restored." in said(response)
    story.refresh_from_db()
    assert (story.noindex, story.paid_by, story.canonical_url) == (False, None, "")
    assert story.bylines.get().withheld
    publishing.submit(story, by=reporter.user)
    assert restore(reporter, story, old).status_code == 403


@pytest.mark.parametrize("status", ["spiked", "withdrawn"])
def test_what_may_not_be_edited_may_not_be_restored(status):
    story = make_article(status=status)
    old = story.revisions.last()
    with pytest.raises(PermissionDenied):
        restoring.restore(story, old, by=chief(), opened_at=story.version)


# Purging


def test_a_chief_purges_early_drafts_and_that_it_happened_stays():
    story = make_article(status="draft", headline=f"{WORD} talks", body=f"<p>{WORD}</p>")
    client = signed_in("chief editor")
    client.post(address(story), as_it_is(story, reason=f"{WORD} said so"))
    story.refresh_from_db()
    story = save(story, headline="Clean", body="<p>Clean.</p>")
    first, second = story.revisions.order_by("pk")[:2]
    Autosave.objects.create(article=story, by=make_user(), content={"body": WORD})
    token = previews.share(story, by=chief(), revision=second)
    publishing.publish(story, by=chief())
    page = client.get(address(story, "purge")).content.decode()
    assert f'value="{first.pk}"' in page
    data = {"version": [first.pk, second.pk]}
    response = client.post(address(story, "purge"), data)
    assert "Confirm that you mean it" in text(response)
    assert Revision.objects.filter(purged_at=None).count() == 4
    response = client.post(address(story, "purge"), data | {"is_meant": "on"}, follow=True)
    assert any("Purged." in message for message in said(response))
    assert "Version 1" in text(response)
    assert "what it said is gone" in text(response)
    transition = story.transitions.first()
    assert (transition.move, transition.note, transition.by) == ("purge", "1, 2", client.user)
    for revision in Revision.objects.filter(pk__in=[first.pk, second.pk]):
        assert (revision.content, revision.reason) == ({}, "")
        assert (revision.by, revision.at) == (
            (first if revision == first else second).by,
            revision.at,
        )
    assert not Autosave.objects.exists()
    assert client.get(f"/preview/{token}/").status_code == 404
    kept = [r.content for r in Revision.objects.all()] + list(
        LogEntry.objects.values_list("object_repr", "change_message")
    )
    assert WORD not in str(kept)
    for verb in ("compare", "preview", "frames"):
        asked = {"from": first.pk, "version": first.pk}
        assert client.get(address(story, verb), asked).status_code == 404
    assert restore(client, story, first).status_code == 404
    assert client.get(story.get_absolute_url()).status_code == 200


def test_who_purges_is_led_to_the_versions_of_translations():
    story = save(make_article(status="draft", headline=WORD), headline="Clean")
    made = translations.begin(story, into="ru", by=chief())
    page = signed_in("chief editor").get(address(story, "purge")).content.decode()
    assert f'href="{address(made, "purge")}"' in page


def test_what_was_purged_while_somebody_restored_it_does_not_come_back():
    story = make_article(status="draft", headline=WORD)
    old = story.revisions.first()  # read before it is purged
    story = save(story, headline="Second")
    publishing.purge(story, by=chief(), revisions=[old.pk])
    with pytest.raises(publishing.Refused):
        restoring.restore(story, old, by=chief(), opened_at=story.version)
    assert Article.objects.get().headline == "Second"


def test_what_readers_see_or_saw_first_and_what_waits_is_never_purged():
    story = make_article(status="draft")
    story = save(story, headline="Second")
    publishing.publish(story, by=chief())
    story = save(story, headline="After")
    content = versions.snapshot(story)
    publishing.propose(story, by=chief(), content=content)
    every = list(story.revisions.values_list("pk", flat=True))
    assert [r.version for r in versions.purgeable(story)] == [2, 1]
    publishing.purge(story, by=chief(), revisions=every)
    left = story.revisions.filter(purged_at=None)
    assert {r.state for r in left} == {"working", "live", "past"}
    assert left.count() == 3
    with pytest.raises(publishing.Refused):
        publishing.purge(story, by=chief(), revisions=every)


def test_of_a_scheduled_story_that_came_out_the_version_that_came_out_stays():
    story = make_article(status="scheduled")
    story = save(story, headline="Last before it came out")
    last = story.revisions.first()
    moment = timezone.now()
    Article.objects.filter(pk=story.pk).update(published_at=moment, first_published_at=moment)
    story.refresh_from_db()
    story = save(story, headline="After")
    assert last not in versions.purgeable(story)
    assert versions.purgeable(story).count() == 2


def test_of_a_draft_all_but_what_it_says_now_can_be_purged():
    story = make_article(status="draft")
    assert not versions.purgeable(story).exists()
    story = save(story, headline="Second")
    assert [r.version for r in versions.purgeable(story)] == [1]


@pytest.mark.parametrize("role", ["reporter", "editor", "administrator"])
def test_nobody_but_a_chief_purges_or_reads_the_audit(role):
    client = signed_in(role)
    story = make_article(status="draft", entered_by=client.user)
    save(story, headline="Second")
    key = story.revisions.last().pk
    data = {"version": key, "is_meant": "on"}
    assert client.post(address(story, "purge"), data).status_code == 403
    with pytest.raises(PermissionDenied):
        publishing.purge(story, by=client.user, revisions=[key])
    assert client.get(f"{AUDIT}?story={story.pk}").status_code == 403
    assert not Transition.objects.filter(move="purge").exists()


# The audit


def table(response):
    body = b"".join(response.streaming_content).decode()
    return list(csv.reader(io.StringIO(body.removeprefix("\ufeff"), newline="")))


def test_the_audit_of_a_story_has_each_change_of_state_once():
    story = make_article(status="returned")
    make_article(status="in_review")
    client = signed_in("chief editor")
    response = client.get(AUDIT, {"story": story.pk})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    rows = table(response)
    assert [row[3] for row in rows[1:]] == ["Submitted for review", "Returned"]
    assert rows[2][4:] == [
        "in review",
        "draft",
        chief().username,
        "Please name the second source.",
    ]


def test_no_cell_of_the_audit_acts_as_a_formula():
    story = make_article(status="draft", headline='=HYPERLINK("https://evil.example","x")')
    publishing.submit(story, by=chief(), note="＝cmd|'/c calc'!A1")
    publishing.return_(story, by=chief(), note="@SUM(1+1)")
    rows = table(signed_in("chief editor").get(AUDIT, {"story": story.pk}))
    assert {row[2] for row in rows[1:]} == {'\'=HYPERLINK("https://evil.example","x")'}
    assert [row[7][:2] for row in rows[1:]] == ["'＝", "'@"]
    assert not any(cell[:1] in "=+-@\t\r＝＋－＠" for row in rows for cell in row if cell)


def test_the_audit_of_a_period_counts_days_in_the_sites_zone():
    story = make_article(status="in_review")
    late = timezone.now().replace(month=11, day=24, hour=17, minute=59, second=59, microsecond=0)
    early = late + datetime.timedelta(seconds=1)  # midnight in Bishkek
    for at in (late, early):
        Transition.objects.create(article=story, move="pull", before="a", after="b", at=at)
    client = signed_in("chief editor")
    year = late.year
    for day, expected in ((24, "23:59:59"), (25, "00:00:00")):
        rows = table(client.get(AUDIT, {"first": f"{year}-11-{day}", "last": f"{year}-11-{day}"}))
        times = [row[0][11:19] for row in rows[1:] if row[3] == "Pulled"]
        assert times == [expected]


def test_a_wrong_period_is_asked_for_again():
    client = signed_in("chief editor")
    for asked in (
        {},
        {"first": "2026-11-24"},
        {"first": "2026-11-24", "last": "2026-11-23"},
        {"first": "0001-01-01", "last": "9999-12-31"},
        {"story": "x"},
        {"story": 10**30},
    ):
        response = client.get(AUDIT, asked)
        assert response.status_code == 200
        assert "text/html" in response["Content-Type"]


def test_the_audit_is_read_bit_by_bit(django_assert_num_queries):
    story = make_article(status="in_review")
    Transition.objects.bulk_create(
        Transition(article=story, move="pull", after="pulled") for _ in range(5000)
    )
    response = signed_in("chief editor").get(AUDIT, {"story": story.pk})
    assert response.streaming
    assert len(table(response)) == 5002


def test_names_of_rights_are_asked_everywhere():
    story = make_article(status="draft")
    assert permissions.can_see_history(chief(), story)
    assert not permissions.can_see_history(make_user("administrator"), story)
    assert not permissions.can_see_history(make_user("reporter"), story)


# Forged


def test_forged_posts_of_a_reporter_change_nothing():
    """Sixty: each address, with each way of asking for what is not theirs."""
    reporter = signed_in("reporter")
    draft = make_article(status="draft", authors=[make_author()])
    save(draft, headline="Second")
    live = make_article(headline="Live")
    save(live, headline="Live again")
    own = make_article(status="draft", entered_by=reporter.user)
    save(own, headline="Own again")
    # Under embargo no reporter shares a story, not even their own.
    Article.objects.filter(pk=own.pk).update(
        embargo_until=timezone.now() + datetime.timedelta(days=1)
    )
    for story in (draft, live):
        previews.share(story, by=chief())
    link = draft.preview_links.get()
    before = _state()
    sent = 0
    for story in (draft, live, own):
        story.refresh_from_db()
        keys = list(story.revisions.values_list("pk", flat=True))
        other = draft.revisions.last().pk
        forged = [
            ("restore", {"version": other, "opened_at": story.version}),
            ("restore", {"version": keys[-1], "opened_at": story.version - 1}),
            ("restore", {"version": keys[-1]}),
            ("restore", {"version": "x", "opened_at": "1"}),
            ("restore", {}),
            ("restore", {"version": live.revisions.last().pk + 1000, "opened_at": story.version}),
            ("purge", {"version": keys, "is_meant": "on"}),
            ("purge", {"version": other, "is_meant": "on"}),
            ("purge", {"is_meant": "on"}),
            ("purge", {}),
            ("share", {}),
            ("share", {"lasts": "336"}),
            ("share", {"version": other}),
            ("share", {"version": keys[-1]}),
            ("revoke", {"link": link.pk}),
            ("revoke", {"link": "9" * 40}),
            ("revoke", {}),
            ("preview", as_it_is(story, tags="Planted", status="published")),
            ("frames", as_it_is(story) | credits({"name": "Planted", "make": "person"})),
            ("compare", {"from": keys[0], "to": keys[-1]}),
        ]
        for verb, data in forged:
            response = reporter.post(address(story, verb), data)
            assert response.status_code in {200, 302, 403, 404, 405}, (verb, data)
            sent += 1
    assert sent == 60
    assert _state() == before


def _state():
    models = (Article, Byline, Revision, Transition, Tag, Autosave, PreviewLink, Author)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
