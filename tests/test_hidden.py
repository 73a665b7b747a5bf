"""The safety switch: a person who is hidden is named nowhere, and is there again as before."""

import datetime
import html
import re
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings as site_settings
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import override

from addresses.models import forward
from articles import delivery, people, publishing
from articles.models import Article, Message
from authors.models import Author
from fronts import leads
from fronts.models import Edition, Front
from images.models import Use
from images.renditions import rendition_url
from newsroom.models import Page, SiteSettings
from tests.articles.test_desk import signed_in
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_tag,
    make_user,
)
from tests.newsroom.test_sessions import is_in, sign_in

pytestmark = pytest.mark.django_db
NAMES = re.compile(r"zyzzyva|зизива|quuxbar", re.I)  # her name, in Russian, her alias
ABOUT = {"/pages/about-us/", "/ru/pages/about-us/"}
PAGES = ["/", "/ru/", "/rss.xml", "/ru/rss.xml", "/authors/", "/ru/authors/", "/corrections/"]


@pytest.fixture
def paper():
    """A paper in two languages with one person all over it, and two stories that name her."""
    house = make_house()
    ann = make_author(
        name="Ann Zyzzyva",
        names={"ru": "Анна Зизива"},
        slug="ann-zyzzyva",
        aliases=["A. Quuxbar"],
        biography="<p>Ann Zyzzyva writes.</p>",
        short_bio="Ann Zyzzyva.",
        portrait=make_image(64, 64, alt="Ann Zyzzyva at her desk"),
        organisation=house,
        is_listed=True,
        user=make_user("reporter", first_name="Ann", last_name="Zyzzyva"),
    )
    ann.record_portrait()
    for language in ("en", "ru"):
        with override(language):
            forward(
                ann.get_absolute_url().replace("ann-zyzzyva", "zyzzyva"), ann.get_absolute_url()
            )
    picture = make_image(
        64,
        43,
        alt="A river, seen by Ann Zyzzyva",
        alts={"ru": "Река, снимок Анны. АННА ЗИЗИВА"},
        caption="Ann\n  Zyzzyva on the bank.",
        captions={"ru": "Анна Зизива на берегу"},
        credit="ann zyzzyva / The Agency",
    )
    figure = f'<figure data-image="{picture.pk}"><figcaption>By A. Quuxbar &amp; others'
    figure += "<cite>Ann Zyzzyva</cite></figcaption></figure>"
    plain = f'<figure data-image="{picture.pk}"></figure>'
    bob, agency = make_author(name="Bob"), make_organisation(name="Agency")
    shared = {"regions": [make_region(name="Osh")], "tags": [make_tag(name="Water")]}
    for number, role in enumerate(["author", "photographer", "translator", "editor"]):
        for language in ("en", "ru"):
            make_article(
                authors=[bob, (ann, role)],
                language=language,
                body=f"<p>Words.</p>{figure if number else plain}",
                lead_image=picture,
                lead_caption="Ann Zyzzyva again" if number % 2 else "",
                organisations=[agency],
                **shared,
            )
    for language, name in (("en", "Ann Zyzzyva"), ("ru", "Анна Зизива")):
        make_article(language=language, headline="Named", body=f"<p>{name} said so.</p>")
    return ann


def crawl(client, starts):
    """Every public address that can be reached by links, with (status, text and headers of it)."""
    found, todo = {}, list(starts)
    while todo:
        path = todo.pop()
        if path in found:
            continue
        response = client.get(path)
        shown = b"".join(response.streaming_content) if response.streaming else response.content
        text = shown.decode(errors="replace")
        # What differs from one second to the next, the signed time of a reader's report among it.
        moving = r'nonce="[^"]*"|name="form" value="[^"]*"|<lastBuildDate>.*?</lastBuildDate>'
        text = re.sub(moving, "", text)
        found[path] = (response.status_code, text + response.headers.get("Location", ""))
        assert response.status_code < 500, path
        links = re.findall(
            r'(?:(?:href|src)="|content="(?=http))([^"]*)"|<(?:link|guid)[^>]*>([^<]*)<', text
        )
        links += [(response.headers.get("Location", ""), "")]
        links += [
            (s.split()[0], "") for m in re.findall(r'srcset="([^"]*)"', text) for s in m.split(", ")
        ]
        for link in filter(None, (one or other for one, other in links)):
            address = urlsplit(urldefrag(urljoin(path, html.unescape(link)))[0])
            if f"{address.scheme}://{address.netloc}" not in {"://", site_settings.SITE_URL}:
                continue
            if address.path.endswith(".avif"):  # the same picture again, slowly made
                continue
            if not address.path.startswith("/") or address.path.startswith(("/static/", "/admin/")):
                continue
            todo.append(address.path + (f"?{address.query}" if address.query else ""))
    return found


def where_named(pages):
    """Addresses at which a name stands: on the page, or in the address itself."""
    return sorted(
        path
        for path, (status, text) in pages.items()
        if status != 404 and NAMES.search(unquote(path) + html.unescape(text))
    )


SENTENCES = re.compile(
    "(?:Ann Zyzzyva|Анна Зизива) (?:said so|was not there|runs the desk|answers)"
)


def also_elsewhere(ann):
    """She stands in a gallery, leads a section and a region, and is named in each kind of text that
    people write: (kind of thing, what is called so) for each of these texts."""
    by = chief()
    pictures = [
        make_image(64, 43, alt="Ann Zyzzyva", caption="A. Quuxbar", credit="Ann Zyzzyva")
        for _number in range(2)
    ]
    figures = "".join(f'<figure data-image="{one.pk}"></figure>' for one in pictures)
    gallery = f'<p>Look.</p><aside class="gallery">{figures}</aside>'
    region, section = make_region(name="Naryn"), make_section(name="Water")
    lead = make_article(
        authors=[ann], regions=[region], section=section, body=gallery, lead_image=pictures[0]
    )
    for thing in (section, region):
        leads.pin(lead, by=by, thing=thing)
    corrected = make_article(headline="Mended")
    first = publishing.correct(
        corrected, by=by, kind="apology", text="Ann Zyzzyva was not there at all."
    )
    publishing.correct(
        corrected, by=by, kind="apology", text="Ann Zyzzyva was not there.", supersedes=first
    )
    make_article(headline="Gone", status="withdrawn", down_reason="Ann Zyzzyva said so.")
    for language, name in (("en", "Ann Zyzzyva"), ("ru", "Анна Зизива")):
        Front.objects.get(name="home", language=language).editions.create(
            live_from=timezone.now(),
            breaking_text=f"{name} said so",
            breaking_until=timezone.now() + datetime.timedelta(hours=1),
        )
    page = "<p>{} runs the desk.</p>"
    about = Page.objects.create(
        slug="about-us",
        name="Who we are",
        body=page.format("Ann Zyzzyva"),
        bodies={"ru": page.format("Анна Зизива")},
    )
    site = SiteSettings.objects.get_or_create(pk=1)[0]
    site.contact, site.contacts = "Ann Zyzzyva answers", {"ru": "Анна Зизива answers"}
    site.licence = "Name us."
    site.save()
    fronts = Front.objects.order_by("pk")
    return {"Named", "Mended", "Gone", str(about), str(site), *map(str, fronts)}


@pytest.mark.once
def test_a_hidden_person_is_named_nowhere_but_in_listed_texts(client, paper):
    texts = also_elsewhere(paper)
    before = crawl(client, PAGES)
    assert len(where_named(before)) > 20  # the search can fail
    assert any(path.startswith("/media/") for path in before)
    assert any('<div class="gallery">' in text for _status, text in before.values())
    assert before.keys() >= {"/sections/water/", "/regions/naryn/", *ABOUT}
    editor = make_user("editor")
    assert people.hide(paper, by=editor)
    after = crawl(client, {*PAGES, *before})
    said = {path: text for path, (_status, text) in after.items() if SENTENCES.search(text)}
    assert said.keys() >= {"/corrections/", "/rss.xml", "/", *ABOUT}
    rest = {
        path: (status, SENTENCES.sub("", html.unescape(text)))
        for path, (status, text) in after.items()
    }
    assert where_named(rest) == []
    assert {place.name for place in people.named_in(paper, by=editor)} == texts
    assert "The House" in after["/rss.xml"][1]
    assert people.show(paper, by=make_user("chief editor"))
    assert crawl(client, {*PAGES, *before}) == before


@pytest.mark.parametrize("prefix", ["", "/ru"])
@pytest.mark.parametrize("feed", ["", "rss.xml"])
def test_old_addresses_answer_like_one_that_never_was(client, paper, prefix, feed):
    people.hide(paper, by=make_user("editor"))
    for slug in ("ann-zyzzyva", "zyzzyva"):
        never = client.get(f"{prefix}/authors/never-was/{feed}")
        answer = client.get(f"{prefix}/authors/{slug}/{feed}")
        assert answer.status_code == never.status_code == 404
        assert answer.content == never.content.replace(b"never-was", slug.encode())
        for said in (answer, never):
            del said["X-Request-ID"]  # another one each time, whatever is asked
        assert dict(answer.headers) == dict(never.headers)


def test_a_slug_changed_while_hidden_leads_on_once_the_name_is_shown(client, paper):
    people.hide(paper, by=make_user("editor"))
    chief = signed_in("chief editor")
    change = f"/admin/authors/author/{paper.pk}/change/"
    data = {"name": paper.name, "name_ru": "Анна Зизива", "slug": "new", "status": "staff"}
    assert chief.post(change, data | {"position": 1, "is_listed": "on"}).status_code == 302
    assert client.get("/authors/ann-zyzzyva/").status_code == 404
    chief.post(f"/admin/authors/author/{paper.pk}/show/")
    for old in ("ann-zyzzyva", "zyzzyva"):
        assert client.get(f"/authors/{old}/")["Location"] == "/authors/new/"


def test_the_portrait_is_served_no_more(paper):
    uses = Use.objects.filter(image=paper.portrait)
    assert uses.get().visible_from is not None
    people.hide(paper, by=make_user("editor"))
    assert uses.get().visible_from is None
    people.show(paper, by=make_user("chief editor"))
    assert uses.get().visible_from is not None


def pictures_on(pages):
    """Every file of a picture that pages print, in any size or format: token -> addresses."""
    found = {}
    for _status, text in pages.values():
        for address, token in re.findall(r"(/media/([0-9a-f]{32})/[\w.-]+)", text):
            found.setdefault(token, set()).add(address)
    return found


def test_the_portrait_stands_beside_no_name_and_its_files_are_nowhere(client, paper):
    token = paper.portrait.token
    addresses = pictures_on(crawl(client, PAGES))[token]
    assert {client.get(address).status_code for address in addresses} == {200}

    people.hide(paper, by=make_user("editor"))

    assert token not in pictures_on(crawl(client, PAGES))
    assert {client.get(address).status_code for address in addresses} == {404}


def test_where_an_editor_chose_the_portrait_it_stays_and_is_listed(client, paper):
    portrait = paper.portrait
    figure = f'<p>Words.</p><figure data-image="{portrait.pk}"></figure>'
    make_article(headline="Led", lead_image=portrait)
    make_article(headline="Inside", body=figure)
    make_article(headline="Later", status="draft", lead_image=portrait)
    make_article(headline="Secret", status="draft", body=figure)
    Article.objects.filter(headline="Secret").update(is_restricted=True)
    other = make_author(name="Bob", portrait=portrait)
    other.record_portrait()
    merged = make_author(name="Old Ann", portrait=make_image(64, 64), merged_into=paper)
    make_article(headline="Of old", lead_image=merged.portrait)
    editor = make_user("editor")

    people.hide(paper, by=editor)

    pages = crawl(client, PAGES)
    shown = {path for path, (_s, text) in pages.items() if portrait.token in text}
    faces = {
        path for path in shown if re.search(rf"{portrait.token}/(portrait|byline)", pages[path][1])
    }
    for headline in ("Led", "Inside"):
        address = Article.objects.get(headline=headline).get_absolute_url()
        assert address in shown
    assert faces == set()
    listed = {(p.name, p.where, p.state) for p in people.shown_in(paper, by=editor)}
    assert listed == {
        ("Led", "lead picture", "Live"),
        ("Inside", "in the text", "Live"),
        ("Later", "lead picture", "Draft"),
        ("Bob", "portrait", ""),
        ("Of old", "lead picture", "Live"),
    }
    assert "Secret" in {p.name for p in people.shown_in(paper, by=make_user("chief editor"))}
    page = signed_in("editor").get(f"/admin/authors/author/{paper.pk}/hide/").content.decode()
    assert ">Led</a>" in page
    assert "Secret" not in page


def test_with_its_last_story_the_portrait_of_a_hidden_person_goes(client, paper):
    story = make_article(lead_image=paper.portrait)
    editor = make_user("editor")
    people.hide(paper, by=editor)
    address = rendition_url(paper.portrait, "card")
    assert client.get(address).status_code == 200

    publishing.pull(story, by=editor)

    assert client.get(address).status_code == 404


def test_the_persons_sessions_end_and_nobody_elses(paper):
    theirs, another = sign_in(paper.user), sign_in(make_user("reporter"))
    people.hide(paper, by=make_user("editor"))
    assert (is_in(theirs), is_in(another)) == (False, True)


def test_the_chief_editors_hear_of_it_at_once(paper, mailoutbox, settings):
    settings.HAS_MAIL = True
    boss = make_user("chief editor", email="boss@example.org", muted=["mail hidden"])
    make_user("editor", email="other@example.org")
    editor = make_user("editor", email="me@example.org", first_name="Ed", last_name="Lee")
    people.hide(paper, by=editor)
    people.hide(paper, by=editor)
    delivery.deliver("mail")
    (mail,) = mailoutbox
    assert mail.to == [boss.email]
    assert mail.subject == "Hidden from readers: Ann Zyzzyva"
    assert "Ed Lee" in mail.body
    assert f"/admin/authors/author/{paper.pk}/change/" in mail.body
    assert Message.objects.get().state == "sent"
    boss.groups.clear()
    people.show(paper, by=make_user("chief editor"))
    assert not delivery.notices.may_be_told(Message.objects.first())


def test_each_change_is_in_the_log_once(paper):
    editor, chief = make_user("editor"), make_user("chief editor")
    assert [people.hide(paper, by=editor), people.hide(paper, by=editor)] == [True, False]
    assert [people.show(paper, by=chief), people.show(paper, by=chief)] == [True, False]
    log = LogEntry.objects.filter(object_id=paper.pk).order_by("pk")
    assert [(entry.user, entry.change_message) for entry in log] == [
        (editor, "Hidden from readers."),
        (chief, "Shown to readers again."),
    ]


def test_whoever_is_on_duty_hides_and_only_a_chief_shows():
    person = make_author()
    for role in ("reporter", "administrator"):
        with pytest.raises(PermissionDenied):
            people.hide(person, by=make_user(role))
    people.hide(person, by=make_user("editor"))
    for role in ("reporter", "editor", "administrator"):
        with pytest.raises(PermissionDenied):
            people.show(person, by=make_user(role))
    person.refresh_from_db()
    assert person.is_hidden


def test_one_press_on_the_persons_page_hides_them(paper):
    editor = signed_in("editor")
    page = editor.get(f"/admin/authors/author/{paper.pk}/change/").content.decode()
    address = f"/admin/authors/author/{paper.pk}/hide/"
    assert f'href="{address}"' in page
    assert editor.get(address).status_code == 200
    assert not Author.objects.get(pk=paper.pk).is_hidden
    answer = editor.post(address, follow=True).content.decode()
    assert "is hidden from readers" in answer
    assert answer.count(">Named</a>") == 2
    assert "Show the name again" not in answer
    assert "Show the name again" in signed_in("chief editor").get(address).content.decode()
    page = editor.get(f"/admin/authors/author/{paper.pk}/change/").content.decode()
    assert "Hidden from readers since" in page


def test_a_restricted_story_that_names_the_person_is_listed_for_those_who_may_see_it(paper):
    Article.objects.filter(headline="Named").update(is_restricted=True)
    assert people.named_in(paper, by=make_user("editor")) == []
    assert len(people.named_in(paper, by=make_user("chief editor"))) == 2


def test_other_texts_that_name_the_person_are_listed(paper):
    make_author(name="Bob", biography="<p>He learned from Ann Zyzzyva.</p>")
    make_tag(name="Анна зизива")
    make_tag(name="Zyzzyvas")
    edition = Edition.objects.filter(front=Front.objects.first()).first()
    story = make_article(headline="Quiet")
    edition.pins.create(article=story, headline="A. Quuxbar is back")
    names = {place.name for place in people.named_in(paper, by=make_user("editor"))}
    assert names == {"Named", "Bob", "Анна зизива", "Quiet"}


@pytest.mark.parametrize("number", [1, 3])
def test_a_hidden_person_costs_a_page_no_query(client, django_assert_num_queries, number):
    for _ in range(number):
        person = make_author(is_listed=True)
        make_article(authors=[person], lead_image=make_image(credit=person.name))
        people.hide(person, by=make_user("editor"))
    story = Article.objects.first()
    with django_assert_num_queries(8):
        answer = client.get(story.get_absolute_url())
    assert person.name not in answer.content.decode()
