"""The files of a person's work: pages that are read without a server, and the same as JSON."""

import json

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import override

from articles import bylines, printing
from articles.cards import genre_name
from articles.feeds.items import whole
from articles.search.index import text_of
from articles.templatetags.news import kind_of_correction, relation_of
from images.printing import printed
from images.renditions import rendition_size
from prose import body

RECIPE, WIDTH = "inline", 1280


def picture_name(image):
    return f"pictures/{image.pk}.jpg"


def story_name(work):
    """Where the page of a story stands; that of JSON beside it."""
    story = work.story
    if not work.is_public:
        return f"drafts/{story.pk}-{story.slug[:80]}.html"
    return f"stories/{story.address_date}-{story.slug}-{story.language}.html"


def story_page(work, person, house, paper):
    """The page of a story in its own language. ``house``, ``paper``: see folder.zipped."""
    story = work.story
    with override(story.language):
        lines = bylines.lines(story, story.language, house())
        context = {
            "work": work,
            "article": story,
            "person": person,
            "paper": paper(),
            "lines": lines,
            "genre": genre_name(story),
            "address": whole(story.get_absolute_url()) if work.is_public else "",
            "lead": _figure_of_lead(work),
            "body": _body(work),
            "above": story.serious_corrections(),
            "below": story.minor_corrections(),
        }
        return render_to_string("articles/keepsake/story.html", context)


def _body(work):
    """The text with the pictures that are in the folder, and whole addresses."""
    story = work.story
    shown = tuple(
        (
            number,
            format_html("{}{}", _img(image, story), printing.own_caption(story, number, image)),
        )
        for number, image in work.pictures.items()
    )
    given = printing.ForFeeds(story.body, printing.dateline(story, in_capitals=True), shown)
    return printing.feed_html(given, whole(story.get_absolute_url()) or f"{settings.SITE_URL}/")


def _img(image, story):
    width, height = rendition_size(image, RECIPE, WIDTH)
    return format_html(
        '<img src="../{}" width="{}" height="{}" alt="{}">',
        picture_name(image),
        width,
        height,
        image.alt_in(story.language).words,
    )


def _figure_of_lead(work):
    if work.lead is None:
        return None
    story, image = work.story, work.lead
    caption = printed(story.lead_caption) or image.caption_in(story.language).words
    return {"img": _img(image, story), "caption": caption, "credit": image.printed_credit}


def story_data(work, house):
    """The same as JSON: names as they are printed, and no name that is not."""
    story = work.story
    language = story.language
    with override(language):
        lines = bylines.lines(story, language, house())
        found = {
            "headline": story.headline,
            "kicker": story.kicker,
            "standfirst": story.standfirst,
            "language": language,
            "genre": story.genre,
            "credits": [
                {"as": line.kind, "names": [name.words for name in line.names]} for line in lines
            ],
            "dateline": _dateline(story),
            "section": _name(story.section, language),
            "regions": [_name(region, language) for region in story.regions.all()],
            "tags": [_name(tag, language) for tag in story.tags.all()],
            "published": _time(story.first_published_at) if work.is_public else None,
            "updated": _time(story.updated_at) if work.is_public else None,
            "address": whole(story.get_absolute_url()) if work.is_public else "",
            "guid": story.guid if work.is_public else None,
            "status": str(story.status),
            "retracted_because": story.down_reason if story.status == "retracted" else "",
            "corrections": [
                {
                    "kind": str(kind_of_correction(entry)),
                    "published": _time(entry.published_at),
                    "text": entry.text,
                }
                for entry in story.corrections.all()
            ],
            "sources": [
                {
                    "name": _name(citation.organisation, language),
                    "relation": str(relation_of(citation)),
                    "address": citation.url,
                }
                for citation in story.citations.all()
            ],
            "pictures": [
                {
                    "file": picture_name(image),
                    "alt": image.alt_in(language).words,
                    "caption": image.caption_in(language).words,
                    "credit": image.printed_credit,
                    "licence": image.licence,
                }
                for image in pictures_of(work)
            ],
            "html": _body(work) if work.is_given else "",
            "text": text_of(story.body) if work.is_given else "",
        }
    return as_json(found)


def pictures_of(work):
    """All pictures of a Work, each once."""
    found = {image.pk: image for image in [work.lead, *work.pictures.values()] if image}
    return list(found.values())


def _dateline(story):
    if not story.dateline_place:
        return None
    agency = story.dateline_organisation
    return {
        "place": story.dateline_place,
        "date": story.dateline_date and story.dateline_date.isoformat(),
        "agency": agency.name if agency is not None else "",
    }


def _name(thing, language):
    return thing.name_in(language).words if thing is not None else ""


def _time(moment):
    return moment and moment.isoformat()


def person_data(person):
    """What readers see of a person, as JSON, in every language that there is."""
    fields = "name names job_title job_titles short_bio short_bios biography biographies location"
    fields += " locations languages links aliases"
    found = {field: getattr(person, field) for field in fields.split()}
    return as_json(found | {"address": whole(person.get_absolute_url())})


def as_json(found):
    return json.dumps(found, ensure_ascii=False, indent=1)


def index_page(person, entries, paper, portrait):
    """The first page: who it is, and all their work. ``entries``: Entries in the order of the work."""
    biographies = [
        (code, text)
        for code, text in [(settings.LANGUAGE_CODE, person.biography), *person.biographies.items()]
        if text
    ]
    context = {
        "person": person,
        "portrait": portrait,
        "paper": paper,
        "address": whole(person.get_absolute_url()),
        "biographies": [(code, body.render(text)) for code, text in biographies],
        "drafts": [entry for entry in entries if entry.year is None],
        "years": _by_year(entries),
        "number": sum(entry.year is not None for entry in entries),
    }
    return render_to_string("articles/keepsake/index.html", context)


def _by_year(entries):
    found = {}
    for entry in entries:
        if entry.year is not None:
            found.setdefault(entry.year, []).append(entry)
    return found
