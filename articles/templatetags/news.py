"""What templates of the paper need: words with their language, times in the site's zone, links."""

import unicodedata

from django import template
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import (
    get_language,
    get_language_info,
    gettext_lazy,
    override,
    pgettext,
    to_locale,
)

from addresses.languages import codes, prefix
from articles import bylines
from articles.feeds.kinds import KINDS
from articles.models import Correction
from articles.models.article import site_zone
from authors.models import Organisation
from prose import body

register = template.Library()

# How the clocks of a place are spoken of; other zones are given by their distance from UTC.
ZONES = {
    "Asia/Almaty": gettext_lazy("Almaty time"),
    "Asia/Ashgabat": gettext_lazy("Ashgabat time"),
    "Asia/Bishkek": gettext_lazy("Bishkek time"),
    "Asia/Dushanbe": gettext_lazy("Dushanbe time"),
    "Asia/Tashkent": gettext_lazy("Tashkent time"),
    "Europe/Moscow": gettext_lazy("Moscow time"),
}
CORRECTIONS = {
    Correction.Kind.CORRECTION: gettext_lazy("Correction"),
    Correction.Kind.CLARIFICATION: gettext_lazy("Clarification"),
    Correction.Kind.EDITORS_NOTE: gettext_lazy("Editor’s note"),
    Correction.Kind.REPLY: gettext_lazy("Reply"),
    Correction.Kind.APOLOGY: gettext_lazy("Apology"),
    Correction.Kind.RETRACTION: gettext_lazy("Retraction"),
}
ORGANISATIONS = {
    Organisation.Kind.AGENCY: gettext_lazy("News agency"),
    Organisation.Kind.NEWSPAPER: gettext_lazy("Newspaper"),
    Organisation.Kind.BROADCASTER: gettext_lazy("Broadcaster"),
    Organisation.Kind.OFFICIAL: gettext_lazy("Official source"),
}
RELATIONS = {
    "cites": gettext_lazy("cited"),
    "based on": gettext_lazy("basis of this story"),
    "republished from": gettext_lazy("republished"),
    "translated from": gettext_lazy("translated"),
    "photo from": gettext_lazy("photograph"),
}
# https://ogp.me wants a language and a country.
LOCALES = {
    "en": "en_US",
    "kk": "kk_KZ",
    "ky": "ky_KG",
    "ru": "ru_RU",
    "tg": "tg_TJ",
    "tk": "tk_TM",
    "uz": "uz_UZ",
}


# Words


@register.filter
def words(text):
    """A Text; marked with its language where that is not the language of the page."""
    if not text:
        return ""
    if text.language == get_language():
        return text.words
    return format_html('<span lang="{}">{}</span>', text.language, text.words)


@register.filter
def name_of(thing):
    """The name of anything that has ``name_in``, as ``words`` prints it."""
    return words(thing.name_in(get_language()))


@register.filter
def initials(person):
    return person.initials_in(get_language())


@register.filter
def plain_name(thing, language):
    """The name of a thing in a language, as words alone."""
    return thing.name_in(language).words


@register.filter
def locale(code):
    """A language as Open Graph names it, with the country that it is most at home in: "ru_RU"."""
    return LOCALES.get(code) or to_locale(code)


@register.filter
def in_page_language(thing, field):
    """A shared text of a thing (``person|in_page_language:"job_title"``), as ``words`` prints it."""
    return words(getattr(thing, f"{field}_in")(get_language()))


@register.filter
def starting_large(text):
    return capfirst(text)


@register.simple_tag
def credit_link(credit, rel=""):
    """A bylines.Name or a Credit as a link to its page, or as plain words where it has none."""
    words, code, address = credit[:3]
    rel = rel or ("author" if getattr(credit, "person", None) else "")
    language = format_html(' lang="{}"', code) if code != get_language() else ""
    if not address:
        return format_html("<b{}>{}</b>", language, words)
    rel = format_html(' rel="{}"', rel) if rel else ""
    return format_html('<a href="{}"{}{}>{}</a>', address, rel, language, words)


@register.simple_tag
def credit_line(line):
    """A bylines.Line with its names as links."""
    names = format_html_join(
        "",
        "{}{}",
        ((joint, credit_link(name)) for joint, name in line.parts),
    )
    return format_html("{}{}{}", line.before, names, line.after)


@register.simple_tag(takes_context=True)
def writers(context, article):
    """Who wrote a story, as words for a card."""
    language = get_language()
    return str(
        bylines.Line("by", "", bylines.names(article, language, context["chrome"].house), "")
    )


@register.simple_tag(takes_context=True)
def face(context, article):
    """The first person who wrote a story and may be named: an Author, or None."""
    named = bylines.names(article, get_language(), context["chrome"].house)
    return next((name.person for name in named if name.person), None)


@register.filter
def kind_of_correction(correction):
    return CORRECTIONS[correction.kind]


@register.filter
def kind_of_organisation(organisation):
    """ "News agency"; "" where a kind says nothing to readers."""
    return ORGANISATIONS.get(organisation.kind, "")


@register.filter
def relation_of(citation):
    return RELATIONS[citation.relation]


@register.filter
def full_name(organisation):
    """An organisation's name, with the letters readers may know it by: "Radio Free Europe (RFE)"."""
    name, short = name_of(organisation), organisation.short_name
    if not short or any(
        _holds(known, short)
        for known in (organisation.name, organisation.name_in(get_language()).words)
    ):
        return name
    return format_html("{} ({})", name, short)


@register.filter
def short_name(organisation):
    """The name an organisation goes by in a sentence: "TCA".

    A piece of its own name says nothing in a language in which it is called something else.
    """
    short, here = organisation.short_name, organisation.name_in(get_language()).words
    is_foreign = _holds(organisation.name, short) and not _holds(here, short)
    return name_of(organisation) if is_foreign or not short else short


def _holds(name, piece):
    """Whether a name holds a piece, whatever the marks of its letters: "Hürriyet", "Hurriyet"."""
    return _without_marks(piece) in _without_marks(name)


def _without_marks(words):
    apart = unicodedata.normalize("NFD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@register.filter
def biography(author):
    """A person's whole biography, else the short one, safe to print; "" without either."""
    text = author.biography_in(get_language())
    if text.words:
        return format_html("<div{}>{}</div>", lang_attribute(text), body.render(text.words))
    text = author.short_bio_in(get_language())
    return format_html("<p{}>{}</p>", lang_attribute(text), text.words) if text.words else ""


@register.filter
def own_name(code):
    """What a language of the site calls itself: "Русский"."""
    return capfirst(dict(settings.LANGUAGES).get(code, code))


@register.filter
def alt(image):
    return image.alt_in(get_language()).words


# Times


def day_text(moment):
    """The day of a moment in the site's zone: "23 November 2026"."""
    return _text(moment, pgettext("date", "j E Y"))


def _text(moment, format):
    local = moment.astimezone(site_zone()) if hasattr(moment, "astimezone") else moment
    return date_format(local, format)


def _time(moment, text):
    local = moment.astimezone(site_zone()).replace(microsecond=0)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@register.filter
def day(moment):
    """``<time>`` with the day of a moment in the site's zone."""
    return _time(moment, day_text(moment))


@register.filter
def minute(moment):
    """``<time>`` with day and minute of a moment in the site's zone: "23 November 2026, 09:10"."""
    return _time(moment, _text(moment, pgettext("date and time", "j E Y, H:i")))


@register.filter
def clock(moment):
    """``<time>`` with the minute of a moment: "09:10"."""
    return _time(moment, _text(moment, "H:i"))


@register.filter
def same_day(moment, other):
    return moment.astimezone(site_zone()).date() == other.astimezone(site_zone()).date()


@register.filter
def date_text(date):
    """A date in words: "23 November 2026"."""
    return _text(date, pgettext("date", "j E Y"))


@register.filter
def weekday_text(date):
    """A date in words with its day of the week: "Monday 23 November 2026"."""
    return capfirst(_text(date, pgettext("date with weekday", "l j E Y")))


@register.filter
def month_text(date):
    """A month in words: "November 2026"."""
    return capfirst(_text(date, pgettext("month of a year", "F Y")))


@register.filter
def year_text(moment):
    """The year of a moment in the site's zone: "2026"."""
    return _text(moment, "Y")


@register.filter
def month_name(date):
    return capfirst(_text(date, "F"))


@register.filter
def zone(moment):
    """The zone in which times of the site are given, in words: "Bishkek time", else "UTC+06:00"."""
    if settings.TIME_ZONE in ZONES:
        return ZONES[settings.TIME_ZONE]
    offset = moment.astimezone(site_zone()).strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:]}" if offset != "+0000" else "UTC"


# Links


@register.simple_tag(takes_context=True)
def feeds(context):
    """The feeds of a list, else of the site, in each format: (media type, title, address).

    ``feed`` in the context is the address of the list's RSS, ``name`` a Text, what the list is called.
    """
    site, name, address = context["chrome"].name.words, context.get("name"), context.get("feed")
    title = f"{name.words} | {site}" if address and name else site
    folder = (address or reverse("home_rss")).removesuffix(KINDS["rss"].FILE)
    return [(kind.TYPE, f"{title} ({kind.NAME})", folder + kind.FILE) for kind in KINDS.values()]


@register.simple_tag(takes_context=True)
def counterparts(context):
    """The page in the site's other languages, as (code, name of the language, address).

    A view that knows better says so by ``translations`` (code -> address); a page of something that
    languages share has the same address below another prefix; anything else leads to the home.
    """
    known = context.get("translations")
    match = getattr(context["request"], "resolver_match", None)
    names = dict(settings.LANGUAGES)
    found = []
    for code in codes():
        if code == get_language():
            continue
        same = _same_page(match, code) if known is None else known.get(code, prefix(code))
        found.append((code, capfirst(names[code]), same))
    return found


def _same_page(match, code):
    if match is None or not match.url_name:
        return prefix(code)
    with override(code):
        try:
            return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return prefix(code)


@register.simple_tag
def lang_attribute(text):
    """`` lang="en"`` for a Text that is not in the language of the page."""
    if not text or text.language == get_language():
        return ""
    return format_html(' lang="{}"', text.language)


@register.filter
def language_names(codes):
    """Names of languages in the language of the page, in a row: "Kyrgyz, Russian".

    Codes without a name stand as they are. Only English writes such names with a capital.
    """
    known = [
        str(get_language_info(code)["name_translated"]) if code in LANG_INFO else code
        for code in codes
    ]
    return ", ".join(known if get_language() == "en" else [name.lower() for name in known])
