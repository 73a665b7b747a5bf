"""The rows of a story's form: whom it credits, and which reports it relies on."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import naming, permissions, versions
from articles.forms.fields import ambiguous, suggestions
from articles.models import Byline, Citation
from authors.models import Author, Organisation


class Row(forms.Form):
    """A row that begins with a name; without a name it is no row."""

    name = forms.CharField(required=False, max_length=200)
    position = forms.IntegerField(required=False, min_value=0, max_value=10_000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.thing = None  # a saved Author or Organisation, or one to be made
        self.fields["position"].widget.attrs["class"] = "row__position"

    @property
    def is_row(self):
        return self.thing is not None and not self.cleaned_data.get("DELETE")

    @property
    def is_unknown(self):
        return any(error.code == "unknown" for error in self.errors.as_data().get("name", []))


class CreditRow(Row):
    """Whom a story credits: a person or an organisation, in one role.

    ``author`` and ``organisation`` take numbers, for programs that know them. ``kept`` stands for
    a person whom whoever has the form may not know: see Concealed.
    """

    author = forms.ModelChoiceField(Author.objects.all(), required=False)
    organisation = forms.ModelChoiceField(Organisation.objects.all(), required=False)
    make = forms.ChoiceField(
        label=_("New here?"),
        required=False,
        choices=[
            ("", _("choose")),
            ("person", _("add as a person")),
            ("organisation", _("add as an organisation")),
        ],
    )
    role = forms.ChoiceField(choices=Byline.Role, initial=Byline.Role.AUTHOR, required=False)
    withheld = forms.BooleanField(label=_("withhold the name"), required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user=None, concealed=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.concealed = user, concealed
        self.is_concealed = bool(self["kept"].value())
        attrs = self.fields["name"].widget.attrs
        if self.is_concealed:
            attrs["readonly"] = True
        else:
            attrs |= {
                "data-names": suggestions((Byline, "author"), (Byline, "organisation")),
                "data-make": "make",
                "autocomplete": "off",
            }
        if self.is_concealed or not permissions.is_editor(user):
            del self.fields["withheld"]

    def clean(self):
        cleaned = super().clean()
        cleaned["role"] = cleaned.get("role") or Byline.Role.AUTHOR
        if self.is_concealed:
            self.thing = self.concealed.find(cleaned.get("kept", "")) if self.concealed else None
            if self.thing is None:
                self.add_error("name", _("This credit is no longer known. Take it out."))
            return cleaned
        given = [thing for key in ("author", "organisation") if (thing := cleaned.get(key))]
        if len(given) > 1:
            self.add_error("name", _("A credit is a person or an organisation, not both."))
        elif given:
            self.thing = given[0]
        elif name := " ".join(cleaned.get("name", "").split()):
            self._find(name)
        self.thing = getattr(self.thing, "merged_into", None) or self.thing
        return cleaned

    def _find(self, name):
        people = naming.find(Author.objects.select_related("merged_into"), name, numbers=False)
        found = people + naming.find(Organisation.objects.all(), name, numbers=False)
        make = self.cleaned_data.get("make")
        if len(found) == 1:
            self.thing = found[0]
        elif found:
            self.add_error("name", ambiguous(name, found))
        elif make:
            self.thing = Author(name=name) if make == "person" else Organisation(name=name)
            _check_new(self, self.thing)
        else:
            self.add_error(
                "name",
                ValidationError(
                    _("Nobody here is called “%(name)s” yet. Add them as new, or mend the name."),
                    params={"name": name},
                    code="unknown",
                ),
            )


class Concealed:
    """The people of a story whom its form must not name, each by a mark that tells nobody who it is.

    ``rows``: of the snapshot that the form shows; ``hidden``: see permissions.may_know_credit.
    """

    def __init__(self, article, user, rows, hidden):
        self.article, self.user, self.rows, self.hidden = article, user, rows, hidden

    def knows(self, row):
        return permissions.may_know_credit(self.user, row, self.hidden)

    def mark(self, number):
        return salted_hmac(
            "articles.credits", f"{self.article.pk} {number}", algorithm="sha256"
        ).hexdigest()[:32]

    def find(self, mark):
        """The person of a mark, also where another withdrew or opened the credit meanwhile."""
        numbers = versions.withheld(self.article) | {row["author_id"] for row in self.rows}
        found = (n for n in numbers if n and constant_time_compare(self.mark(n), mark))
        return Author.objects.select_related("merged_into").filter(pk=next(found, None)).first()


class SourceRow(Row):
    """A report that the story relies on. ``organisation`` takes a number, for programs."""

    organisation = forms.ModelChoiceField(Organisation.objects.all(), required=False)
    make = forms.BooleanField(label=_("add as a new organisation"), required=False)
    relation = forms.ChoiceField(
        choices=Citation.Relation, initial=Citation.Relation.CITES, required=False
    )
    url = forms.URLField(required=False, max_length=500, assume_scheme="https")

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {
            "data-names": suggestions((Citation, "organisation")),
            "data-make": "make",
            "autocomplete": "off",
        }
        self.fields["url"].widget.attrs["placeholder"] = "https://"

    def clean(self):
        cleaned = super().clean()
        cleaned["relation"] = cleaned.get("relation") or Citation.Relation.CITES
        name = " ".join(cleaned.get("name", "").split())
        if cleaned.get("organisation"):
            self.thing = cleaned["organisation"].merged_into or cleaned["organisation"]
        elif name:
            found = naming.find(Organisation.objects.all(), name, numbers=False)
            if len(found) == 1:
                self.thing = found[0]
            elif found:
                self.add_error("name", ambiguous(name, found))
            elif cleaned.get("make"):
                self.thing = Organisation(name=name)
                _check_new(self, self.thing)
            else:
                self.add_error(
                    "name",
                    ValidationError(
                        _("No organisation here is called “%(name)s” yet. Add it as new?"),
                        params={"name": name},
                        code="unknown",
                    ),
                )
        elif cleaned.get("url"):
            self.add_error("name", _("Whose report is this?"))
        return cleaned


def _check_new(form, thing):
    try:
        thing.full_clean(exclude=["slug"], validate_unique=False)
    except ValidationError as error:
        form.thing = None
        form.add_error("name", error.messages)


class RowSet(BaseFormSet):
    """Rows in their order: by the number typed beside them, else as they stand."""

    deletion_widget = forms.CheckboxInput

    def in_order(self):
        rows = [
            (form.cleaned_data.get("position"), number, form)
            for number, form in enumerate(self.forms)
            if form.is_valid() and form.is_row
        ]
        rows.sort(key=lambda row: (row[0] if row[0] is not None else row[1], row[1]))
        return [form for _position, _number, form in rows]

    def make_new(self, made):
        """Save the people and organisations that are new here. ``made``: see make_once."""
        for form in self.in_order():
            if form.thing.pk is None:
                form.thing = make_once(form.thing, made)


def make_once(thing, made):
    """Save a thing that is new here, or give the one of its name that was made already.

    ``made``: a list of what one form has made, to which it is added; one name is made once.
    """
    for other in made:
        if type(other) is type(thing) and _is_named(other, thing):
            return other
    thing.save()
    made.append(thing)
    return thing


def _is_named(one, other):
    return naming.plain(one.name) == naming.plain(other.name)


class Credits(RowSet):
    def clean(self):
        seen = set()
        for form in self.in_order():
            key = (type(form.thing), form.thing.pk or naming.plain(form.thing.name))
            key += (form.cleaned_data["role"],)
            if key in seen:
                form.add_error("name", _("This name stands here twice in the same role."))
            seen.add(key)

    @classmethod
    def of(cls, rows, known, concealed):
        """The rows of a snapshot (see articles.versions), as initial data. ``known``: see Known."""
        people, houses = known.labels(Author), known.labels(Organisation)
        found = []
        for number, row in enumerate(rows, start=1):
            initial = {
                "name": people.get(row["author_id"]) or houses.get(row["organisation_id"]),
                "role": row["role"],
                "withheld": row["withheld"],
                "position": number,
            }
            if not concealed.knows(row):
                initial["name"] = gettext("(name withheld)")
                initial["kept"] = concealed.mark(row["author_id"])
            found.append(initial)
        return found

    def is_withheld(self, form, thing, present):
        """Whether a row withholds its name, that of ``thing``. ``present``: the rows it began from.

        A person who was withheld stays so, in whatever role, until a chief shows the name again.
        """
        if form.is_concealed:
            return True
        typed = form.cleaned_data.get("withheld")  # None where whoever saves may not withhold
        is_person = isinstance(thing, Author)
        if typed is not None and (not is_person or permissions.is_chief(form.user)):
            return typed
        key = "author_id" if is_person else "organisation_id"
        was = {row["role"]: row["withheld"] for row in present if row[key] == thing.pk}
        stays = was.get(form.cleaned_data.get("role"), is_person and any(was.values()))
        return bool(typed) or stays

    def content(self, present, made):
        """The rows as a snapshot has them. ``present``: those they began from; ``made``: see make_once."""
        self.make_new(made)
        rows = []
        for form in self.in_order():
            is_person = isinstance(form.thing, Author)
            row = {
                "author_id": form.thing.pk if is_person else None,
                "organisation_id": None if is_person else form.thing.pk,
                "role": str(form.cleaned_data["role"]),
            }
            rows.append(row | {"withheld": self.is_withheld(form, form.thing, present)})
        return rows


class Known:
    """What the rows of a snapshot name, loaded once: the labels of people and organisations."""

    def __init__(self, content, article):
        """``article``: the story of the snapshot, whose own rows may be loaded already."""
        rows = [*content["bylines"], *content["citations"]]
        self.numbers = {
            Author: {row.get("author_id") for row in rows} - {None},
            Organisation: {row["organisation_id"] for row in rows} - {None},
        }
        self.loaded = {Author: {}, Organisation: {}}
        for name in {"bylines", "citations"} & set(
            getattr(article, "_prefetched_objects_cache", ())
        ):
            for row in getattr(article, name).all():
                self._keep(getattr(row, "author", None))
                self._keep(row.organisation)
        self.kept = None

    def _keep(self, thing):
        if thing is not None:
            self.loaded[type(thing)][thing.pk] = thing

    def labels(self, model):
        """How each of a model's things is called: number -> words."""
        if self.kept is None:
            for each, wanted in self.numbers.items():
                if missing := wanted - set(self.loaded[each]):
                    self.loaded[each] |= each.objects.in_bulk(missing)
            groups = [
                [self.loaded[each][n] for n in sorted(wanted) if n in self.loaded[each]]
                for each, wanted in self.numbers.items()
            ]
            self.kept = dict(zip(self.numbers, naming.labels_of(*groups), strict=True))
        return self.kept[model]


class Sources(RowSet):
    @classmethod
    def of(cls, rows, known):
        """The rows of a snapshot (see articles.versions), as initial data. ``known``: see Known."""
        houses = known.labels(Organisation)
        return [
            {
                "name": houses.get(row["organisation_id"]),
                "relation": row["relation"],
                "url": row["url"],
                "position": number,
            }
            for number, row in enumerate(rows, start=1)
        ]

    def content(self, made):
        """The rows as a snapshot has them. ``made``: see make_once."""
        self.make_new(made)
        return [
            {
                "organisation_id": form.thing.pk,
                "relation": str(form.cleaned_data["relation"]),
                "url": form.cleaned_data.get("url", ""),
            }
            for form in self.in_order()
        ]


CreditSet = formset_factory(
    CreditRow, formset=Credits, can_delete=True, extra=1, max_num=60, absolute_max=100
)
SourceSet = formset_factory(
    SourceRow, formset=Sources, can_delete=True, extra=1, max_num=100, absolute_max=200
)
