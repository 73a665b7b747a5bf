"""What was found in texts that does not belong there: cut out by an import, or seen at night.

Of what was cut nothing is lost: it is kept until somebody puts it back or confirms it. In what is
here already nothing is cut by itself: a person decides.
"""

import hashlib
import re
from html import unescape

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import doubts, merges, permissions, publishing, several, versions
from articles.models import Article, Finding, Tag
from images.models import Image
from prose import body, selling

MOST = 200  # findings settled at once
_State = Finding.State
_PIECE = re.compile(r"<[^<>]*>|&[#\w]{1,30};|\s+|.", re.S)
_BLOCK = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|blockquote|section|article|aside)\b", re.I)


def rows(thing, number, place, found, *, article=None, is_cut=False):
    """Findings, not written yet, of what prose.spam found in one text; the same twice is once, but of
    what was cut each is kept."""
    made, seen = [], {}
    for each in found:
        digest = _digest(each)
        seen[digest] = seen.get(digest, 0) + 1
        if seen[digest] > 1 and not is_cut:
            continue
        suffix = f"-{seen[digest]}" if seen[digest] > 1 else ""
        made.append(
            Finding(
                thing=thing,
                number=number,
                article=article,
                place=place,
                kind=each.kind,
                why=each.why,
                cut=each.cut,
                before=each.before,
                is_cut=is_cut,
                digest=digest[: 64 - len(suffix)] + suffix,
            )
        )
    return made


def _digest(found):
    # By its words: what is put back is not told of again, though its marks are cleaned.
    words = selling.words_of(re.sub(r"<[^<>]*>", " ", found.cut)) or found.cut
    return hashlib.sha256(words.encode()).hexdigest()[:60]


def keep(article, found):
    """Keep what an import cut out of a story, by its places: see records.Story."""
    for place, cut in found.items():
        Finding.objects.bulk_create(
            rows("story", article.pk, place, cut, article=article, is_cut=True)
        )


def _visible(user):
    if not permissions.can_settle_doubts(user):
        return Finding.objects.none()
    if permissions.is_chief(user):
        return Finding.objects.all()
    stories = permissions.visible_stories(user, Article.objects.all()).order_by()
    images = permissions.visible_images(user, Image.objects.all()).order_by()
    tags = permissions.visible_tags(user, Tag.objects.all()).order_by()
    return Finding.objects.filter(
        Q(article__in=stories.values("pk"))
        | Q(thing="picture", number__in=images.values("pk"))
        | Q(thing="tag", number__in=tags.values("pk"))
        | Q(article=None) & ~Q(thing__in=["picture", "tag", "story"])
    )


def waiting(user):
    """The open findings that a login may settle, the newest first."""
    return _visible(user).filter(state=_State.OPEN).order_by("-pk")


def settled(user):
    return _visible(user).exclude(state=_State.OPEN).order_by("-settled_at", "-pk")


def confirm(findings, *, by, is_fine=False):
    """Say of open findings that they do not belong there, or that nothing is wrong with them. What
    was cut stays cut. Returns how many were open."""
    if not permissions.can_settle_doubts(by):
        raise PermissionDenied
    state = _State.FINE if is_fine else _State.CONFIRMED
    return findings.filter(state=_State.OPEN).update(
        state=state, settled_by=by, settled_at=timezone.now()
    )


def put_back(chosen, *, by):
    """Put back what was cut: number -> version at which the story was seen. A doubts.Outcome."""
    if not permissions.can_settle_doubts(by):
        raise PermissionDenied
    done, left, unknown = [], [], 0
    for number, opened_at in list(chosen.items())[:MOST]:
        try:
            with transaction.atomic():
                merges.hold_off()
                finding, story = _locked(number, by)
                if finding is None:
                    unknown += 1
                elif finding.state != _State.OPEN:
                    left.append(several.Left(story, [_("Somebody has settled this already.")]))
                elif not finding.is_cut:
                    left.append(several.Left(story, [_("It stands in the text: nothing was cut.")]))
                elif finding.place != "body":
                    words = _("It stood beside the text: copy what you need into the story's form.")
                    left.append(several.Left(story, [words]))
                elif why := several.hindrance(story, opened_at, by=by, may=permissions.can_edit):
                    left.append(why)
                else:
                    _write_back(finding, story, by)
                    done.append(finding)
        except publishing.Refused as refused:
            left.append(several.Left(story, refused.messages))
    return doubts.Outcome(done, left, unknown)


def _locked(number, by):
    numbers = _visible(by).filter(pk=number).values_list("article")
    stories = permissions.visible_stories(by, Article.objects.select_for_update())
    story = stories.filter(pk__in=numbers.order_by()).first()
    finding = story and Finding.objects.select_for_update().filter(pk=number).first()
    return (finding, story) if finding else (None, None)


def _write_back(finding, story, by):
    content = versions.snapshot(story)
    html = with_put_back(story.body, finding.cut, finding.before)
    if len(html) > body.MAX_LENGTH:
        raise publishing.Refused([publishing.Problem("body", _("The text would be too long."))])
    finding.state, finding.settled_by, finding.settled_at = _State.PUT_BACK, by, timezone.now()
    if html != story.body:
        content["fields"]["body"] = html
        note = selling.words_of(re.sub(r"<[^<>]*>", " ", finding.cut))[:300]
        publishing.rewrite(story, by=by, content=content, move="put back", note=note)
        finding.settled_version = story.version
    finding.save()


def with_put_back(html, cut, before):
    """Clean ``html`` with ``cut`` where it was, after the words ``before``; at the end where those
    stand there no more."""
    is_block = _BLOCK.search(cut) is not None
    piece = body.clean(cut)
    at = _after(html, before)
    if is_block or at is None:
        at = len(html) if at is None else _end_of_block(html, at)
        return body.clean(f"{html[:at]}\n{piece}\n{html[at:]}")
    inner = re.fullmatch(r"<p>(.*)</p>", piece, re.S)
    piece = inner[1] if inner and "<p>" not in inner[1] else piece
    if before.endswith(" ") and html[at : at + 1].isspace():
        at += 1
    rest = html[at:]
    single = unescape(re.sub(r"<[^<>]*>", "", piece))
    if len(single) == 1 and unescape(rest[:6]).startswith(single):
        rest = rest.removeprefix(rest[: len(single)])  # its character had stayed
    return body.clean(html[:at] + piece + rest)


def _after(html, before):
    """Where the words ``before`` end in ``html``; None where they do not stand there."""
    wanted = "".join(before.split())
    if not wanted:
        return 0
    letters, ends = [], []
    for piece in _PIECE.finditer(html):
        if piece[0].isspace() or (piece[0].startswith("<") and len(piece[0]) > 1):
            continue
        for letter in "".join(unescape(piece[0]).split()):
            letters.append(letter)
            ends.append(piece.end())
    text = "".join(letters)
    for words in (wanted, wanted[-24:], wanted[-8:]):
        if (at := text.find(words)) >= 0:
            return ends[at + len(words) - 1]
    return None


def _end_of_block(html, at):
    """The end of the block of clean HTML in which a place lies."""
    depth, tag = 0, re.compile(r"<(/?)(p|h[2-4]|ul|ol|blockquote|aside|table|figure)\b[^<>]*>")
    for match in tag.finditer(html):
        depth += -1 if match[1] else 1
        if depth == 0 and match.end() >= at:
            return match.end()
    return len(html)


def reopen(number, *, by):
    """Take back what was decided; words that were put back go again. Returns the Finding, or None.
    Raises PermissionDenied, Collided and Refused."""
    if not permissions.can_settle_doubts(by):
        raise PermissionDenied
    with transaction.atomic():
        merges.hold_off()
        finding, story = _locked(number, by)
        if finding is None:
            finding = _visible(by).filter(pk=number, article=None).first()
        if finding is None or finding.state == _State.OPEN:
            return None
        if finding.settled_version is not None:
            doubts.as_before(story, finding.settled_version, by=by, move="undo put back")
        finding.state = _State.OPEN
        finding.settled_by = finding.settled_at = finding.settled_version = None
        finding.save()
    return finding
