"""How the addresses of older systems are written: which of them mean the same, and which is meant.

WordPress and Joomla answer one page at many addresses: by number, with an ending for a machine, with
``/index.php`` before it, with what an advertisement added. ``meant`` gives the ways in which what was
asked for may be on file, the likeliest first; nothing here asks the database.
"""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode

from addresses.languages import codes, language_of, prefix

MOST_PARAMETERS = 30
LONGEST = 500  # characters of a path, as Redirect has it
LONGEST_QUERY = 300

# What tells pages apart: numbers, and names of authors and tags.
_NUMBERS = {"p", "page_id", "attachment_id", "cat", "author", "m"}
_NAMES = {"tag", "author_name", "category_name"}
# Of these each is one page. Numbers of authors are what scanners count up.
_PAGES = {"p", "page_id", "attachment_id", "cat", "tag", "category_name", "id"}
_FEEDS = {"rss": "rss.xml", "rss2": "rss.xml", "rdf": "rss.xml", "atom": "atom.xml"}
_NUMBER = re.compile(r"[0-9]{1,19}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_OPTION = re.compile(r"com_[a-z0-9_]{1,40}")
_VIEW = re.compile(r"[a-z]{1,20}")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_INDEX = re.compile(r"/index\.php(?=/|$)")
_FEED = re.compile(r"/feed(?:/(rss2?|rdf|atom))?/?$")
# What stands below a page and has no page of its own here.
_BELOW = re.compile(
    r"(/(?:amp|embed|trackback|page/[0-9]{1,5}|comment-page-[0-9]{1,5}|feed(?:/(?:rss2?|rdf|atom))?)/?)$"
)
# The second page of a story. Below a year and a month stands a day.
_PART = re.compile(r"/(?=[^/]*[^/0-9])[^/]+(/[0-9]{1,2}/?)$")
# The same of a story under its own address: /authors/9/ is somebody who is called so.
_PART_HERE = re.compile(r"/[0-9]{4}/[0-9]{2}/[0-9]{2}/[^/]+(/[0-9]{1,2}/?)$")
_YEAR = re.compile(r"/[0-9]{4}(?:/|$)")
_MONTH = re.compile(r"m=([0-9]{4})(0[1-9]|1[0-2])(?:[0-9]{2})?")
_HOME_OF_A_LANGUAGE = re.compile(r"/[a-z]{2,3}/?")
_WITH_NUMBER = re.compile(r"/([0-9]{1,19})(?:[-:]([^/]*?))?(?:\.html?)?/?$")
_VIEWED = re.compile(r"/content/view/([0-9]{1,19})(?:/[0-9]+){0,2}/?$")


def is_kept(path, query):
    """Whether an old address can be on file: nobody's browser asks for one with control characters."""
    is_short = len(path) <= LONGEST and len(query) <= LONGEST_QUERY
    return is_short and not _CONTROL.search(path + query)


class Meant(NamedTuple):
    """A path and a query as they may be on file; ``feed``: of what stands there, this feed."""

    path: str
    query: str = ""
    feed: str = ""


class Query(NamedTuple):
    """What a query says: ``identity`` tells pages apart (parameters in the order of their names)."""

    identity: str = ""
    feed: str = ""
    language: str = ""


def read(query):
    """The Query of a query string, without what only counts visitors or turns pages."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return Query()
    given = {}
    for name, value in pairs:
        given.setdefault(name.lower(), value.strip())
    kept, feed = {}, ""
    for name, value in given.items():
        if name in _NUMBERS and _NUMBER.fullmatch(value):
            kept[name] = value.lstrip("0") or "0"
        elif name in _NAMES and value:
            kept[name] = unicodedata.normalize("NFC", value).lower()
    if given.get("feed"):
        feed = _FEEDS.get(given["feed"].lower(), "" if "comments" in given["feed"] else "rss.xml")
        if not feed:
            kept["feed"] = given["feed"].lower()
    elif given.get("format") == "feed":
        feed = _FEEDS.get(given.get("type", "rss"), "rss.xml")
    kept |= joomla(given)
    language = given.get("lang", "").partition("-")[0].lower()
    language = language if _LANGUAGE.fullmatch(language) else ""
    return Query(urlencode(sorted(kept.items())), feed, language)


def joomla(given):
    """Of the parameters of Joomla those that tell pages apart: ``id=12:slug`` is ``id=12``."""
    option, number = given.get("option", ""), given.get("id", "").partition(":")[0]
    view = given.get("view") or given.get("task") or "article"
    view = "article" if view == "view" else view
    if not (_OPTION.fullmatch(option) and _VIEW.fullmatch(view)):
        return {}
    if not _NUMBER.fullmatch(number):
        return {"option": option, "view": view}
    return {"id": number.lstrip("0") or "0", "option": option, "view": view}


def joomla_story(number):
    """The query under which a story of Joomla's is on file, below ``/``."""
    return f"id={int(number)}&option=com_content&view=article"


def joomla_path(number, alias):
    """The path under which ``/any/menu/12-alias`` is on file."""
    return f"/{int(number)}-{alias}".lower()


def on_file(path, query):
    """``(path, query)`` in the way in which ``meant`` looks for them."""
    identity = read(query).identity if query else ""
    if not identity:
        return path, query
    return ("/" if "option=com_" in identity else undone(path)), identity


def is_of_another_page(path, query):
    """Whether a question to a page that may well stand is about another one. Costs no look."""
    if not query:
        return False
    said = read(query)
    if said.language in codes()[1:] and said.language != language_of(path):
        return True
    is_home = path in {prefix(code) for code in codes()}
    return is_home and bool(said.identity or said.feed)


def asks_home_for_a_page(path, query):
    """Whether an older system had one certain page at ``/?p=12``, in whose place the home answers."""
    if path not in {prefix(code) for code in codes()}:
        return False
    names = {pair.partition("=")[0] for pair in read(query).identity.split("&")}
    return bool(names & _PAGES)


def undone(path):
    """``path`` without escapes (twice, where a link was escaped twice), ``/index.php`` and doubled
    slashes, in one way of writing letters."""
    for _ in range(2):
        if "%" not in path:
            break
        path = unquote(path)
    path = re.sub(r"/{2,}", "/", unicodedata.normalize("NFC", path))
    return _INDEX.sub("", path, count=1) or "/"


def shorter(path, part=_PART):
    """``(path, feed)`` of the page of which ``path`` is a part, a feed or another dress, or None."""
    feed = _FEED.search(path)
    at = _BELOW.search(path) or part.search(path)
    if at is None:
        return None
    return path[: at.start(1)] + "/", _FEEDS[feed[1] or "rss2"] if feed else ""


def _above(path, part=_PART):
    """Each ``(path, feed)`` that ``shorter`` gives, one from the other: /category/x/page/2/feed/."""
    feed = ""
    for _ in range(3):
        found = shorter(path, part)
        if found is None:
            return
        path, feed = found[0], feed or found[1]
        yield path, feed


def meant(path, query=""):
    """The Meant of an address in the order in which they count; a bounded number of them."""
    said = read(query)
    plain = undone(path)
    found = []

    def add(one, wanted, feed=""):
        if len(one) <= LONGEST and "\0" not in one:
            other = one[:-1] if one.endswith("/") else f"{one}/"
            found.extend(Meant(at, wanted, feed or said.feed) for at in (one, other) if at)

    if query and len(query) <= 300:
        add(path, query)
        found = [one._replace(feed="") for one in found]
    paths = list(dict.fromkeys([path, plain, plain.lower()]))
    if said.identity:
        for one in paths:
            add(one, said.identity)
        if "option=com_" in said.identity or _HOME_OF_A_LANGUAGE.fullmatch(plain):
            add("/", said.identity)
    if said.language:
        for one in paths:
            add(one, f"lang={said.language}")
    for one in paths:
        add(one, "")
    for name, wanted in _of_joomla(path, plain):
        add(name, wanted)
    for one, feed in _above(plain):
        if said.identity:
            add(one, said.identity, feed)
        add(one, "", feed)
        add(one.lower(), "", feed)
    return list(dict.fromkeys(found))


def _of_joomla(path, plain):
    """``(path, query)`` under which the story of ``/any/menu/12-slug`` is on file.

    By number and words wherever it stands; by the number alone where only Joomla writes so.
    """
    if viewed := _VIEWED.search(plain):
        yield "/", joomla_story(viewed[1])
    elif last := _WITH_NUMBER.search(plain):
        if last[2]:
            yield joomla_path(last[1], last[2]), ""
        is_joomlas = last[2] and _INDEX.search(path) and not _YEAR.match(plain)
        if is_joomlas or "/component/content/" in plain:
            yield "/", joomla_story(last[1])


def live(path, query=""):
    """``(path, feed)`` at which what is asked for may stand today, under its own name; or None."""
    said = read(query)
    month = _MONTH.fullmatch(said.identity)
    if said.identity and not month:
        return None
    plain, feed = undone(path), said.feed
    for shortened, its_feed in _above(plain, _PART_HERE):
        plain, feed = shortened, feed or its_feed
    if month:
        plain = f"{prefix(language_of(plain))}{month[1]}/{month[2]}/"
    if said.language in codes()[1:] and language_of(plain) == codes()[0]:
        plain = f"{prefix(said.language)}{plain.lstrip('/')}"
    return None if plain == path and not feed else (plain, feed)
