"""Logins, the site's name, its own pages and its old addresses on the desk."""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import Group
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from addresses.forms import TranslatedForm, translated, with_languages
from articles import permissions, states
from articles.admin.base import DeskAdmin, KeepsAddresses, labelled
from authors.models import User
from newsroom import forms as forms_of_the_site
from newsroom import misses, redirects  # noqa: F401  (registered by being imported)
from newsroom.models import Page, SiteSettings
from newsroom.signing_in import sessions
from newsroom.signing_in.logins import SignsIn

# The roles are fixed; what they may is written in articles.permissions. How people sign in has
# pages of its own.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])

ROLES = {
    permissions.REPORTER: _("Reporter: writes and submits own stories"),
    permissions.EDITOR: _("Editor: edits and publishes"),
    permissions.CHIEF: _("Chief editor: also withdraws, and gives logins"),
    permissions.ADMINISTRATOR: _("Administrator: runs the site, has no stories"),
}


def role_name(role):
    """The first words of what a role is."""
    return str(ROLES.get(role, role)).partition(":")[0]


class RolesFilter(admin.RelatedFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("roles")

    def field_choices(self, field, request, model_admin):
        choices = super().field_choices(field, request, model_admin)
        return [(number, role_name(name)) for number, name in choices]


class RolesField(forms.MultipleChoiceField):
    """Names of roles. Which may be given is set for each form."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(**{"label": _("Roles"), "required": False} | kwargs)


class LoginForm(forms.ModelForm):
    """A login, without its password: that is set by its owner alone."""

    roles = RolesField()

    class Meta:
        model = User
        fields = ["username"]
        field_classes = {"username": UsernameField}

    def _others(self, **fields):
        return User.objects.exclude(pk=self.instance.pk).filter(**fields)

    def clean_username(self):
        username = self.cleaned_data["username"]
        if self._others(username__iexact=username).exists():
            raise ValidationError(_("There is a login of this name."))
        return username

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if email and self._others(email__iexact=email).exists():
            raise ValidationError(_("Another login has this address."))
        return email


@admin.register(User)
class LoginAdmin(SignsIn, DeskAdmin):
    """Accounts are closed, never deleted; nobody changes their own roles."""

    form = LoginForm
    list_display = ["username", "full_name", "role_names", "is_active", "signed_in"]
    list_filter = ["is_active", ("groups", RolesFilter)]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]
    readonly_fields = ["signed_in"]

    def may_see(self, user, thing=None):
        return permissions.can_manage_logins(user)

    def may_add(self, user):
        return permissions.can_manage_logins(user)

    def may_change(self, user, thing=None):
        if thing is None:
            return permissions.can_manage_logins(user)
        return permissions.can_manage_login(user, thing)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def groups(self, request, obj=None):
        who = (_("Who it is"), {"fields": ["first_name", "last_name", "email"]})
        if obj is None:
            account = ["roles"]
        elif obj.pk == request.user.pk:
            account = ["signed_in"]
        else:
            account = ["roles", "is_active", "signed_in"]
        return [
            (None, {"fields": ["username"]}),
            who,
            (_("What they may"), {"fields": account}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "roles" in form.base_fields:
            grantable = permissions.grantable_roles(request.user)
            roles = form.base_fields["roles"]
            roles.choices = [(name, label) for name, label in ROLES.items() if name in grantable]
            if obj is not None:
                roles.initial = [group.name for group in obj.groups.all()]
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        login = form.instance
        if not login.is_active:
            # What is closed stays closed when it is opened again.
            sessions.end(sessions.live(user=login))
            login.one_time_links.all().delete()
        if "roles" not in form.cleaned_data or login.pk == request.user.pk:
            return
        grantable = permissions.grantable_roles(request.user)
        kept = set(login.groups.exclude(name__in=grantable).values_list("name", flat=True))
        roles = kept | (set(form.cleaned_data["roles"]) & grantable)
        login.groups.set(Group.objects.filter(name__in=roles))
        # Who has a role may enter the desk, and nobody else.
        login.is_staff = bool(roles) or login.is_superuser
        login.save(update_fields=["is_staff"])

    @admin.display(description=_("last login"), ordering="last_login")
    def signed_in(self, login):
        return states.moment(login.last_login) if login.last_login else None

    @admin.display(description=pgettext("of a person", "name"))
    def full_name(self, login):
        return login.get_full_name()

    @admin.display(description=_("roles"))
    def role_names(self, login):
        if login.is_superuser:
            return _("everything")
        return ", ".join(sorted(role_name(group.name) for group in login.groups.all()))


class SiteForm(forms_of_the_site.SiteForm):
    second_factor_for = RolesField(
        label=_("A second factor is needed by"),
        help_text=_("Who has none yet is led to set one up before anything else opens."),
        choices=ROLES.items(),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["second_factor_for"] = self.instance.second_factor_for.split(",")

    def clean_second_factor_for(self):
        return ",".join(self.cleaned_data["second_factor_for"])


@admin.register(SiteSettings)
class SiteAdmin(DeskAdmin):
    """One row: the list of it is its form."""

    form = SiteForm
    readonly_fields = ["logo_seen"]

    @admin.display(description=_("Logo"))
    def logo_seen(self, site):
        if site.logo is None:
            return _("None: the name stands in words")
        return render_to_string("admin/newsroom/_logo.html", {"site": site})

    def save_model(self, request, obj, form, change):
        form.save_logo(by=request.user)
        super().save_model(request, obj, form, change)
        if "menu" in form.cleaned_data:
            forms_of_the_site.save_menu(form.cleaned_data["menu"])

    def render_change_form(self, request, context, *args, **kwargs):
        form = context["adminform"].form
        if form.errors:
            form.hold_logo(by=request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def groups(self, request, obj=None):
        is_demo = obj is not None and obj.is_demo
        has_logo = obj is not None and obj.logo_id is not None
        names = [*with_languages("name"), *with_languages("description")]
        looks = ["logo_seen", "logo_file", "logo_held", *(["logo_none"] if has_logo else [])]
        groups = [
            (None, {"fields": [*names, "is_demo"] if is_demo else names}),
            (_("Looks"), {"fields": [*looks, "accent", "accent_dark"]}),
            (_("Menu"), {"fields": ["menu"]}),
            (
                _("How readers reach us"),
                {"fields": ["email", *with_languages("contact"), "social_links"]},
            ),
            (_("Policies"), {"fields": ["ethics_policy", "corrections_policy"]}),
            (_("Passing on"), {"fields": with_languages("licence")}),
            (_("On the desk"), {"fields": ["biographies_are_reviewed"]}),
        ]
        if permissions.can_require_second_factors(request.user):
            groups.append((_("Signing in"), {"fields": ["second_factor_for"]}))
        return groups

    def may_see(self, user, thing=None):
        return permissions.can_manage_logins(user)

    def may_add(self, user):
        return permissions.can_manage_logins(user) and not SiteSettings.objects.exists()

    def may_change(self, user, thing=None):
        return permissions.can_manage_logins(user)

    def changelist_view(self, request, extra_context=None):
        site = SiteSettings.objects.first()
        if site is None or not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:newsroom_sitesettings_change", args=[site.pk]))


@translated(Page, "name", "body")
class PageForm(TranslatedForm):
    class Meta:
        model = Page
        fields = ["name"]


@admin.register(Page)
class PageAdmin(KeepsAddresses, DeskAdmin):
    form = PageForm
    list_display = ["name", "slug", "place"]
    search_fields = ["name"]
    fields = [*with_languages("name"), *with_languages("body"), "slug", "position"]

    @admin.display(description=_("place in the footer"), ordering="position")
    def place(self, page):
        if page.position is None:
            return _("not in the footer")
        return labelled(page.position, before=_("place in the footer"))

    def may_see(self, user, thing=None):
        return permissions.is_editor(user) or permissions.is_administrator(user)

    def may_add(self, user):
        return self.may_see(user)

    def may_change(self, user, thing=None):
        return self.may_see(user)
