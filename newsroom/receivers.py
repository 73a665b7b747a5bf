import logging

from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from articles.signals import article_changed
from fronts.signals import front_changed

log = logging.getLogger("newsroom.desk")


@receiver(article_changed, dispatch_uid="desk log")
def log_change(sender, article, move, **kwargs):
    """One line for each change of what readers may see, for whoever watches the machine."""
    log.info("story %s: %s", article, move)


@receiver(front_changed, dispatch_uid="desk log of fronts")
def log_front(sender, front, move, **kwargs):
    """The same of what stands on a front."""
    log.info("front %s: %s", front, move)


@receiver(post_migrate, dispatch_uid="shared cache")
def make_cache_table(sender, using, **kwargs):
    """The table in which workers count failed tries to sign in, where there is no Redis."""
    if sender.label == "newsroom":
        call_command("createcachetable", database=using, verbosity=0)
