"""Two persons, two organisations or two tags that turn out to be one.

All that pointed to the old row points to its successor; the old row stays, ``merged_into`` it, so
that older versions of stories can still be read, and its addresses lead on in one hop.
"""

from typing import NamedTuple

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from addresses.languages import codes
from addresses.models import forward
from articles import merges, naming, permissions
from articles.lists import was_public
from articles.models import Article, Byline, Citation, Filing, Tag
from articles.search import index
from authors.models import ALWAYS, Author, Organisation
from images.models import record_uses

# What the successor takes over where it has nothing of its own.
TAKEN = {
    Author: [
        "job_title",
        "job_titles",
        "short_bio",
        "short_bios",
        "biography",
        "biographies",
        "portrait_id",
        "organisation_id",
        "location",
        "locations",
        "languages",
        "links",
        "names",
    ],
    Organisation: ["short_name", "url", "description", "descriptions", "logo_id", "names"],
    Tag: ["description", "descriptions", "names"],
}


class Moving(NamedTuple):
    """How many rows of one kind move."""

    name: str
    number: int


def moving(old):
    """What moves with a person, an organisation or a tag, as a list of Movings; none of zero."""
    counts = [(_pointing(old, name), label) for name, label in _POINTING[type(old)]]
    found = [Moving(capfirst(str(label)), rows.count()) for rows, label in counts]
    if getattr(old, "user_id", None):
        found.append(Moving(_("Login"), 1))
    return [one for one in found if one.number]


_POINTING = {
    Author: [("bylines", Byline._meta.verbose_name_plural)],
    Organisation: [
        ("bylines", Byline._meta.verbose_name_plural),
        ("citations", Citation._meta.verbose_name_plural),
        ("datelined_articles", Article._meta.get_field("dateline_organisation").verbose_name),
        ("paid_by", Article._meta.get_field("paid_by").verbose_name),
        ("people", Author._meta.verbose_name_plural),
    ],
    Tag: [("filings", Article._meta.verbose_name_plural)],
}


def _pointing(old, name):
    return Article.objects.filter(paid_by=old) if name == "paid_by" else getattr(old, name).all()


def _stories(old):
    """The stories that change with a merge."""
    if isinstance(old, Tag):
        return Article.objects.filter(pk__in=old.filings.values("content_object"))
    where = Q(pk__in=old.bylines.values("article"))
    if isinstance(old, Organisation):
        where |= Q(pk__in=old.citations.values("article"))
        where |= Q(dateline_organisation=old) | Q(paid_by=old)
    return Article.objects.filter(where)


def problems(old, into):
    """Why ``old`` cannot be merged into ``into``: all of it, as sentences."""
    found = []
    if old.pk == into.pk:
        return [_("That is the same one.")]
    if old.merged_into_id is not None or into.merged_into_id is not None:
        found.append(_("One of them was merged already."))
    if isinstance(old, Author):
        if old.is_hidden or into.is_hidden:
            found.append(_("A person who is hidden from readers is shown again first."))
        if old.user_id is not None and into.user_id is not None:
            found.append(_("Both have a login. Take one of them off first."))
        proposal = getattr(old, "proposal", None)
        if proposal is not None and proposal.dropped_at is None:
            found.append(_("A change of the biography waits for an editor. Decide on it first."))
    if isinstance(old, Organisation) and old.is_house:
        found.append(_("The house is merged into nothing; others are merged into the house."))
    return found


def merge(old, *, into, by):
    """Let ``into`` stand for ``old`` from now on. Raises PermissionDenied, or ValidationError with
    all that is in the way."""
    if not permissions.can_merge(by):
        raise PermissionDenied
    model = type(old)
    with transaction.atomic():
        # Nobody files anything under it any more; then in the order in which a story is changed:
        # first the stories, by their numbers, then what they name.
        merges.hold_all()
        stories = _stories(old).select_for_update().order_by("pk")
        stories = list(stories.values_list("pk", flat=True))
        locked = model.objects.select_for_update().order_by("pk").in_bulk({old.pk, into.pk})
        old, into = locked[old.pk], locked[into.pk]
        if found := problems(old, into):
            raise ValidationError(found)
        addresses = _addresses(old) if was_public(old) else []
        _MERGE[model](old, into)
        _take(old, into)
        old.merged_into = into
        old.save()
        model.objects.filter(merged_into=old).update(merged_into=into)
        into.save()
        _show_pictures(old, into)
        index.refresh(stories)
        for address, further in zip(addresses, _addresses(into), strict=False):
            forward(address, further)
        for thing in (old, into):
            words = _("“%(old)s” was merged into “%(into)s”.") % {"old": old, "into": into}
            LogEntry.objects.log_actions(by.pk, [thing], CHANGE, words, single_object=True)


def _addresses(thing):
    found = []
    for language in codes():
        with override(language):
            found.append(thing.get_absolute_url())
    return found


def _take(old, into):
    for name in TAKEN[type(old)]:
        mine, theirs = getattr(into, name), getattr(old, name)
        if isinstance(mine, dict):
            # Of a text that the successor has in its first language, no other language is taken.
            plain = name.removesuffix("s")
            is_other = getattr(into, plain, None) not in ("", getattr(old, plain, None))
            theirs = {} if name != "names" and is_other else theirs
            setattr(into, name, theirs | mine)
        elif not mine and theirs:
            setattr(into, name, theirs)
    known = {naming.plain(name) for name in naming.names_of(into)}
    for name in naming.names_of(old):
        if naming.plain(name) not in known:
            known.add(naming.plain(name))
            into.aliases = [*into.aliases, name]
    into.is_listed = into.is_listed or old.is_listed


def _move_credits(field, old, into):
    """A credit that both have in one role becomes one, withheld where either was."""
    same = Byline.objects.filter(
        article=OuterRef("article"), role=OuterRef("role"), **{field: into}
    )
    for byline in Byline.objects.filter(Exists(same), **{field: old}):
        if byline.withheld:
            twin = {"article": byline.article_id, "role": byline.role, field: into}
            Byline.objects.filter(**twin).update(withheld=True)
        byline.delete()
    Byline.objects.filter(**{field: old}).update(**{field: into})


def _merge_people(old, into):
    _move_credits("author", old, into)
    if old.user_id is not None:
        user, old.user = old.user, None
        old.save(update_fields=["user"])
        into.user = user


def _merge_organisations(old, into):
    _move_credits("organisation", old, into)
    same = Citation.objects.filter(
        article=OuterRef("article"),
        relation=OuterRef("relation"),
        url=OuterRef("url"),
        organisation=into,
    )
    Citation.objects.filter(Exists(same), organisation=old).delete()
    Citation.objects.filter(organisation=old).update(organisation=into)
    Article.objects.filter(dateline_organisation=old).update(dateline_organisation=into)
    Article.objects.filter(paid_by=old).update(paid_by=into)
    Author.objects.filter(organisation=old).update(organisation=into)


def _merge_tags(old, into):
    same = Filing.objects.filter(content_object=OuterRef("content_object"), tag=into)
    Filing.objects.filter(Exists(same), tag=old).delete()
    Filing.objects.filter(tag=old).update(tag=into)


def _show_pictures(old, into):
    if isinstance(into, Author):
        into.record_portrait()
        old.record_portrait()
    elif isinstance(into, Organisation):
        since = ALWAYS if into.is_listed or into.is_house else None
        record_uses(f"organisation {into.pk}", [(into.logo_id, "logo", since)])
        record_uses(f"organisation {old.pk}", [])


_MERGE = {Author: _merge_people, Organisation: _merge_organisations, Tag: _merge_tags}
