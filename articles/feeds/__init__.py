"""Feeds of the site and of every list: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, with the whole text.

What a feed says is gathered first, as plain data (``items``). From that alone its validator is made
(``conditional``), so that whoever holds it already is told so before anything is printed, and from
that alone it is printed (``rss``, ``atom``, ``jsonfeed``).
"""
