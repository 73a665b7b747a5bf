"""Every public address that ever was: where it leads now, or that it is gone."""

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Redirect(models.Model):
    """An old address (``/path/`` and, for addresses of older systems, a query) and where it leads.

    ``target`` is a path of this site, or empty where what stood there is gone for good (410).
    """

    path = models.CharField(_("old address"), max_length=500)
    query = models.CharField(_("with the query"), max_length=300, blank=True)
    target = models.CharField(_("leads to"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

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
    """The Redirect of an address, or None. Feeds follow the list they belong to; an address of an
    older system is one with a slash at its end and without."""
    other = path[:-1] if path.endswith("/") else f"{path}/"
    candidates = [Q(path__in=[path, other], query="")]
    if query:
        candidates.append(Q(path__in=[path, other], query=query))
    head, _, tail = path.rpartition("/")
    if tail:
        candidates.append(Q(path=f"{head}/", query=""))
    condition = candidates[0]
    for candidate in candidates[1:]:
        condition |= candidate
    found = {(r.path, r.query): r for r in Redirect.objects.filter(condition)}
    for exact in ((path, query), (other, query), (path, ""), (other, "")):
        if exact in found:
            return found[exact]
    parent = found.get((f"{head}/", "")) if tail else None
    if parent is None or not parent.target.endswith("/"):
        return None
    return Redirect(path=path, target=parent.target + tail)
