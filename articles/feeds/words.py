import re

from prose import body

_NO_XML = re.compile("[\ufffe\uffff]")


def plain(words):
    """``words`` without the characters that no text of ours may hold, nor XML."""
    return _NO_XML.sub("", body.plain(str(words)))
