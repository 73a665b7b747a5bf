"""What is left to do of a WordPress site once all its stories are here: addresses and links."""

import tempfile
from contextlib import contextmanager

from articles.interchange import links, wxr
from articles.interchange.attached import Attached
from articles.interchange.older_lists import Lists


@contextmanager
def opened(survey, mapping, report):
    """An Afterwards, and the file in which it keeps what has to wait."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as waiting:
        yield Afterwards(survey, mapping, report, waiting)


class Afterwards:
    """Notes the items as they come, and does at the end what needs to know them all."""

    def __init__(self, survey, mapping, report, waiting):
        self.lists = Lists(survey, mapping, report)
        self.attached = Attached(report, waiting)
        self.hosts = set()

    def note(self, item, story=None):
        if not isinstance(item, wxr.Item):
            return
        if item.type == "attachment":
            self.attached.note(item)
        elif story is not None:
            self.note_site(item)
            self.attached.note_story(item)
            if not story.why:
                self.lists.note(item, story.published_at)

    def note_site(self, item):
        """Something comes from this site: links to it may lead here."""
        if host := item.site.partition("/")[0].partition(":")[0]:
            self.hosts.add(host)

    def do(self, *, is_dry_run):
        """Write the old addresses and lead the links; returns the Led, None for a dry run."""
        self.lists.keep(is_dry_run=is_dry_run)
        self.attached.keep(is_dry_run=is_dry_run)
        return links.lead(self.hosts) if self.hosts and not is_dry_run else None
