"""How a story will look: saved, an old version, as typed; and links for people outside."""

import datetime
import hashlib
import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from articles import previews, publishing
from articles.models import Article, Byline, Correction, PreviewLink, Series
from images.models import Image
from tests.articles.test_desk import (
    ADD,
    address,
    as_it_is,
    credits,
    said,
    signed_in,
    sources,
    typed,
)
from tests.articles.test_history import save
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
from tests.test_permission_matrix import database

pytestmark = pytest.mark.django_db
WORD = "zyzzyva"
HOUR = datetime.timedelta(hours=1)
NEW_FRAMES = f"{ADD}frames/"


def words(response):
    page = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<h1") :]).split())


# Saved, and old versions


def test_any_version_is_shown_with_all_that_it_had():
    ann, agency = make_author(name="Ann One"), make_organisation(name="The Agency")
    picture = make_image(caption="The lake")
    story = make_article(
        status="draft",
        headline="First headline",
        body=f'<p>First words.</p><figure data-image="{picture.pk}"></figure>',
        authors=[ann],
        citations=[(agency, "based on", "https://agency.example/")],
        regions=[make_region(name="Osh")],
        tags=["Water"],
        series=Series.objects.create(name="Winter"),
        lead_image=picture,
        dateline_place="Osh",
        dateline_organisation=agency,
        dateline_date=datetime.date(2026, 11, 20),
    )
    old = story.revisions.first()
    story = save(story, headline="Second", body="<p>Other.</p>", lead_image=None, series=None)
    story.bylines.all().delete()
    story.tags.clear()
    client = signed_in()
    before = database()
    response = client.get(f"{address(story, 'preview')}?version={old.pk}")
    page = words(response)
    for expected in (
        "First headline",
        "First words.",
        "Ann One",
        "The Agency",
        "Osh",
        "Water",
        "Winter",
        "Version 1, saved",
        "20 November",
    ):
        assert expected in page or expected in response.content.decode(), expected
    assert "Second" not in page
    assert "sig=" in response.content.decode()
    assert database() == before
    assert "Second" in words(client.get(address(story, "preview")))


@pytest.mark.parametrize("number", [1, 3])
def test_a_version_costs_the_same_whatever_is_filed(number, django_assert_num_queries):
    story = make_article(
        status="draft",
        authors=[make_author() for _ in range(number)],
        citations=[make_organisation() for _ in range(number)],
        regions=[make_region() for _ in range(number)],
        tags=[f"Tag {n}" for n in range(number)],
    )
    client = signed_in()
    path = f"{address(story, 'preview')}?version={story.revisions.first().pk}"
    client.get(path)
    with django_assert_num_queries(16):
        client.get(path)


def test_only_previews_of_the_desk_stand_in_a_frame_and_only_in_ours():
    story = make_article(status="draft")
    client = signed_in()
    framed = client.get(address(story, "preview"))
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    token = previews.share(story, by=chief())
    for response in (
        client.get(address(story, "frames")),
        client.get(address(story)),
        client.get(address(story, "history")),
        Client().get(f"/preview/{token}/"),
        Client().get(make_article().get_absolute_url()),
    ):
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"
    frames = client.get(address(story, "frames"))
    assert "frame-src 'self'" in frames["Content-Security-Policy"]


def test_two_widths_show_the_version_that_was_asked_for():
    story = make_article(status="draft")
    old = story.revisions.first()
    save(story, headline="Second")
    page = signed_in().get(f"{address(story, 'frames')}?version={old.pk}").content.decode()
    sources = {unescape(src) for src in re.findall(r'<iframe[^>]* src="([^"]+)"', page)}
    assert sources == {f"{address(story, 'preview')}?framed=1&version={old.pk}"}
    assert re.findall(r'<iframe[^>]* width="(\d+)"', page) == ["390", "1280"]


# As it is typed


def everything(**fields):
    return typed(
        headline="Typed headline",
        standfirst="Typed standfirst.",
        body="<p>BISHKEK (New Agency) — Typed <script>bad()</script>words.</p>",
        tags="Brand new tag, Water",
        series="New series",
        series_make="1",
        dateline_organisation="New Agency",
        dateline_organisation_make="1",
        dateline_place="Bishkek",
        **credits(
            {"name": "Nobody Yet", "make": "person", "role": "author", "position": 2},
            {"name": "Not Even Chosen", "role": "translator", "position": 3},
            {"name": "New Agency", "make": "organisation", "role": "author", "position": 1},
            {"name": "Taken Off", "make": "person", "role": "author", "DELETE": "on"},
        ),
        **sources(
            {"name": "New Source", "make": "1", "relation": "based on", "url": "https://s.example/"}
        ),
        **fields,
    )


@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_typed_is_shown_and_nothing_at_all_is_written(is_new):
    client = signed_in()
    story = make_article(status="draft", headline="Saved", tags=["Water"])
    data = everything(section=make_section(name="Economy").pk, version=story.version)
    paths = [NEW_FRAMES] if is_new else [address(story, "preview"), address(story, "frames")]
    before = database()
    for path in paths:
        response = client.post(path, data)
        assert response.status_code == 200
        page = unescape(response.content.decode())
        for expected in (
            "Typed headline",
            "Typed standfirst.",
            "words.",
            "Nobody Yet",
            "Not Even Chosen",
            "New Agency",
            "New Source",
            "Brand new tag",
            "Water",
            "New series",
            "Economy",
            "not saved yet",
        ):
            assert expected in page, expected
        assert page.index("New Agency</a> and") < page.index("Nobody Yet")
        assert "Taken Off" not in page
        assert "bad()" not in page
        assert "no-store" in response["Cache-Control"]
    assert database() == before
    assert Session.objects.count() == 1


def test_what_cannot_be_understood_does_not_keep_the_rest_from_being_shown():
    client = signed_in()
    story = make_article(status="draft", regions=[make_region(name="Osh")], tags=["Water"])
    before = database()
    for broken in (
        {"headline": ""},
        {"headline": "x" * 3000},
        {"regions": "Nowhere at all"},
        {"section": "999999"},
        {"lead_image": "999999"},
        {"version": ""},
        {"part": "many"},
        {"language": "xx"},
        {"tags": "t" * 500},
        {"due_at": "0001-01-01T00:00"},
        {"bylines-TOTAL_FORMS": "x", "bylines-INITIAL_FORMS": ""},
        {"body": "<p>" + "x" * 1_000_001 + "</p>"},
        {"body": "\0<p>x</p>"},
    ):
        response = client.post(address(story, "preview"), as_it_is(story) | broken)
        assert response.status_code == 200, broken
        response = client.post(NEW_FRAMES, typed() | broken)
        assert response.status_code == 200, broken
    assert client.post(address(story, "preview")).status_code == 200
    assert "Osh" in words(
        client.post(address(story, "preview"), as_it_is(story, regions="Nowhere"))
    )
    assert database() == before


def test_a_name_that_is_withheld_is_not_printed_by_a_preview_either():
    reporter = signed_in("reporter")
    person = make_author(name=f"Ann {WORD}")
    story = make_article(status="draft", entered_by=reporter.user, authors=[person])
    Byline.objects.update(withheld=True)
    data = as_it_is(story) | credits({"name": person.name, "role": "reporter"})
    assert WORD not in reporter.post(address(story, "preview"), data).content.decode()
    assert WORD not in reporter.get(address(story, "preview")).content.decode()


def test_a_typed_number_shows_no_picture_of_a_closed_story():
    closed, own = make_image(alt=f"The {WORD}"), make_image(alt="A lake")
    hidden = make_article(status="draft", lead_image=closed)
    publishing.restrict(hidden, by=chief(), people=[make_user("editor")])
    make_article(lead_image=own)
    body = (
        f'<p>x</p><figure data-image="{closed.pk}"></figure><figure data-image="{own.pk}"></figure>'
    )
    data = typed(body=body, lead_image=closed.pk)
    page = unescape(signed_in("reporter").post(NEW_FRAMES, data).content.decode())
    assert closed.token not in page
    assert WORD not in page
    assert own.token in page


def test_what_is_typed_is_shown_to_those_who_may_edit():
    story = make_article(status="draft")
    assert signed_in("reporter").post(address(story, "preview"), typed()).status_code == 403
    assert signed_in("administrator").post(NEW_FRAMES, typed()).status_code == 403
    owner = signed_in("reporter")
    own = make_article(status="in_review", entered_by=owner.user)
    assert owner.post(address(own, "preview"), typed()).status_code == 403
    assert owner.get(address(own, "preview")).status_code == 200
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    assert client.post(address(story, "preview"), typed()).status_code == 403


def test_the_button_of_the_form_leads_there_without_a_script():
    story = make_article(status="draft")
    page = signed_in().get(address(story)).content.decode()
    button = re.search(r'<button class="btn bar__preview"[^>]*>', page)[0]
    assert f'formaction="{address(story, "frames")}"' in button
    assert 'formtarget="_blank"' in button
    button = re.search(
        r'<button class="btn bar__preview"[^>]*>', signed_in().get(ADD).content.decode()
    )
    assert f'formaction="{NEW_FRAMES}"' in button[0]


# Links


def opened(token):
    return Client().get(f"/preview/{token}/")


def test_a_token_is_128_random_bits_of_which_only_a_hash_is_kept():
    story = make_article(status="draft")
    tokens = {previews.share(story, by=chief()) for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {22}  # 16 bytes in base 64
    kept = set(PreviewLink.objects.values_list("token_hash", flat=True))
    assert kept == {hashlib.sha256(token.encode()).hexdigest() for token in tokens}
    assert not any(token in str(list(PreviewLink.objects.values())) for token in tokens)


def test_a_link_shows_that_version_and_nothing_later():
    story = make_article(status="draft", headline="First")
    token = previews.share(story, by=chief())
    save(story, headline="Second", body=f"<p>{WORD}</p>")
    page = opened(token).content.decode()
    assert "First" in page
    assert WORD not in page
    assert "Second" not in page


def test_a_link_shows_nothing_of_any_other_story():
    region = make_region(name="Osh", kind="country")
    section = make_section(name="Politics")
    shared = {"regions": [region], "section": section, "tags": ["Water"]}
    original = make_article(headline=f"Original {WORD}", language="ru", **shared)
    newer = make_article(headline=f"Related {WORD}", **shared)
    story = make_article(
        status="draft",
        headline="Shared",
        translated_from=original,
        supersedes=newer,
        translation_group="11111111-1111-1111-1111-111111111111",
        **shared,
    )
    Article.objects.filter(pk=original.pk).update(translation_group=story.translation_group)
    make_article(headline=f"Latest {WORD}")
    page = opened(previews.share(story, by=chief())).content.decode()
    assert "Shared" in page
    assert WORD not in page
    # The desk's own preview has the page as it will be.
    assert f"Related {WORD}" in signed_in().get(address(story, "preview")).content.decode()


def test_what_a_link_shows_is_kept_by_nobody_and_tells_nobody_where_it_was():
    story = make_article(status="draft", lead_image=make_image())
    response = opened(previews.share(story, by=chief()))
    page = response.content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "ETag" not in response
    assert not response.cookies
    image = Image.objects.get()
    for place in re.findall(rf"/media/{image.token}/[^\s\"]+", page):
        assert "until=" in place
        assert "sig=" in place
    plain = re.search(rf"/media/{image.token}/[^?\s\"]+", page)[0]
    assert Client().get(plain).status_code == 404


def test_every_token_that_opens_nothing_gets_the_same_answer():
    story = make_article(status="draft")
    other = make_article(status="draft")
    expired, revoked, purged, pulled = (previews.share(story, by=chief()) for _ in range(4))
    withdrawn = previews.share(other, by=chief())
    links = list(PreviewLink.objects.order_by("pk"))
    PreviewLink.objects.filter(pk=links[0].pk).update(expires_at=timezone.now())
    previews.revoke(story, by=chief(), link=links[1].pk)
    save(story, headline="Second")
    publishing.purge(story, by=chief(), revisions=[links[2].revision_id])
    publishing.spike(other, by=chief())
    wrong = ["A" * 22, "x", expired, revoked, purged, pulled, withdrawn]
    answers = [opened(token) for token in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    headers = [
        {k: v for k, v in a.headers.items() if k not in {"Content-Security-Policy", "X-Request-ID"}}
        for a in answers
    ]
    assert all(header == headers[0] for header in headers)
    # A token opens its own story and no other one.
    token = previews.share(story, by=chief())
    assert "Second" in opened(token).content.decode()


@pytest.mark.parametrize(("asked", "hours"), [("", 72), ("24", 24), ("336", 336), ("99999", 72)])
def test_a_link_ends_after_three_days_unless_another_time_is_chosen(asked, hours):
    story = make_article(status="draft")
    client = signed_in()
    response = client.post(address(story, "share"), {"lasts": asked}, follow=True)
    link = PreviewLink.objects.get()
    assert abs(link.expires_at - timezone.now() - hours * HOUR) < datetime.timedelta(minutes=5)
    path = re.search(r'href="http://testserver(/preview/[^"]+)"', said(response)[0])[1]
    assert Client().get(path).status_code == 200
    assert path not in client.get(address(story, "frames")).content.decode()


def test_links_of_a_story_are_listed_and_ended_one_or_all():
    story, other = make_article(status="draft"), make_article(status="draft")
    ann = make_user("editor", first_name="Ann", last_name="Sharer")
    tokens = [previews.share(story, by=ann) for _ in range(3)]
    others = previews.share(other, by=ann)
    client = signed_in()
    page = words(client.get(address(story, "frames")))
    assert page.count("Ann Sharer") == 3
    first = PreviewLink.objects.earliest("pk")
    response = client.post(address(story, "revoke"), {"link": first.pk}, follow=True)
    assert "Nobody can open it by that link any more." in said(response)
    assert [opened(token).status_code for token in tokens] == [404, 200, 200]
    # Not by the address of another story.
    client.post(address(story, "revoke"), {"link": other.preview_links.get().pk})
    assert opened(others).status_code == 200
    client.post(address(story, "revoke"), {"all": "1"})
    assert [opened(token).status_code for token in tokens] == [404, 404, 404]
    assert opened(others).status_code == 200


def test_an_old_version_is_shared_by_those_who_may_see_it():
    reporter = make_user("reporter")
    story = make_article(status="draft", headline="First")
    old = story.revisions.first()
    story = save(story, headline="Second")
    assert "First" in opened(previews.share(story, by=chief(), revision=old)).content.decode()
    foreign = make_article(status="draft").revisions.first()
    for by, revision in ((reporter, old), (chief(), foreign)):
        with pytest.raises(PermissionDenied):
            previews.share(story, by=by, revision=revision)
    client = signed_in()
    client.post(address(story, "share"), {"version": old.pk})
    assert PreviewLink.objects.first().revision == old
    assert client.post(address(story, "share"), {"version": foreign.pk}).status_code == 404


def test_a_name_withheld_since_is_not_printed_by_an_old_link():
    person = make_author(name=f"Ann {WORD}")
    story = make_article(status="draft", authors=[person])
    token = previews.share(story, by=chief())
    assert WORD in opened(token).content.decode()
    Byline.objects.update(withheld=True)
    assert WORD not in opened(token).content.decode()


def test_corrections_of_a_live_story_stand_in_the_preview_of_its_next_version():
    story = make_article()
    publishing.correct(story, by=chief(), kind=Correction.Kind.CORRECTION, text="38 cm, not 36 cm.")
    token = previews.share(story, by=chief())
    assert "38 cm, not 36 cm." in opened(token).content.decode()
