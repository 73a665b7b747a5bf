"""Three versions of a story made one: what two people made of the same beginning.

Works on snapshots (see articles.versions): ``base`` is what both began from, ``mine`` what is being
saved, ``theirs`` what stands there meanwhile. What only one of them changed is taken; what both
changed differently is a Collision, for a person to decide. Nothing is written here.
"""

import copy
import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from articles import comparing

MINE, THEIRS, BOTH = "mine", "theirs", "both"
ROWS = {"bylines": ("author_id", "organisation_id"), "citations": ("organisation_id",)}


class Collision(NamedTuple):
    """One place that both changed.

    ``part``: "fields", "relations", "planning", "body", "bylines" or "citations"; ``name``: of the
    field, or "order". The three values are in the snapshot's own terms; for a body they are lists
    of blocks, for rows lists of rows.
    """

    part: str
    name: str
    base: Any
    mine: Any
    theirs: Any

    @property
    def key(self):
        """The same for the same collision, another as soon as any of the three is another."""
        told = json.dumps([self.part, self.name, self.base, self.mine, self.theirs])
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    @property
    def can_keep_both(self):
        return self.part == "body" and bool(self.mine) and bool(self.theirs)


class Merged(NamedTuple):
    """``content``: the snapshot made of all three, with mine where nothing is decided yet.

    ``taken``: names of the fields in which something of theirs came in without anybody being asked;
    ``open``: the Collisions that nobody has decided.
    """

    content: dict
    taken: list[str]
    open: list[Collision]


def merge(base, mine, theirs, choices: Mapping[str, str] | None = None):
    """Merge three snapshots. ``choices``: Collision.key -> "mine", "theirs" or "both"."""
    work = _Work(choices or {})
    content = copy.deepcopy(mine)
    for part in ("fields", "relations", "planning"):
        for name, value in mine[part].items():
            # A version of before there was such a box did not tick it.
            missing = False if isinstance(value, bool) else None
            three = (base[part].get(name, missing), value, theirs[part].get(name, missing))
            if (part, name) == ("fields", "body"):
                content[part][name] = work.text(*(html or "" for html in three))
            else:
                content[part][name] = work.one(part, name, *three)
    for name in ("regions", "tags"):
        content[name] = work.several(name, base[name], mine[name], theirs[name])
    for name, key in ROWS.items():
        content[name] = work.rows(name, key, base[name], mine[name], theirs[name])
    return Merged(content, list(dict.fromkeys(work.taken)), work.open)


class _Work:
    def __init__(self, choices):
        self.choices = choices
        self.taken = []
        self.open = []

    def one(self, part, name, base, mine, theirs):
        if mine == theirs or theirs == base:
            return mine
        if mine == base:
            self.taken.append(name)
            return theirs
        return self._decide(Collision(part, name, base, mine, theirs))

    def _decide(self, collision):
        choice = self.choices.get(collision.key)
        if choice == BOTH and collision.can_keep_both:
            return collision.mine + collision.theirs
        if choice == THEIRS:
            return collision.theirs
        if choice != MINE:
            self.open.append(collision)
        return collision.mine

    def several(self, name, base, mine, theirs):
        base, mine, theirs = set(base), set(mine), set(theirs)
        merged = (mine | (theirs - base)) - (base - theirs)
        if merged != mine:
            self.taken.append(name)
        return sorted(merged)

    def text(self, base, mine, theirs):
        if mine == theirs or theirs == base:
            return mine
        if mine == base:
            self.taken.append("body")
            return theirs
        base, mine, theirs = (
            comparing.blocks(base),
            comparing.blocks(mine),
            comparing.blocks(theirs),
        )
        merged, position = [], 0
        for begin, end, my_edits, their_edits in _together(
            _edits(base, mine), _edits(base, theirs)
        ):
            merged += base[position:begin]
            position = end
            was = base[begin:end]
            of_mine = _applied(base, begin, end, my_edits)
            of_theirs = _applied(base, begin, end, their_edits)
            if not their_edits or of_mine == of_theirs:
                merged += of_mine
            elif not my_edits:
                self.taken.append("body")
                merged += of_theirs
            else:
                merged += self._decide(Collision("body", "body", was, of_mine, of_theirs))
        return "".join(merged + base[position:])

    def rows(self, name, key, base, mine, theirs):
        """Rows in order; those of one person or organisation are decided together."""
        if mine == theirs or theirs == base:
            return mine
        if mine == base:
            self.taken.append(name)
            return theirs
        groups = [_grouped(rows, key) for rows in (base, mine, theirs)]
        merged = {}
        for thing in dict.fromkeys([*groups[1], *groups[2], *groups[0]]):
            three = [group.get(thing, []) for group in groups]
            merged[thing] = self.one(name, name, *three)
        orders = [[t for t in group if all(t in g for g in groups)] for group in groups]
        if len({tuple(order) for order in orders}) == 3:
            collision = Collision(
                name, "order", *([r for t in order for r in merged[t]] for order in orders)
            )
            lead = groups[1] if self._decide(collision) == collision.mine else groups[2]
        else:
            lead = groups[2] if orders[1] == orders[0] else groups[1]
        order = dict.fromkeys([*lead, *groups[1], *groups[2]])
        return [row for thing in order for row in merged[thing]]


def _grouped(rows, key):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in key), []).append(row)
    return groups


def _edits(base, other):
    """What ``other`` did to a list: (begin, end, blocks put there) in order, as small as they come."""
    edits, at = [], 0
    for i, j in comparing.align(base, other):
        if i is None:
            if edits and edits[-1][0] == edits[-1][1] == at:
                edits[-1][2].append(other[j])
            else:
                edits.append((at, at, [other[j]]))
            continue
        if j is None or base[i] != other[j]:
            edits.append((i, i + 1, [] if j is None else [other[j]]))
        at = i + 1
    return edits


def _together(mine, theirs):
    """Edits of both in order, those that touch the same blocks together.

    Yields (begin, end, my edits, their edits), the places in the base.
    """
    groups = []
    both = [(edit, 0) for edit in mine] + [(edit, 1) for edit in theirs]
    for edit, whose in sorted(both, key=lambda one: (one[0][0], one[0][1], one[1])):
        begin, end, _ = edit
        if groups and _overlap(groups[-1], begin, end):
            groups[-1][1] = max(groups[-1][1], end)
        else:
            groups.append([begin, end, [], []])
        groups[-1][2 + whose].append(edit)
    return groups


def _overlap(group, begin, end):
    first, last = group[0], group[1]
    if begin == end or first == last:
        # An insertion collides with one at the same place, and with a change around it.
        return first == last == begin == end or first < begin < last
    return begin < last


def _applied(base, begin, end, edits):
    result, position = [], begin
    for first, last, blocks in edits:
        result += base[position:first] + blocks
        position = last
    return result + base[position:end]
