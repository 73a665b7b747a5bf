"""The one signal: what readers may see has changed. Sent after commit, with the story's number."""

from django.dispatch import Signal

# Arguments: article (its primary key), move (the verb that changed it).
article_changed = Signal()
