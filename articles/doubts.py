"""Doubts about whose a story is: raised by an import, settled by an editor, one by one or together.

Settling goes through articles.publishing, story by story in a transaction of its own. A story that
was changed after what the editor saw stays as it is and is named.
"""

import hashlib
import json
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import merges, naming, permissions, publishing, several, versions
from articles.bylines import WROTE
from articles.interchange import attribution
from articles.models import Article, Byline, Doubt
from authors.models import Author, Organisation
from prose import body

MOST = 200  # doubts settled at once
LONGEST = {Author: 120, Organisation: 150}
_STATE = Doubt.State


class Answer(NamedTuple):
    """What an editor says: names with their kind, and for a source the relation and the address."""

    names: tuple
    is_organisation: bool
    role: str = Byline.Role.AUTHOR
    relation: str = ""
    url: str = ""
    takes_line_out: bool = False


class Group(NamedTuple):
    """Doubts that can be settled together: ``example`` is one of them, ``upto`` the newest."""

    example: Doubt
    count: int
    unchanged: int
    upto: int


def raise_doubts(article, hints, *, account):
    """Keep what a text says of whose it is; the story is here and as readers see it."""
    Doubt.objects.bulk_create(
        Doubt(
            article=article,
            account=account[:200],
            key=_key(account, hint),
            version=article.version,
            kind=Doubt.Kind.SOURCE if hint.relation else Doubt.Kind.CREDIT,
            **hint._asdict(),
        )
        for hint in hints
    )


def _key(account, hint):
    said = [account, hint.pattern, hint.names, hint.is_organisation, hint.role, hint.relation]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def is_same(name, others):
    """Whether one of ``others`` is the person ``name``: so called, or with initials for it."""
    return any(
        naming.plain(name) == naming.plain(other) or _abbreviates(name, other) for other in others
    )


def _abbreviates(one, other):
    one, other = (naming.plain(name).replace(".", ". ").split() for name in (one, other))
    if not one or not other or one[-1] != other[-1]:
        return False
    first, second = one[0].strip("."), other[0].strip(".")
    return 1 in (len(first), len(second)) and first[:1] == second[:1]


# What is open


def waiting(user):
    """The open doubts that a login may settle, oldest first."""
    stories = permissions.visible_stories(user, Article.objects.all())
    if not permissions.can_settle_doubts(user):
        return Doubt.objects.none()
    return Doubt.objects.filter(state=_STATE.OPEN, article__in=stories.order_by().values("pk"))


def settled(user):
    stories = permissions.visible_stories(user, Article.objects.all())
    if not permissions.can_settle_doubts(user):
        return Doubt.objects.none()
    found = Doubt.objects.filter(article__in=stories.order_by().values("pk"))
    return found.exclude(state=_STATE.OPEN).order_by("-settled_at", "-pk")


def groups(doubts, most=12):
    """Of open doubts those that can be settled together, as Groups of two and more."""
    counted = (
        doubts.order_by()
        .values("key")
        .annotate(count=Count("pk"), first=Min("pk"), upto=Max("pk"))
        .filter(count__gt=1)
        .order_by("-count", "first")[:most]
    )
    rows = {row["key"]: row for row in counted}
    unchanged = dict(
        doubts.filter(key__in=rows, version=F("article__version"))
        .order_by()
        .values_list("key")
        .annotate(Count("pk"))
    )
    examples = Doubt.objects.in_bulk([row["first"] for row in rows.values()])
    return [
        Group(examples[row["first"]], row["count"], unchanged.get(key, 0), row["upto"])
        for key, row in rows.items()
    ]


def known(doubts):
    """Whom the names of doubts stand for: ``{(is_organisation, name): rows here}``; a query for
    people and one for organisations, however many."""
    wanted = {(doubt.is_organisation, name) for doubt in doubts for name in doubt.names}
    found = {}
    for is_organisation, model in ((False, Author), (True, Organisation)):
        keys = {naming.plain(name): [] for kind, name in wanted if kind == is_organisation}
        others = {name: [] for name in keys}
        for row in model.objects.select_related("merged_into") if keys else ():
            if (name := naming.plain(row.name)) in keys:
                keys[name].append(row.merged_into or row)
            for name in {naming.plain(name) for name in naming.names_of(row)} & others.keys():
                others[name].append(row.merged_into or row)
        for kind, name in wanted:
            if kind == is_organisation:
                rows = keys[naming.plain(name)] or others[naming.plain(name)]
                found[kind, name] = list(dict.fromkeys(rows))
    return found


# Settling


class Outcome(NamedTuple):
    done: list
    left: list
    unknown: int = 0
    more: int = 0


def settle(chosen, *, by, answers=None, is_right=False):
    """Settle doubts: ``chosen`` is number -> version at which the story was seen.

    ``answers``: number -> Answer; what is not in it is settled as suggested. ``is_right``: the credit
    stays. Each by itself; what cannot be done is left with the reason.
    """
    if not permissions.can_settle_doubts(by):
        raise PermissionDenied
    done, left, unknown = [], [], 0
    for number, opened_at in list(chosen.items())[:MOST]:
        story = None
        try:
            with transaction.atomic():
                merges.hold_off()
                doubt, story = _locked(number, by)
                if doubt is None:
                    unknown += 1
                    continue
                if doubt.state != _STATE.OPEN:
                    left.append(several.Left(story, [_("Somebody has settled this already.")]))
                    continue
                if is_right:
                    _close(doubt, _STATE.RIGHT, by)
                else:
                    may = permissions.can_edit
                    why = several.hindrance(story, opened_at, by=by, may=may)
                    if why is not None:
                        left.append(why)
                        continue
                    _accept(doubt, story, (answers or {}).get(number) or suggested(doubt), by)
                done.append(doubt)
        except publishing.Refused as refused:
            left.append(several.Left(story, refused.messages))
    return Outcome(done, left, unknown)


def settle_group(key, upto, *, by, is_right=False):
    """Settle the doubts of a group up to the newest that was shown; stories changed since their
    import stay as they are, and open."""
    if not permissions.can_settle_doubts(by):
        raise PermissionDenied
    doubts = waiting(by).filter(key=key, pk__lte=upto)
    if not is_right:
        doubts = doubts.filter(version=F("article__version"))
    numbers = doubts.order_by("pk").values_list("pk", "version")
    outcome = settle(dict(numbers[:MOST]), by=by, is_right=is_right)
    return outcome._replace(more=doubts.count() if outcome.done else 0)


def suggested(doubt):
    return Answer(tuple(doubt.names), doubt.is_organisation, doubt.role, doubt.relation, doubt.url)


def _locked(number, by):
    """A doubt and its story, both locked, the story first as everywhere; (None, None) of none."""
    rows = Doubt.objects.filter(pk=number).values_list("article")
    stories = permissions.visible_stories(by, Article.objects.select_for_update())
    story = stories.filter(pk__in=rows).first()
    doubt = story and Doubt.objects.select_for_update().filter(pk=number).first()
    return (doubt, story) if doubt else (None, None)


def _close(doubt, state, by, version=None):
    doubt.state, doubt.settled_by, doubt.settled_at = state, by, timezone.now()
    doubt.settled_version = version
    doubt.save()


def _accept(doubt, story, answer, by):
    content = versions.snapshot(story)
    rows = [_named(name, answer.is_organisation, doubt) for name in answer.names]
    if not rows:
        raise publishing.Refused([publishing.Problem("", _("A name is missing."))])
    if doubt.kind == Doubt.Kind.SOURCE:
        source = {
            "organisation_id": rows[0].pk,
            "relation": answer.relation,
            "url": answer.url,
        }
        if source not in content["citations"]:
            content["citations"].append(source)
    else:
        _credit(content, rows, answer)
    if answer.takes_line_out:
        content["fields"]["body"] = without_line(story.body, doubt.words)
    if content == versions.snapshot(story):
        _close(doubt, _STATE.ACCEPTED, by)
        return
    publishing.rewrite(story, by=by, content=content, move="credit", note=doubt.words)
    _close(doubt, _STATE.ACCEPTED, by, story.version)


def _credit(content, rows, answer):
    """Put the credits into the snapshot, in the place of who wrote it by the account."""
    new = [
        {
            "author_id": None if answer.is_organisation else row.pk,
            "organisation_id": row.pk if answer.is_organisation else None,
            "role": str(answer.role),
            "withheld": False,
        }
        for row in rows
    ]
    old = content["bylines"]
    if answer.role in WROTE:
        # Whose name is withheld stays: it was written here, and not by the account.
        gone = [row for row in old if row["role"] in WROTE and not row["withheld"]]
        old = [row for row in old if row not in gone]
    who = {(row["author_id"], row["organisation_id"], row["role"]) for row in old}
    new = [row for row in new if (row["author_id"], row["organisation_id"], row["role"]) not in who]
    content["bylines"] = [*new, *old] if answer.role in WROTE else [*old, *new]


def _named(name, is_organisation, doubt):
    """Who is called so, made where nobody is. Refused where several are, or none can be."""
    model = Organisation if is_organisation else Author
    name = " ".join(body.plain(name).split())
    if not name:
        raise publishing.Refused([publishing.Problem("", _("A name is missing."))])
    found = naming.find(model.objects.all(), name, numbers=False)
    if len(found) > 1:
        labels = ", ".join(naming.labels(found).values())
        words = _("Several are called %(name)s. Say which: %(labels)s")
        raise publishing.Refused([publishing.Problem("", words % {"name": name, "labels": labels})])
    if found:
        return found[0]
    if len(name) > LONGEST[model]:
        raise publishing.Refused([publishing.Problem("", _("This name is too long."))])
    if "@" in name or naming.plain(name) == naming.plain(doubt.account):
        words = _("A login or a mail address is no name to print.")
        raise publishing.Refused([publishing.Problem("", words)])
    return model.objects.create(name=name)


def line_in(html, words):
    """The paragraph of clean ``html`` that says just ``words``, if there is one such; else None."""
    found = [block for block in attribution.paragraphs(html) if attribution.plain(block) == words]
    return found[0] if len(found) == 1 and html.count(found[0]) == 1 else None


def without_line(html, words):
    line = line_in(html, words)
    left = html.replace(line, "") if line else ""
    if not body.text(left).strip():
        raise publishing.Refused(
            [publishing.Problem("body", _("The line stands no longer by itself in the text."))]
        )
    return left.strip()


def reopen(number, *, by):
    """Take back what settling a doubt did; what others changed since stays. Returns the Doubt, or
    None where it is open, or not to be known of. Raises PermissionDenied, Collided and Refused."""
    if not permissions.can_settle_doubts(by):
        raise PermissionDenied
    with transaction.atomic():
        merges.hold_off()
        doubt, story = _locked(number, by)
        if doubt is None or doubt.state == _STATE.OPEN:
            return None
        if doubt.settled_version is not None:
            as_before(story, doubt.settled_version, by=by, move="undo credit", note=doubt.words)
        doubt.state, doubt.version = _STATE.OPEN, story.version
        doubt.settled_by = doubt.settled_at = doubt.settled_version = None
        doubt.save()
    return doubt


def as_before(story, version, *, by, move, note=""):
    """Take back what made ``version`` of a story that is locked; what others changed since stays.
    Raises Collided and Refused."""
    before = versions.at(story, version - 1)
    if before is None or not permissions.can_edit(by, story):
        words = _("What the story was before is not kept, or not yours to change.")
        raise publishing.Refused([publishing.Problem("", words)])
    merged = publishing.settle(story, before, opened_at=version)
    publishing.rewrite(story, by=by, content=merged.content, move=move, note=note)
