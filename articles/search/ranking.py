"""Which of the stories found say most about what was asked for: the same on every database.

Reckoned from the entries themselves: where a word stands counts more than how often.
"""

HEADLINE, STANDFIRST, MARK, BODY = 8, 3, 3, 2.5
TOGETHER = 4  # words that stand together as they were typed
FRESH, HALF_LIFE = 0.25, 180  # what a story of today has more, and days in which that halves


def score(entry, terms, age):
    """How much an entry says: ``entry`` has headline, standfirst, marks and body as tokens; ``age``
    is in days."""
    texts = [f" {text} " for text in entry]
    headline, standfirst, marks, body = texts
    total = 0
    for term in terms:
        tokens = [f" {token} " for token in term.tokens]
        if any(token in headline for token in tokens):
            total += HEADLINE * (1 + 1 / (3 + headline.count(" ")))
        if any(token in standfirst for token in tokens):
            total += STANDFIRST
        if any(f" {mark} " in marks for mark in term.marks):
            total += MARK
        times = sum(body.count(token) for token in tokens[:2])
        if not times:
            times = sum(body.count(token) for token in tokens[2:])
        total += BODY * times / (times + 2)
    if len(terms) > 1:
        for number in (0, 1):
            row = " ".join(term.tokens[min(number, len(term.tokens) - 1)] for term in terms)
            together = [TOGETHER / 2 ** (at > 0) for at, t in enumerate(texts) if f" {row} " in t]
            if together:
                total += max(together)
                break
    return total * (1 + FRESH * 2 ** (-max(age, 0) / HALF_LIFE))
