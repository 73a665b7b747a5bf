"""The words by which people, organisations, tags, regions and sections are found.

Entries name them by number only, so that a new name, a hidden person or another spelling is right at
once and no story has to be written anew. Kept in step by whatever saves one of them.
"""

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from articles import naming
from articles.models import Region, SearchName, Section, Tag
from articles.search import words
from authors.models import Author, Organisation

KINDS = {"a": Author, "o": Organisation, "t": Tag, "r": Region, "s": Section}
_LETTERS = {model: kind for kind, model in KINDS.items()}
MOST = 100  # things of one word


def mark(thing):
    """How entries name a thing; one that was merged, by its successor."""
    return f"{_LETTERS[type(thing)]}{getattr(thing, 'merged_into_id', None) or thing.pk}"


def _tokens(thing):
    if getattr(thing, "hidden_at", None) or getattr(thing, "merged_into_id", None):
        return set()
    return words.all_of(naming.names_of(thing))


def write(thing):
    """Let a thing be found by what it is called now."""
    kind, number = _LETTERS[type(thing)], thing.pk
    rows = SearchName.objects.filter(kind=kind, number=number)
    known, wanted = set(rows.values_list("token", flat=True)), _tokens(thing)
    if gone := known - wanted:
        rows.filter(token__in=gone).delete()
    SearchName.objects.bulk_create(
        [SearchName(kind=kind, number=number, token=token) for token in sorted(wanted - known)],
        ignore_conflicts=True,
    )


@receiver(post_save, dispatch_uid="words of names")
def keep(sender, instance, raw=False, **kwargs):
    if sender in _LETTERS and not raw:
        write(instance)


@receiver(post_delete, dispatch_uid="words of names that are gone")
def forget(sender, instance, **kwargs):
    if sender in _LETTERS:
        SearchName.objects.filter(kind=_LETTERS[sender], number=instance.pk).delete()


def rebuild():
    """Write the words of all names anew, kind by kind."""
    for kind, model in KINDS.items():
        with transaction.atomic():
            SearchName.objects.filter(kind=kind).delete()
            SearchName.objects.bulk_create(
                (
                    SearchName(kind=kind, number=thing.pk, token=token)
                    for thing in model.objects.order_by("pk").iterator(chunk_size=500)
                    for token in sorted(_tokens(thing))
                ),
                batch_size=500,
            )


def marks(tokens):
    """token -> marks of the things that are called so, for each of ``tokens``; at most MOST each."""
    found = {}
    rows = SearchName.objects.filter(token__in=tokens).exclude(kind="s")
    for token, kind, number in rows.order_by("pk").values_list("token", "kind", "number"):
        some = found.setdefault(token, [])
        if len(some) < MOST:
            some.append(f"{kind}{number}")
    return found
