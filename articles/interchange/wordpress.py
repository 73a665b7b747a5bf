"""Stories of WordPress export files.

Files are read twice: ``survey`` reads them wholly, refuses what is no sound export, and learns who is
who; ``items`` gives them one by one, and ``story`` makes a Story of one. Neither keeps more than one
item, and what has to be known of all: people, categories, and which items were seen. What PHP
serialised is read as data (``php``).
"""

import itertools
import re
from html import unescape
from urllib.parse import unquote

from addresses.languages import codes
from articles.interchange import (
    accounts,
    bodies,
    figures,
    groups,
    particulars,
    reusable,
    seo,
    wxr,
)
from articles.interchange.accounts import plain
from articles.interchange.records import Loss, Story, Survey, Use
from prose import body, spam

_HREF = re.compile(r'<a\b[^<>]*?\bhref="(https?:[^"<>]+)"')
# Of the addresses of a site those of files, which are no pages.
FILE = re.compile(r"/wp-content/|\.(?!html?$|php$|xml$)[a-z0-9]{2,5}$", re.I)
# Of the machine: nobody misses them.
MACHINERY = {
    "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache",
    "user_request", "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part",
    "wp_font_family", "wp_font_face", "guest-author", "acf-field", "acf-field-group",
    "elementor_library", "wpcf7_contact_form", "feedback", "flamingo_inbound", "flamingo_contact",
    "amp_validated_url", "jp_img_sitemap", "jp_sitemap", "scheduled-action", "shop_order",
    "shop_order_refund", "shop_coupon", reusable.TYPE,
}  # fmt: skip
DROPPED = {"trash", "auto-draft", "inherit"}


def survey(paths, library=None):
    """The Survey of all files; their attachments go into a ``library.Library``. Raises Refused."""
    found = Survey()
    guests, logins, named = {}, {}, {}
    for path in paths:
        for kind, thing in wxr.read(path):
            if kind == "author":
                accounts.learn_author(thing, logins, found.about)
                found.terms.append(wxr.account(thing))
            elif kind == "term":
                found.terms.append(thing)
            elif kind == "title":
                found.title = found.title or thing
            elif kind == "item":
                found.items += 1
                if library is not None:
                    library.site(thing.site)
                if thing.type == "guest-author":
                    accounts.learn_guest(
                        thing["title"],
                        thing["post_name"],
                        thing["content:encoded"],
                        dict(thing.meta),
                        guests,
                        found.about,
                    )
                elif thing.type == "attachment" and library is not None:
                    library.learn(thing)
                elif thing.type == reusable.TYPE and library is not None:
                    if reusable.is_shown(thing):
                        library.learn_block(thing)
                elif may_be_story(thing):
                    if thing.type != "post":
                        found.types[thing.type] += 1
                    for filed in [
                        *particulars.categories(thing),
                        *particulars.otherwise_filed(thing),
                    ]:
                        found.categories.setdefault(filed.key, filed.name)
                        found.category_stories[filed.key] += 1
                        if filed.domain:
                            found.otherwise.add(filed.key)
                    found.creators.update(particulars.credits(thing))
                    named |= particulars.named(thing)
                if thing.type == "page" or may_be_story(thing):
                    found.languages[particulars.language(thing)] += 1
    found.people = accounts.together(logins, guests)
    for key in found.creators:
        found.people.setdefault(key, named.get(key, ""))
    return found


def items(paths):
    for path in paths:
        for kind, thing in wxr.read(path):
            if kind == "item":
                yield thing


def may_be_story(item):
    """Whether an item could be a story, if the mapping says that those of its type are."""
    return item.type not in {"page", "attachment"} | MACHINERY


def is_left_out(item, kind="story"):
    """Why an item is no story, or "". ``kind``: what the mapping makes of its type."""
    if kind != "story":
        return item.type
    if item["status"] in DROPPED:
        return f"{item.type}, {item['status']}"
    return "" if particulars.refs(item) else "post without a number"


def _without_spam(item, name, place, found):
    """A text of an item without what was found in it, which goes into ``found`` by its place here."""
    html, cut = spam.cut(
        item[name], site=item.site, languages=[particulars.language(item), *codes()]
    )
    if cut:
        found[place] = cut
    return html


def story(item, zone, now, library=None):
    """A Story of an item that is one. ``library``: a ``library.Library``, for galleries and files."""
    moment = particulars.published_at(item, zone)
    why = particulars.why_not_public(item, moment, now)
    if library is not None:
        reusable.place(item, library)
    # Before it is cleaned: hidden words would be words like others afterwards.
    found = {}
    html, headline, standfirst = (
        _without_spam(item, name, place, found)
        for name, place in (
            ("content:encoded", "body"),
            ("title", "headline"),
            ("excerpt:encoded", "standfirst"),
        )
    )
    number = int(item["post_id"])

    def children(of):
        return library.children(item.site, of or number) if library else []

    read = bodies.read(html, children)
    made = Story(
        refs=particulars.refs(item),
        where=item.where,
        headline=plain(headline),
        slug=_slug(item["post_name"]),
        standfirst=plain(standfirst),
        body=read.html,
        language=particulars.language(item),
        why=why,
        published_at=moment,
        guid=body.plain(item["guid"]),
        credits=particulars.credits(item),
        categories=[*particulars.categories(item), *particulars.otherwise_filed(item)],
        tags=particulars.tags(item),
        losses=list(read.losses),
        found=found,
        site=item.site,
        lead=lead(item),
        pictures=read.uses,
    )
    made.losses += [Loss("spam", each.kind) for each in itertools.chain(*found.values())]
    if why in {"", "no date"}:
        made.addresses, made.address_date = particulars.addresses(item)
    _with_kin(made, item)
    _with_engines(made, item)
    made.losses += _links(item, read.html, figures.files_in(html) if library else [], library)
    made.losses += item.beside.elements()
    made.losses += [Loss("sticky")] if item["is_sticky"] == "1" and not why else []
    return made


def _slug(name):
    """The last part of a name: other programs write whole paths there, with their ending."""
    return re.sub(r"\.html?$", "", unquote(name).strip("/").rpartition("/")[2], flags=re.I)


def lead(item):
    """The Use of the picture above a story, or None."""
    meta = dict(reversed(item.meta))
    number = meta.get("_thumbnail_id", "").strip()
    if re.fullmatch(r"[1-9]\d{0,14}", number):
        return Use(int(number))
    address = meta.get("fifu_image_url", "").strip()
    return Use(addresses=(address,)) if address else None


def _with_kin(made, item):
    """The series that a story is a part of, and the group of its translations."""
    names = [plain(words) for domain, _, words in item.terms if domain == groups.SERIES]
    series = groups.series([name for name in names if name], item.meta)
    made.series = series.name
    if series.part:
        made.fields["part"] = series.part
    made.losses += [Loss("taxonomy", "a second series")] * series.others
    made.translation = groups.translation(item.site, item.terms, item.meta)


def _with_engines(made, item):
    host = item.site.partition("/")[0]
    said = seo.read(item.meta, headline=made.headline, host=host, link=item["link"])
    made.fields |= said.fields
    made.losses += said.losses
    made.primary = (item.base, said.primary)
    modified = particulars.aware(item["post_modified_gmt"])
    if modified and made.published_at and modified > made.published_at:
        made.modified_at = modified


def _links(item, html, files, library):
    """A Loss for each link to a page of the old site, and for each file of it that nobody brings."""
    host = item.site.partition("/")[0]
    found = dict.fromkeys(one for one in files if library.has(one, item.site))
    for address in _HREF.findall(html) if host else ():
        parts = wxr.split(unescape(address))
        if parts is None or parts.netloc.lower().removeprefix("www.") != host:
            continue
        if FILE.search(parts.path):
            found.setdefault(unescape(address))
        else:
            yield Loss("link")
    for address in found:
        yield Loss("file", address)
