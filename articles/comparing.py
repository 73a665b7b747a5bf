"""What differs between two versions: paragraphs paired, and words within them, as plain data.

Pure functions over clean bodies, texts and lists. The work is bounded, whatever the texts are: where
too much differs, a paragraph counts as changed as a whole. What comes out is plain text, never HTML;
templates escape it.
"""

import re
from collections import Counter
from html import unescape
from typing import NamedTuple

from prose import body

EQUAL, INSERT, DELETE = "equal", "insert", "delete"

WORK = 600_000  # steps for all of one comparison: well below a second
ALIKE = 0.4  # share of words that two paragraphs have in common if one was made of the other
MOST_PAIRED = 400  # pairs of paragraphs looked at between two that stayed
MOST_WORDS = 4_000  # of a paragraph that are looked at to see whether it is alike

# Clean HTML: no comment, no stray "<", every attribute in double quotes.
_PIECE = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[\w-]+="[^"]*")*)\s*>|([^<]+)')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_TOKEN = re.compile(r"\s+|[^\W_]+(?:['’‑-][^\W_]+)*|.", re.S)
_WORD = re.compile(r"[^\W_]+")
# White space beside these is no part of the text: it stands there for whoever reads the source.
_EDGE = re.compile(
    r"\s*(</?(?:p|h[2-4]|ul|ol|li|blockquote|footer|aside|table|caption|thead|tbody|tr|th|td|hr|br|"
    r"figure|figcaption)\b[^>]*>)\s*"
)
# Whose end says something: what follows is no longer bold, or no longer of the inner list.
_ENDING = {"strong", "em", "sub", "sup", "a", "cite", "ul", "ol", "blockquote", "table"}


class Segment(NamedTuple):
    """A run of words, or one piece of markup, that is in both, or in one only.

    ``kind``: EQUAL, INSERT or DELETE. ``mark``: "" for words; else a tag of the body ("strong",
    "/strong" where it ends, "a", "li"), or "image" or "embed" for what a figure refers to, "gallery" where one begins; ``text``
    is then what belongs to it: the address of a link, the number of a picture, attributes.
    """

    kind: str
    text: str
    mark: str = ""


class Change(NamedTuple):
    """What became of one paragraph (or list, table, figure ...) of a body.

    ``kind``: EQUAL, "added", "removed" or "changed". ``old`` and ``new``: its clean HTML on either
    side, "" where there is none. ``segments``: what to print; of an equal one all of it.
    """

    kind: str
    old: str
    new: str
    segments: list

    @property
    def is_markup_only(self):
        """Whether it changed in something that no segment shows."""
        return self.kind == "changed" and all(s.kind == EQUAL for s in self.segments)


class Work:
    """Steps that a comparison may still take; shared by all its parts."""

    def __init__(self, steps=WORK):
        self.left = steps

    def take(self, steps):
        """Whether that many more may be taken."""
        self.left -= steps
        return self.left >= 0


# Bodies


def blocks(html):
    """The top-level elements of a clean body, each as its clean HTML: joined they are the body,
    but for the white space between them."""
    found, depth, start = [], 0, 0
    for piece in _PIECE.finditer(html):
        closing, tag, _attributes, words = piece.groups()
        if words is not None:
            if depth == 0:
                if words.strip():
                    found.append(words)
                start = piece.end()
            continue
        if tag in body.VOID:
            if depth == 0:
                found.append(piece[0])
                start = piece.end()
        elif closing:
            depth -= 1
            if depth == 0:
                found.append(html[start : piece.end()])
                start = piece.end()
        else:
            if depth == 0:
                start = piece.start()
            depth += 1
    return found


def align(old, new, work=None):
    """Which of two lists of blocks belong together: pairs of positions in the order of reading.

    ``(2, 3)``: the same, or one made of the other; ``(2, None)``: removed; ``(None, 3)``: added.
    """
    work = work or Work()
    numbers = {}
    a = [numbers.setdefault(_essence(block), len(numbers)) for block in old]
    b = [numbers.setdefault(_essence(block), len(numbers)) for block in new]
    pairs, i, j = [], 0, 0
    for stays in [*_matches(a, b, work), (len(old), len(new))]:
        pairs += _gap(old, new, range(i, stays[0]), range(j, stays[1]), work)
        if stays != (len(old), len(new)):
            pairs.append(stays)
        i, j = stays[0] + 1, stays[1] + 1
    return pairs


def bodies(old, new, work=None):
    """The Changes that lead from one clean body to another, the equal ones among them."""
    work = work or Work()
    before, after = blocks(old), blocks(new)
    changes = []
    for i, j in align(before, after, work):
        if i is None:
            changes.append(Change("added", "", after[j], _all_of(after[j], INSERT)))
        elif j is None:
            changes.append(Change("removed", before[i], "", _all_of(before[i], DELETE)))
        elif _essence(before[i]) == _essence(after[j]):
            changes.append(Change(EQUAL, before[i], after[j], _all_of(after[j], EQUAL)))
        else:
            segments = block(before[i], after[j], work)
            changes.append(Change("changed", before[i], after[j], segments))
    return changes


def block(old, new, work=None):
    """The Segments that lead from one block to another: its words, formatting and addresses."""
    return _segments(_tokens_of(old), _tokens_of(new), work or Work())


def _all_of(html, kind):
    return _joined((kind, token) for token in _tokens_of(html))


def _essence(html):
    """A block without the white space that nobody sees."""
    return _EDGE.sub(r"\1", " ".join(html.split()))


def _tokens_of(html):
    """The words of a block, and its markup as pairs ``(mark, text)``."""
    tokens = []
    for closing, tag, attributes, words in _PIECE.findall(_essence(html)):
        if words:
            tokens += _TOKEN.findall(unescape(words).replace("\xa0", " "))
        elif closing:
            if tag in _ENDING:
                tokens.append((f"/{tag}", ""))
        else:
            tokens.append(_mark(tag, dict(_ATTRIBUTE.findall(attributes))))
    return tokens


def _mark(tag, attributes):
    if tag == "figure" and "data-image" in attributes:
        return "image", attributes["data-image"]
    if tag == "figure" and "data-embed" in attributes:
        return "embed", f"{attributes['data-embed']} {attributes.get('data-id', '')}".strip()
    if tag == "aside" and attributes.get("class") == "gallery":
        return "gallery", ""
    address = attributes.pop("href", "")
    rest = [f"{name} {unescape(value)}" for name, value in sorted(attributes.items())]
    return tag, ", ".join(filter(None, [unescape(address), *rest]))


# Words and lists


def words(old, new, work=None):
    """The Segments that lead from one plain text to another, word by word."""
    return _segments(_TOKEN.findall(old), _TOKEN.findall(new), work or Work())


def items(old, new, work=None):
    """The same of two lists of lines: one Segment an item, in the order of reading."""
    work = work or Work()
    numbers = {}
    a = [numbers.setdefault(item, len(numbers)) for item in old]
    b = [numbers.setdefault(item, len(numbers)) for item in new]
    found, i, j = [], 0, 0
    for x, y in [*_matches(a, b, work), (len(old), len(new))]:
        found += [Segment(DELETE, item) for item in old[i:x]]
        found += [Segment(INSERT, item) for item in new[j:y]]
        found += [Segment(EQUAL, item) for item in old[x : x + 1]]
        i, j = x + 1, y + 1
    return found


def _segments(old, new, work):
    numbers = {}
    a = [numbers.setdefault(token, len(numbers)) for token in old]
    b = [numbers.setdefault(token, len(numbers)) for token in new]
    runs, i, j = [], 0, 0  # alternately what stays and (what goes, what comes)
    for x, y in [*_matches(a, b, work), (len(old), len(new))]:
        if x > i or y > j or not runs:
            runs.append([old[i:x], new[j:y], []])
        runs[-1][2] += old[x : x + 1]
        i, j = x + 1, y + 1
    marked = []
    for goes, comes, stays in _calmed(runs):
        marked += [(DELETE, token) for token in goes]
        marked += [(INSERT, token) for token in comes]
        marked += [(EQUAL, token) for token in stays]
    return _joined(marked)


def _calmed(runs):
    """Runs without the crumbs between two changes: a space, a comma, a short word of many changed.

    They would be read as stammering; they go and come with what stands around them.
    """
    calm = []
    for goes, comes, stays in runs:
        if calm and _is_crumb(calm[-1], goes, comes):
            before = calm[-1]
            calm[-1] = [before[0] + before[2] + goes, before[1] + before[2] + comes, stays]
        else:
            calm.append([goes, comes, stays])
    return calm


def _is_crumb(run, goes, comes):
    before, after, stays = run
    if not (before or after) or not (goes or comes) or len(stays) > 3:
        return False
    if any(isinstance(token, tuple) for token in stays):
        return False
    if not (before + goes and after + comes):
        # Words only came, or only went: what stays between them is worth seeing.
        return not any(token.strip() for token in stays)
    letters = sum(len(token) for token in stays if _WORD.fullmatch(token))
    return letters == 0 or (letters <= 3 and min(len(before + after), len(goes + comes)) > 3)


def _joined(marked):
    """Tokens with their kinds as Segments: words of one kind that follow one another are one."""
    found = []
    for kind, token in marked:
        if isinstance(token, tuple):
            found.append(Segment(kind, token[1], token[0]))
        elif found and found[-1][0] == kind and isinstance(found[-1], list):
            found[-1][1].append(token)
        else:
            found.append([kind, [token]])
    return [f if isinstance(f, Segment) else Segment(f[0], "".join(f[1])) for f in found]


# How it is found


def _matches(a, b, work):
    """Pairs of positions at which two lists of numbers stay the same, in rising order.

    A shortest way from one to the other (E. W. Myers, An O(ND) difference algorithm, 1986) while
    there is work left; else what stands only once on either side holds them together.
    """
    first = 0
    while first < len(a) and first < len(b) and a[first] == b[first]:
        first += 1
    last = 0
    most = min(len(a), len(b)) - first
    while last < most and a[-1 - last] == b[-1 - last]:
        last += 1
    middle = a[first : len(a) - last], b[first : len(b) - last]
    inner = _shortest(*middle, work)
    if inner is None:
        inner = _anchors(*middle)
    return [
        *((n, n) for n in range(first)),
        *((x + first, y + first) for x, y in inner),
        *((len(a) - n, len(b) - n) for n in range(last, 0, -1)),
    ]


def _shortest(a, b, work):
    """Matches along a shortest way, or None where finding it would take too long."""
    n, m = len(a), len(b)
    if not n or not m:
        return []
    reach, trails = [0] * (2 * (n + m) + 3), []
    middle = n + m + 1
    for d in range(n + m + 1):
        # What the way back needs of this round is a stretch of 2d + 1 numbers.
        if not work.take(2 * d + 1):
            return None
        trails.append(reach[middle - d - 1 : middle + d + 2])
        for k in range(-d, d + 1, 2):
            down = k == -d or (k != d and reach[middle + k - 1] < reach[middle + k + 1])
            x = reach[middle + k + 1] if down else reach[middle + k - 1] + 1
            start = x
            while x < n and x - k < m and a[x] == b[x - k]:
                x += 1
            reach[middle + k] = x
            if not work.take(x - start):
                return None
            if x == n and x - k == m:
                return _way_back(trails, d, k, x)
    return None


def _way_back(trails, d, k, x):
    found = []
    while True:
        reach, middle = trails[d], d + 1
        if d == 0:
            found += [(n, n) for n in range(x - 1, -1, -1)]
            break
        down = k == -d or (k != d and reach[middle + k - 1] < reach[middle + k + 1])
        before = k + 1 if down else k - 1
        left = reach[middle + before]
        start = left if down else left + 1
        found += [(n, n - k) for n in range(x - 1, start - 1, -1)]
        d, k, x = d - 1, before, left
    found.reverse()
    return found


def _anchors(a, b):
    """Matches of what stands once on either side, as many as keep their order."""
    in_a, in_b = Counter(a), Counter(b)
    place = {value: n for n, value in enumerate(b) if in_b[value] == 1}
    candidates = [(n, place[v]) for n, v in enumerate(a) if in_a[v] == 1 and v in place]
    # The longest rising row of them, by piles of patience.
    piles, tops, before = [], [], {}
    for pair in candidates:
        low, high = 0, len(tops)
        while low < high:
            centre = (low + high) // 2
            low, high = (centre + 1, high) if tops[centre] < pair[1] else (low, centre)
        before[pair] = piles[low - 1] if low else None
        if low == len(piles):
            piles.append(pair)
            tops.append(pair[1])
        else:
            piles[low], tops[low] = pair, pair[1]
    found, pair = [], piles[-1] if piles else None
    while pair is not None:
        found.append(pair)
        pair = before[pair]
    found.reverse()
    return found


def _gap(old, new, left, right, work):
    """Pairs for what stands between two blocks that stayed: the alike ones as changed."""
    alike = _alike(old, new, left, right, work) if len(left) and len(right) else []
    pairs, i, j = [], left.start, right.start
    for x, y in [*alike, (left.stop, right.stop)]:
        pairs += [(n, None) for n in range(i, x)]
        pairs += [(None, n) for n in range(j, y)]
        if (x, y) != (left.stop, right.stop):
            pairs.append((x, y))
        i, j = x + 1, y + 1
    return pairs


def _alike(old, new, left, right, work):
    """The pairs of blocks that have most words in common, in rising order."""
    if len(left) * len(right) > MOST_PAIRED:
        # Too many to look at each with each: those at the same distance from the last that stayed.
        near = zip(left, right, strict=False)
        return [(x, y) for x, y in near if _likeness(_bag(old[x]), _bag(new[y]), work) >= ALIKE]
    bags = [_bag(old[n]) for n in left], [_bag(new[n]) for n in right]
    # best[i][j]: the most likeness that the first i and j of them can have in pairs.
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    like = [[0.0] * len(right) for _ in left]
    for i in range(len(left)):
        for j in range(len(right)):
            like[i][j] = _likeness(bags[0][i], bags[1][j], work)
            paired = best[i][j] + like[i][j] if like[i][j] >= ALIKE else 0.0
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], paired)
    found, i, j = [], len(left), len(right)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            found.append((left[i], right[j]))
    found.reverse()
    return found


def _bag(html):
    """What a block is compared by: its words, and what kind of block it is where it has none."""
    found = _WORD.findall(unescape(re.sub(r"<[^>]*>", " ", html)))[:MOST_WORDS]
    return Counter(found or [html[:40].partition(">")[0].partition(" ")[0]])


def _likeness(one, other, work):
    if not work.take(min(len(one), len(other))):
        return 0.0
    total = one.total() + other.total()
    return 2 * sum(min(n, other[word]) for word, n in one.items() if word in other) / total
