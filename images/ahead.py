"""Renditions drawn before the first reader asks for them, beside the work of the serving process.

A thread of its own draws one after the other; nobody waits for it, and it ends with the process. What
it has not drawn by then, or never hears of, is drawn when it is first asked for. Only a process that
called ``begin`` draws ahead: a server, and no command.
"""

import logging
import queue
import threading

from django.core.exceptions import ValidationError
from django.db import DatabaseError, close_old_connections, connection

from images.models import Image, Use
from images.renditions import RECIPES, forget, rendition_file, widths

logger = logging.getLogger(__name__)

MOST_WAITING = 200  # jobs; further ones are left to the first request
# What is shown where, the pictures of faces apart: by the place of a Use.
FACES = ("byline", "portrait", "portrait-large")
# A gallery shows the same files as the text does.
SHOWN = {"body": ("inline",), "portrait": FACES, "logo": (*FACES, "logo")}
ELSEWHERE = {name for names in SHOWN.values() for name in names} | {"gallery"}


class _Ahead:
    """Of one process: what waits, who draws it, and what it must know of names not to be printed."""

    def __init__(self):
        self.surroundings = None
        self.waiting = queue.Queue(MOST_WAITING)
        self.thread = None
        self.starting = threading.Lock()


_ahead = _Ahead()


def begin(surroundings):
    """From now on this process draws ahead, within the context manager that ``surroundings()`` gives.

    It masks names of hidden people as a request does: the name of a file hangs on what it says.
    """
    _ahead.surroundings = surroundings


def end():
    """Draw what waits, and from then on nothing ahead."""
    with _ahead.starting:
        thread, _ahead.thread = _ahead.thread, None
    if thread is not None and thread.is_alive():
        _ahead.waiting.put(None)
        thread.join()
    _ahead.surroundings = None


def later(find):
    """Draw the pictures of the Uses that ``find()``, called in the other thread, gives.

    To be called after commit. Returns at once.
    """
    if _ahead.surroundings is None:
        return
    try:
        _ahead.waiting.put_nowait(find)
    except queue.Full:
        return
    with _ahead.starting:
        # A server may have forked since: threads do not come along.
        if _ahead.thread is None or not _ahead.thread.is_alive():
            _ahead.thread = threading.Thread(target=_attend, name="pictures", daemon=True)
            _ahead.thread.start()


def _attend():
    while (find := _ahead.waiting.get()) is not None:
        try:
            close_old_connections()
            uses = list(find())
            with _ahead.surroundings():
                # Nothing is asked of the database while it draws, so nobody waits for us there.
                connection.close()
                draw_for(uses)
        except DatabaseError as error:
            logger.warning("pictures are not drawn ahead: %s", error)
        finally:
            connection.close()


def uses_of(users):
    """The Uses of ``users`` ("story 12") that are public now or will be, each with its picture."""
    return Use.objects.filter(user__in=users, visible_from__isnull=False).select_related("image")


def uses_showing(image):
    """The Uses of one picture, by its number, that are public now or will be."""
    return Use.objects.filter(image=image, visible_from__isnull=False).select_related("image")


def draw_for(uses):
    """Draw what is missing for ``uses``, the smallest first: phones ask for these."""
    for image in {use.image for use in uses}:
        recipes = {name for use in uses if use.image == image for name in _shown(image, use.place)}
        wanted = {
            (width, recipe, format)
            for recipe in recipes
            for width in widths(image, recipe)
            for format in RECIPES[recipe].formats
        }
        for width, recipe, format in sorted(wanted):
            try:
                rendition_file(image, recipe, width, format)
            except (FileNotFoundError, ValidationError) as error:
                logger.warning("picture %s is not drawn ahead: %s", image.pk, error)
                break
        # Its file may have been replaced meanwhile; nothing else would clear these away.
        if not Image.objects.filter(token=image.token).exists():
            forget(image.token, "")


def _shown(image, place):
    if place in SHOWN:
        return SHOWN[place]
    other = "hero-phone" if image.height > image.width else "hero-tall"
    return [name for name in RECIPES if name not in ELSEWHERE | {other}]
