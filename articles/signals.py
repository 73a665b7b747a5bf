"""What those further up must hear of: what readers may see has changed (sent after commit, with the
story's number), and somebody is to be protected."""

from django.dispatch import Signal

# Arguments: article (its primary key), move (the verb that changed it).
article_changed = Signal()

# A person is hidden for their safety. Sent within the transaction: what ends with it, ends with it.
# Argument: person (the Author).
person_hidden = Signal()
