"""What an import did or would do: every item of the files in exactly one line, and what it cost."""

from collections import Counter, defaultdict

MOST_EXAMPLES = 10

PUBLIC = "public"
HERE = "here already"
TWICE = "twice in the files"
USED = "pictures of stories"
NOT_THERE = "pictures of stories, not there"
TO_FETCH = "pictures of stories, to be fetched"
UNUSED = "pictures that no story shows, left where they are"
NO_PICTURES = "sound, video and documents, left where they are"
PAGE = "public, a page of the site"
PEOPLE = "guest authors, read as people"

# Why a story is a draft here, where WordPress says so by a code.
DRAFTS = {
    "draft": "a draft there",
    "pending": "waited for review",
    "private": "private",
    "future": "scheduled there",
    "password": "behind a password",
}

# kind: (what the report says of it, whether something that readers had is lost)
KINDS = {
    "no date": ("published, without a date that a clock showed: a draft here", True),
    "date in the future": ("published, dated in the future: a draft here", False),
    "unknown status": ("in a state that WordPress does not know: a draft here", True),
    "no headline": ("published without a headline: a draft here", True),
    "no text": ("published without a text: a draft here", True),
    "no language": ("published in a language that this site has not: a draft here", True),
    "nothing but spam": ("published, and nothing is left but what was cut: a draft here", True),
    "too long": ("published, with a text of more than 1,000,000 characters: a draft here", True),
    "left out": (
        "published, but neither posts nor pages: [types] in the mapping says what they are",
        True,
    ),
    "page name": ("names of pages cut at 120 characters", True),
    "page picture": ("pictures of pages, which show none here: captions stay as words", True),
    "page filing": ("pages that were filed under something, as none is here", False),
    "page language": ("pages not in this site's first language", True),
    "post without a number": ("a story without a number", True),
    "no source": (
        "times that a story shows a picture: say with --media or --fetch-from where the files are",
        True,
    ),
    "missing": ("pictures whose file is not there", True),
    "unusable": ("pictures whose file cannot be used", True),
    "elsewhere": ("pictures that stood on other sites", True),
    "ambiguous": ("pictures of several sites by the same name: bring each site by itself", True),
    "not asked": (
        "pictures for which the old host would be asked, which a dry run does not do",
        False,
    ),
    "picture gallery": ("galleries without pictures", True),
    "linked picture": ("links from pictures to other pages", True),
    "file": ("links in texts to files of the old site, which are not brought", True),
    "completed": ("stories here already, whose pictures came now", False),
    "edited": ("stories changed here since they came, whose pictures were left out", False),
    "no alt": ("lead pictures without an alternative text", False),
    "pixel": ("pictures of one pixel, which nobody saw", False),
    "php": ("records of pictures (PHP) that could not be read", False),
    "outside": (
        "names in media that are links, lead outside or cannot be read: left out",
        False,
    ),
    "shortcode": ("shortcodes without what stood for them", True),
    "block": ("blocks without what stood for them", True),
    "foreign block": ("blocks that we do not know, their words kept", False),
    "element": ("elements that no text of ours has", True),
    "taxonomy": ("other ways of filing", True),
    "comment": ("comments of readers", True),
    "unseen comment": ("comments and notes that readers could not see", False),
    "ping": ("links from other sites that stood below texts", False),
    "enclosure": ("sound and films that stood beside texts", True),
    "custom field": ("fields beside texts, not read", False),
    "engines": ("titles, descriptions or addresses for search engines, not kept whole", False),
    "noindex": ("kept out of search engines, as they were", False),
    "translation": ("translations for which there is a story in the language", True),
    "other language": ("words of a further language in the same text, left out", True),
    "sticky": ("kept above the others on the old home", False),
    "region": ("regions that this site has not, or of which it has several", True),
    "creator": ("stories of accounts without a name, so the house is credited", True),
    "spam": ("pieces cut out of texts as spam, and kept on the desk for a person to decide", True),
    "credit": ("texts that name another than the account: doubts on the desk", False),
    "source": ("texts that say where they stood first: doubts on the desk", False),
    "biography": (
        "biographies of people that stand here already, or that nobody can tell apart",
        False,
    ),
    "spam biography": ("biographies not taken, with spam in them", False),
    "headline": ("headlines cut at 250 characters", True),
    "standfirst": ("standfirsts cut at 1,000 characters", True),
    "tag": ("tags cut at 100 characters", True),
    "address taken": ("old addresses that lead elsewhere already, or are pages of ours", True),
    "address unfit": ("old addresses that are too long, or hold control characters", True),
    "guid": ("old identities (guid) that cannot be kept", True),
    "dateline": (
        "datelines left in the text: no organisation of this short name here, or with a date",
        False,
    ),
    "link": ("links to the old site in texts, led to the pages here that readers can open", False),
    "old list": (
        "lists of the old site, by the base in the mapping, which lead to lists here",
        False,
    ),
    "picture page": ("pages of pictures that stand in no story", False),
    "section": ("stories that name no section, and where they stand", False),
}

OF_PICTURES = {"missing", "unusable", "elsewhere", "ambiguous", "not asked", "no alt"}
MOST_NAMES = 2_000  # of a kind; of further ones only their number is kept


class Report:
    def __init__(self, items, *, is_dry_run=False):
        self.items, self.is_dry_run = items, is_dry_run
        self.lines = Counter()
        self.losses = defaultdict(Counter)
        self.places = defaultdict(list)

    def count(self, line, number=1):
        self.lines[line] += number

    def lose(self, kind, name="", where=""):
        names = self.losses[kind]
        names[name if name in names or len(names) < MOST_NAMES else ""] += 1
        if (
            where
            and KINDS[kind][1]
            and where not in name
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
        more = len(named) - 200 if len(named) > 200 else 0
        more += names[""] if named else 0
        if more:
            yield f"      and {more:,} more"
        for place in self.places[kind]:
            yield f"      {place}"
