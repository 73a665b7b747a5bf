"""A newsroom that has one of everything, made by the moves of the desk."""

import datetime

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.utils import timezone

from addresses.models import Miss, Redirect, forward, gone
from articles import (
    autosaves,
    biographies,
    notes,
    people,
    previews,
    publishing,
    reports,
    successors,
    translations,
    versions,
)
from articles.models import Article, Doubt, Finding, Presence, Round, Series
from authors.models import Author, User
from fronts import laying_out, leads
from fronts.laying_out import Layout, Placed
from fronts.models import Front
from newsroom.models import MenuItem, Page, SiteSettings
from newsroom.signing_in import links
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

HOUR = datetime.timedelta(hours=1)
# What may stand in no file of an export.
SECRETS = {
    "note": "Die Quelle heißt Mehmet",
    "return": "Nenne die zweite Quelle nicht",
    "submit": "Von Aida gehört",
    "version": "Zurück, der Zeuge ist in Gefahr",
    "report": "Ein Leser schreibt",
    "contact": "+996 555 123456",
    "autosave": "getippt und nicht gespeichert",
    "mail": "aida@example.org",
    "messenger": "chat-778899",
    "factor": "JBSWY3DPEHPK3PXP",
    "ip": "203.0.113.77",
    "account": "old-login@example.org",
}


def make_everything():
    """Rows in every table that has any, and words in every field of an export that can have them."""
    editor = make_user("editor", username="aida", first_name="Aida", email=SECRETS["mail"])
    User.objects.filter(pk=editor.pk).update(messenger=SECRETS["messenger"])
    make_user("reporter", username="nobody-names-me")
    by_mail = make_user("reporter", username="bakyt@example.org", email="bakyt@example.org")
    house = make_house(name="Tien Shan Courier", names={"ru": "Тянь-Шаньский курьер"})
    agency = make_organisation(
        name="24.kg", short_name="24", kind="agency", url="https://24.kg/", aliases=["24 kg"]
    )
    twin = make_organisation(name="24 KG Agency")
    successors.merge(twin, into=agency, by=chief())
    portrait, lead, unused = make_image(60, 40), make_image(80, 60), make_image(40, 40)
    lead.alts, lead.captions = {"ru": "Озеро"}, {"ru": "Вода высокая"}
    lead.caption, lead.credit, lead.entered_by = "High water", "Photo by Aida", editor
    lead.rights_expire_at, lead.focal_x = timezone.now() + 900 * HOUR, 0.1 + 0.2
    lead.save()
    site = SiteSettings.objects.first() or SiteSettings()
    site.name, site.names, site.logo = "Courier", {"ru": "Курьер"}, unused
    site.second_factor_for = "administrator"
    site.social_links = [{"url": "https://t.me/courier", "label": "Telegram"}]
    site.save()
    policy = Page.objects.create(
        slug="ethics", name="How we report", names={"ru": "Как мы пишем"}, body="<p>So.</p>"
    )
    SiteSettings.objects.update(ethics_policy=policy, corrections_policy=policy)
    MenuItem.objects.create(page=policy, position=0)
    country = make_region(name="Kyrgyzstan", names={"ru": "Кыргызстан"}, kind="country")
    city = make_region(name="Osh", parent=country, kind="city", aliases=["Ош"])
    valley = make_region(name="Ferghana Valley", kind="group")
    valley.members.set([city])
    section = make_section(name="Politics", names={"ru": "Политика"})
    tag, twin = make_tag(name="ВОДА", names={"en": "water"}), make_tag(name="water resources")
    successors.merge(twin, into=tag, by=chief())
    series = Series.objects.create(name="The lakes", names={"ru": "Озёра"})
    person = make_author(
        name="Sergey Kwan",
        names={"ru": "Сергей Кван"},
        biography="<p>Journalist, <em>translator and editor</em>.</p>",
        biographies={"ru": "<p>Журналист.</p>"},
        portrait=portrait,
        organisation=house,
        languages=["en", "ru"],
        links=[{"label": "Telegram", "url": "https://t.me/kwan"}],
        user=editor,
    )
    twin = make_author(name="S. Kwan")
    make_article(authors=[twin])
    successors.merge(twin, into=person, by=chief())
    source, hidden = make_author(name="Known to chiefs only"), make_author(name="Hidden Person")
    story = make_article(
        headline="The lakes rise",
        slug="lakes-rise",
        body='<p>On <a href="https://24.kg/1">the lakes</a>.</p>'
        f'<figure data-image="{lead.pk}"><figcaption>So high</figcaption></figure>',
        authors=[(person, "author"), (hidden, "reporter")],
        organisations=[(agency, "data")],
        regions=[city, valley],
        tags=[tag],
        citations=[(agency, "based on", "https://24.kg/1")],
        dateline_place="Bishkek",
        dateline_date=datetime.date(2026, 11, 23),
        dateline_organisation=agency,
        section=section,
        series=series,
        part=2,
        lead_image=lead,
        entered_by=by_mail,
        at=timezone.now() - 30 * HOUR,
    )
    people.hide(hidden, by=chief())
    proposal = Author.objects.get(pk=person.pk)
    proposal.biography = "<p>Now an editor.</p>"
    biographies.propose(proposal, by=editor)
    forward("/2025/01/01/lakes/", story.get_absolute_url())
    gone("/old/gone/")
    Redirect.objects.create(
        path="/index.php", query="option=com_content&id=7&lang=ру", target=story.get_absolute_url()
    )
    _corrections(story)
    _states(section, person, source, story)
    _next_versions(story, section)
    russian = translations.begin(story, into="ru", by=editor)
    Article.objects.filter(pk=russian.pk).update(headline="Озёра поднимаются", assigned_to=editor)
    _fronts(story, section, country, editor, lead)
    _from_imports(story)
    _secrets(story, editor)
    return story


def _corrections(story):
    publishing.correct(story, by=chief(), kind="correction", text="It was metres.")
    first = story.corrections.get()
    publishing.correct(story, by=chief(), kind="editor's note", text="И ещё раз.", supersedes=first)


def _states(section, person, source, story):
    for status in ("draft", "in_review", "ready", "scheduled", "pulled", "withdrawn", "retracted"):
        make_article(headline=f"A story that is {status}", status=status, section=section)
    make_article(headline="Spiked", status="spiked", authors=[person])
    withheld = make_article(headline="From a source", authors=[source])
    withheld.bylines.update(withheld=True)
    closed = make_article(headline="An investigation", status="draft")
    publishing.restrict(closed, by=chief(), people=[person.user])
    make_article(
        headline="Paid and follows",
        supersedes=story,
        paid_by=make_organisation(name="Ad"),
        canonical_url="https://example.com/paid",
        seo_title="Paid",
        noindex=True,
    )
    Article.objects.filter(pk=withheld.pk).update(source_ref="wordpress:example.com:post:7")
    draft = make_article(headline="Returned", status="draft")
    publishing.submit(draft, by=chief(), note=SECRETS["submit"])
    publishing.return_(draft, by=chief(), note=SECRETS["return"])


def _next_versions(story, section):
    content = versions.snapshot(story)
    content["fields"] |= {"headline": "The lakes rise further"}
    publishing.propose(story, by=chief(), content=content, reason="New figures")
    other = make_article(headline="Sent back", section=section)
    content = versions.snapshot(other)
    content["fields"] |= {"standfirst": "Other words."}
    publishing.propose(other, by=chief(), content=content)
    publishing.submit_version(other, by=chief())
    publishing.return_version(other, by=chief(), note=SECRETS["version"])
    for words in ("First draft", "Second draft"):
        other.body = f"<p>{words}.</p>"
        publishing.save(other, by=chief())
        publishing.record(other, by=chief())
    past = other.revisions.filter(state="past").order_by("pk")[:1]
    publishing.purge(other, by=chief(), revisions=[one.pk for one in past])


def _fronts(story, section, country, editor, image):
    front = Front.objects.get(language="en")
    layout = Layout((Placed(story.pk, "top", 0, headline="Rising", image_id=image.pk),))
    draft = laying_out.save(front, layout, by=editor)
    laying_out.publish(
        front,
        by=editor,
        edition=draft.pk,
        version=draft.version,
        live_seen=laying_out.live(front).pk,
    )
    laying_out.save(front, Layout(()), by=editor)
    leads.pin(story, by=editor, thing=section, until=timezone.now() + HOUR)


def _from_imports(story):
    Doubt.objects.create(
        article=story,
        kind="credit",
        pattern="by-line",
        account="old-login@example.org",
        words="Сергей Кван, TCA",
        names=["Сергей Кван"],
        key="k" * 64,
        version=story.version,
    )
    Finding.objects.create(
        thing="story",
        number=story.pk,
        article=story,
        kind="hidden",
        cut='<div style="display:none">casino</div>',
        is_cut=True,
        digest="d" * 64,
    )
    Round.objects.create(thing="story", reached=3)
    Miss.objects.create(path="/nowhere/", first_on=timezone.now(), last_on=timezone.now())


def _secrets(story, editor):
    notes.add(story, by=editor, text=SECRETS["note"])
    reports.add(story, text=SECRETS["report"], contact=SECRETS["contact"])
    publishing_by = {"article": story, "by": editor}
    previews.share(story, by=editor)
    form = autosaves.new_form_id()
    content = {"headline": [SECRETS["autosave"]], "version": ["1"], "form_id": [form]}
    autosaves.keep(content, form_id=form, **publishing_by)
    Presence.objects.create(article=story, user=editor, seen_at=timezone.now())
    links.invite(editor, by=chief())
    Authenticator.objects.create(user=editor, type="totp", data={"secret": SECRETS["factor"]})
    Session.objects.create(
        session_key="s" * 32, session_data=SECRETS["ip"], expire_date=timezone.now() + HOUR
    )
    LogEntry.objects.log_actions(editor.pk, [story], 2, SECRETS["mail"], single_object=True)
