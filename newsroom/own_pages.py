"""The pages of a foreign site, "About us" and the like, brought in beside its stories."""

from django.db import transaction

from addresses.languages import codes
from addresses.slugs import free_slug, slugify
from articles import quarantine
from articles.interchange import figures, particulars, reusable, wordpress
from articles.interchange import report as reports
from articles.interchange.records import Loss
from articles.models import Finding
from newsroom.models import Page
from prose import body

LONGEST_NAME = 120


def bring(importer, item, zone, now):
    """Bring one page in, unless it is here, by an ``articles.interchange.bringing.Importer``.

    A page has no draft: what readers could not see stays outside. One of ours that has no words yet
    takes those of the page with its slug. None stands in the footer unless somebody puts it there.
    """
    report = importer.report
    reusable.place(item, importer.pictures.library)
    story = wordpress.story(item, zone, now) if particulars.refs(item) else None
    if story is not None:
        story.losses += [Loss("page picture") for _ in story.pictures]
        story.body = figures.placed(story.body, {}, {})
    why = _why_left_out(importer, item, story)
    if why:
        report.count(f"left out: page, {why}")
        if why in reports.KINDS:
            report.lose(why, where=item.where)
        return
    ref = story.refs[0]
    if ref in importer.seen:
        report.count(reports.TWICE)
        return
    importer.seen[ref] = (0, 0)
    if Page.objects.filter(source_ref=ref).exists():
        report.count(reports.HERE)
        return
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
    for loss in story.losses:
        report.lose(loss.kind, loss.name, story.where)
    report.count(reports.PAGE)


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
    page.save()
    return page
