"""What was meant by a word that nothing holds: words of the index that are spelt nearly so."""

from django.db.models import Q

from articles.models import SearchName, SearchSpelling
from articles.search import databases, words

MOST = 5  # guesses at one word
_LOOKED_AT = 20_000


def near(written):
    """Tokens within one or two errors of a typed word, the nearest and most frequent first."""
    word = words.stem(written)
    most = 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 8 else 2
    if not most:
        return []
    found = {}
    alike = Q(head__in={word[0], word[1]}) | Q(tail=word[-2:])
    rows = SearchSpelling.objects.filter(alike, count__gt=0).order_by("-count", "token")
    known = dict(rows.values_list("token", "count")[:_LOOKED_AT])
    called = databases.starting_with(SearchName.objects.all(), [word[0]])
    for token in called.order_by("token").values_list("token", flat=True).distinct()[:_LOOKED_AT]:
        known.setdefault(token, 1)
    for token, count in known.items():
        if abs(len(token) - len(word)) <= most and token != word:
            errors = distance(word, token, most)
            if errors <= most:
                found[token] = (errors, -count, token)
    best = sorted(found.values())
    return [token for errors, _count, token in best if errors == best[0][0]][:MOST]


def distance(one, other, most):
    """How many letters were left out, put in, changed or swapped between two words; ``most + 1``
    where it is more than that."""
    before, last = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, another in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
