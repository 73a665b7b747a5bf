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


def mask_of_now():
    """What ``masked`` was given: for words that are printed when the request has been answered."""
    return _mask.get()


def printed(words):
    """A caption, an alternative text or a picture's credit as readers may see it."""
    mask = _mask.get()
    return mask(words) if words and mask is not None else words
