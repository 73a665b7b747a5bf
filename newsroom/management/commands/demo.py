"""A believable newsroom to look at: the Tien Shan Courier, invented for it."""

import datetime
import io
import os
import secrets
import time
import tomllib
import uuid
from pathlib import Path

import PIL.Image
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from articles import publishing
from articles.models import Article, Byline, Citation, Message, Region, Section, Series, Tag
from articles.models.article import site_zone
from authors.models import Author, Organisation, User
from fronts.models import Edition, Pin
from images.models import Image
from newsroom.demo import pictures
from newsroom.models import Page, SiteSettings
from prose import body

CONTENT = Path(pictures.__file__).parent
NAMESPACE = uuid.UUID("5a1e6f0e-7c1b-4c52-9c55-7d1a3f2b9e01")
LOGINS = {
    # login: (role, the person it writes as)
    "reporter": ("reporter", "aizada-mamyrova"),
    "editor": ("editor", "elena-voronina"),
    "chief": ("chief editor", "nurgul-bekova"),
    "admin": ("administrator", None),
}


class Command(BaseCommand):
    help = "Fill an empty newsroom with the demo newspaper. Never touches one that has stories."

    def add_arguments(self, parser):
        parser.add_argument(
            "--at",
            type=datetime.datetime.fromisoformat,
            help="the moment the front is as of (ISO 8601 with offset); "
            "by default the last full six hours of the site's zone",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, instead of failing, when not empty"
        )

    def handle(self, *, at=None, if_empty=False, **options):
        if Article.objects.exists() or Section.objects.exists():
            if if_empty:
                return
            raise CommandError("There are stories here already; the demo needs an empty database.")
        if "en" not in dict(settings.LANGUAGES) or settings.LANGUAGE_CODE != "en":
            raise CommandError("The demo speaks English first; set LANGUAGES=en,ru.")
        started = time.monotonic()
        self.as_of = at or last_quarter(timezone.now())
        drawn = {name: pictures.draw(name) for name in pictures.PICTURES}
        with transaction.atomic():
            self.make_site()
            self.make_filing()
            self.make_organisations()
            self.make_pictures(drawn)
            self.make_people()
            passwords = self.make_logins()
            self.make_stories()
            self.make_front()
            # Nobody is to hear of what only seems to have happened.
            Message.objects.all().delete()
        self.keep(passwords)
        self.stdout.write(
            f"{Article.objects.count()} stories by {Author.objects.count()} people "
            f"in {time.monotonic() - started:.0f} s."
        )
        for login, password in passwords.items():
            self.stdout.write(f"  {LOGINS[login][0]:15} {login:10} {password}")

    # the site

    def make_site(self):
        SiteSettings.objects.update_or_create(
            pk=1,
            defaults={
                "name": "Tien Shan Courier",
                "names": {"ru": "Тянь-Шаньский курьер"},
                "description": "News from Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan and "
                "Uzbekistan. We say who wrote, translated and photographed every story, and put "
                "our mistakes right in public.",
                "descriptions": {
                    "ru": "Новости Казахстана, Кыргызстана, Таджикистана, Туркменистана и "
                    "Узбекистана. Мы называем тех, кто писал, переводил и снимал, и исправляем "
                    "ошибки открыто."
                },
                "email": "newsroom@example.org",
                "contact": "Tien Shan Courier, Bishkek",
                "contacts": {"ru": "Тянь-Шаньский курьер, Бишкек"},
                "social_links": [{"label": "Telegram", "url": "https://example.org/telegram"}],
                "licence": "You may republish this story free of charge, in print and online. Name its "
                "authors and the Tien Shan Courier, link to the story, and change nothing in the text. "
                "Do not sell it on its own.",
                "licences": {
                    "ru": "Этот материал можно бесплатно перепечатать в газете и в сети. Назовите авторов "
                    "и «Тянь-Шаньский курьер», дайте ссылку на материал и ничего не меняйте в тексте. "
                    "Продавать его отдельно нельзя."
                },
                "is_demo": True,
            },
        )
        for number, page in enumerate(read("places.toml").get("page", [])):
            Page.objects.create(
                slug=page["slug"],
                name=page["title"],
                names=page.get("titles", {}),
                body=body.clean(page["body"]),
                bodies={code: body.clean(html) for code, html in page.get("bodies", {}).items()},
                position=number,
            )

    def make_filing(self):
        places = read("places.toml")
        for row in places["section"]:
            Section.objects.create(**row)
        for row in places["region"]:
            row = dict(row)
            members = row.pop("members", [])
            parent = row.pop("parent")
            region = Region(**row, parent=Region.objects.get(slug=parent) if parent else None)
            region.save()
            if members:
                region.members.set(Region.objects.filter(slug__in=members))
        for row in places["tag"]:
            Tag.objects.create(**row)
        for row in places["series"]:
            Series.objects.create(**row)

    def make_organisations(self):
        for row in read("organisations.toml")["organisation"]:
            Organisation.objects.create(**row)

    def make_pictures(self, drawn):
        self.pictures = {}
        for name, picture in pictures.PICTURES.items():
            self.pictures[name] = keep_picture(
                drawn[name],
                alt=picture.alt,
                alts=picture.alts,
                caption=picture.caption,
                captions=picture.captions,
                credit=picture.credit,
                focal_x=picture.focal[0],
                focal_y=picture.focal[1],
            )

    def make_people(self):
        for number, row in enumerate(read("people.toml")["person"]):
            row = dict(row)
            organisation = row.pop("organisation", "")
            portrait = row.pop("portrait", "")
            row["biography"] = body.clean(row.get("biography", ""))
            row["biographies"] = {
                code: body.clean(html) for code, html in row.get("biographies", {}).items()
            }
            person = Author(
                **row,
                organisation=Organisation.objects.get(slug=organisation) if organisation else None,
                position=number,
                is_listed=row["status"] == "staff",
            )
            if portrait:
                person.portrait = keep_picture(
                    pictures.portrait(row["slug"]),
                    alt=f"Portrait of {row['name']}",
                    credit="Drawing: Tien Shan Courier",
                )
            person.save()
            person.record_portrait()

    def make_logins(self):
        passwords = {}
        for login, (role, person) in LOGINS.items():
            passwords[login] = secrets.token_urlsafe(9)
            user = User.objects.create_user(login, password=passwords[login], is_staff=True)
            user.groups.add(Group.objects.get(name=role))
            if person:
                Author.objects.filter(slug=person).update(user=user)
        self.by = {login: User.objects.get(username=login) for login in LOGINS}
        return passwords

    # the stories

    def make_stories(self):
        rows = {path.stem: tomllib.loads(path.read_text()) for path in stories()}
        order = sorted(rows, key=lambda slug: (bool(rows[slug].get("translation_of")), slug))
        made = {}
        for slug in order:
            made[slug] = self.make_story(slug, rows[slug], made)

    def make_story(self, slug, row, made):
        organisations = {o.slug: o for o in Organisation.objects.all()}
        at = self.as_of - datetime.timedelta(hours=row.get("hours_ago", 0))
        if "published_on" in row:
            at = datetime.datetime.fromisoformat(row["published_on"])
        state = row.get("state", "published")
        own = state in {"draft", "in_review", "returned"} or any(
            credit.get("person") == "aizada-mamyrova" for credit in row.get("bylines", [])
        )
        writer = self.by["reporter" if own else "editor"]
        original = made.get(row.get("translation_of") or None)
        story = Article(
            headline=row["headline"],
            kicker=row.get("kicker", ""),
            standfirst=row.get("standfirst", ""),
            slug=slug.removesuffix("-ru") if row.get("translation_of") else slug,
            body=body.clean(row.get("body", "")),
            language=row.get("language", "en"),
            genre=row.get("genre", "news"),
            dateline_place=row.get("dateline_place", ""),
            dateline_organisation=organisations.get(row.get("dateline_organisation")),
            section=Section.objects.filter(slug=row.get("section")).first(),
            series=Series.objects.filter(slug=row.get("series")).first(),
            part=row.get("part") or None,
            lead_image=self.pictures.get(row.get("picture")),
            lead_caption=row.get("lead_caption", ""),
            translated_from=original,
            translated_from_revision=original and original.revisions.order_by("pk").last(),
        )
        publishing.save(story, by=writer)
        self.make_related(story, row, organisations)
        if original is not None:
            group = uuid.uuid5(NAMESPACE, original.slug)
            Article.objects.filter(pk__in=[story.pk, original.pk]).update(translation_group=group)
            story.translation_group = group
        publishing.record(story, by=writer)
        self.bring_to(state, story, row, at, writer)
        if story.status == "published" and story.published_at <= self.as_of:
            for entry in row.get("corrections", []):
                if entry["kind"] != "retraction":
                    publishing.correct(
                        story,
                        by=self.by["chief"],
                        kind=entry["kind"],
                        text=entry["text"],
                        at=at + datetime.timedelta(hours=entry["hours_after"]),
                    )
        # The demo's past: nobody typed all of this in the minute it was loaded.
        Article.objects.filter(pk=story.pk).update(
            entered_at=at - datetime.timedelta(hours=3), modified_at=story.updated_at or at
        )
        return story

    def make_related(self, story, row, organisations):
        story.regions.set(Region.objects.filter(slug__in=row.get("regions", [])))
        story.tags.set(row.get("tags", []))
        for position, credit in enumerate(row.get("bylines", [])):
            Byline.objects.create(
                article=story,
                author=Author.objects.get(slug=credit["person"]) if "person" in credit else None,
                organisation=organisations.get(credit.get("organisation")),
                role=credit["role"],
                position=position,
            )
        for position, citation in enumerate(row.get("citations", [])):
            Citation.objects.create(
                article=story,
                organisation=organisations[citation["organisation"]],
                relation=citation["relation"],
                url=citation.get("url", ""),
                position=position,
            )

    def bring_to(self, state, story, row, at, writer):
        chief = self.by["chief"]
        hours = lambda number: datetime.timedelta(hours=number)  # noqa: E731
        if state in {"in_review", "returned"}:
            publishing.submit(story, by=writer)
        if state == "returned":
            publishing.return_(story, by=self.by["editor"], note=row["returned_note"])
        if state == "ready":
            publishing.approve(story, by=self.by["editor"])
        if state == "spiked":
            publishing.spike(story, by=chief)
        if "embargo_in_hours" in row:
            story.embargo_until = self.as_of + hours(row["embargo_in_hours"])
            publishing.save(story, by=chief)
            publishing.record(story, by=chief)
        if state in {"scheduled", "embargoed"}:
            publishing.publish(story, by=chief, at=self.as_of + hours(row["goes_live_in_hours"]))
        if state in {"published", "pulled", "withdrawn", "retracted"}:
            publishing.publish(story, by=chief, at=at)
        if state == "pulled":
            publishing.pull(story, by=self.by["editor"], note=row.get("down_note", ""))
        if state == "withdrawn":
            publishing.withdraw(
                story, by=chief, reason=row["down_reason"], note=row.get("down_note", "")
            )
        if state == "retracted":
            publishing.retract(story, by=chief, reason=row["down_reason"])

    def make_front(self):
        edition = Edition.objects.filter(front__language="en").latest("live_from")
        lead = Article.objects.filter(slug="glacier-lakes-valley-alarm", language="en").first()
        if lead is not None:
            Pin.objects.create(edition=edition, article=lead, position=0)

    def keep(self, passwords):
        """Keep the logins beside the database, for the person who starts this machine again."""
        path = settings.VAR_DIR / "demo-logins.txt"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            for login, password in passwords.items():
                file.write(f"{LOGINS[login][0]:15} {login:10} {password}\n")


def last_quarter(now):
    """The last of midnight, 6, 12 and 18 o'clock in the site's zone."""
    local = now.astimezone(site_zone())
    return local.replace(hour=local.hour // 6 * 6, minute=0, second=0, microsecond=0)


def read(name):
    return tomllib.loads((CONTENT / name).read_text())


def stories():
    return sorted((CONTENT / "stories").glob("*.toml"))


def keep_picture(data, **fields):
    """Store a drawn JPEG as a picture of the library."""
    image = Image(**fields)
    image.file.save("drawn.jpg", ContentFile(data), save=False)
    image.width, image.height = PIL.Image.open(io.BytesIO(data)).size
    image.save()
    return image
