"""Footnotes of the block editor: it keeps them beside the text, as JSON, and shows them at a block."""

import json
import re

META = {"footnotes"}
_PLACE = re.compile(r"<!--\s+wp:footnotes\b[^<>]{0,500}/-->")


def placed(html, meta):
    """``html`` with its notes as a list where they were shown; ``meta``: pairs of an item."""
    said = next((value for key, value in meta if key in META), "")
    if not said or _PLACE.search(html) is None:
        return html
    try:
        notes = json.loads(said)
    except (ValueError, RecursionError):
        return html
    rows = notes if isinstance(notes, list) else []
    words = [row["content"] for row in rows if isinstance(row, dict) and isinstance(row.get("content"), str)]  # fmt: skip
    if not words:
        return html
    shown = "".join(f"<li>{note}</li>" for note in words)
    return _PLACE.sub(lambda match: f"<ol>{shown}</ol>", html, count=1)
