"""A newsroom moves into an empty one: every row under its number, or nothing at all."""

import contextlib
import hashlib
import json

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from addresses.languages import codes
from articles.models import Revision
from articles.search import index
from authors.models import BiographyProposal, Organisation, User
from fronts.models import Edition, Front
from fronts.setup import forget_homes
from newsroom.export import manifest as manifests
from newsroom.export import reading, rows
from newsroom.export.contents import KINDS
from newsroom.export.manifest import Refused
from newsroom.models import Page, SiteSettings
from prose import body

AT_A_TIME = 200  # rows that are written at once
MOST_BYTES = 4_000_000  # of their lines, about


def fill(folder, show=lambda what, done, all_of_them: None):
    """Bring the export in ``folder``, a Path, into this newsroom, which must be empty.

    Gives the Manifest, and where a text held what no text of ours may hold: it was cleaned. Raises
    Refused, and then nothing is changed.
    """
    manifest = manifests.read(folder)
    _check_place(manifest)
    check_empty()
    numbers = reading.check(folder, manifest, show)
    with _pictures(folder, manifest, show), transaction.atomic():
        check_empty()
        cleaned = _write(folder, manifest, numbers, show)
        show("stories searched", 0, len(numbers["stories"]))
        index.rebuild(lambda done, all_of_them: show("stories searched", done, all_of_them))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return manifest, cleaned


def _check_place(manifest):
    """Refuse a newsroom in other languages or another zone: its addresses would be others."""
    theirs = f"LANGUAGES={','.join(manifest.languages)}", f"TIME_ZONE={manifest.time_zone}"
    ours = f"LANGUAGES={','.join(codes())}", f"TIME_ZONE={settings.TIME_ZONE}"
    if theirs != ours:
        raise Refused(
            "Addresses hang on languages and time zone, and those of the export are not those of "
            f"this installation.\nThe export: {' '.join(theirs)}\nHere: {' '.join(ours)}\n"
            f"Write the first into {settings.ENV_FILE} and begin again."
        )


def check_empty():
    """Refuse a newsroom in which anything is beside what migrate and setup make."""
    may_be = {User, SiteSettings, Front, Edition, Organisation, Page}
    found = [
        kind.name
        for kind in KINDS
        if kind.model not in may_be and kind.model._base_manager.exists()
    ]
    if Organisation.objects.exclude(is_house=True).exists():
        found.append("organisations")
    if Page.objects.exclude(body="", bodies={}).exists():
        found.append("pages with a text")
    laid_out = Edition.objects.exclude(breaking_text="")
    if laid_out.exists() or Edition.objects.count() > Front.objects.count():
        found.append("fronts that were laid out")
    if found:
        raise Refused(
            f"This newsroom is not empty: it has {', '.join(found)}. An export is brought into a new "
            "one only, after `manage.py migrate` or `manage.py setup`."
        )


@contextlib.contextmanager
def _pictures(folder, manifest, show):
    """Store the originals; those that were stored are taken away again if what follows fails."""
    paths = sorted(path for path in manifest.files if path.startswith("media/"))
    with contextlib.ExitStack() as undoing:
        for done, path in enumerate(paths, 1):
            name = path.removeprefix("media/")
            _store(folder / path, name, manifest.files[path]["sha256"], undoing)
            show("pictures", done, len(paths))
        yield
        undoing.pop_all()


def _store(source, name, digest, undoing):
    # What lies there is of a try that was ended: no picture of an empty newsroom can have it.
    if default_storage.exists(name):
        if _sha256(default_storage, name) == digest:
            return
        default_storage.delete(name)
    undoing.callback(default_storage.delete, name)
    try:
        with open(source, "rb") as file:
            given = default_storage.save(name, File(file))
    except OSError as error:
        raise Refused(f"media/{name}: cannot be stored: {error.strerror}.") from None
    if given != name:
        undoing.callback(default_storage.delete, given)
        raise Refused(f"media/{name}: cannot be stored under its name.")


def _sha256(storage, name):
    digest = hashlib.sha256()
    with storage.open(name) as file:
        while piece := file.read(reading.PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _write(folder, manifest, numbers, show):
    _make_room()
    _move_logins(folder, numbers)
    cleaned = []
    total, done = sum(len(found) for found in numbers.values()), 0
    for kind in KINDS:
        for some in _batches(folder, kind):
            _insert(kind, some, numbers, cleaned)
            done += len(some)
            show("lines", done, total)
    try:
        connection.check_constraints()
    except DatabaseError as error:
        raise Refused(f"What the export says does not hold together: {error}") from None
    models = [kind.model for kind in KINDS]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    return cleaned


def _make_room():
    """Delete what migrate and setup made and the export has too: the site, its house, pages, homes."""
    forget_homes()
    SiteSettings.objects.all().delete()
    Page.objects.all().delete()
    Organisation.objects.all().delete()


def _move_logins(folder, numbers):
    """Let the numbers of the export be free of the logins that are here.

    A login of the same name is taken for the same person's: it gets the number, and stays open.
    """
    here = {login.username.casefold(): login.pk for login in User.objects.order_by("pk")}
    highest = max(User.objects.aggregate(highest=Max("pk"))["highest"] or 0, *numbers["logins"], 0)
    same = {}
    [logins] = [kind for kind in KINDS if kind.model is User]
    for where, values in reading.lines(folder, logins):
        if (name := str(values["username"]).casefold()) in here:
            if name in same:
                raise Refused(f"{where}: a login of this name comes twice.")
            same[name] = values["id"]
    away = {}
    taken = set(numbers["logins"])
    for name, number in here.items():
        if name in same or number in taken:
            highest += 1
            away[name] = highest
            _renumber(number, highest)
    for name, number in same.items():
        _renumber(away[name], number)


def _renumber(old, new):
    User.objects.filter(pk=old).update(id=new)
    for relation in User._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            rows = relation.related_model._base_manager.filter(**{relation.field.attname: old})
            rows.update(**{relation.field.attname: new})


def _batches(folder, kind):
    """The lines of a kind in lists of (where it stands, values), few at a time."""
    some, size = [], 0
    for where, values in reading.lines(folder, kind):
        some.append((where, values))
        size += len(str(values.get("body", ""))) + len(str(values.get("content", "")))
        if len(some) == AT_A_TIME or size > MOST_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _insert(kind, some, numbers, cleaned):
    """Write lines as rows; Refused with the line that the database does not take."""
    things = []
    for where, values in some:
        thing, lists = reading.row(kind, values, where, numbers)
        if _clean(kind, thing):
            cleaned.append(where)
        things.append((where, thing, lists))
    if kind.model is User:
        things = [entry for entry in things if not _is_here(entry[1])]
    try:
        with transaction.atomic():
            _rows(kind, [thing for _where, thing, _lists in things])
    except (DatabaseError, ValueError):
        for where, thing, _lists in things:
            try:
                with transaction.atomic():
                    _rows(kind, [thing])
            except (DatabaseError, ValueError) as error:
                said = str(error).strip().partition("\n")[0]
                raise Refused(f"{where}: the database does not take it: {said}") from None
    for name in kind.many:
        through, own, other = rows.through_of(kind, name)
        through.objects.bulk_create(
            through(**{own: thing.pk, other: number})
            for _where, thing, lists in things
            for number in lists[name]
        )


def _rows(kind, things):
    """As they are: nothing is counted, dated or made of something else."""
    if things:
        fields = kind.model._meta.concrete_fields
        kind.model._base_manager.all()._insert(things, fields=fields, using="default", raw=True)


def _is_here(login):
    """A login of somebody who has one here; else it is one that nobody can sign in with."""
    names = {name: getattr(login, name) for name in ("username", "first_name", "last_name")}
    if User.objects.filter(pk=login.pk).update(**names):
        return True
    login.password, login.is_active, login.is_staff = make_password(None), False, False
    return False


def _clean(kind, thing):
    """Let a row hold no HTML that the desk would not have let in. Gives whether there was any."""
    changed = False
    for name in kind.html:
        old = getattr(thing, name)
        new = _cleaned(old) if isinstance(old, str) else {k: _cleaned(v) for k, v in old.items()}
        changed |= new != old
        setattr(thing, name, new)
    if kind.model is Revision and thing.content:
        changed |= _clean_within(thing.content.get("fields"), ("body",))
    if kind.model is BiographyProposal:
        for content in (thing.content, thing.base):
            changed |= _clean_within(content, ("biography", "biographies"))
    return changed


def _clean_within(values, names):
    if not isinstance(values, dict):
        return False
    before = json.dumps([values.get(name) for name in names])
    for name in names:
        if isinstance(values.get(name), dict):
            values[name] = {key: _cleaned(text) for key, text in values[name].items()}
        elif name in values:
            values[name] = _cleaned(values[name])
    return json.dumps([values.get(name) for name in names]) != before


def _cleaned(html):
    if not isinstance(html, str):
        return ""
    return html if body.is_clean(html) else body.clean(html)
