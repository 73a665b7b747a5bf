"""How the categories of an old site stood below each other, and which of them had which number."""

MOST_PARENTS = 10


class Families:
    """Made of the Terms that the files list, before their stories."""

    def __init__(self, terms=()):
        self.parents, self.keys, self.names = {}, {}, {}
        for term in terms:
            if term.kind != "category":
                continue
            self.parents[term.key] = term.parent
            self.names[term.key] = term.name
            place = (term.base, term.number)
            # Two sites whose numbers mean different things: then no number means anything.
            self.keys[place] = term.key if self.keys.get(place, term.key) == term.key else ""

    def key(self, base, number):
        """The category of a number on the site below ``base``, or ""."""
        return self.keys.get((base, number), "") if number else ""

    def named(self, keys):
        """Those of ``keys`` that have a name -> the name."""
        return {key: self.names[key] for key in keys if self.names.get(key)}

    def above(self, key):
        """Keys of the categories above one, the nearest first."""
        found = []
        for _ in range(MOST_PARENTS):
            key = self.parents.get(key, "")
            if not key or key in found:
                break
            found.append(key)
        return found
