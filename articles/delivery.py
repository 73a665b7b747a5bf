"""Sends what waits in the outbox: after the fact, apart from any save, and each message once.

A message is claimed before it is sent, by moving its next time on; whoever else comes finds it
claimed, and where a machine stops in between it is tried again. Mail and webhook do not wait for
each other: each is asked for by itself.
"""

import datetime
import logging
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from articles import hooks, notices, reports
from articles.models import Message

log = logging.getLogger("newsroom.delivery")

# Seconds until the next try; after as many tries it is given up.
BACK_OFF = [60, 300, 900, 3600, 4 * 3600, 12 * 3600]
KEPT = datetime.timedelta(days=30)  # how long it can be looked up what was sent
AT_ONCE = 200  # messages of one round

# Files in VAR_DIR. One is as old as the last look into the outbox; while the other stands an upgrade is at
# work: what is sent then would be sent again if it is taken back.
SIGN_OF_LIFE = "deliver-was-here"
UPGRADING = "upgrading"


class Undelivered(Exception):
    """``is_down``: the way is closed for all, not for this one only."""

    def __init__(self, reason, *, is_down):
        super().__init__(reason)
        self.is_down = is_down


def deliver(channel):
    """Send what is due on one channel. Returns whether the way is open."""
    due = Message.objects.filter(
        channel=channel, state=Message.State.WAITING, due_at__lte=timezone.now()
    )
    for number in list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        message = _claimed(number)
        if message is not None and not _sent(message):
            return False
    return True


def show_life():
    (settings.VAR_DIR / SIGN_OF_LIFE).touch()


def is_held():
    return (settings.VAR_DIR / UPGRADING).exists()


def forget():
    """Let go of what was sent, or given up, long ago, and of how readers are reached whose reports
    were settled long ago."""
    reports.forget()
    ended = Message.objects.exclude(state=Message.State.WAITING)
    return ended.filter(at__lt=timezone.now() - KEPT).delete()[0]


def _claimed(number):
    """The message, for whoever asks first; None for all others."""
    now = timezone.now()
    message = (
        Message.objects.filter(pk=number, state=Message.State.WAITING, due_at__lte=now)
        .select_related("to", "by", "article", "person")
        .first()
    )
    if message is None:
        return None
    wait = BACK_OFF[min(message.tries, len(BACK_OFF) - 1)]
    claim = Message.objects.filter(
        pk=number, state=Message.State.WAITING, tries=message.tries, due_at=message.due_at
    )
    if not claim.update(tries=F("tries") + 1, due_at=now + datetime.timedelta(seconds=wait)):
        return None
    message.tries += 1
    return message


def _sent(message):
    """Send a claimed message and write down what came of it. Returns whether the way is open."""
    if not notices.may_be_told(message):
        _end(message, Message.State.DROPPED)
        return True
    try:
        SENDERS[message.channel](message)
    except Undelivered as error:
        log.warning("message %s, try %s: %s", message.pk, message.tries, error)
        if message.tries >= len(BACK_OFF):
            _end(message, Message.State.FAILED, str(error))
        else:
            Message.objects.filter(pk=message.pk).update(error=str(error)[:300])
        return not error.is_down
    _end(message, Message.State.SENT)
    return True


def _end(message, state, error=""):
    Message.objects.filter(pk=message.pk).update(state=state, error=error[:300], text="")


def _mail(message):
    words = notices.words(message)
    host = urlsplit(settings.SITE_URL).hostname
    with override(notices.language_of(message.to)):
        choose = gettext("What you hear of is yours to choose: %(link)s") % {
            "link": settings.SITE_URL + reverse("admin:preferences")
        }
    mail = EmailMessage(
        subject=words.subject,
        body=f"{words.text}\n\n-- \n{choose}\n",
        to=[message.to.email],
        # The same for every try, so that a mail that came twice is seen to be one.
        headers={
            "Message-ID": f"<message-{message.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise Undelivered("the address was refused", is_down=False) from error
    except OSError as error:  # smtplib's own errors are some of these
        raise Undelivered(type(error).__name__, is_down=True) from error
    except ValueError as error:
        raise Undelivered(f"not a mail: {error}", is_down=False) from error


def _hook(message):
    words = notices.words(message)
    try:
        hooks.post(
            words.text[: notices.MOST_WORDS],
            to=message.to.messenger if message.to else "",
            id=message.pk,
            event=notices.MOVES[message.move][0],
            link=words.link,
        )
    except hooks.Refused as error:
        raise Undelivered(str(error), is_down=error.is_down) from error


SENDERS = {Message.Channel.MAIL: _mail, Message.Channel.HOOK: _hook}
