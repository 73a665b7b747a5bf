"""What stories are filed under: sections, regions, tags, series."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from taggit.admin import Tag as PlainTag

from addresses.forms import LinesField, TranslatedForm, translated, with_languages
from articles import permissions
from articles.admin.base import DeskAdmin, KeepsAddresses
from articles.admin.successors import Merges
from articles.forms.fields import NamedField, NamesField
from articles.models import Region, Section, Series, Tag
from articles.models.tag import tag_key

# taggit brings a list of its own tags; ours are another table.
admin.site.unregister(PlainTag)


def slug_field():
    return forms.SlugField(
        label=_("Address"),
        required=False,
        max_length=100,
        help_text=_("Left empty, it is made of the name. Old addresses lead on to a new one."),
    )


@translated(Section, "name", "description")
class SectionForm(TranslatedForm):
    slug = slug_field()

    class Meta:
        model = Section
        fields = ["name"]


@admin.register(Section)
class SectionAdmin(KeepsAddresses, DeskAdmin):
    form = SectionForm
    list_display = ["name", "position"]
    search_fields = ["name"]
    ordering = ["position", "name"]
    fields = [*with_languages("name"), *with_languages("description"), "slug", "position"]


@translated(Region, "name", "description")
class RegionForm(TranslatedForm):
    parent = NamedField(Region, source=(Region, "parent"), label=_("Lies in"))
    slug = slug_field()
    aliases = LinesField(label=_("Other spellings"), required=False, help_text=_("One a line."))
    members = NamesField(
        Region,
        source=(Region, "members"),
        label=_("Members"),
        help_text=_("For a group only: the regions that belong to it, with commas between."),
    )

    class Meta:
        model = Region
        fields = ["name"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("members") and cleaned.get("kind") != Region.Kind.GROUP:
            self.add_error("members", _("Only a group has members."))
        twins = Region.objects.exclude(pk=self.instance.pk)
        if (
            "name" in cleaned
            and twins.filter(name=cleaned["name"], parent=cleaned.get("parent")).exists()
        ):
            self.add_error("name", _("There is a region of this name there already."))
        return cleaned


@admin.register(Region)
class RegionAdmin(KeepsAddresses, DeskAdmin):
    form = RegionForm
    list_display = ["name", "kind", "parent", "iso_code"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    fields = [
        *with_languages("name"),
        "kind",
        "parent",
        "members",
        *with_languages("description"),
        "iso_code",
        "aliases",
        "slug",
    ]


@translated(Tag, "name", "description")
class TagForm(TranslatedForm):
    slug = slug_field()
    aliases = LinesField(label=_("Other spellings"), required=False, help_text=_("One a line."))

    class Meta:
        model = Tag
        fields = ["name"]

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        same = Tag.objects.filter(key=tag_key(name)).exclude(pk=self.instance.pk).first()
        if same is not None:
            raise ValidationError(
                _("There is the tag “%(name)s” already."), params={"name": same.name}
            )
        return name


@admin.register(Tag)
class TagAdmin(Merges, KeepsAddresses, DeskAdmin):
    form = TagForm
    list_display = ["name", "is_listed"]
    list_filter = ["is_listed"]
    search_fields = ["name", "slug"]
    ordering = ["name"]

    def get_queryset(self, request):
        return permissions.visible_tags(request.user, super().get_queryset(request))

    def may_add(self, user):
        return permissions.can_write(user)

    def may_change(self, user, thing=None):
        if thing is not None and thing.merged_into_id is not None:
            return False
        return permissions.is_editor(user)

    def get_search_results(self, request, queryset, search_term):
        # A merged tag is found by the one that stands for it.
        return super().get_search_results(request, queryset.filter(merged_into=None), search_term)

    def groups(self, request, obj=None):
        fields = [*with_languages("name"), *with_languages("description"), "aliases"]
        if permissions.is_editor(request.user):
            fields += ["is_listed", "slug"]
        return [(None, {"fields": fields})]


@translated(Series, "name", "description")
class SeriesForm(TranslatedForm):
    slug = slug_field()

    class Meta:
        model = Series
        fields = ["name"]


@admin.register(Series)
class SeriesAdmin(KeepsAddresses, DeskAdmin):
    form = SeriesForm
    list_display = ["name", "is_listed"]
    search_fields = ["name"]
    fields = [*with_languages("name"), *with_languages("description"), "is_listed", "slug"]
