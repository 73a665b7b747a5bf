"""The kinds of feed: suffix of an address's name -> module with NAME, FILE, TYPE and write(channel)."""

from articles.feeds import atom, jsonfeed, rss

KINDS = {"rss": rss, "atom": atom, "json": jsonfeed}
