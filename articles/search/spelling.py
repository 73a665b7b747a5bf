"""What was meant by a word that nothing holds: words of the index that are spelt nearly so."""

import itertools

from django.db.models import Q

from articles.models import SearchName, SearchSpelling
from articles.search import databases, words

MOST = 5  # guesses at one word
_LOOKED_AT = 20_000


def near(written):
    """Tokens within one or two errors of a typed word: lists of those with as many errors, the
    nearest first, in each the most frequent first. They may be of what is not public."""
    # An error may let the stemmer cut off what is no ending, so the whole word is compared too.
    forms = {form: _errors(form) for form in (words.stem(written), words.fold(written))}
    forms = {form: most for form, most in forms.items() if most}
    if not forms:
        return []
    found = {}
    for token, count in _candidates(forms).items():
        errors = [distance(form, token, most) for form, most in forms.items()]
        if any(number <= most for number, most in zip(errors, forms.values(), strict=True)):
            found[token] = (min(errors), -count, token)
    near = itertools.groupby(sorted(found.values()), key=lambda row: row[0])
    return [[token for _errors, _count, token in rows][:MOST] for _errors, rows in near]


def _errors(word):
    """How many errors a word may hold: none a short one, two a long one."""
    return 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 8 else 2


def _candidates(forms):
    """Words of the index and of names that begin or end like one of ``forms``, with their counts."""
    heads = {letter for form in forms for letter in form[:2]}
    alike = Q(head__in=heads) | Q(tail__in={form[-2:] for form in forms})
    rows = SearchSpelling.objects.filter(alike, count__gt=0).order_by("-count", "token")
    known = dict(rows.values_list("token", "count")[:_LOOKED_AT])
    called = databases.starting_with(SearchName.objects.all(), {form[0] for form in forms})
    called = called.order_by("token").values_list("token", flat=True).distinct()
    return dict.fromkeys(called[:_LOOKED_AT], 1) | known


def distance(one, other, most):
    """How many letters were left out, put in, changed or swapped between two words; ``most + 1``
    where it is more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
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
