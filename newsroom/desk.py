from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class Desk(admin.AdminSite):
    """Django's admin as the desk of a newsroom."""

    site_header = _("The desk")
    site_title = _("Desk")
    index_title = _("Desk")
