"""Who is who on the old site: its logins, and the people and guests of Co-Authors Plus.

A login, its nicename or a mail address becomes nobody's name. Of an account come a name and what its
owner says of themselves; the mail address, if a file has one, is not read.
"""

import re
import unicodedata
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from addresses.languages import codes
from articles.interchange import bodies
from prose import body, selling, spam

LONGEST_BIOGRAPHY = 20_000  # characters
LONGEST_SHORT = 400  # of a biography that is short enough to stand on a card
LONGEST_TITLE = 120
META = {
    "cap-display_name", "cap-first_name", "cap-last_name", "cap-user_login", "cap-linked_account",
    "cap-description", "cap-website", "cap-job_title", "cap-jobtitle", "_thumbnail_id",
}  # fmt: skip

_APART = re.compile(r"</?(?:br|p|div|li|h[1-6]|td|tr)\b[^<>]*>", re.I)
_MARK = re.compile(r"</?[a-zA-Z][^<>]*>")


class About(NamedTuple):
    """What the old site says of a person: ``biography`` is clean HTML; ``portrait`` the number of an
    attachment, or ""; ``is_spam``: the biography was not fit to be taken."""

    biography: str = ""
    short: str = ""
    job_title: str = ""
    website: str = ""
    portrait: str = ""
    is_spam: bool = False


def plain(words):
    """Words of a title or an excerpt without their marks."""
    words = _MARK.sub("", _APART.sub(" ", words))
    return " ".join(body.plain(unescape(words)).split())


def learn_author(fields, logins, about):
    """Of a ``wp:author``: keep its name by its login, and what its owner says of themselves."""
    login = fields.get("author_login", "")
    key = person_key(login)
    if not key:
        return
    whole = f"{fields.get('author_first_name', '')} {fields.get('author_last_name', '')}".strip()
    candidates = (fields.get("author_display_name", ""), whole)
    email = fields.get("author_email", "")
    name = next((plain(words) for words in candidates if is_name(words, login, email)), "")
    _learn(logins, key, name)
    description = fields.get("author_description", "")
    _tell(about, key, description, website=fields.get("author_url", ""))


def learn_guest(title, post_name, content, meta, guests, about):
    """Of a ``guest-author``: keep the name by all that stories may call them by."""
    whole = f"{meta.get('cap-first_name', '')} {meta.get('cap-last_name', '')}".strip()
    login = meta.get("cap-user_login", "")
    candidates = (meta.get("cap-display_name", ""), whole, title)
    name = next((plain(words) for words in candidates if is_name(words, login)), "")
    called = (post_name, login, meta.get("cap-linked_account", ""))
    for key in {person_key(words) for words in called} - {""}:
        _learn(guests, key, name)
        _tell(
            about,
            key,
            content.strip() or meta.get("cap-description", ""),
            website=meta.get("cap-website", ""),
            job_title=meta.get("cap-job_title") or meta.get("cap-jobtitle", ""),
            portrait=meta.get("_thumbnail_id", ""),
        )


def together(logins, guests):
    """The names by what stories call people; a guest's own stands before that of the login."""
    return logins | {key: name for key, name in guests.items() if name or key not in logins}


def _learn(names, key, name):
    # One login with two names, on two sites perhaps, is nobody in particular.
    names[key] = name if names.get(key, name) in {name, ""} else ""


def _tell(about, key, biography, *, website="", job_title="", portrait=""):
    biography, website = biography.strip(), website.strip()
    if not (biography or website or job_title.strip() or portrait):
        return
    found = []
    if biography:
        biography, found = spam.cut(biography[:LONGEST_BIOGRAPHY], languages=codes())
        biography = bodies.read(biography).html
    text = " ".join(body.text(biography).split())
    said = About(
        biography="" if found else biography,
        short=text if text and not found and len(text) <= LONGEST_SHORT else "",
        job_title=plain(job_title)[:LONGEST_TITLE],
        website=website if _is_address(website) else "",
        portrait=portrait.strip() if portrait.strip().isdecimal() else "",
        is_spam=bool(found),
    )
    # Two that differ, on two sites perhaps: nobody can say whose is whose.
    about[key] = said if about.get(key, said) == said else About()


def _is_address(website):
    try:
        parts = urlsplit(website)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    return is_web and len(website) <= 200 and not selling.is_selling_host(parts.hostname)


def is_name(words, login, email=""):
    """Whether ``words`` can be printed as somebody's name: no login, no mail address and no part of
    one, no address of the web."""
    if "@" in words:
        return False
    words = plain(words)
    if not re.search(r"[^\W\d_]", words) or "://" in words:
        return False
    said = _bare(words)
    if " " in words:
        return words.casefold() != login.strip().casefold()
    local = email.partition("@")[0]
    return said not in {_bare(login), _bare(login.partition("@")[0]), _bare(local)} - {""}


def _bare(words):
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", words)).casefold()


def person_key(words):
    """A login or a nicename as both files and plugins write it: ``cap-a.b`` and ``A.B`` are a-b."""
    words = unquote(words.strip()).lower().removeprefix("cap-")
    words = unicodedata.normalize("NFC", words).replace("@", "")
    return re.sub(r"[^\w]+", "-", words).strip("-")
