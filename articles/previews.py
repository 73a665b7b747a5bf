"""Looks at a story that is not public: links that show a version of it to whoever holds them, and
the story as a version or a form has it, made without writing anything."""

import datetime
import hashlib
import secrets

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from addresses.slugs import slugify
from articles import permissions, versions
from articles.models import Article, Byline, Citation, PreviewLink, Region, Revision, Tag
from articles.models.tag import tag_key
from authors.models import Author, Organisation
from prose import body

LASTS = datetime.timedelta(hours=72)

# Links


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()


def share(article, *, by, revision=None, lasts=LASTS):
    """A new token for ``/preview/<token>/``: 128 random bits, of which only a hash is kept.

    It shows ``revision`` of the story, by default the newest that was saved, and nothing later.
    """
    newest = versions.current(article)
    revision = revision or newest
    if not permissions.can_share_preview(by, article):
        raise PermissionDenied
    if revision != newest and not permissions.can_see_history(by, article):
        raise PermissionDenied
    if revision is None or revision.article_id != article.pk or revision.purged_at is not None:
        raise PermissionDenied
    token = secrets.token_urlsafe(16)
    PreviewLink.objects.create(
        article=article,
        revision=revision,
        by=by,
        token_hash=_hash(token),
        expires_at=timezone.now() + lasts,
    )
    return token


def open_links(article):
    """Links of a story that open it at this moment, as far as their time goes; newest first."""
    return article.preview_links.filter(expires_at__gt=timezone.now(), revoked_at=None)


def revoke(article, *, by, link=None):
    """End a link of a story at once, or all of them (``link=None``); returns how many ended.

    ``link``: its primary key.
    """
    if not permissions.can_revoke_preview(by, article):
        raise PermissionDenied
    ended = open_links(article)
    if link is not None:
        ended = ended.filter(pk=link)
    return ended.update(revoked_at=timezone.now())


def find(token):
    """The PreviewLink of a token, or None: unknown, expired and revoked ones look the same.

    A link holds only while whoever made it could still share the story: not once it was taken
    down, put under embargo or restricted, nor when their account is closed. And while there is the
    version that it shows.
    """
    link = (
        PreviewLink.objects.filter(
            token_hash=_hash(token),
            expires_at__gt=timezone.now(),
            revoked_at=None,
            revision__purged_at=None,
            revision__isnull=False,
        )
        .select_related("article", "by", "revision")
        .first()
    )
    if link is None or not permissions.can_share_preview(link.by, link.article):
        return None
    return link


# The story as a version or a form has it


def as_of(article, content):
    """The story as a snapshot has it, ready for its page; not to be saved.

    Related things that are gone are left out, and no name is printed that is withheld by now.
    """
    story = Article.objects.get(pk=article.pk)
    known = versions.related(content)
    versions.set_fields(story, content)
    for name, model in versions.RELATIONS.items():
        setattr(story, name, known.get(model, content["relations"][name]))
    hidden = versions.withheld(story)
    bylines = [
        Byline(
            article=story,
            author=known.get(Author, row["author_id"]),
            organisation=known.get(Organisation, row["organisation_id"]),
            role=row["role"],
            withheld=row["withheld"] or row["author_id"] in hidden,
        )
        for row in content["bylines"]
    ]
    citations = [
        Citation(article=story, organisation=organisation, relation=row["relation"], url=row["url"])
        for row in content["citations"]
        if (organisation := known.get(Organisation, row["organisation_id"]))
    ]
    return _with(
        story,
        bylines=[b for b in bylines if b.author or b.organisation],
        citations=citations,
        regions=[known.get(Region, key) for key in content["regions"]],
        tags=[known.get(Tag, key) for key in content["tags"]],
        corrections=list(story.corrections.all()),
    )


def foreseen(stories, at):
    """Stories as they will be at a moment: with the next versions that go live until then."""
    due = Revision.objects.filter(
        state=Revision.State.APPROVED, due_at__lte=at, article__in=[story.pk for story in stories]
    )
    contents = dict(due.values_list("article", "content"))
    return [
        as_of(story, contents[story.pk]) if story.pk in contents else story for story in stories
    ]


def as_typed(form):
    """The story as a bound form of it has it, ready for its page; nothing is written.

    What is new in it (people, organisations, tags) stands with its typed name. What cannot be
    understood is left out, or stands as it was saved.
    """
    form.is_valid()
    story, cleaned, new = form.instance, getattr(form, "cleaned_data", {}), _New()
    is_saved = story.pk is not None
    saved = Article.objects.get(pk=story.pk) if is_saved else None
    for name in ("headline", "standfirst"):
        if name not in cleaned:
            setattr(story, name, body.plain(form.data.get(name, ""))[:1000])
    for name in ("dateline_organisation", "paid_by", "series"):
        if getattr(story, name) is not None:
            setattr(story, name, new.named(getattr(story, name)))
    related = {
        "bylines": _bylines(story, form, saved, new),
        "citations": _citations(story, form.sources, saved, new),
        "regions": _typed_or_saved(cleaned, saved, "regions"),
        "tags": _tags(cleaned["tags"], new) if "tags" in cleaned else _of(saved, "tags"),
        "corrections": _of(saved, "corrections"),
    }
    if not is_saved:
        story.pk = new.number()
    return _with(story, **related)


class _New:
    """Numbers that no row has, for things that are not to be saved."""

    def __init__(self):
        self._last = 0

    def number(self):
        self._last -= 1
        return self._last

    def named(self, thing):
        """A thing, with what a page needs of it where it is new."""
        if thing.pk is None:
            thing.pk = self.number()
            thing.slug = slugify(thing.name, fallback="new")
        return thing


def _with(story, *, regions, tags, **related):
    """The story with its related things in hand, so that no page asks the database for them."""
    regions = sorted((r for r in regions if r is not None), key=lambda region: region.path)
    tags = sorted((t for t in tags if t is not None), key=lambda tag: tag.name.casefold())
    story._prefetched_objects_cache = related | {"regions": regions, "tags": tags}
    return story


def _of(saved, name):
    return list(getattr(saved, name).all()) if saved is not None else []


def _typed_or_saved(cleaned, saved, name):
    return cleaned[name] if name in cleaned else _of(saved, name)


def _tags(names, new):
    keys = {tag_key(name): name for name in names}
    found = Tag.objects.filter(key__in=keys).select_related("merged_into")
    known = {tag.key: tag.merged_into or tag for tag in found}
    return [known.get(key) or new.named(Tag(name=name)) for key, name in keys.items() if key]


def _rows(rows, kind, new):
    """The rows of a form in their order, as (thing, form); an unknown name as a thing of ``kind``."""
    typed = []
    for number, form in enumerate(rows.forms):
        form.is_valid()
        cleaned = getattr(form, "cleaned_data", {})
        name = body.plain(" ".join(form.data.get(form.add_prefix("name"), "").split()))[:120]
        thing = form.thing or (kind(name=name) if name else None)
        if thing is not None and not cleaned.get("DELETE"):
            position = cleaned.get("position")
            typed.append((number if position is None else position, number, thing, form))
    typed.sort(key=lambda row: row[:2])
    return [(new.named(thing), form) for _position, _number, thing, form in typed]


def _bylines(story, form, saved, new):
    if not form.credits.is_bound:
        return list(saved.bylines.for_printing()) if saved is not None else []
    present = form.began["bylines"] if form.began else []
    found = []
    for thing, row in _rows(form.credits, Author, new):
        who = {"author": thing} if isinstance(thing, Author) else {"organisation": thing}
        withheld = form.credits.is_withheld(row, thing, present)
        role = row.cleaned_data.get("role") or Byline.Role.AUTHOR
        found.append(Byline(article=story, role=role, withheld=withheld, **who))
    return found


def _citations(story, rows, saved, new):
    if not rows.is_bound:
        return list(saved.citations.select_related("organisation")) if saved is not None else []
    return [
        Citation(
            article=story,
            organisation=thing,
            relation=row.cleaned_data.get("relation") or Citation.Relation.CITES,
            url=row.cleaned_data.get("url") or "",
        )
        for thing, row in _rows(rows, Organisation, new)
    ]
