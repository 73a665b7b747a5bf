from django.conf import settings
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils import timezone

from fronts.models import Edition, Front


@receiver(post_migrate, dispatch_uid="homes")
def make_homes(sender, using, **kwargs):
    """One home a language, with an empty edition; again after every migrate, since flushes drop it."""
    if sender.label == "fronts":
        homes([code for code, _ in settings.LANGUAGES], using)


def homes(languages, using="default"):
    """Make what is missing of the homes of these languages (codes)."""
    for language in languages:
        front, made = Front.objects.using(using).get_or_create(name="home", language=language)
        if made:
            Edition.objects.using(using).create(front=front, live_from=timezone.now())
