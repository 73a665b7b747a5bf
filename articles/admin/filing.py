"""What stories are filed under: sections, regions, tags, series."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from taggit.admin import Tag as PlainTag

from addresses.forms import LinesField, TranslatedForm, translated, with_languages
from articles import permissions
from articles.admin.base import DeskAdmin, KeepsAddresses
from articles.admin.parts import OrdersParts, PartsForm
from articles.admin.successors import Merges
from articles.admin.tree import ShowsTree
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


class PositionForm(forms.ModelForm):
    """The place of a section, on the list of them; for those who see no table it says of which."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        label = _("Place: %(name)s") % {"name": self.instance.name}
        self.fields["position"].widget.attrs["aria-label"] = label


@admin.register(Section)
class SectionAdmin(KeepsAddresses, DeskAdmin):
    form = SectionForm
    list_display = ["name", "position"]
    list_editable = ["position"]
    list_per_page = 200
    list_max_show_all = 200
    change_list_template = "admin/articles/section/change_list.html"
    search_fields = ["name"]
    ordering = ["position", "name"]
    fields = [*with_languages("name"), *with_languages("description"), "slug", "position"]

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, **{"form": PositionForm} | kwargs)


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
        # From here on nobody else moves anything; what was read before is read again.
        paths = Region.objects.hold()
        cleaned = super().clean()
        region, parent = self.instance, cleaned.get("parent")
        region.path = paths.get(region.pk, "")
        if parent is not None:
            parent.path = paths.get(parent.pk, "")
        members = cleaned.get("members") or []
        is_group = cleaned.get("kind") == Region.Kind.GROUP
        if members and not is_group:
            self.add_error("members", _("Only a group has members."))
        if groups := [m.name for m in members if m.kind == Region.Kind.GROUP or m == region]:
            text = _("A group has no group in it, and not itself: %(names)s.")
            self.add_error("members", ValidationError(text, params={"names": ", ".join(groups)}))
        twins = Region.objects.exclude(pk=self.instance.pk)
        if (
            "name" in cleaned
            and twins.filter(name=cleaned["name"], parent=cleaned.get("parent")).exists()
        ):
            self.add_error("name", _("There is a region of this name there already."))
        return cleaned


@admin.register(Region)
class RegionAdmin(ShowsTree, KeepsAddresses, DeskAdmin):
    form = RegionForm
    search_fields = ["name", "slug"]
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

    def clean(self):
        cleaned = super().clean()
        tag = self.instance
        before = Tag.objects.filter(pk=tag.pk).values_list("name", flat=True).first()
        if before and "name" in cleaned and tag_key(before) != tag_key(cleaned["name"]):
            # Who types the old name finds the tag, and makes no new one of it.
            aliases = cleaned.get("aliases") or []
            cleaned["aliases"] = [*aliases, *([before] if before not in aliases else [])]
        own = {tag_key(name): name for name in cleaned.get("aliases") or []}
        own |= {tag_key(name): name for name in tag.names.values()}
        others = Tag.objects.exclude(pk=tag.pk).filter(merged_into=None)
        for name, aliases, names in others.values_list("name", "aliases", "names"):
            for other in [name, *aliases, *names.values()]:
                if tag_key(other) in own:
                    text = _("“%(spelling)s” is the tag “%(name)s” already.")
                    about = {"spelling": own.pop(tag_key(other)), "name": name}
                    self.add_error("aliases", ValidationError(text, params=about))
        return cleaned

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        same = Tag.objects.filter(key=tag_key(name)).exclude(pk=self.instance.pk).first()
        if same is not None and tag_key(self.instance.key) != tag_key(name):
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
class SeriesForm(PartsForm, TranslatedForm):
    slug = slug_field()

    class Meta:
        model = Series
        fields = ["name"]


@admin.register(Series)
class SeriesAdmin(OrdersParts, KeepsAddresses, DeskAdmin):
    form = SeriesForm
    list_display = ["name", "is_listed"]
    search_fields = ["name"]
    fields = [*with_languages("name"), *with_languages("description"), "is_listed", "slug"]
