from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("News")

    def ready(self):
        from articles import setup  # noqa: F401  (registered by being imported)
        from articles.search import names  # noqa: F401
        from articles.search import setup as search_setup  # noqa: F401
