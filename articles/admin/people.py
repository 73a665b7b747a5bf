"""People whose names are printed, and organisations."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from addresses.forms import (
    CodesField,
    LinesField,
    LinksField,
    TranslatedForm,
    translated,
    with_languages,
)
from articles import permissions
from articles.admin.base import DeskAdmin, KeepsAddresses
from articles.admin.biographies import ReviewsBiographies
from articles.admin.keepsakes import TakesWork
from articles.admin.safety import HidesPeople
from articles.admin.successors import Merges
from articles.forms.fields import NamedField
from authors.models import ALWAYS, Author, Organisation
from images.models import record_uses


@translated(Author, "name", "job_title", "short_bio", "biography", "location")
class PersonForm(TranslatedForm):
    organisation = NamedField(
        Organisation, source=(Author, "organisation"), label=_("Organisation")
    )
    slug = forms.SlugField(
        label=_("Address"),
        required=False,
        max_length=100,
        help_text=_("Left empty, it is made of the name. Old addresses lead on to a new one."),
    )
    languages = CodesField(
        label=_("Languages"), required=False, help_text=_("Codes with commas between: ky, ru, en")
    )
    links = LinksField(
        label=_("Links"),
        required=False,
        help_text=_("One a line, the name first: Telegram https://t.me/…"),
    )
    aliases = LinesField(
        label=_("Other spellings"),
        required=False,
        help_text=_("One a line. The person is found by them on the desk."),
    )

    class Meta:
        model = Author
        fields = ["name"]


@admin.register(Author)
class PersonAdmin(Merges, HidesPeople, TakesWork, ReviewsBiographies, KeepsAddresses, DeskAdmin):
    form = PersonForm
    list_display = ["name", "job_title", "organisation", "status", "is_listed", "position"]
    list_filter = ["status"]
    list_select_related = ["organisation"]
    search_fields = ["name", "job_title", "slug"]
    ordering = ["name"]
    # What is an editor's to say: where the page stands, what the person is, who they sign in as.
    OF_EDITORS = frozenset(
        {"slug", "user", "organisation", "status", "position", "is_listed", "aliases"}
    ) | frozenset([*with_languages("name"), *with_languages("job_title")])

    def may_see(self, user, thing=None):
        if thing is not None and permissions.can_change_person(user, thing):
            return True
        return permissions.is_reporter(user)

    def may_add(self, user):
        return permissions.can_write(user)

    def may_change(self, user, thing=None):
        if thing is None:
            return permissions.is_reporter(user)
        return thing.merged_into_id is None and permissions.can_change_person(user, thing)

    def get_search_results(self, request, queryset, search_term):
        # A merged person is found by the one they were merged into.
        return super().get_search_results(request, queryset.filter(merged_into=None), search_term)

    def groups(self, request, obj=None):
        fieldsets = [
            (
                None,
                {
                    "fields": [
                        *with_languages("name"),
                        *with_languages("job_title"),
                        "organisation",
                        "portrait",
                    ]
                },
            ),
            (
                _("About the person"),
                {
                    "fields": [
                        *with_languages("biography"),
                        *with_languages("short_bio"),
                        *with_languages("location"),
                        "languages",
                        "links",
                    ]
                },
            ),
            (
                _("On the site"),
                {"fields": ["status", "is_listed", "position", "slug", "aliases", "user"]},
            ),
        ]
        if permissions.is_editor(request.user):
            return fieldsets
        # Who adds a person says what is known; their page is kept by them and by editors.
        hidden = self.OF_EDITORS
        if obj is None or not self.may_change(request.user, obj):
            hidden -= {"organisation", *with_languages("name"), *with_languages("job_title")}
        if not permissions.is_reporter(request.user):
            hidden |= {"portrait"}  # the pictures are the newsroom's
        kept = [
            (name, options | {"fields": [f for f in options["fields"] if f not in hidden]})
            for name, options in fieldsets
        ]
        return [(name, options) for name, options in kept if options["fields"]]

    @admin.display(description=_("biography"))
    def text_to_read(self, thing):
        return super().text_to_read(thing)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        obj.record_portrait()


@translated(Organisation, "name", "description")
class OrganisationForm(TranslatedForm):
    slug = forms.SlugField(
        label=_("Address"),
        required=False,
        max_length=100,
        help_text=_("Left empty, it is made of the name. Old addresses lead on to a new one."),
    )
    aliases = LinesField(
        label=_("Other spellings"),
        required=False,
        help_text=_("One a line. Datelines and sources are recognised by them."),
    )

    class Meta:
        model = Organisation
        fields = ["name"]

    def clean(self):
        cleaned = super().clean()
        house = Organisation.objects.filter(is_house=True).exclude(pk=self.instance.pk).first()
        if cleaned.get("is_house") and house is not None:
            self.add_error(
                "is_house",
                forms.ValidationError(
                    _("There is one house, and it is %(name)s."), params={"name": house}
                ),
            )
        return cleaned


@admin.register(Organisation)
class OrganisationAdmin(Merges, KeepsAddresses, DeskAdmin):
    form = OrganisationForm
    list_display = ["name", "short_name", "kind", "is_listed"]
    list_filter = ["kind", "is_listed"]
    search_fields = ["name", "short_name", "slug"]
    ordering = ["name"]

    def may_add(self, user):
        return permissions.can_write(user)

    def may_change(self, user, thing=None):
        if thing is not None and thing.merged_into_id is not None:
            return False
        return super().may_change(user, thing)

    def get_search_results(self, request, queryset, search_term):
        # A merged organisation is found by the one that stands for it.
        return super().get_search_results(request, queryset.filter(merged_into=None), search_term)

    def groups(self, request, obj=None):
        about = [
            *with_languages("name"),
            "short_name",
            "kind",
            "url",
            *with_languages("description"),
            "logo",
            "aliases",
        ]
        fieldsets = [(None, {"fields": about})]
        if permissions.is_editor(request.user):
            fieldsets.append((_("On the site"), {"fields": ["is_listed", "is_house", "slug"]}))
        return fieldsets

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        is_shown = obj.is_listed or obj.is_house
        record_uses(f"organisation {obj.pk}", [(obj.logo_id, "logo", ALWAYS if is_shown else None)])
