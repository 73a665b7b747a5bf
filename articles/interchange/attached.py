"""The pages that WordPress gave to each picture: they lead to the story in which it stands."""

import json
import re
from collections import defaultdict
from urllib.parse import unquote

from django.utils import timezone

from addresses.models import Redirect
from addresses.older import is_kept
from articles.interchange import particulars, standing, wxr
from articles.models import Article
from prose import body

BATCH = 500
_IN_TEXT = re.compile(r"\bwp-image-([1-9][0-9]{0,18})\b")


class Attached:
    """Notes the stories and the attachments of the files as they come; ``keep`` writes the addresses.

    Attachments wait in ``waiting``, an open file of text, until all stories are known. In memory
    are numbers.
    """

    def __init__(self, report, waiting):
        self.report, self.waiting = report, waiting
        self.stories = defaultdict(dict)  # site -> number -> type
        self.shown = {}  # (site, number of an attachment) -> number of the first story that shows it

    def note_story(self, item):
        if particulars.refs(item) is None:
            return
        number = int(item["post_id"])
        self.stories[item.site].setdefault(number, item.type)
        shown = [value for key, value in item.meta if key == "_thumbnail_id"]
        shown += _IN_TEXT.findall(item["content:encoded"])
        for each in shown:
            if wxr.NUMBER.fullmatch(each.strip()):
                self.shown.setdefault((item.site, int(each)), number)

    def note(self, item):
        """An attachment, which may stand before its story."""
        numbers = item["post_id"], item["post_parent"]
        if not wxr.NUMBER.fullmatch(numbers[0]):
            return
        parent = int(numbers[1]) if wxr.NUMBER.fullmatch(numbers[1]) else 0
        row = [item.site, item.base, int(numbers[0]), parent, item["link"]]
        self.waiting.write(json.dumps(row) + "\n")

    def keep(self, *, is_dry_run):
        """Write the addresses, in batches; what leads somewhere already stays."""
        self.waiting.seek(0)
        batch = []
        for line in self.waiting:
            site, base, number, parent, link = json.loads(line)
            known = self.stories[site]
            story = parent if parent in known else self.shown.get((site, number))
            if story not in known:
                self.report.lose("picture page")
                continue
            batch.append((particulars.ref(site, known[story], story), base, number, link))
            if len(batch) == BATCH and not is_dry_run:
                self._write(batch)
                batch = []
        if not is_dry_run:
            self._write(batch)

    def _write(self, batch):
        refs = {ref for ref, *_rest in batch}
        stories = Article.objects.readable(timezone.now()).filter(source_ref__in=refs)
        own = {story.source_ref: story.get_absolute_url() for story in stories.defer("body")}
        rows = []
        for ref, base, number, link in batch:
            if ref not in own:
                continue  # what is not public has no address to lead to
            pairs = [(base, f"attachment_id={number}")]
            parts = wxr.split(link)
            path = body.plain(unquote(parts.path)) if parts is not None else ""
            if path.strip("/") and path.startswith("/") and not parts.query:
                pairs.append((path, ""))
            rows += [
                Redirect(path=path, query=query, target=own[ref])
                for path, query in pairs
                if is_kept(path, query) and (path, query) != (own[ref], "")
            ]
        standing.write(rows, self.report)
