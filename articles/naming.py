"""What a typed name stands for, and how things are named so that typing it finds them again."""

import re
from collections import Counter

from django.core.exceptions import FieldDoesNotExist
from django.db.models import IntegerField, Value

from articles.models import Region

# What tells things of one name apart: their number, as suggestions write it.
_NUMBERED = re.compile(r"(.*\S)\s*\(#([0-9]{1,18})\)", re.S)


_OTHER_NAMES = ("short_name", "names", "aliases")


def plain(words):
    """``words`` without what makes no difference between names: case, and spaces around."""
    return " ".join(str(words).split()).casefold()


def find(things, words, *, numbers=True):
    """Of a queryset, the rows that typed ``words`` stand for, as a list; what was merged into
    another stands for that one.

    ``Osh (#14)`` is row 14 if that is called Osh; with ``numbers``, ``14`` is row 14. Otherwise names count, then other spellings and names in
    further languages; case makes no difference in any script. Of regions of one name,
    ``Osh (city)`` is the city.
    """
    found = [getattr(row, "merged_into", None) or row for row in _find(things, words, numbers)]
    return list({row.pk: row for row in found}.values())


def _find(things, words, numbers):
    words = " ".join(words.split())
    field = field_of(things.model)
    if numbered := _NUMBERED.fullmatch(words):
        row = things.filter(pk=int(numbered[2])).first()
        if row is not None and plain(getattr(row, field)) == plain(numbered[1]):
            return [row]
    elif numbers and re.fullmatch("[0-9]{1,18}", words):
        row = things.filter(pk=int(words)).first()
        if row is not None:
            return [row]
    wanted = plain(words)
    if not wanted:
        return []
    keys = _keys(things, wanted)
    if not keys and things.model is Region:
        for kind in Region.Kind:
            ending = f" ({plain(kind.label)})"
            if wanted.endswith(ending):
                keys = _keys(things.filter(kind=kind), wanted.removesuffix(ending))
    return list(things.filter(pk__in=keys)) if keys else []


def _keys(things, wanted):
    """Primary keys of the rows named so; the first kind of name that fits anything decides."""
    field = field_of(things.model)
    exact = things.filter(**{f"{field}__iexact": wanted}).values_list("pk", flat=True)[:50]
    if keys := list(exact):
        return keys
    others = [name for name in _OTHER_NAMES if _has(things.model, name)]
    if not others:
        return []
    rows = things.values_list("pk", field, *others)
    return [row[0] for row in rows if any(plain(name) == wanted for name in _names(row[1:]))]


def _names(values):
    for value in values:
        if isinstance(value, dict):
            yield from value.values()
        elif isinstance(value, list):
            yield from value
        else:
            yield value


def names_of(thing):
    """All that a thing is called: its name, short name, other spellings and languages."""
    own = [getattr(thing, name, "") for name in (field_of(type(thing)), *_OTHER_NAMES)]
    return [name for name in _names(own) if name]


def spelt(names):
    """A compiled pattern that finds any of ``names`` as a whole in a text, in any case; the longest
    first. None without names."""
    names = sorted(
        {" ".join(name.split()) for name in names if name.strip()}, key=len, reverse=True
    )
    if not names:
        return None
    words = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I)


def field_of(model):
    """The field that names the rows of a model, or None where they have no name."""
    return next((name for name in ("name", "headline") if _has(model, name)), None)


def _has(model, name):
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def labels(things):
    """What to type for each of ``things`` (of one model), by primary key; unique among all rows.

    One query however many there are.
    """
    return labels_of(things)[0]


def labels_of(*groups):
    """``labels`` of several groups, each of things of one model, in one query for all."""
    groups = [list(things) for things in groups]
    queries = [_same_named(number, things) for number, things in enumerate(groups) if things]
    rows = queries[0].union(*queries[1:], all=True) if queries else ()
    count = Counter((number, plain(name)) for number, name in rows)
    return [
        {t.pk: label(t, is_single=count[number, plain(_name(t))] < 2) for t in things}
        for number, things in enumerate(groups)
    ]


def _same_named(number, things):
    model = type(things[0])
    field = field_of(model)
    rows = model._default_manager.filter(**{f"{field}__in": {_name(thing) for thing in things}})
    if _has(model, "merged_into"):
        rows = rows.filter(merged_into=None)
    rows = rows.order_by().annotate(group=Value(number, IntegerField()))
    return rows.values_list("group", field)


def _name(thing):
    return getattr(thing, field_of(type(thing)))


def label(thing, *, is_single=True):
    """What to type for a thing: its name, with its kind or number where the name is not single."""
    name = getattr(thing, field_of(type(thing)))
    if is_single:
        return name
    if isinstance(thing, Region):
        return f"{name} ({thing.get_kind_display()})"
    return f"{name} (#{thing.pk})"


def hint(thing):
    """A few words beside a name in a list of suggestions: who or what it is."""
    if isinstance(thing, Region):
        return str(thing.get_kind_display())
    for name in ("job_title", "get_kind_display", "location"):
        value = getattr(thing, name, "")
        value = value() if callable(value) else value
        if value:
            return str(value)
    if hasattr(thing, "headline"):
        moment = thing.published_at or thing.modified_at
        return f"{thing.get_status_display()}, {moment:%Y-%m-%d}"
    return ""
