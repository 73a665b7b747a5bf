"""The rows of a story's form: whom it credits, and which reports it relies on."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from articles import naming, permissions
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

    ``author`` and ``organisation`` take numbers, for programs that know them.
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

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {
            "data-names": suggestions((Byline, "author"), (Byline, "organisation")),
            "data-make": "make",
            "autocomplete": "off",
        }
        if not permissions.is_editor(user):
            del self.fields["withheld"]

    def clean(self):
        cleaned = super().clean()
        cleaned["role"] = cleaned.get("role") or Byline.Role.AUTHOR
        given = [thing for key in ("author", "organisation") if (thing := cleaned.get(key))]
        if len(given) > 1:
            self.add_error("name", _("A credit is a person or an organisation, not both."))
        elif given:
            self.thing = given[0]
        elif name := " ".join(cleaned.get("name", "").split()):
            self._find(name)
        if isinstance(self.thing, Author) and self.thing.merged_into is not None:
            self.thing = self.thing.merged_into
        return cleaned

    def _find(self, name):
        people = naming.find(Author.objects.select_related("merged_into"), name, numbers=False)
        people = list({(p.merged_into or p).pk: p.merged_into or p for p in people}.values())
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
            self.thing = cleaned["organisation"]
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
    def of(cls, article):
        """The rows of a saved story, as initial data."""
        bylines = list(article.bylines.select_related("author", "organisation"))
        people = naming.labels([b.author for b in bylines if b.author is not None])
        houses = naming.labels([b.organisation for b in bylines if b.organisation is not None])
        return [
            {
                "name": people[b.author_id] if b.author_id else houses[b.organisation_id],
                "role": b.role,
                "withheld": b.withheld,
                "position": number,
            }
            for number, b in enumerate(bylines, start=1)
        ]

    def save(self, article, made):
        """Write the credits of a story. ``made``: see make_once.

        Credits that stay keep their row, and a person who was withheld stays so, in whatever role,
        where whoever saves may not withhold a name.
        """
        self.make_new(made)
        present = {(b.author_id, b.organisation_id, b.role): b for b in article.bylines.all()}
        kept = set()
        wanted = []
        for position, form in enumerate(self.in_order()):
            is_person = isinstance(form.thing, Author)
            key = (
                form.thing.pk if is_person else None,
                None if is_person else form.thing.pk,
                form.cleaned_data["role"],
            )
            old = present.get(key)
            was = any(b.withheld for b in present.values() if b.author_id == key[0] is not None)
            withheld = form.cleaned_data.get("withheld", old.withheld if old else was)
            kept.add(key)
            wanted.append((old, key, position, withheld))
        for key, byline in present.items():
            if key not in kept:
                byline.delete()
        for old, (author, organisation, role), position, withheld in wanted:
            if old is None:
                Byline.objects.create(
                    article=article,
                    author_id=author,
                    organisation_id=organisation,
                    role=role,
                    position=position,
                    withheld=withheld,
                )
            elif (old.position, old.withheld) != (position, withheld):
                old.position, old.withheld = position, withheld
                old.save()
        # Portraits of people who are no longer credited may have to go from public view.
        for key, byline in present.items():
            if key not in kept and byline.author_id:
                Author.objects.get(pk=byline.author_id).record_portrait()


class Sources(RowSet):
    @classmethod
    def of(cls, article):
        citations = list(article.citations.select_related("organisation"))
        houses = naming.labels([c.organisation for c in citations])
        return [
            {
                "name": houses[c.organisation_id],
                "relation": c.relation,
                "url": c.url,
                "position": number,
            }
            for number, c in enumerate(citations, start=1)
        ]

    def save(self, article, made):
        """Write the sources of a story. ``made``: see make_once."""
        self.make_new(made)
        wanted = [
            (form.thing.pk, form.cleaned_data["relation"], form.cleaned_data.get("url", ""))
            for form in self.in_order()
        ]
        present = list(article.citations.values_list("organisation_id", "relation", "url"))
        if wanted != present:
            article.citations.all().delete()
            Citation.objects.bulk_create(
                Citation(
                    article=article,
                    organisation_id=organisation,
                    relation=relation,
                    url=url,
                    position=position,
                )
                for position, (organisation, relation, url) in enumerate(wanted)
            )


CreditSet = formset_factory(
    CreditRow, formset=Credits, can_delete=True, extra=1, max_num=60, absolute_max=100
)
SourceSet = formset_factory(
    SourceRow, formset=Sources, can_delete=True, extra=1, max_num=100, absolute_max=200
)
