"""Every public address that ever was: where it leads now, or that it is gone."""

from collections import defaultdict

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import is_valid_path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from addresses import older
from addresses.languages import language_of


class Redirect(models.Model):
    """An old address (``/path/`` and, for addresses of older systems, a query) and where it leads.

    ``target`` is a path of this site, or empty where what stood there is gone for good (410).
    """

    path = models.CharField(_("old address"), max_length=500)
    query = models.CharField(_("with the query"), max_length=300, blank=True)
    target = models.CharField(_("leads to"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # How often readers came by it, counted by addresses.counting and written a minute later.
    hits = models.PositiveBigIntegerField(_("followed"), default=0, editable=False)
    last_hit_on = models.DateField(_("last followed"), null=True, editable=False)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ["path", "query"]
        constraints = [
            models.UniqueConstraint(fields=["path", "query"], name="one_target_per_old_address"),
            models.CheckConstraint(
                condition=~Q(path=F("target")) | ~Q(query=""), name="no_address_leads_to_itself"
            ),
        ]

    def __str__(self):
        return f"{self.path} → {self.target or 'gone'}"


class Miss(models.Model):
    """An address that readers asked for and that leads nowhere (404), without who they were.

    ``query`` is only what tells pages apart; ``referrer`` the host of a page that led there, if any.
    """

    path = models.CharField(_("address"), max_length=500)
    query = models.CharField(_("with the query"), max_length=300, blank=True)
    times = models.PositiveBigIntegerField(_("times"), default=0)
    first_on = models.DateField(_("first"))
    last_on = models.DateField(_("last"), db_index=True)
    referrer = models.CharField(_("led there from"), max_length=100, blank=True)
    is_ignored = models.BooleanField(_("ignored"), default=False)

    class Meta:
        verbose_name = _("address that leads nowhere")
        verbose_name_plural = _("addresses that lead nowhere")
        ordering = ["-times", "-last_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["path", "query"], name="one_row_per_missed_address"),
        ]

    def __str__(self):
        return f"{self.path}?{self.query}" if self.query else self.path


def forward(old, new):
    """Let the public address ``old`` lead to ``new`` in one hop, and all that led to ``old`` too.

    An address that is in use again leads nowhere else, so no loop can arise.
    """
    if old == new:
        return
    with transaction.atomic():
        Redirect.objects.filter(path=new, query="").delete()
        Redirect.objects.filter(target=old).update(target=new)
        Redirect.objects.update_or_create(path=old, query="", defaults={"target": new})


def gone(path):
    """Let the public address ``path`` answer 410 from now on."""
    Redirect.objects.update_or_create(path=path, query="", defaults={"target": ""})


def find(path, query=""):
    """The Redirect of an address, or None: of those that mean the same the one that says it best.

    One query. What is given back is not to be saved: its target may be a feed of the row's.
    """
    return find_each([(path, query)])[path, query]


def find_each(addresses):
    """What ``find`` gives for each of many pairs of path and query, in few queries."""
    meant = {pair: older.meant(*pair) for pair in addresses}
    paths, queries = set(), defaultdict(set)
    for pair, forms in meant.items():
        for form in forms:
            if form.query:
                queries[form.query].add(form.path)
            else:
                paths.add(form.path)
        head, _, tail = pair[0].rpartition("/")
        if tail:
            paths.add(f"{head}/")
    condition = Q(path__in=paths, query="")
    by_paths = defaultdict(list)
    for query, at in queries.items():
        by_paths[frozenset(at)].append(query)
    # Together only with the queries that belong to them: below the home stand the numbers of all.
    for at, asked in by_paths.items():
        condition |= Q(path__in=at, query__in=asked)
    rows = {(row.path, row.query): row for row in Redirect.objects.filter(condition)}
    return {pair: _best(pair[0], forms, rows) for pair, forms in meant.items()}


def _best(path, forms, rows):
    for form in forms:
        row = rows.get((form.path, form.query))
        if row is not None:
            return _with(row, feed_of(row.target, form.feed))
    # What is below a list that moved, such as its feed, moved along.
    head, _, tail = path.rpartition("/")
    row = rows.get((f"{head}/", "")) if tail else None
    return _with(row, row.target + tail) if row is not None and row.target.endswith("/") else None


def _with(row, target):
    return Redirect(pk=row.pk, path=row.path, query=row.query, target=target)


def feed_of(target, feed):
    """The address of a feed of what stands at ``target``, where that has one; else ``target``."""
    if not feed or not target.endswith("/"):
        return target
    with override(language_of(target)):
        return f"{target}{feed}" if is_valid_path(f"{target}{feed}") else target
