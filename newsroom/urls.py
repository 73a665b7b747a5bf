from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from articles.views.story import preview
from newsroom import health, looks, reporting, sitemaps, views

_MONTH = r"^sitemap-(?P<year>[0-9]{4})-(?P<month>[0-9]{2})"
_PART = r"-(?P<part>[1-9][0-9]{0,5})\.xml$"

urlpatterns = [
    path("admin/", include("newsroom.signing_in.urls")),
    path("admin/", admin.site.urls),
    path("media/", include("images.urls")),
    path("preview/<str:token>/", preview, name="preview"),
    path("looks/<str:name>", looks.style_sheet, name="looks"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-lists.xml", sitemaps.lists, name="sitemap_lists"),
    re_path(rf"^sitemap-lists{_PART}", sitemaps.lists, name="sitemap_lists_part"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap_news"),
    re_path(rf"^sitemap-news{_PART}", sitemaps.news, name="sitemap_news_part"),
    re_path(rf"{_MONTH}\.xml$", sitemaps.month, name="sitemap_month"),
    re_path(rf"{_MONTH}{_PART}", sitemaps.month, name="sitemap_month_part"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", health.answer, name="health"),
    path(".well-known/security.txt", views.security, name="security"),
    *i18n_patterns(
        path("", include("fronts.urls")),
        path("", include("articles.urls")),
        path("report/", reporting.report, name="report"),
        path("report/thanks/", reporting.thanks, name="report_thanks"),
        path("pages/<slug:slug>/", views.page, name="page"),
        prefix_default_language=False,
    ),
]

handler400 = "newsroom.views.bad_request"
handler403 = "newsroom.views.forbidden"
handler404 = "newsroom.views.not_found"
handler500 = "newsroom.views.broken"
