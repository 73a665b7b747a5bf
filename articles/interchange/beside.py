"""What stands beside the text of a WordPress item and has no place here: named, so that nobody misses
it unawares."""

from articles.interchange.records import Loss
from prose import body

LONGEST_NAME = 40
PINGS = {"pingback", "trackback"}
# Counted by machines, for machines.
MACHINES = ("_", "rank_math_", "dsq_", "jabber_", "wpas_", "cap-", "amazonS3", "fifu_")


def field(key, value):
    """The Loss that a field of an item is, or None."""
    if key == "enclosure":
        address = value.split("\n", 1)[0].strip().partition("?")[0]
        ending = address.rpartition("/")[2].rpartition(".")
        return Loss("enclosure", ending[2].lower()[:5] if ending[1] else "")
    if not key or not value.strip() or key.startswith(MACHINES):
        return None
    return Loss("custom field", body.plain(key)[:LONGEST_NAME])


def comment(fields):
    """The Loss that a comment is."""
    if fields.get("comment_type") in PINGS:
        return Loss("ping")
    is_shown = fields.get("comment_approved", "1") in {"1", "approve", "approved", ""}
    is_words = fields.get("comment_type", "") in {"", "comment"}
    return Loss("comment" if is_shown and is_words else "unseen comment")
