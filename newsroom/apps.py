from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self):
        from newsroom import checks, receivers, sqlite  # noqa: F401  (registered by being imported)


class DeskConfig(AdminConfig):
    """Django's admin, with the desk's own index, order and words."""

    default_site = "newsroom.desk.Desk"
