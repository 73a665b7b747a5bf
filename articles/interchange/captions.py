"""Whose a picture is, where WordPress and its plugins say it: in fields, and at the end of captions."""

import re

# Fields of plugins, the most usual first.
CREDITS = (
    "_media_credit", "media_credit", "_wp_attachment_image_credit", "_credit", "credit", "_photo_credit",
    "photo_credit", "_image_credit", "image_credit", "_navis_media_credit", "isc_image_source",
    "photographer_name", "_photographer",
)  # fmt: skip
META = {
    "_wp_attached_file", "_wp_attachment_metadata", "_wp_attachment_image_alt", "fifu_image_url", *CREDITS,
}  # fmt: skip

_WORD = (
    r"(?:photo(?:graph)?s?|image|picture|foto|illustration|фото(?:графия)?|снимок|иллюстрация|сүрөт)"
    r"(?: (?:credit|courtesy|source))?"
)
# A name goes on over initials, not over the end of a sentence.
_NAME = r"(?:[^.!?:<>()\n]|(?<=\b[^\W\d_])\.|\.(?=\w)){2,100}\.?"
_WHO = rf"(?:(?:{_WORD}\s*:|©)\s*|{_WORD} by (?-i:(?![a-zа-яё]))){_NAME}"
_CREDIT = re.compile(rf"(\({_WHO}\)\.?|(?:^|(?<=[.!?…»”\")>]\s)){_WHO})\s*$", re.I)
LONGEST = 200
_LOOKED_AT = 240  # characters of a caption's end


def parted(caption):
    """``(caption, credit)`` of words such as ``At the pass. Photo: Jo Smith``; all words stay."""
    start = max(0, len(caption) - _LOOKED_AT)
    found = _CREDIT.search(caption, start)
    if found is None:
        return caption, ""
    return caption[: found.start()].rstrip(), found[1].strip()


def cited(html, credit=""):
    """``(html, credit)`` of a caption in HTML with its credit in ``<cite>``.

    Its own, where it ends with one, else ``credit``, unless that stands in it already.
    """
    html = re.sub(r"</?cite\b[^<>]*>", "", html).strip()
    words, own = parted(html)
    if own:
        return f"{words} <cite>{own}</cite>".strip(), own
    if html and credit and credit.casefold() not in re.sub(r"<[^>]*>", "", html).casefold():
        html = f"{html} <cite>{credit}</cite>"
    return html, credit
