"""What each person chooses for themselves: the desk's language, and what they hear of."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from articles import hooks, notices, permissions
from articles.models import Message
from authors.models import User


class PreferencesForm(forms.ModelForm):
    """Besides its fields a table: one box for each event and channel, ticked where it is wanted."""

    language = forms.ChoiceField(
        label=lazy("Language of the desk"),
        required=False,
        choices=[("", lazy("As the browser asks")), *User.LANGUAGES],
        widget=forms.RadioSelect,
    )
    messenger = forms.CharField(
        label=lazy("My address at the messenger"),
        required=False,
        max_length=100,
        help_text=lazy("For a Telegram bot: the number of your chat with it."),
    )

    class Meta:
        model = User
        fields = ["language", "messenger"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.instance
        self.channels = [(Message.Channel.MAIL, lazy("Mail"))]
        if hooks.is_personal():
            self.channels.append((Message.Channel.HOOK, lazy("Messenger")))
        else:
            del self.fields["messenger"]
        self.events = notices.events_of(user)
        if not self.events:
            self.channels = []
            self.fields.pop("messenger", None)
        is_chief = permissions.is_chief(user)
        for event, label in self.events.items():
            for channel, channel_name in self.channels:
                is_fixed = is_chief and (channel, event) in notices.ALWAYS_TOLD_TO_CHIEFS
                self.fields[f"{channel}-{event}"] = forms.BooleanField(
                    label=f"{label}: {channel_name}",
                    required=False,
                    initial=is_fixed or f"{channel} {event}" not in user.muted,
                    disabled=is_fixed,
                )

    def rows(self):
        """The table, as (what an event is, its boxes)."""
        for event, label in self.events.items():
            yield label, [self[f"{channel}-{event}"] for channel, _name in self.channels]

    def save(self, commit=True):
        user = self.instance
        shown = {
            f"{channel} {event}": f"{channel}-{event}"
            for event in self.events
            for channel, _name in self.channels
        }
        # What the page does not offer today stays as it was chosen.
        kept = [name for name in user.muted if name not in shown]
        off = [name for name, field in shown.items() if not self.cleaned_data[field]]
        user.muted = sorted({*kept, *off})
        user.save(update_fields=["language", "muted", *({"messenger"} & set(self.fields))])
        return user


def preferences(request, site):
    """The page of a person's own choices; ``site`` is the desk."""
    data = request.POST if request.method == "POST" else None
    form = PreferencesForm(data, instance=request.user)
    if form.is_valid():
        user = form.save()
        # Said in the language just chosen.
        with override(user.language or request.desk_language):
            messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("admin:preferences"))
    context = {
        **site.each_context(request),
        "title": _("My preferences"),
        "form": form,
    }
    return TemplateResponse(request, "admin/preferences.html", context)
