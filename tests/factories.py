"""Test data as plain functions: each makes something whole, with what a test cares about changed."""

import datetime
import io
import itertools

import PIL.Image
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone

from articles import publishing
from articles.models import Article, Byline, Citation, Region, Section, Tag
from authors.models import Author, Organisation, User
from images.models import Image

_numbers = itertools.count(1)


def make_user(role="editor", **fields):
    """A login with one role (or none: ``role=None``)."""
    number = next(_numbers)
    fields.setdefault("username", f"login{number}")
    user = User.objects.create_user(password="correct horse", is_staff=True, **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def chief():
    """One chief editor, made when first asked for: who does what a factory must do."""
    return User.objects.filter(username="factory chief").first() or make_user(
        "chief editor", username="factory chief"
    )


def make_section(**fields):
    fields.setdefault("name", f"Section {next(_numbers)}")
    return Section.objects.create(**fields)


def make_region(**fields):
    fields.setdefault("name", f"Region {next(_numbers)}")
    region = Region(**fields)
    region.save()
    return region


def make_tag(**fields):
    fields.setdefault("name", f"Tag {next(_numbers)}")
    return Tag.objects.create(**fields)


def make_organisation(**fields):
    fields.setdefault("name", f"Organisation {next(_numbers)}")
    return Organisation.objects.create(**fields)


def make_house(**fields):
    """The house: the organisation that stands in for a name that is not printed."""
    fields.setdefault("name", "The House")
    return Organisation.objects.filter(is_house=True).first() or make_organisation(
        is_house=True, kind="house", **fields
    )


def make_author(**fields):
    fields.setdefault("name", f"Person {next(_numbers)}")
    return Author.objects.create(**fields)


def picture_bytes(width=1600, height=1067, format="JPEG", colour=(40, 90, 110), **options):
    """A small picture file of one colour, as bytes."""
    file = io.BytesIO()
    PIL.Image.new("RGB", (width, height), colour).save(file, format, **options)
    return file.getvalue()


def make_image(width=1600, height=1067, **fields):
    fields.setdefault("alt", f"What is seen in picture {next(_numbers)}")
    image = Image(width=width, height=height, **fields)
    image.file.save("picture.jpg", ContentFile(picture_bytes(width, height)), save=False)
    image.save()
    return image


def make_article(
    *,
    status="published",
    at=None,
    authors=None,
    organisations=(),
    regions=(),
    tags=(),
    citations=(),
    **fields,
):
    """A published story with one byline; other states by the moves that lead there.

    ``at``: when it was (or will be) published; an hour ago by default. ``authors``: persons or
    (person, role); ``citations``: organisations or (organisation, relation, url).
    """
    number = next(_numbers)
    fields.setdefault("headline", f"Headline {number}")
    fields.setdefault("standfirst", f"Standfirst {number}.")
    fields.setdefault("body", f"<p>First words of story {number}.</p><p>And more of it.</p>")
    if "section" not in fields:
        fields["section"] = Section.objects.first() or make_section(name="Politics")
    entered_by = fields.pop("entered_by", None)
    reason = fields.pop("down_reason", "We could not confirm a figure.")
    article = Article(**fields)
    by = chief()
    publishing.save(article, by=by)
    if entered_by is not None:
        Article.objects.filter(pk=article.pk).update(entered_by=entered_by)
        article.entered_by = entered_by
    if authors is None and not organisations:
        authors = [make_author()]
    position = 0
    for credit in authors or []:
        person, role = credit if isinstance(credit, tuple) else (credit, "author")
        Byline.objects.create(article=article, author=person, role=role, position=position)
        position += 1
    for credit in organisations:
        one, role = credit if isinstance(credit, tuple) else (credit, "author")
        Byline.objects.create(article=article, organisation=one, role=role, position=position)
        position += 1
    article.regions.set(regions)
    article.tags.set(tags)
    for position, citation in enumerate(citations):
        one, relation, url = citation if isinstance(citation, tuple) else (citation, "cites", "")
        Citation.objects.create(
            article=article, organisation=one, relation=relation, url=url, position=position
        )
    publishing.record(article, by=by)
    bring_to(article, status, by=by, at=at, reason=reason)
    article.refresh_from_db()
    return article


def bring_to(article, status, *, by, at=None, reason="We could not confirm a figure."):
    """Lead a draft to ``status`` by the moves of articles.publishing. "scheduled" is one too."""
    if status == "in_review":
        publishing.submit(article, by=by)
    elif status == "returned":
        publishing.submit(article, by=by)
        publishing.return_(article, by=by, note="Please name the second source.")
    elif status == "ready":
        publishing.approve(article, by=by)
    elif status == "spiked":
        publishing.spike(article, by=by)
    elif status == "scheduled":
        publishing.publish(article, by=by, at=at or timezone.now() + datetime.timedelta(hours=5))
    elif status in {"published", "pulled", "withdrawn", "retracted"}:
        publishing.publish(article, by=by, at=at or timezone.now() - datetime.timedelta(hours=1))
        if status == "pulled":
            publishing.pull(article, by=by, note="A call from the ministry")
        elif status == "withdrawn":
            publishing.withdraw(article, by=by, reason=reason)
        elif status == "retracted":
            publishing.retract(article, by=by, reason=reason)
    elif status != "draft":
        raise ValueError(status)
