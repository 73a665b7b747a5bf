"""What plugins for search engines wrote beside a WordPress story: Yoast, Rank Math, All in One SEO and
others. Each has its own names for a title, a description, the address where the story stood first,
whether engines may have it, and its first category.
"""

import re
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from articles.interchange.records import Loss
from prose import body

TITLES = (
    "_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_aioseop_title",
    "_seopress_titles_title", "_genesis_title",
)  # fmt: skip
DESCRIPTIONS = (
    "_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description",
    "_aioseop_description", "_seopress_titles_desc", "_genesis_description",
)  # fmt: skip
CANONICALS = (
    "_yoast_wpseo_canonical", "rank_math_canonical_url", "_aioseop_custom_link",
    "_seopress_robots_canonical", "_genesis_canonical_uri",
)  # fmt: skip
PRIMARY = (
    "_yoast_wpseo_primary_category", "rank_math_primary_category", "_primary_term_category",
    "_seopress_robots_primary_cat",
)  # fmt: skip
HIDDEN = {
    "_yoast_wpseo_meta-robots-noindex": "1",
    "_aioseop_noindex": "on",
    "_seopress_robots_index": "yes",
    "_genesis_noindex": "1",
}
ROBOTS = "rank_math_robots"  # a list that PHP serialised; one word in it is looked for
META = {*TITLES, *DESCRIPTIONS, *CANONICALS, *PRIMARY, *HIDDEN, ROBOTS}
LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 300
LONGEST_ADDRESS = 200

# What a plugin fills in: %%title%%, %title%, and, of All in One SEO alone, #post_title.
_VARIABLE = re.compile(r"%%[\w-]+%%|%[a-z_]+(?:\([^()%]*\))?%")
_HASH = re.compile(r"#[a-z]+(?:_[a-z]+)+\b")
# Without these a title says the same: the name of the site, which page of it, a dash.
_BESIDE = {
    "sep", "separator", "separator_sa", "sitename", "site_title", "sitetitle", "sitedesc",
    "tagline", "page", "pagenumber", "pagetotal",
}  # fmt: skip
_TITLE = {"title", "post_title", "seo_title"}
_EDGES = " \t-–—|·•»«:~/"


class Engines(NamedTuple):
    """``fields``: columns of an Article; ``primary``: the number of the first category, or ""."""

    fields: dict[str, object]
    primary: str
    losses: list[Loss]


def read(meta, *, headline, host, link):
    """The Engines of a story: ``meta`` are its pairs, ``link`` its address on the old site's host."""
    said = {}
    for key, value in meta:
        if key in META and value.strip():
            said.setdefault(key, value.strip())
    fields, losses = {}, []
    title = _words(said, TITLES, headline, LONGEST_TITLE, losses)
    if title and title != headline:
        fields["seo_title"] = title
    if description := _words(said, DESCRIPTIONS, headline, LONGEST_DESCRIPTION, losses):
        fields["seo_description"] = description
    if canonical := _first(said, CANONICALS)[1]:
        if _is_elsewhere(canonical, host):
            fields["canonical_url"] = canonical
        elif not _is_same(canonical, link):
            losses.append(Loss("engines", "an address for search engines on the old site"))
    if ROBOTS in said and '"noindex"' in said[ROBOTS]:
        fields["noindex"] = True
    if any(said.get(key) == value for key, value in HIDDEN.items()):
        fields["noindex"] = True
    return Engines(fields, _first(said, PRIMARY)[1], losses)


def _first(said, keys):
    return next(((key, said[key]) for key in keys if key in said), ("", ""))


def _words(said, keys, headline, most, losses):
    """The words that an editor gave, without what the plugin would have added to them."""
    key, words = _first(said, keys)
    words = body.plain(unescape(words))
    unknown = []

    def filled(match):
        name = match[0].strip("%#").partition("(")[0]
        if name in _TITLE:
            return headline
        if name not in _BESIDE:
            unknown.append(name)
        return ""

    filled_in = _VARIABLE.sub(filled, words)
    if key.startswith("_aioseo"):
        filled_in = _HASH.sub(filled, filled_in)
    if unknown:
        losses.append(Loss("engines", f"made by a plugin: {unknown[0]}"[:60]))
        return ""
    if filled_in != words:
        words = filled_in.strip(_EDGES)
    words = " ".join(words.split())
    if len(words) > most:
        losses.append(Loss("engines", "cut"))
        words = words[: most - 1].rsplit(" ", 1)[0].rstrip() + "…"
    return words


def _parts(address):
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _bare(netloc):
    return netloc.lower().rpartition("@")[2].removeprefix("www.")


def _is_elsewhere(address, host):
    parts = _parts(address)
    return (
        parts is not None
        and parts.scheme in {"http", "https"}
        and bool(parts.netloc)
        and "@" not in parts.netloc
        and _bare(parts.netloc) != host
        and len(address) <= LONGEST_ADDRESS
        and not set(address) & set(' <>"')
    )


def _is_same(address, link):
    one, other = _parts(address), _parts(link)
    if one is None or other is None:
        return False
    paths = [unquote(parts.path).rstrip("/") for parts in (one, other)]
    return paths[0] == paths[1] and one.query == other.query
