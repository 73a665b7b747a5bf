import logging

from django.dispatch import receiver

from articles.signals import article_changed

log = logging.getLogger("newsroom.desk")


@receiver(article_changed, dispatch_uid="desk log")
def log_change(sender, article, move, **kwargs):
    """One line for each change of what readers may see, for whoever watches the machine."""
    log.info("story %s: %s", article, move)
