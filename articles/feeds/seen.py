"""Since when a feed is what it is, for readers who ask by a date and know no ETag.

No time in the database says it: who is renamed, hidden, merged or taken out of a list changes feeds
and no story. So it is remembered, in the cache that all processes share, when a feed was first seen
to be as it is. What is forgotten there (a restart, a full cache) begins anew with a later time,
and readers get once more what they have.

A time stands for one state of a feed alone. It is the first full second after that state was seen,
and is told only from then on: so two states of one second never get the same time, and whoever has
the first of them is given the second.
"""

from django.core.cache import cache


def since(feed, state, now):
    """The second (of the Unix epoch) since which ``feed`` is in ``state``; None in the first one.

    ``feed``: its path, ``state``: its ETag, ``now``: an aware datetime.
    """
    second = int(now.timestamp())
    key = f"feed:{feed}"
    before, then = cache.get(key) or ("", 0)
    if before == state:
        return then if then <= second else None
    cache.set(key, (state, max(second, then) + 1), timeout=None)
    return None
