"""Reusable blocks: words that WordPress keeps once, as an item of their own, and shows in many texts."""

import re

TYPE = "wp_block"
DEEPEST = 5  # blocks within blocks
LONGEST = 1_000_000  # characters that all of one text may bring
_SHOWN = re.compile(r"<!--\s+wp:block\s+\{[^{}]{0,300}?\"ref\":(\d{1,15})\b[^{}]{0,300}\}\s+/-->")


def is_shown(item):
    """Whether readers could see this reusable block, where a text shows it."""
    return item["status"] == "publish" and not item.fields.get("post_password")


def place(item, library):
    """Put the words of reusable blocks where the text of an item shows them. ``library`` knows them
    (``library.Library``); of one that it does not know the place stays as it is."""
    room = [LONGEST]

    def words(html, above):
        def block(match):
            number = int(match[1])
            if number in above:
                return ""  # as WordPress does, for it has no end
            inside = library.block(item.site, number)
            if inside is None or len(above) == DEEPEST or len(inside) > room[0]:
                return match[0]
            room[0] -= len(inside)
            return words(inside, (*above, number))

        return _SHOWN.sub(block, html)

    if "wp:block" in item["content:encoded"]:
        item.fields["content:encoded"] = words(item["content:encoded"], ())
