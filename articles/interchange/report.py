"""What an import did or would do: every item of the files in exactly one line, and what it cost."""

from collections import Counter, defaultdict

MOST_EXAMPLES = 10

PUBLIC = "public"
HERE = "here already"
TWICE = "twice in the files"
PAGE = "public, a page of the site"
PEOPLE = "guest authors, read as people"

# kind: (what the report says of it, whether something that readers had is lost)
KINDS = {
    "no date": ("published, without a date that a clock showed: a draft here", True),
    "date in the future": ("published, dated in the future: a draft here", False),
    "unknown status": ("in a state that WordPress does not know: a draft here", True),
    "no headline": ("published without a headline: a draft here", True),
    "no text": ("published without a text: a draft here", True),
    "no language": ("published in a language that this site has not: a draft here", True),
    "too long": ("published, with a text of more than 1,000,000 characters: a draft here", True),
    "left out": ("published, but no story", True),
    "page name": ("names of pages cut at 120 characters", True),
    "page language": ("pages not in this site's first language", True),
    "attachments": ("pictures and other files, not brought yet", True),
    "post without a number": ("a story without a number", True),
    "lead picture": ("lead pictures, not brought yet", True),
    "picture": ("pictures in texts, not brought yet", True),
    "picture gallery": ("galleries, not brought yet", True),
    "shortcode": ("shortcodes without what stood for them", True),
    "block": ("blocks without what stood for them", True),
    "foreign block": ("blocks that we do not know, their words kept", False),
    "element": ("elements that no text of ours has", True),
    "taxonomy": ("other ways of filing", True),
    "comment": ("comments of readers", True),
    "region": ("regions that this site has not, or of which it has several", True),
    "creator": ("nobody's name is known, so the house is credited", True),
    "headline": ("headlines cut at 250 characters", True),
    "standfirst": ("standfirsts cut at 1,000 characters", True),
    "tag": ("tags cut at 100 characters", True),
    "address taken": ("old addresses that lead elsewhere already", True),
    "address too long": ("old addresses that are too long", True),
    "guid": ("old identities (guid) that cannot be kept", True),
    "dateline": ("datelines left in the text: no such agency, or with a date", False),
    "link": ("links to the old site in texts, which lead on by the old addresses", False),
    "section": ("in the section for what names none", False),
}


class Report:
    def __init__(self, items, *, is_dry_run=False):
        self.items, self.is_dry_run = items, is_dry_run
        self.lines = Counter()
        self.losses = defaultdict(Counter)
        self.places = defaultdict(list)

    def count(self, line):
        self.lines[line] += 1

    def lose(self, kind, name="", where=""):
        self.losses[kind][name] += 1
        if (
            where
            and KINDS[kind][1]
            and len(self.places[kind]) < MOST_EXAMPLES
            and where not in self.places[kind]
        ):
            self.places[kind].append(where)

    @property
    def is_whole(self):
        """Whether nothing that readers had is lost."""
        return not any(KINDS[kind][1] for kind in self.losses)

    def text(self):
        width = max(len(f"{number:,}") for number in [self.items, *self.lines.values()])
        out = ["What would be brought" if self.is_dry_run else "What was brought", ""]
        out += [f"  {number:>{width},}  {line}" for line, number in sorted(self.lines.items())]
        out += [f"  {sum(self.lines.values()):>{width},}  of {self.items:,} items in the files"]
        for is_lost, head in ((True, "Lost, or for a person to decide"), (False, "Good to know")):
            kinds = [kind for kind in KINDS if kind in self.losses and KINDS[kind][1] == is_lost]
            out += ["", head, ""] if kinds else []
            for kind in kinds:
                out += self._about(kind)
        return "\n".join(out) + "\n"

    def _about(self, kind):
        names = self.losses[kind]
        yield f"  {names.total():,}  {KINDS[kind][0]}"
        named = [(name, number) for name, number in names.most_common() if name]
        for name, number in named[:200]:
            yield f"      {number:,}  {name}"
        if len(named) > 200:
            yield f"      and {len(named) - 200:,} more"
        for place in self.places[kind]:
            yield f"      {place}"
