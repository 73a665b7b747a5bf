"""Every change of a story's state: the only writer of ``status`` and of the dates of its life.

Each function takes the story and, by keyword, the person who does it (``by``); it checks the
permission, refuses with *all* that is in the way, writes the row, a Revision and a line of the
audit in one transaction, and sends ``article_changed`` after commit. What it wrote is on the
story that was passed in. Raises django's PermissionDenied, or Refused.
"""

import datetime
import uuid
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from addresses.models import forward
from addresses.slugs import free_slug, slugify
from articles import clock, merges, merging, notices, originals, permissions, sources, versions
from articles.models import (
    Article,
    Byline,
    Correction,
    Note,
    PreviewLink,
    Revision,
    Transition,
)
from articles.search import index
from articles.signals import article_changed
from authors.models import Organisation
from images.alt import is_file_name, repeats
from images.models import record_uses
from prose import body

GOOD_HEADLINE = 110  # characters; the desk counts them and warns above
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
    """What stands in the way of publication: the form's field, and a sentence about it.

    ``code`` names a warning that is to be passed, and tells those of one field apart.
    """

    field: str
    message: str
    code: str = ""


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


class Collided(Exception):
    """A save of what somebody else has changed as well; nothing of it is written.

    ``collisions``: see articles.merging. ``theirs``: the Revision with what stands there.
    """

    def __init__(self, collisions, theirs):
        self.collisions, self.theirs = list(collisions), theirs
        super().__init__("changed by two at once")


# What is missing


def problems(article, *, is_credited=None):
    """What must be there before a first publication and is not: all of it, in the form's order.

    ``is_credited``: whether anybody is, for a story whose credits are not written yet.
    """
    found = []
    if not article.headline.strip():
        found.append(Problem("headline", _("The headline is missing.")))
    if not body.text(article.body):
        found.append(Problem("body", _("The body is empty.")))
    if not (article.bylines.exists() if is_credited is None else is_credited):
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
    """What an editor should look at. What has a code is asked about before the story goes out, and
    may be passed by it; the rest is said only.
    """
    found = []
    if not article.regions.exists():
        found.append(
            Problem(
                "regions", _("No region: the story will stand on no region's page."), "no region"
            )
        )
    if not article.standfirst.strip():
        found.append(Problem("standfirst", _("No standfirst.")))
    if not article.tags.exists():
        found.append(Problem("tags", _("No tags.")))
    if len(article.headline) > GOOD_HEADLINE:
        found.append(
            Problem(
                "headline",
                _("The headline is long: %(length)d of %(most)d characters.")
                % {"length": len(article.headline), "most": GOOD_HEADLINE},
                "long headline",
            )
        )
    found += _about_pictures(article)
    found += untranslated(article)
    for organisation in sources.unlinked(article):
        found.append(
            Problem(
                "citations",
                _("%(name)s stands in the text and is not among the sources.")
                % {"name": organisation},
                f"source {organisation.pk}",
            )
        )
    return found


def _about_pictures(article):
    """Warnings of alternative texts that say nothing: of the lead picture, and those in the text."""
    inside = [number for number in body.images_in(article.body) if number != article.lead_image_id]
    pictures = [("lead_image", article.lead_image)] if article.lead_image_id else []
    if inside:
        image = Article._meta.get_field("lead_image").related_model
        pictures += [("body", each) for each in image.objects.filter(pk__in=inside)]
    for field, picture in pictures:
        alt = picture.alt.strip()
        captions = [picture.caption, article.lead_caption if field == "lead_image" else ""]
        if not alt and field == "lead_image":
            continue  # that is a stop: see problems
        if not alt:
            said = _("Picture %(number)d has no alternative text.")
        elif is_file_name(alt):
            said = _("The alternative text of picture %(number)d is the name of a file.")
        elif any(repeats(alt, caption) for caption in captions):
            said = _("The alternative text of picture %(number)d repeats its caption.")
        else:
            continue
        yield Problem(field, said % {"number": picture.pk}, f"alt {picture.pk}")


def untranslated(article):
    """Warnings of what a translation still has in the words of its original."""
    if article.translated_from_id is None:
        return
    is_headline, paragraphs = originals.left(article)
    if is_headline:
        yield Problem(
            "headline", _("The headline is still the original's."), "untranslated headline"
        )
    if paragraphs:
        yield Problem(
            "body",
            ngettext(
                "%(number)d paragraph is still in the words of the original.",
                "%(number)d paragraphs are still in the words of the original.",
                paragraphs,
            )
            % {"number": paragraphs},
            "untranslated",
        )


# Writing


def save(article, *, by, opened_at=None, guarded_as=None):
    """Write the editable fields of a new or changed story; call ``record`` after its related rows.

    ``opened_at``: the version the form was opened at. ``guarded_as``: another story, whose embargo
    and restriction a new one begins with. Life fields of the object passed in are ignored. Raises
    PermissionDenied, Stale, or Refused where a typed slug is taken.
    """
    with transaction.atomic():
        merges.hold_off()
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
        if old is None and guarded_as is not None:
            article.embargo_until = guarded_as.embargo_until if guarded_as.is_embargoed else None
            article.is_restricted = guarded_as.is_restricted
        _settle_slug(article, old)
        _name_successors(article, old)
        article.modified_at = timezone.now()
        _write(article, old)
        if old is None and article.is_restricted:
            article.restricted_to.set(guarded_as.restricted_to.all())
            _audit(article, "restrict", by)
        if article.assigned_to_id not in {None, old and old.assigned_to_id}:
            notices.tell(article, "assign", by=by)
        if old is not None and old.get_absolute_url() and old.was_public:
            forward(old.get_absolute_url(), article.get_absolute_url())


def hold(article):
    """Lock a story and its other languages, for who may change several of them. Returns the story.

    Before anything else is locked and always in the same order, so that two who take the same do not
    wait for each other.
    """
    merges.hold_off()
    if article.translation_group is not None:
        group = Article.objects.filter(translation_group=article.translation_group)
        list(group.select_for_update().order_by("pk").values_list("pk"))
    return _locked(article)


def settle(article, content, *, opened_at, saved_at=None, choices=None):
    """Merge what is to be saved with what was saved since ``opened_at``, a version of the story.

    ``saved_at``: the version that the same form made when it was sent before, or None: who went on
    typing while it was on its way does not collide with themselves.

    Runs in the transaction of the save, and locks the story for it. ``content``: a snapshot;
    ``choices``: see articles.merging. Returns a Merged with nothing open. Raises Collided.
    """
    story = hold(article)
    if opened_at == story.version:
        return merging.Merged(content, [], [])
    base = versions.said(story, opened_at, saved_at) or versions.NOTHING
    return _merged(base, content, versions.snapshot(story), choices, versions.current(story))


class Proposed(NamedTuple):
    """``version``: the Revision; ``taken``: names of what others changed and what came in with it."""

    version: Revision
    taken: list[str]


def _merged(base, mine, theirs, choices, revision):
    merged = _of_three(base, mine, theirs, choices)
    if merged.open:
        raise Collided(merged.open, revision)
    return merged


def _of_three(base, mine, theirs, choices=None):
    """Three snapshots merged, each with the successor of who was merged since it was made."""
    known = versions.related(base, mine, theirs)
    contents = (versions.present(content, known)[0] for content in (base, mine, theirs))
    return merging.merge(*contents, choices)


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
        _withhold_elsewhere(article, by)


def rewrite(article, *, by, content, move, note=""):
    """Write a snapshot onto a story that is locked, as ``move`` in its versions and in its audit.
    Raises PermissionDenied."""
    versions.set_fields(article, content)
    save(article, by=by)
    versions.set_rows(article, content)
    record(article, by=by, reason=move)
    _audit(article, move, by, note)


def _withhold_elsewhere(article, by):
    """Let who is withheld in a story be named in none of its other languages, whoever may edit those.

    The other way round nothing is done: a name is shown again in each language by itself.
    """
    if article.translation_group is None:
        return
    withheld = article.bylines.filter(withheld=True, author__isnull=False).values("author")
    named = Byline.objects.filter(author__in=withheld, withheld=False)
    group = Article.objects.filter(translation_group=article.translation_group)
    for story in group.exclude(pk=article.pk).filter(pk__in=named.values("article")).order_by("pk"):
        story.bylines.filter(author__in=withheld).update(withheld=True)
        _move(story, "withhold", by=by)


def _set_time(article, moment):
    """Let a story that is not public yet come out at ``moment``: its dates and address follow."""
    article.published_at = article.first_published_at = moment
    article.address_date = Article.date_of_address(moment)


def make_public(article, at):
    """Let a new story that comes from elsewhere be public since ``at``, in memory; nothing is written.

    The day in its address and its guid may be set. Raises ValueError for a moment to come.
    """
    if at > timezone.now():
        raise ValueError(f"a story that arrives is no news of tomorrow: {at}")
    day = article.address_date
    article.status = Article.Status.PUBLISHED
    _set_time(article, at)
    article.address_date = day or article.address_date
    article.guid = article.guid or new_guid(article)


def _name_successors(article, old):
    """Let the story name, for organisations that are new to it, those they were merged into."""
    names = [
        name
        for name in ("dateline_organisation_id", "paid_by_id")
        if (number := getattr(article, name)) and (old is None or number != getattr(old, name))
    ]
    if names:
        merged = versions.successors(Organisation, {getattr(article, name) for name in names})
        for name in names:
            setattr(article, name, merged.get(getattr(article, name), getattr(article, name)))


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
    others = at_same_address(article)
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


def _write(article, old):
    """Save the row; where another story takes its slug at this moment, with one that is free."""
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError:
        if not at_same_address(article)(article.slug):
            raise
        _settle_slug(article, old)
        article.save()


def _move_to_free_slug(article, story, move, **fields):
    """``_move`` with a slug that is free on ``story``'s day, also where another story takes the one
    that was free just now."""
    while True:
        slug = free_slug(story.slug, at_same_address(story))
        try:
            with transaction.atomic():
                return _move(article, move, slug=slug, address_date=story.address_date, **fields)
        except IntegrityError:
            if not at_same_address(story)(slug):
                raise


def _was_made(article):
    made = slugify(article.headline, article.language)
    return article.slug == made or article.slug.startswith(f"{made}-")


def at_same_address(article):
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
    if before == Article.Status.DRAFT != story.status:
        _close_returns(story)
    notices.tell(story, move, by=by, text=body.plain(note))
    _remember(story, by, move, False)
    _record_uses(story)
    for name in [*LIFE, "slug", "modified_at"]:
        setattr(article, name, getattr(story, name))
    _announce(story, move)
    return story


def _close_returns(article):
    """What was to be done is done: the notes that returned a story are open no more."""
    article.notes.filter(kind="return", closed_at=None).update(closed_at=timezone.now())


def _remember(article, by, reason, is_substantive):
    last = versions.current(article)
    # A story that is not live keeps its history as past versions: the row itself is the draft.
    state = Revision.State.LIVE if article.is_live else Revision.State.PAST
    if last is not None and last.state == Revision.State.LIVE:
        Revision.objects.filter(pk=last.pk).update(state=Revision.State.PAST)
    now = Revision.objects.create(
        article=article,
        version=article.version,
        by=by,
        reason=reason,
        is_substantive=is_substantive,
        content=versions.snapshot(article),
        based_on=last,
        state=state,
    )
    pending = versions.pending(article)
    if pending is not None:
        _carry(pending, now)


def _carry(pending, now):
    """Put what readers see now into the next version, so that it does not undo it one day.

    Where both changed the same place, a person has to decide: the next version is no longer due.
    """
    base = pending.based_on.content if pending.based_on else None
    merged = _of_three(base or versions.NOTHING, pending.content, now.content)
    if merged.open:
        if pending.state == Revision.State.APPROVED:
            pending.state, pending.due_at = Revision.State.WORKING, None
            _audit(now.article, "unschedule version", now.by)
    else:
        pending.content, pending.based_on = merged.content, now
    pending.save()


def _record_uses(article):
    """Write from when on the pictures of a story, and the portraits beside it, may be served."""
    record_uses(f"story {article.pk}", uses_of(article))
    for byline in article.bylines.select_related("author__portrait"):
        if byline.author is not None:
            byline.author.record_portrait()


def uses_of(article):
    """The pictures of a story as ``images.models.record_uses`` takes them."""
    since = article.published_at if article.status in {"published", "retracted"} else None
    uses = [(article.lead_image_id, "lead", since)] if article.lead_image_id else []
    return uses + [(number, "body", since) for number in _known_images(article.body)]


def _known_images(html):
    numbers = body.images_in(html)
    if not numbers:
        return []
    image = Article._meta.get_field("lead_image").related_model
    return image.objects.filter(pk__in=numbers).values_list("pk", flat=True)


def _announce(article, move):
    index.refresh([article.pk])
    transaction.on_commit(
        lambda: article_changed.send(sender=Article, article=article.pk, move=move)
    )


# Before publication


def submit(article, *, by, note=""):
    """Hand a draft to the editors. Closes the note it was returned with."""
    with transaction.atomic():
        story = _locked(article)
        _require(permissions.can_submit(by, story))
        note = body.plain(note).strip()
        _move(article, "submit", by=by, note=note, status=Article.Status.IN_REVIEW)
        if note:
            Note.objects.create(article=article, by=by, text=note, kind="submit")


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


def take(article, *, by):
    """Assign a story that nobody is assigned to to oneself."""
    with transaction.atomic():
        _move(article, "take", by=by, allowed=permissions.can_take, assigned_to=by)
        article.assigned_to = by


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
                            "The story is under embargo until %(time)s: schedule it for then or later."
                        )
                        % {"time": clock.text_with_weekday(story.embargo_until)},
                    )
                ]
            )
        _set_time(story, moment)
        _move_to_free_slug(
            article,
            story,
            "schedule" if moment > now else "publish",
            by=by,
            status=Article.Status.PUBLISHED,
            published_at=moment,
            first_published_at=moment,
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
        written = _move_to_free_slug(article, story, "change date", by=by)
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
    elif supersedes is not None and kind != supersedes.kind == Correction.Kind.RETRACTION:
        found.append(Problem("supersedes", _("The notice of a retraction stays.")))
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


def pull(article, *, by, note="", at=None):
    """Take a live story off the site while it is checked: 404, no headline, no reason.

    ``at``: the moment that those taken down together share; now by default. The same below.
    """
    with transaction.atomic():
        _move(
            article,
            "pull",
            by=by,
            note=note,
            allowed=permissions.can_pull,
            status=Article.Status.PULLED,
            down_kind="pulled",
            down_at=at or timezone.now(),
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


def withdraw(article, *, by, reason, note="", shows_headline=True, at=None):
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
            at,
            down_shows_headline=shows_headline,
        )


def retract(article, *, by, reason, note="", at=None):
    """Leave the page standing under a notice that we no longer stand by it."""
    with transaction.atomic():
        _go_down(article, "retract", "retracted", by, permissions.can_retract, reason, note, at)
        Correction.objects.create(
            article_id=article.pk,
            kind=Correction.Kind.RETRACTION,
            text=article.down_reason,
            issued_by=by,
            published_at=article.down_at,
        )


def _go_down(article, move, status, by, allowed, reason, note, at, **fields):
    at = at or timezone.now()
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
        down_at=at,
        down_reason=reason,
        down_note=body.plain(note),
        down_by=by,
        updated_at=at,
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


def propose(
    article,
    *,
    by,
    content,
    reason="",
    began=None,
    opened_at=None,
    choices=None,
    is_substantive=True,
):
    """Keep ``content`` (a snapshot, see articles.versions) as the next version of a live story.

    Readers go on seeing what they see. There is one next version at a time: ``began`` is the
    Revision that the writer had before them, or None where they began from what readers see, at
    version ``opened_at`` (now by default). What others did meanwhile is merged (``choices``: see
    articles.merging). Returns a Proposed. Raises PermissionDenied, Collided.
    """
    with transaction.atomic():
        story = hold(article)
        old = versions.pending(story)
        _require(permissions.can_edit_version(by, story, old))
        content["fields"]["body"] = body.clean(content["fields"]["body"])
        row = versions.current(story)
        base = began.content if began else versions.at(story, opened_at or story.version)
        base = base or versions.NOTHING
        taken = []
        if old is not None:
            if old != began:
                content, taken, _open = _merged(base, content, old.content, choices, old)
            base = (old.based_on and old.based_on.content) or versions.NOTHING
        elif began is not None and not _went_live(began):
            base = (began.based_on and began.based_on.content) or versions.NOTHING
        content, more, _open = _merged(base, content, row.content, choices, row)
        if old is not None:
            Revision.objects.filter(pk=old.pk).update(state=Revision.State.DROPPED)
        version = Revision.objects.create(
            article=story,
            version=story.version,
            by=by,
            reason=reason,
            content=content,
            is_substantive=is_substantive,
            based_on=row,
            state=old.state if old else Revision.State.WORKING,
            due_at=old.due_at if old else None,
        )
        if old is None:
            _audit(story, "begin version", by)
        return Proposed(version, list(dict.fromkeys([*taken, *more])))


def _went_live(version):
    """Whether a next version that is none any more became what readers see, or was let go."""
    ends = version.article.transitions.filter(
        move__in=["next version", "drop version"], at__gte=version.at
    )
    return ends.values_list("move", flat=True).first() == "next version"


def _audit(story, move, by, note=""):
    """A line of the audit for what happens beside the row: its own state stays as it is."""
    Transition.objects.create(
        article=story,
        move=move,
        before=story.status,
        after=story.status,
        by=by,
        note=body.plain(note),
    )
    notices.tell(story, move, by=by, text=body.plain(note))


def _move_version(article, move, *, by, allowed, state, note="", due_at=None):
    """Bring the next version of a story into another state. Returns it."""
    with transaction.atomic():
        story = _locked(article)
        version = versions.pending(story)
        if version is None:
            raise Refused([Problem("", _("There is no next version of this story."))])
        _require(allowed(by, story))
        version.state, version.due_at = state, due_at
        version.save(update_fields=["state", "due_at"])
        _audit(story, move, by, note)
        return version


def submit_version(article, *, by, note=""):
    """Hand the next version of a live story to the editors. Closes the note it was returned with."""
    note = body.plain(note).strip()
    with transaction.atomic():
        _move_version(
            article,
            "submit version",
            by=by,
            note=note,
            allowed=permissions.can_submit_version,
            state=Revision.State.IN_REVIEW,
        )
        _close_returns(article)
        if note:
            Note.objects.create(article=article, by=by, text=note, kind="submit")


def take_back_version(article, *, by):
    """Make a submitted next version one that is being written again."""
    _move_version(
        article,
        "take back version",
        by=by,
        allowed=permissions.can_take_back_version,
        state=Revision.State.WORKING,
    )


def return_version(article, *, by, note):
    """Give the next version back to its writer, with what is to be done."""
    note = body.plain(note).strip()
    if not note:
        raise Refused([Problem("note", _("Say what is to be done."))])
    with transaction.atomic():
        _move_version(
            article,
            "return version",
            by=by,
            note=note,
            allowed=permissions.can_return_version,
            state=Revision.State.RETURNED,
        )
        Note.objects.create(article=article, by=by, text=note, kind="return")


def approve_version(article, *, by, at=None):
    """Let the next version go live at ``at`` (now by default).

    Refused where readers see something else by now in a place that it changes as well.
    """
    with transaction.atomic():
        merges.hold_off()
        story = _locked(article)
        _require(permissions.can_approve_version(by, story))
        version = versions.pending(story)
        if version is None:
            raise Refused([Problem("", _("There is no next version of this story."))])
        if version.based_on != versions.current(story):
            raise Refused(
                [
                    Problem(
                        "",
                        _(
                            "What readers see was changed in the same places. Save the next version"
                            " once more: what differs is shown, and you decide."
                        ),
                    )
                ]
            )
        _close_returns(article)
        now = timezone.now()
        _move_version(
            article,
            "schedule version" if at and at > now else "approve version",
            by=by,
            allowed=permissions.can_approve_version,
            state=Revision.State.APPROVED,
            due_at=at or now,
        )
        apply_due(article=story)
    article.refresh_from_db()


def unschedule_version(article, *, by):
    """Take the next version off its time."""
    _move_version(
        article,
        "unschedule version",
        by=by,
        allowed=permissions.can_unschedule_version,
        state=Revision.State.WORKING,
    )


def drop_version(article, *, by):
    """Let go of the next version; readers keep what they see."""
    with transaction.atomic():
        _move_version(
            article,
            "drop version",
            by=by,
            allowed=permissions.can_drop_version,
            state=Revision.State.DROPPED,
        )
        _close_returns(article)


def apply_due(now=None, *, article=None):
    """Write every approved next version whose time has come onto its story; returns how many.

    ``article``: of this story alone, for who has locked it and must wait for no other.

    Locked and idempotent: called before any public answer and by the worker, the only write that
    reading a page may cause. A version whose story is no longer live waits until it is again.
    """
    now = now or timezone.now()
    written = 0
    due = Revision.objects.filter(state=Revision.State.APPROVED, due_at__lte=now)
    if article is not None:
        due = due.filter(article=article)
    for number, story_number in due.values_list("pk", "article"):
        with transaction.atomic():
            merges.hold_off()
            # First the story, as everybody does who changes one.
            story = Article.objects.select_for_update().get(pk=story_number)
            version = due.select_for_update().filter(pk=number).first()
            if version is None:
                continue
            if not story.is_live:
                continue
            address = story.get_absolute_url()
            version.content["fields"]["slug"] = free_slug(
                version.content["fields"]["slug"], at_same_address(story)
            )
            Revision.objects.filter(pk=number).update(state=Revision.State.DROPPED)
            content, gone = versions.present(version.content)
            if "section" in gone:
                content["relations"]["section"] = story.section_id
            versions.restore(story, content)
            fields = {"updated_at": version.due_at} if version.is_substantive else {}
            story = _move(story, "next version", by=version.by, **fields)
            _withhold_elsewhere(story, version.by)
            forward(address, story.get_absolute_url())
            written += 1
    return written


# Restriction


def restrict(article, *, by, people):
    """Open a story to the named logins and chief editors only; nobody named lifts it.

    Its words stand in its translations too: they are closed with it, and each is opened by itself.
    """
    with transaction.atomic():
        story = hold(article)
        _require(permissions.can_restrict(by, story))
        story.restricted_to.set(people)
        _move(article, "restrict", by=by, is_restricted=bool(people))
        if not people:
            return
        for translation in Article.objects.filter(translated_from=story).order_by("pk"):
            translation.restricted_to.set(people)
            _move(translation, "restrict", by=by, is_restricted=True)


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


_FAR_OFF = datetime.datetime(9000, 1, 1, tzinfo=datetime.UTC)


@contextmanager
def as_if_not_there(article):
    """Within it the story is not public for whoever asks over this connection; nothing is kept of it.

    For asking pages what they would be without the story. Holds the lock of a writer meanwhile.
    """
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).update(published_at=_FAR_OFF)
        try:
            yield
        finally:
            transaction.set_rollback(True)
