"""The pages of a foreign site, "About us" and the like, brought in beside its stories.

Pages show words here and no pictures: each picture of one is a loss that the report names, and its
caption stays as a paragraph.
"""

import hashlib

from django.db import transaction
from django.shortcuts import get_object_or_404

from addresses.languages import codes
from addresses.slugs import free_slug, slugify
from articles import quarantine
from articles.interchange import figures, links, particulars, standing, wordpress
from articles.interchange import report as reports
from articles.interchange.records import Loss
from articles.models import Finding
from newsroom.models import Page
from prose import body

LONGEST_NAME = 120
NO_PICTURE = "page picture"

# At the addresses of our own pages too no old address leads on.
standing.PAGES["page"] = lambda slug, _stories: (get_object_or_404(Page, slug=slug), None)
standing.BROUGHT.append(Page)


def bring(importer, item, zone, now):
    """Bring one page in, unless it is here, by an ``articles.interchange.bringing.Importer``.

    A page has no draft: what readers could not see stays outside. One of ours that has no words yet
    takes those of the page with its slug. None stands in the footer unless somebody puts it there.
    Returns its Story, or None where it stays outside.
    """
    report, library = importer.report, importer.pictures.library
    story = None
    if particulars.refs(item):
        story = wordpress.story(item, zone, now, library)
        story.losses += _pictures(story, library)
        story.body = figures.placed(story.body, {}, {})
    why = _why_left_out(importer, item, story)
    if why:
        report.count(f"left out: page, {why}")
        if why in reports.KINDS:
            report.lose(why, where=item.where)
        if why == "no words":
            _tell(importer, story, [loss for loss in story.losses if loss.kind == NO_PICTURE])
        return None
    ref = story.refs[0]
    if ref in importer.seen:
        report.count(reports.TWICE)
        return None
    importer.seen[ref] = (0, 0)
    if Page.objects.filter(source_ref=ref).exists():
        report.count(reports.HERE)
        return story
    story.guid = ""
    importer.settle(story)
    if story.categories or story.tags or story.series:
        story.losses.append(Loss("page filing"))
    if len(story.headline) > LONGEST_NAME:
        story.headline = story.headline[: LONGEST_NAME - 1] + "…"
        story.losses.append(Loss("page name"))
    if importer.by is None:
        importer.taken(story, "")
    else:
        with transaction.atomic():
            page = _write(story, ref)
            for place, found in story.found.items():
                rows = quarantine.rows("page", page.pk, place, found, is_cut=True)
                Finding.objects.bulk_create(rows)
            importer.keep_addresses(page, story)
    _tell(importer, story, story.losses)
    report.count(reports.PAGE)
    return story


def _pictures(story, library):
    """A Loss for each picture that the page showed, by the address of its file."""
    lead = [story.lead] if story.lead is not None else []
    for use in [*lead, *story.pictures]:
        address = next(iter(use.addresses), "")
        if not address and (picture := library.find(use, story.site)) is not None:
            address = next(iter([*picture.addresses, *picture.paths]), "")
        yield Loss(NO_PICTURE, address or f"number {use.number}")


def _tell(importer, story, losses):
    for loss in losses:
        name = loss.name
        if loss.kind == NO_PICTURE:
            importer.pictures.library.miss(name, story.where, reports.KINDS[NO_PICTURE][0])
            name = f"{name}  ({story.where})"
        importer.report.lose(loss.kind, name, story.where)


def _why_left_out(importer, item, story):
    if story is None:
        return "without a number"
    if item["status"] != "publish":
        return item["status"] or "unknown status"
    if story.why:
        return story.why
    if not body.text(story.body):
        return "no words"
    if importer.mapping.languages.get(story.language, "") != codes()[0]:
        return "page language"
    return ""


def _write(story, ref):
    slug = slugify(story.slug or story.headline, fallback="page")
    page = Page.objects.select_for_update().filter(slug=slug, body="", source_ref=None).first()
    if page is None:
        slug = free_slug(slug, lambda slug: Page.objects.filter(slug=slug).exists())
        page = Page(slug=slug, name=story.headline, position=None)
    page.body, page.source_ref = story.body, ref
    page.brought = _digest(page.body)
    page.save()
    return page


def _digest(html):
    return hashlib.sha256(html.encode()).hexdigest()


def lead_links(hosts):
    """Lead the links of all imported pages whose text nobody has edited since, as ``links.lead`` does
    those of stories. Returns a ``links.Led``."""
    return links.lead_in(Page.objects.all(), hosts, _with_links)


def _with_links(led, leading):
    done = []
    with transaction.atomic():
        pages = []
        for page in Page.objects.select_for_update().filter(pk__in=led).order_by("pk"):
            if page.body != led[page.pk] or page.brought != _digest(page.body):
                continue
            page.body = leading.replace(page.body)
            page.brought = _digest(page.body)
            pages.append(page)
            done.append(links.differences(led[page.pk], page.body))
        Page.objects.bulk_update(pages, ["body", "brought"], batch_size=50)
    return done
