from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontsConfig(AppConfig):
    name = "fronts"
    verbose_name = _("Fronts")

    def ready(self):
        from fronts import leads, pictures, setup  # noqa: F401  (registered by being imported)
