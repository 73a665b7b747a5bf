"""Words printed beside pictures, without the names of people who are hidden for their safety.

Who is hidden is known further up; the site says it for each request with ``masked``.
"""

from contextlib import contextmanager
from contextvars import ContextVar

_mask = ContextVar("mask of names", default=None)


@contextmanager
def masked(mask):
    """Within it ``printed`` gives words as ``mask`` (a function of a string) leaves them."""
    token = _mask.set(mask)
    try:
        yield
    finally:
        _mask.reset(token)


def printed(words):
    """A caption, an alternative text or a picture's credit as readers may see it."""
    mask = _mask.get()
    return mask(words) if words and mask is not None else words
