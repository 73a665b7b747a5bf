"""No typing is lost: what is in a story's form is kept while it is typed, and offered back.

Kept by static/desk/autosave.js; the offers, and the page for what could not be sent, need no
script. A form that is sent twice is saved once.
"""

import functools
from typing import NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import autosaves, permissions, publishing, states
from articles.admin import moves
from articles.models.article import site_zone

FORMS = {"articles_article_add", "articles_article_change"}
AUTOSAVES = {"articles_article_autosave", "articles_article_autosave_new"}
TEXTS = ("headline", "standfirst", "body")


class Offer(NamedTuple):
    """What was typed and not saved, as the form's page offers it: ``changed``: names of fields."""

    typed: autosaves.Typed
    time: str
    changed: list
    is_overtaken: bool

    @property
    def texts(self):
        return [words for name in TEXTS if (words := self.typed.first(name).strip())]


class KeepsTyping:
    """Mixin of the story's admin, which brings ``_story_or_nothing``."""

    # The form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        if (again := self._sent_before(request, object_id)) is not None:
            return again
        # The story is gone, or was hidden from its writer while they wrote.
        is_hidden = object_id is not None and request.story is None
        if is_hidden and (answer := unsent(request, may_go_back=False)) is not None:
            return answer
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (autosaves.Repeated, publishing.Stale):
            # The other half of a double click came first.
            if (again := self._sent_before(request, object_id)) is not None:
                return again
            raise
        except PermissionDenied:
            # The story was closed to its writer while they wrote.
            if (answer := unsent(request, may_go_back=False)) is not None:
                return answer
            raise

    def _sent_before(self, request, object_id):
        """The answer to a form that was saved already; None where there is something to save."""
        content = autosaves.content_of(request.POST)
        done = autosaves.saved(request.user, request.POST.get("form_id", ""))
        if done is None:
            return None
        # The same words saved as a next version first, and then for readers, are saved twice.
        is_other = object_id is not None and done.is_next != _is_next(request)
        if is_other:
            return None
        if done.digest == autosaves.digest(content):
            if not self._is_made(request, done):
                with transaction.atomic():
                    self._move(request, done.article, request.POST["_move"], is_saved=True)
            elif not len(messages.get_messages(request)):
                messages.success(request, _("Saved."))
            return self._back_to(request, done.article)
        if object_id is not None:
            return None
        # A new story was saved, and its form sent again with other words in it: one story.
        if not self._may_write(request, done.article):
            return unsent(request, may_go_back=False)
        self._keep(request, content, None)
        return HttpResponseRedirect(_form(done.article, done.form_id))

    def saved_before(self, request, story):
        """The SavedForm of this form, sent before and typed into since, or None."""
        done = autosaves.saved(request.user, request.POST.get("form_id", ""))
        return done if done is not None and done.article_id == story.pk else None

    def _is_made(self, request, done):
        """Whether the step of a form that comes again was taken already, or it asks for none: the
        form may have been saved first, and its step chosen after the back button."""
        name = request.POST.get("_move", "").partition(" ")[0]
        if name not in moves.MOVES or name == "share":
            return True
        made = done.article.transitions.filter(by=request.user, move=moves.kept_as(name))
        return made.filter(at__gte=done.at).exists()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if (typed := self._taken_back(request, obj)) is not None:
            form.typed = MultiValueDict(typed.content)
        return form

    def _taken_back(self, request, obj):
        if not hasattr(request, "taken_back"):
            form_id = request.GET.get("take_back", "")
            request.taken_back = (
                autosaves.find(request.user, obj, form_id)
                if request.method == "GET" and form_id
                else None
            )
            typed = request.taken_back
            is_next = typed is not None and "began" in typed.content
            if is_next and (obj is None or not permissions.can_propose(request.user, obj)):
                # Words of a next version are not for a story that is not live any more.
                request.taken_back = None
        return request.taken_back

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        autosaves.settle(
            autosaves.content_of(request.POST),
            by=request.user,
            article=form.instance,
            form_id=request.POST.get("form_id", ""),
            is_new=not change,
            is_next=_is_next(request),
            made=getattr(request, "made", None),
            turn=_turn(request),
        )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        taken = self._taken_back(request, obj)
        context |= {
            "autosave": _autosave(obj),
            "taken_back": taken,
            "typed": self._offers(request, form, obj, may_edit=context["may_edit"]),
        }
        if taken is not None:
            for offer in context.get("offers", ()):
                if offer.form is not None:
                    offer.form.initial = offer.form.initial | _beside(taken.content, offer)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _offers(self, request, form, obj, *, may_edit):
        here = form["form_id"].value() if may_edit else ""
        offers = []
        for typed in autosaves.kept(request.user, obj):
            if typed.form_id == here:
                continue
            changed = _changed(form, typed.content) if may_edit else [""]
            if changed:
                overtaken = obj is not None and typed.version != obj.version
                offers.append(Offer(typed, _time(typed.at), changed, overtaken))
        return offers

    # The address

    def autosave_view(self, request, object_id=None):
        """GET: a token that holds now, for a page that is older than the session.

        POST: keep what is in the form; throw away (``_throw_away``) what was kept of another;
        or go back into the form with it (``_back``), for the page of what could not be sent.
        """
        story = None if object_id is None else self._story_or_nothing(request, object_id)
        if "_throw_away" in request.POST and story is not None:
            autosaves.drop(by=request.user, article=story, form_id=request.POST["_throw_away"])
            return HttpResponseRedirect(_form(story))
        may = self.has_add_permission(request) if story is None else self._may_write(request, story)
        if not may and request.method == "POST" and "_back" not in request.POST:
            # Saved, and out of the writer's hands since: what comes late is in the story.
            done = autosaves.saved(request.user, request.POST.get("form_id", ""))
            if done is not None and done.digest == autosaves.digest(
                autosaves.content_of(request.POST)
            ):
                return JsonResponse({"is_kept": False})
        if not may:
            raise PermissionDenied
        if request.method != "POST":
            return JsonResponse({"token": get_token(request)})
        if "_throw_away" in request.POST:
            autosaves.drop(by=request.user, article=None, form_id=request.POST["_throw_away"])
            return HttpResponseRedirect(_form(None))
        if request.POST.get("_user", str(request.user.pk)) != str(request.user.pk):
            return JsonResponse({"problem": "another person"}, status=409)
        content = autosaves.content_of(request.POST)
        form_id = request.POST.get("form_id", "")
        if "_back" in request.POST and not autosaves.is_form_id(form_id):
            form_id = autosaves.new_form_id()
            content["form_id"] = [form_id]
        if not content or (story is None and not autosaves.is_form_id(form_id)):
            return JsonResponse({"is_kept": False})
        try:
            story, typed = self._keep(request, content, story)
        except autosaves.TooLong:
            return JsonResponse({"problem": "too long"}, status=413)
        if "_back" in request.POST:
            # Something newer of the same form may be kept already: that is taken back.
            is_kept = typed is not None or autosaves.find(request.user, story, form_id) is not None
            return HttpResponseRedirect(_form(story, form_id if is_kept else ""))
        return JsonResponse(
            {
                "is_kept": typed is not None,
                "at": (typed.at if typed is not None else timezone.now()).isoformat(),
                "time": _time(timezone.now()),
                "version": None if story is None else story.version,
            }
        )

    def _keep(self, request, content, story):
        """Keep ``content``; returns the story it belongs to, and the Typed or None."""
        form_id = content["form_id"][0] if content.get("form_id") else ""
        done = autosaves.saved(request.user, form_id)
        if story is None and done is not None:
            # The form of a new story that was saved meanwhile: what comes now is of that story.
            story = done.article
        typed = autosaves.keep(
            content, by=request.user, article=story, form_id=form_id, turn=_turn(request)
        )
        return story, typed

    def get_urls(self):
        view = require_http_methods(["GET", "POST"])(self.autosave_view)
        view = _keeping(self.admin_site.admin_view(view))
        urls = super().get_urls()
        for each in urls:
            if each.name in FORMS:
                each.callback = _keeping(each.callback)
        return [
            path("add/autosave/", view, name="articles_article_autosave_new"),
            path("<int:object_id>/autosave/", view, name="articles_article_autosave"),
            *urls,
        ]


def _turn(request):
    """When the script of the page sent this, by its own clock; 0 without one."""
    words = request.POST.get("_turn", "")
    return int(words) if words.isdecimal() and words.isascii() and len(words) < 18 else 0


def _is_next(request):
    """Whether what is posted was meant for the next version of a live story."""
    return bool(request.POST.keys() & {"_next", "began"})


def _autosave(story):
    if story is None:
        return reverse("admin:articles_article_autosave_new")
    return reverse("admin:articles_article_autosave", args=[story.pk])


def _form(story, form_id=""):
    """The address of a story's form, with what was typed into another one in it."""
    if story is None:
        address = reverse("admin:articles_article_add")
    else:
        address = reverse("admin:articles_article_change", args=[story.pk])
    return f"{address}?take_back={form_id}" if form_id else address


def _time(at):
    """The hour of a day that is today, else the day too."""
    local = at.astimezone(site_zone())
    if local.date() == timezone.now().astimezone(site_zone()).date():
        return date_format(local, "H:i")
    return states.moment(at)


def _changed(form, content):
    """The labels of what differs between a typed form and the story as its form shows it."""
    typed = type(form)(MultiValueDict(content), instance=form.instance, initial=form.initial)
    names = [name for name in typed.changed_data if name != "version"]
    changed = [typed[name].label for name in names]
    for rows, label in ((typed.credits, _("Credits")), (typed.sources, _("Sources"))):
        if rows.is_bound and rows.has_changed():
            changed.append(label)
    for move in moves.MOVES.values():
        if move.form is not None and any(_words(content, move).values()):
            changed.append(move.label)
    return changed


def _words(content, move):
    """What was typed into the sheet of a move, for the fields that take words."""
    fields = move.form.base_fields.items()
    names = [name for name, field in fields if type(field) is forms.CharField]
    return {name: "".join(content.get(f"{move.name}-{name}", ())) for name in names}


def _beside(content, offer):
    return {name: words for name, words in _words(content, offer.move).items() if words}


# What could not be sent


def _keeping(view):
    """A view of the form that shows what was typed again where the session has ended meanwhile."""

    @functools.wraps(view)
    def inner(request, *args, **kwargs):
        is_lost = request.method == "POST" and not admin.site.has_permission(request)
        answer = unsent(request) if is_lost else None
        return answer if answer is not None else view(request, *args, **kwargs)

    return inner


def unsent(request, *, may_go_back=True):
    """A page with what was typed into a story's form that could not be saved, to be sent again.

    None where the request is no such form. Nothing is stored: whoever sent it may be anybody.
    """
    match = request.resolver_match
    is_form = match.url_name in FORMS or (match.url_name in AUTOSAVES and "_back" in request.POST)
    if request.method != "POST" or not is_form:
        return None
    content = autosaves.content_of(request.POST)
    texts = [(name, "\n".join(content[name])) for name in TEXTS if content.get(name)]
    if not any(words.strip() for _name, words in texts):
        return None
    number = match.kwargs.get("object_id")
    if number is not None and not (str(number).isdecimal() and len(str(number)) < 19):
        return None  # no story has such an address
    if number is None:
        address, form = reverse("admin:articles_article_autosave_new"), _form(None)
    else:
        address = reverse("admin:articles_article_autosave", args=[int(number)])
        form = reverse("admin:articles_article_change", args=[int(number)])
    labels = {"headline": _("Headline"), "standfirst": _("Standfirst"), "body": _("Text")}
    context = admin.site.each_context(request) | {
        "title": _("Not saved yet"),
        "address": address,
        "form_address": form,
        "may_go_back": may_go_back,
        "texts": [(name, labels[name], words) for name, words in texts],
        "others": [
            (name, value)
            for name, values in content.items()
            if name not in TEXTS
            for value in values
        ],
    }
    name = "admin/articles/article/unsent.html"
    return TemplateResponse(request, name, context, status=403)
