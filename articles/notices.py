"""Who hears of what happens to a story, and in which words.

``tell`` writes Messages within the transaction of what happened; articles.delivery sends them.
Only people who work on a story hear of it, and of a restricted one without a word of it.
"""

from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from articles import hooks, permissions, states
from articles.models import Message
from authors.models import User

# What a person may choose to hear of or not, and in which roles it can concern them.
EDITORS = {permissions.EDITOR, permissions.CHIEF}
EVENTS = {
    "submitted": (_("A story is submitted for review"), EDITORS),
    "returned": (_("A story of mine is returned"), permissions.WRITERS),
    "assigned": (_("A story is assigned to me"), permissions.WRITERS),
    "mentioned": (_("A colleague mentions me in a note"), permissions.WRITERS),
    "published": (_("A story of mine is published or scheduled"), permissions.WRITERS),
    "pulled": (_("A story is taken off the site, or let back"), permissions.WRITERS),
    "corrected": (_("A story is corrected"), permissions.WRITERS),
    "hidden": (_("A name is hidden from readers, or shown again"), {permissions.CHIEF}),
    "found": (_("Something was found in our texts that strangers put there"), {permissions.CHIEF}),
}
# The moves of articles.publishing and articles.notes that are told, in words, and as which event.
MOVES = {
    "submit": ("submitted", _("Submitted for review")),
    "submit version": ("submitted", _("A next version to review")),
    "return": ("returned", _("Returned")),
    "return version": ("returned", _("The next version is returned")),
    "assign": ("assigned", _("Assigned to you")),
    "mention": ("mentioned", _("You are mentioned in a note")),
    "publish": ("published", _("Published")),
    "schedule": ("published", _("Scheduled")),
    "approve version": ("published", _("The next version is live")),
    "schedule version": ("published", _("The next version is scheduled")),
    "unschedule": ("published", _("Taken off its time")),
    "unschedule version": ("published", _("The next version is taken off its time")),
    "pull": ("pulled", _("Pulled")),
    "release": ("pulled", _("Released")),
    "withdraw": ("pulled", _("Withdrawn")),
    "retract": ("pulled", _("Retracted")),
    "correct": ("corrected", _("Corrected")),
    "hide": ("hidden", _("Hidden from readers")),
    "show": ("hidden", _("Shown to readers again")),
    "found": ("found", _("Found in our texts")),
}
ALWAYS_TOLD_TO_CHIEFS = {(Message.Channel.MAIL, event) for event in ("pulled", "hidden", "found")}
PERSONAL = {"returned", "assigned", "mentioned"}  # not for the newsroom's common channel
MOST_LINES = 20  # of what was found at night
MOST_WORDS = 3000  # characters of a webhook's text: a Telegram message holds 4,096


class Words(NamedTuple):
    subject: str
    text: str
    link: str


def events_of(user):
    """The events that can concern a login, as a dict of their labels."""
    held = permissions.roles(user)
    return {event: label for event, (label, roles) in EVENTS.items() if held & roles}


def tell(article, move, *, by, text="", people=()):
    """Write the messages that a move calls for. Runs inside the transaction of the move.

    ``people``: primary keys of the logins that a note mentions. Nobody is told of what they did
    themselves. Returns the primary keys of those who will hear of it.
    """
    if move not in MOVES:
        return set()
    event = MOVES[move][0]
    told = permissions.insiders(article).filter(_concerned(event, article, people))
    # Who answers for the site hears what left it, whatever they chose.
    fixed = {channel for channel, fixed in ALWAYS_TOLD_TO_CHIEFS if fixed == event}
    chiefs = set(
        User.objects.filter(permissions.chiefs()).values_list("pk", flat=True) if fixed else ()
    )
    messages = []
    for user in told.exclude(pk=by.pk if by else None):
        for channel in _channels(user):
            is_fixed = channel in fixed and user.pk in chiefs
            if is_fixed or f"{channel} {event}" not in user.muted:
                messages.append(Message(to=user, channel=channel, text=text))
    if hooks.has_common_channel() and event not in PERSONAL and not article.is_restricted:
        messages.append(Message(channel=Message.Channel.HOOK))
    for message in messages:
        message.article_id, message.move, message.by = article.pk, move, by
    Message.objects.bulk_create(messages)
    return {message.to_id for message in messages} - {None}


def tell_of_person(person, move, *, by):
    """Write what the chief editors hear of a person at once. Runs inside the transaction of the move."""
    event = MOVES[move][0]
    Message.objects.bulk_create(
        Message(to=user, channel=channel, person=person, move=move, by=by)
        for user in User.objects.filter(permissions.chiefs(), is_active=True).exclude(pk=by.pk)
        for channel in _channels(user)
        if (channel, event) in ALWAYS_TOLD_TO_CHIEFS or f"{channel} {event}" not in user.muted
    )


def tell_of_findings(lines):
    """Write to the chief editors what was found at night, a line for each thing."""
    shown = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        shown = [*shown, f"… +{len(lines) - MOST_LINES}"]
    Message.objects.bulk_create(
        Message(to=user, channel=channel, move="found", text="\n".join(shown))
        for user in User.objects.filter(permissions.chiefs(), is_active=True)
        for channel in _channels(user)
        if (channel, "found") in ALWAYS_TOLD_TO_CHIEFS or f"{channel} found" not in user.muted
    )


def _concerned(event, article, people):
    """A condition on the logins that work on a story: who hears of ``event``."""
    if event == "submitted":
        return permissions.editors()
    if event == "assigned":
        return Q(pk=article.assigned_to_id)
    if event == "mentioned":
        return Q(pk__in=people)
    own = permissions.own_people(article)
    return own | permissions.chiefs() if event in {"pulled", "corrected"} else own


def _channels(user):
    if user.email:
        yield Message.Channel.MAIL
    if user.messenger and hooks.is_personal():
        yield Message.Channel.HOOK


def may_be_told(message):
    """Whether a message may still go out: people come and go, and stories are closed to some."""
    if message.person is not None or message.move == "found":
        return permissions.is_chief(message.to)
    if message.to is None:
        return not message.article.is_restricted
    return permissions.can_note(message.to, message.article)


def words(message):
    """A message as it is sent, in the language of whoever gets it."""
    with override(language_of(message.to)):
        return _words(message)


def language_of(user):
    """The desk's language for somebody whose browser is not here to be asked."""
    own = user.language if user is not None else ""
    known = [code for code, _name in User.LANGUAGES]
    return own or (settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in known else known[0])


def _words(message):
    article, by = message.article, message.by
    what = str(MOVES[message.move][1])
    who = (by.get_full_name() or by.get_username()) if by else ""
    when = ", ".join(filter(None, [who, states.moment(message.at)]))
    if message.move == "found":
        link = settings.SITE_URL + reverse("admin:articles_article_findings")
        return Words(what, "\n".join([what, when, "", message.text, "", link]), link)
    if message.person is not None:
        name = " ".join(message.person.name.split())
        change = reverse("admin:authors_author_change", args=[message.person.pk])
        link = settings.SITE_URL + change
        return Words(f"{what}: {name}", "\n".join([what, name, when, "", link]), link)
    link = settings.SITE_URL + reverse("admin:articles_article_change", args=[article.pk])
    headline = " ".join(article.headline.split())
    if article.is_restricted:
        headline = gettext("a restricted story")
    lines = [what, headline, when]
    if not article.is_restricted:
        if message.move == "schedule" and article.is_scheduled:
            time = states.moment(article.published_at)
            lines.append(gettext("Goes live %(time)s.") % {"time": time})
        if message.text:
            lines += ["", message.text]
        if article.is_live and article.status == "published":
            lines += ["", settings.SITE_URL + article.get_absolute_url()]
    return Words(f"{what}: {headline}", "\n".join([*lines, "", link]), link)
