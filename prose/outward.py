"""Links out of a site, as they stand in a raw text."""

import re
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from prose import raw

# To whom anybody links.
KNOWN = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|instagram|youtube|vk|ok|t|telegram|linkedin|wikipedia|wikimedia|google|apple|bbc|reuters|rferl|"
    r"azattyk|azattyq|24|kloop|akipress|eurasianet|un|europa|worldbank|nytimes|guardian|theguardian|bloomberg|apnews|"
    r"timesca|hurriyet|hurriyetdailynews|tass|ria|interfax|xinhuanet|gov|edu)\.(?:[a-z]{2,6})(?:\.[a-z]{2})?$"
)


class Link(NamedTuple):
    start: int
    end: int
    host: str
    words: str
    address: str


def links(html, start, end, site):
    """Links out of the site within a part."""
    found, opened = [], None
    for token in raw.tokens(html, start, end):
        if token["tag"].lower() != "a":
            continue
        if token["end"]:
            if opened is not None:
                host = host_of(opened[1])
                if host and not _is_same(host, site):
                    words = raw.words(html[opened[2] : token.start()])
                    found.append(Link(opened[0], token.end(), host, words, opened[1]))
            opened = None
        else:
            opened = (token.start(), raw.attributes(token["rest"]).get("href", ""), token.end())
    return found


def _is_same(host, site):
    site = site.partition("/")[0].removeprefix("www.")
    return bool(site) and (host == site or host.endswith(f".{site}") or site.endswith(f".{host}"))


def host_of(address):
    """The host of an address without ``www.``; "" where there is none."""
    try:
        return (urlsplit(unescape(address).strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
