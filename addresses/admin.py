"""Old addresses and where they lead, on the desk."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from addresses.models import Redirect


class RedirectForm(forms.ModelForm):
    path = forms.CharField(
        label=_("Old address"), max_length=500, help_text=_("A path of this site: /about-us/")
    )
    query = forms.CharField(
        label=_("with the query"),
        max_length=300,
        required=False,
        help_text=_("What stood after the question mark, if that tells pages apart: p=1234"),
    )
    target = forms.CharField(
        label=_("leads to"),
        max_length=500,
        required=False,
        help_text=_("A path of this site. Left empty, it says that the page is gone for good."),
    )

    class Meta:
        model = Redirect
        fields = ["path", "query", "target"]

    def clean_path(self):
        return _a_path(self.cleaned_data["path"])

    def clean_target(self):
        target = self.cleaned_data["target"]
        return _a_path(target) if target else ""

    def clean(self):
        cleaned = super().clean()
        path, query, target = (cleaned.get(name, "") for name in ("path", "query", "target"))
        others = Redirect.objects.exclude(pk=self.instance.pk)
        if path and others.filter(path=path, query=query).exists():
            self.add_error("path", _("This old address leads somewhere already."))
        if path and path == target:
            self.add_error("target", _("An address cannot lead to itself."))
        # One hop: what leads on is followed to its end here, so that no reader has to.
        for _hop in range(10):
            further = others.filter(path=target, query="").first() if target else None
            if further is None:
                break
            target = further.target
        if path and target == path:
            self.add_error("target", _("From there it leads back to the old address."))
        elif "target" in cleaned:
            cleaned["target"] = target
        return cleaned


def _a_path(words):
    if not words.startswith("/") or words.startswith(("//", "/admin/")) or "\\" in words:
        raise ValidationError(_("An address of this site begins with a slash: /about-us/"))
    return words


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    """Who may is asked of the role's permissions: an old address belongs to nobody."""

    form = RedirectForm
    actions = None
    list_display = ["path", "query", "target", "created_at"]
    search_fields = ["path", "target"]
    list_per_page = 50
    show_full_result_count = False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not obj.query:
            # What led to this address leads on to where it leads now.
            Redirect.objects.filter(target=obj.path).update(target=obj.target)
