import logging
import sys

from django.core.management import call_command
from django.core.signals import got_request_exception
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from articles import people
from articles.models import Byline
from articles.signals import article_changed, person_hidden
from fronts.models import Edition, Pin
from fronts.signals import front_changed
from images import ahead
from newsroom import failures
from newsroom.models import Page, SiteSettings
from newsroom.signing_in import sessions

log = logging.getLogger("newsroom.desk")

# Here too a name may stand that is nobody's credit.
people.TEXTS |= {
    Pin: ["kicker", "headline"],
    Edition: ["strip"],
    Page: ["name", "names", "body", "bodies"],
    SiteSettings: [
        "name",
        "names",
        "description",
        "descriptions",
        "contact",
        "contacts",
        "licence",
        "licences",
    ],
}


@receiver(article_changed, dispatch_uid="desk log")
def log_change(sender, article, move, **kwargs):
    """One line for each change of what readers may see, for whoever watches the machine."""
    log.info("story %s: %s", article, move)


@receiver(front_changed, dispatch_uid="desk log of fronts")
def log_front(sender, front, move, **kwargs):
    """The same of what stands on a front."""
    log.info("front %s: %s", front, move)


@receiver(article_changed, dispatch_uid="renditions of a story")
def draw_for_story(sender, article, **kwargs):
    """What a story shows, and the faces beside it, is drawn before its first reader comes."""

    def uses():
        people = Byline.objects.filter(article=article).exclude(author=None)
        faces = [f"person {number}" for number in people.values_list("author", flat=True)]
        return ahead.uses_of([f"story {article}", *faces])

    ahead.later(uses)


@receiver(front_changed, dispatch_uid="renditions of a front")
def draw_for_front(sender, front, **kwargs):
    """The same of pictures that stand on a front alone."""
    ahead.later(lambda: ahead.uses_of([f"front {front}"]))


@receiver(person_hidden, dispatch_uid="sessions of who is hidden")
def end_sessions(sender, person, **kwargs):
    """Whoever holds the telephone of a person in danger is signed out, links to the door included."""
    if person.user is not None:
        sessions.end(sessions.live(user=person.user))
        person.user.one_time_links.all().delete()


@receiver(post_migrate, dispatch_uid="shared cache")
def make_cache_table(sender, using, **kwargs):
    """The table in which workers count failed tries to sign in, where there is no Redis."""
    if sender.label == "newsroom":
        call_command("createcachetable", database=using, verbosity=0)


@receiver(got_request_exception, dispatch_uid="faults by mail")
def tell_of_fault(sender, request, **kwargs):
    failures.fault(sys.exc_info()[1], request)
