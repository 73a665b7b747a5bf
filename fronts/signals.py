"""The one signal of fronts: what a front shows has changed, or will at another minute than before."""

from django.dispatch import Signal

# Arguments: front (its primary key, or "section 3" and "region 14" for their leads), move (the verb that changed it). Sent after commit.
front_changed = Signal()
