"""Every change of a story's state: the only writer of ``status`` and of the dates of its life.

Each function takes the story and, by keyword, the person who does it (``by``); it checks the
permission, refuses with *all* that is in the way, writes the row, a Revision and a line of the
audit in one transaction, and sends ``article_changed`` after commit. What it wrote is on the
story that was passed in. Raises django's PermissionDenied, or Refused.
"""

import uuid
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from addresses.models import forward
from addresses.slugs import free_slug, slugify
from articles import permissions, versions
from articles.models import Article, Correction, Note, PreviewLink, Revision, Transition
from articles.signals import article_changed
from images.models import record_uses
from prose import body

LIFE = [
    "status",
    "published_at",
    "first_published_at",
    "address_date",
    "updated_at",
    "down_kind",
    "down_at",
    "down_reason",
    "down_note",
    "down_by_id",
    "down_shows_headline",
    "version",
    "entered_by_id",
    "entered_at",
    "guid",
    "translation_group",
    "source_ref",
    "is_restricted",
]


class Problem(NamedTuple):
    """What stands in the way of publication: the form's field, and a sentence about it."""

    field: str
    message: str


class Refused(ValidationError):
    """A move that cannot be made; ``problems`` lists all the reasons, not the first one."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__([problem.message for problem in self.problems])


class Stale(Exception):
    """A save of a version that somebody else has changed meanwhile; ``current`` is what is there."""

    def __init__(self, current):
        self.current = current
        super().__init__("changed meanwhile")


# What is missing


def problems(article):
    """What must be there before a first publication and is not: all of it, in the form's order."""
    found = []
    if not article.headline.strip():
        found.append(Problem("headline", _("The headline is missing.")))
    if not body.text(article.body):
        found.append(Problem("body", _("The body is empty.")))
    if not article.bylines.exists():
        found.append(Problem("bylines", _("Nobody is credited: add a person or an organisation.")))
    if article.section_id is None:
        found.append(Problem("section", _("The section is missing.")))
    if article.dateline_organisation_id and not article.dateline_place.strip():
        found.append(Problem("dateline_place", _("The dateline names an agency but no place.")))
    if article.lead_image_id and not article.lead_image.alt.strip():
        found.append(Problem("lead_image", _("The lead picture has no alternative text.")))
    if article.part is not None and article.series_id is None:
        found.append(Problem("series", _("A part is given, but no series.")))
    return found


def warnings(article):
    """What an editor should look at and may pass."""
    found = []
    if not article.regions.exists():
        found.append(Problem("regions", _("No region: the story will stand on no region's page.")))
    if not article.standfirst.strip():
        found.append(Problem("standfirst", _("No standfirst.")))
    if not article.tags.exists():
        found.append(Problem("tags", _("No tags.")))
    if len(article.headline) > 110:
        found.append(
            Problem(
                "headline",
                _("The headline is long: %(length)d of 110 characters.")
                % {"length": len(article.headline)},
            )
        )
    return found


# Writing


def save(article, *, by, opened_at=None):
    """Write the editable fields of a new or changed story; call ``record`` after its related rows.

    ``opened_at``: the version the form was opened at. Life fields of the object passed in are
    ignored. Raises PermissionDenied, Stale, or Refused where a typed slug is taken.
    """
    with transaction.atomic():
        old = Article.objects.select_for_update().filter(pk=article.pk).first()
        if old is None:
            _require(permissions.can_write(by))
            for name in LIFE:
                setattr(article, name, _default(name))
            article.entered_by_id = by.pk
            article.entered_at = timezone.now()
        else:
            _require(permissions.can_edit(by, old))
            if opened_at is not None and opened_at != old.version:
                raise Stale(old)
            for name in LIFE:
                setattr(article, name, getattr(old, name))
            if not permissions.can_set_embargo(by, old):
                article.embargo_until = old.embargo_until
            if article.embargo_until and article.is_scheduled:
                _set_time(article, max(article.published_at, article.embargo_until))
            article.version = old.version + 1
        if old is None and not permissions.is_editor(by):
            article.embargo_until = None
        _settle_slug(article, old)
        article.modified_at = timezone.now()
        article.save()
        if old is not None and old.get_absolute_url() and old.was_public:
            forward(old.get_absolute_url(), article.get_absolute_url())


def record(article, *, by, reason="", is_substantive=False):
    """Keep the saved story as a Revision and tell what readers may see of it, in one transaction.

    A substantive change of a live story moves ``updated_at``.
    """
    with transaction.atomic():
        if is_substantive and article.is_live:
            article.updated_at = timezone.now()
            article.save(update_fields=["updated_at"])
        _remember(article, by, reason, is_substantive)
        _record_uses(article)
        _announce(article, "save")


def _set_time(article, moment):
    """Let a story that is not public yet come out at ``moment``: its dates and address follow."""
    article.published_at = article.first_published_at = moment
    article.address_date = Article.date_of_address(moment)


def _settle_slug(article, old):
    """Give the story a slug: typed, or made from the headline while nothing public hangs on it."""
    typed = article.slug and (old is None or article.slug != old.slug)
    made = slugify(article.headline, article.language)
    if typed:
        article.slug = slugify(article.slug, article.language)
    elif not article.slug or (
        old is not None
        and not old.was_public
        and _was_made(old)
        and old.headline != article.headline
    ):
        article.slug = made
    if article.address_date is None:
        return
    others = _at_same_address(article)
    if typed and others(article.slug):
        free = free_slug(article.slug, others)
        raise Refused(
            [
                Problem(
                    "slug",
                    _("Another story of that day has this slug. Free is: %(slug)s")
                    % {"slug": free},
                )
            ]
        )
    article.slug = free_slug(article.slug, others)


def _was_made(article):
    made = slugify(article.headline, article.language)
    return article.slug == made or article.slug.startswith(f"{made}-")


def _at_same_address(article):
    """Whether a slug is taken on the story's day: by a story, or by an address that leads on."""
    same_day = Article.objects.filter(
        language=article.language, address_date=article.address_date
    ).exclude(pk=article.pk)
    return lambda slug: same_day.filter(slug=slug).exists()


def _default(name):
    field = Article._meta.get_field(name.removesuffix("_id"))
    return field.get_default() if not name.endswith("_id") else None


def _require(allowed):
    if not allowed:
        raise PermissionDenied


def _locked(article):
    return Article.objects.select_for_update().get(pk=article.pk)


def _move(article, move, *, by, note="", allowed=None, **fields):
    """Lock the row, check, write ``fields``, remember, announce. Runs inside a transaction."""
    story = _locked(article)
    if allowed is not None:
        _require(allowed(by, story))
    before = story.status
    for name, value in fields.items():
        setattr(story, name, value)
    story.version += 1
    story.modified_at = timezone.now()
    story.save()
    Transition.objects.create(
        article=story, move=move, before=before, after=story.status, by=by, note=body.plain(note)
    )
    _remember(story, by, move, False)
    _record_uses(story)
    for name in [*LIFE, "slug", "modified_at"]:
        setattr(article, name, getattr(story, name))
    _announce(story, move)
    return story


def _remember(article, by, reason, is_substantive):
    last = article.revisions.exclude(state__in=Revision.PENDING).first()
    # A story that is not live keeps its history as past versions: the row itself is the draft.
    state = Revision.State.LIVE if article.is_live else Revision.State.PAST
    if last is not None and last.state == Revision.State.LIVE:
        Revision.objects.filter(pk=last.pk).update(state=Revision.State.PAST)
    Revision.objects.create(
        article=article,
        version=article.version,
        by=by,
        reason=reason,
        is_substantive=is_substantive,
        content=versions.snapshot(article),
        based_on=last,
        state=state,
    )


def _record_uses(article):
    """Write from when on the pictures of a story, and the portraits beside it, may be served."""
    since = article.published_at if article.status in {"published", "retracted"} else None
    uses = [(article.lead_image_id, "lead", since)]
    uses += [(number, "body", since) for number in _known_images(article.body)]
    record_uses(f"story {article.pk}", uses)
    for byline in article.bylines.select_related("author__portrait"):
        if byline.author is not None:
            byline.author.record_portrait()


def _known_images(html):
    numbers = body.images_in(html)
    if not numbers:
        return []
    image = Article._meta.get_field("lead_image").related_model
    return image.objects.filter(pk__in=numbers).values_list("pk", flat=True)


def _announce(article, move):
    transaction.on_commit(
        lambda: article_changed.send(sender=Article, article=article.pk, move=move)
    )


# Before publication


def submit(article, *, by, note=""):
    """Hand a draft to the editors. Closes the note it was returned with."""
    with transaction.atomic():
        story = _locked(article)
        _require(permissions.can_submit(by, story))
        story.notes.filter(kind="return", closed_at=None).update(closed_at=timezone.now())
        _move(article, "submit", by=by, note=note, status=Article.Status.IN_REVIEW)


def take_back(article, *, by):
    """Make a submitted story a draft again."""
    with transaction.atomic():
        _move(
            article,
            "take back",
            by=by,
            allowed=permissions.can_take_back,
            status=Article.Status.DRAFT,
        )


def return_(article, *, by, note):
    """Give a story back to its writer, with what is to be done. The note must say something."""
    note = body.plain(note).strip()
    if not note:
        raise Refused([Problem("note", _("Say what is to be done."))])
    with transaction.atomic():
        _move(
            article,
            "return",
            by=by,
            note=note,
            allowed=permissions.can_return,
            status=Article.Status.DRAFT,
        )
        Note.objects.create(article=article, by=by, text=note, kind="return")


def approve(article, *, by):
    """Say that a story is ready to go out, without a time yet."""
    with transaction.atomic():
        _move(
            article,
            "approve",
            by=by,
            allowed=permissions.can_approve,
            status=Article.Status.READY,
        )


# Publication


def publish(article, *, by, at=None):
    """Make a story public at ``at`` (an aware datetime; now by default), never before its embargo.

    Refused with all that is missing. Publishing a scheduled story again moves its time.
    """
    with transaction.atomic():
        story = _locked(article)
        _require(permissions.can_publish(by, story))
        if missing := problems(story):
            raise Refused(missing)
        now = timezone.now()
        moment = max(at or now, story.embargo_until or at or now)
        if moment > now and at is None:
            raise Refused(
                [
                    Problem(
                        "embargo_until",
                        _(
                            "The story is under embargo: schedule it for the embargo's end or later."
                        ),
                    )
                ]
            )
        _set_time(story, moment)
        slug = free_slug(story.slug, _at_same_address(story))
        _move(
            article,
            "schedule" if moment > now else "publish",
            by=by,
            status=Article.Status.PUBLISHED,
            published_at=moment,
            first_published_at=moment,
            address_date=story.address_date,
            slug=slug,
            guid=story.guid or new_guid(story),
        )


def unschedule(article, *, by):
    """Take a story off its time: it is ready again, and leaves no trace of an address."""
    with transaction.atomic():
        _move(
            article,
            "unschedule",
            by=by,
            allowed=permissions.can_unschedule,
            status=Article.Status.READY,
            published_at=None,
            first_published_at=None,
            address_date=None,
        )


def new_guid(article):
    """A ``tag:`` URI (RFC 4151) that stays with the story whatever its address becomes."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{timezone.now():%Y-%m-%d}:story/{article.pk or uuid.uuid4()}"


def change_date(article, *, by, date):
    """Move the date in a published story's address; the old address leads to the new one."""
    with transaction.atomic():
        story = _locked(article)
        _require(permissions.can_change_address(by, story) and story.address_date is not None)
        old = story.get_absolute_url()
        story.address_date = date
        slug = free_slug(story.slug, _at_same_address(story))
        written = _move(article, "change date", by=by, address_date=date, slug=slug)
        if story.was_public:
            forward(old, written.get_absolute_url())


def correct(article, *, by, kind, text, supersedes=None, at=None):
    """Put a mistake right in public: an entry that stays with the story for ever. Returns it.

    ``supersedes``: an earlier entry of the same story that this one takes the place of.
    ``at``: when it was issued, for entries that come from elsewhere; now by default.
    """
    text = body.plain(text).strip()
    found = []
    if kind not in Correction.Kind.values:
        found.append(Problem("kind", _("Choose the kind of correction.")))
    if not text:
        found.append(Problem("text", _("Say what was wrong and what is right.")))
    if supersedes is not None and (
        supersedes.article_id != article.pk or hasattr(supersedes, "superseded_by")
    ):
        found.append(Problem("supersedes", _("That entry has been superseded already.")))
    if found:
        raise Refused(found)
    with transaction.atomic():
        now = at or timezone.now()
        _move(article, "correct", by=by, note=text, allowed=permissions.can_correct, updated_at=now)
        return Correction.objects.create(
            article_id=article.pk,
            kind=kind,
            text=text,
            issued_by=by,
            published_at=now,
            supersedes=supersedes,
        )


# Taking down


def pull(article, *, by, note=""):
    """Take a live story off the site while it is checked: 404, no headline, no reason."""
    with transaction.atomic():
        _move(
            article,
            "pull",
            by=by,
            note=note,
            allowed=permissions.can_pull,
            status=Article.Status.PULLED,
            down_kind="pulled",
            down_at=timezone.now(),
            down_note=body.plain(note),
            down_by=by,
        )


def release(article, *, by):
    """Let a pulled story back with its old times and guid, and without a new event."""
    with transaction.atomic():
        _move(
            article,
            "release",
            by=by,
            allowed=permissions.can_release,
            status=Article.Status.PUBLISHED,
            down_kind="",
            down_at=None,
            down_note="",
            down_by=None,
        )


def withdraw(article, *, by, reason, note="", shows_headline=True):
    """Take a story down for good: 410 with a public reason, its headline shown or not."""
    with transaction.atomic():
        _go_down(
            article,
            "withdraw",
            "withdrawn",
            by,
            permissions.can_withdraw,
            reason,
            note,
            down_shows_headline=shows_headline,
        )


def retract(article, *, by, reason, note=""):
    """Leave the page standing under a notice that we no longer stand by it."""
    with transaction.atomic():
        _go_down(article, "retract", "retracted", by, permissions.can_retract, reason, note)
        Correction.objects.create(
            article_id=article.pk,
            kind=Correction.Kind.RETRACTION,
            text=article.down_reason,
            issued_by=by,
            published_at=article.down_at,
        )


def _go_down(article, move, status, by, allowed, reason, note, **fields):
    reason = body.plain(reason).strip()
    if not reason:
        raise Refused([Problem("reason", _("Give the reason that readers will see."))])
    _move(
        article,
        move,
        by=by,
        note=reason,
        allowed=allowed,
        status=status,
        down_kind=status,
        down_at=timezone.now(),
        down_reason=reason,
        down_note=body.plain(note),
        down_by=by,
        updated_at=timezone.now(),
        **fields,
    )


def spike(article, *, by, note=""):
    """Put away a story that will not run: it leaves every list and is kept."""
    with transaction.atomic():
        _move(
            article,
            "spike",
            by=by,
            note=note,
            allowed=permissions.can_spike,
            status=Article.Status.SPIKED,
        )


def unspike(article, *, by):
    """Take a spiked story up again, as a draft."""
    with transaction.atomic():
        _move(
            article,
            "unspike",
            by=by,
            allowed=permissions.can_unspike,
            status=Article.Status.DRAFT,
        )


# The next version of a live story


def propose(article, *, by, content, reason=""):
    """Keep ``content`` (see articles.versions) as the next version of a live story; returns it.

    An editor's is a working version, a reporter's waits for an editor. There is one at a time.
    """
    with transaction.atomic():
        story = _locked(article)
        _require(permissions.can_propose(by, story))
        if versions.pending(story) is not None:
            raise Refused([Problem("", _("There is a next version of this story already."))])
        content["fields"]["body"] = body.clean(content["fields"]["body"])
        return Revision.objects.create(
            article=story,
            version=story.version,
            by=by,
            reason=reason,
            content=content,
            based_on=story.revisions.exclude(state__in=Revision.PENDING).first(),
            state="working" if permissions.is_editor(by) else "in_review",
        )


def approve_version(article, *, by, at=None):
    """Let the next version go live at ``at`` (now by default)."""
    with transaction.atomic():
        story = _locked(article)
        _require(permissions.can_approve_version(by, story))
        version = versions.pending(story)
        if version is None:
            raise Refused([Problem("", _("There is no next version of this story."))])
        version.state, version.due_at = Revision.State.APPROVED, at or timezone.now()
        version.save()
        apply_due()
    article.refresh_from_db()


def drop_version(article, *, by):
    """Let go of the next version; readers keep what they see."""
    with transaction.atomic():
        story = _locked(article)
        _require(permissions.can_propose(by, story))
        version = versions.pending(story)
        if version is not None:
            _require(permissions.is_editor(by) or version.by_id == by.pk)
            Revision.objects.filter(pk=version.pk).update(state=Revision.State.DROPPED, due_at=None)


def apply_due(now=None):
    """Write every approved next version whose time has come onto its story; returns how many.

    Locked and idempotent: called before any public answer and by the worker, the only write that
    reading a page may cause. A version whose story is no longer live waits until it is again.
    """
    now = now or timezone.now()
    written = 0
    due = Revision.objects.filter(state=Revision.State.APPROVED, due_at__lte=now)
    for number in due.values_list("pk", flat=True):
        with transaction.atomic():
            version = (
                Revision.objects.select_for_update()
                .filter(pk=number, state=Revision.State.APPROVED)
                .first()
            )
            if version is None:
                continue
            story = _locked(version.article)
            if not story.is_live:
                continue
            address = story.get_absolute_url()
            version.content["fields"]["slug"] = free_slug(
                version.content["fields"]["slug"], _at_same_address(story)
            )
            versions.restore(story, version.content)
            Revision.objects.filter(pk=number).update(state=Revision.State.PAST)
            fields = {"updated_at": version.due_at} if version.is_substantive else {}
            story = _move(story, "next version", by=version.by, **fields)
            forward(address, story.get_absolute_url())
            written += 1
    return written


# Restriction


def restrict(article, *, by, people):
    """Open a story to the named logins and chief editors only; nobody named lifts it."""
    with transaction.atomic():
        story = _locked(article)
        _require(permissions.can_restrict(by, story))
        story.restricted_to.set(people)
        _move(article, "restrict", by=by, is_restricted=bool(people))


# Purging


def purge(article, *, by, revisions):
    """Take the content of old versions away for good, and all that anybody typed and did not save.

    ``revisions``: their primary keys; of them those that versions.purgeable allows. That there was
    a version, whose, when, and that it was purged by whom, stays.
    """
    with transaction.atomic():
        story = _locked(article)
        _require(permissions.can_purge(by, story))
        chosen = list(versions.purgeable(story).filter(pk__in=revisions).order_by("pk"))
        if not chosen:
            raise Refused([Problem("versions", _("Choose the versions to be purged."))])
        now, keys = timezone.now(), [revision.pk for revision in chosen]
        PreviewLink.objects.filter(revision__in=keys, revoked_at=None).update(revoked_at=now)
        Revision.objects.filter(pk__in=keys).update(content={}, reason="", purged_at=now)
        story.autosaves.all().delete()
        Transition.objects.create(
            article=story,
            move="purge",
            before=story.status,
            after=story.status,
            by=by,
            note=", ".join(str(revision.version) for revision in chosen),
        )
