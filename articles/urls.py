from django.urls import path, re_path

from articles import feeds, views
from articles.search import views as search

_DAY = r"(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/"

urlpatterns = [
    re_path(rf"^{_DAY}(?P<slug>[-\w]+)/$", views.article, name="article"),
    re_path(r"^a/(?P<id>[0-9]{1,19})/$", views.short_address, name="short_address"),
    re_path(r"^(?P<year>[0-9]{4})/$", views.archive_year, name="archive_year"),
    re_path(
        r"^(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})/$", views.archive_month, name="archive_month"
    ),
    re_path(rf"^{_DAY}$", views.archive_day, name="archive_day"),
    path("sections/<slug:slug>/", views.SectionPage.as_view(), name="section"),
    path("sections/<slug:slug>/rss.xml", feeds.SectionFeed.as_view(), name="section_rss"),
    path("regions/<slug:slug>/", views.RegionPage.as_view(), name="region"),
    path("regions/<slug:slug>/rss.xml", feeds.RegionFeed.as_view(), name="region_rss"),
    path("tags/<slug:slug>/", views.TagPage.as_view(), name="tag"),
    path("tags/<slug:slug>/rss.xml", feeds.TagFeed.as_view(), name="tag_rss"),
    path("authors/", views.masthead, name="masthead"),
    path("authors/<slug:slug>/", views.AuthorPage.as_view(), name="author"),
    path("authors/<slug:slug>/rss.xml", feeds.AuthorFeed.as_view(), name="author_rss"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path(
        "organisations/<slug:slug>/rss.xml",
        feeds.OrganisationFeed.as_view(),
        name="organisation_rss",
    ),
    path("series/<slug:slug>/", views.SeriesPage.as_view(), name="series"),
    path("series/<slug:slug>/rss.xml", feeds.SeriesFeed.as_view(), name="series_rss"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="search_suggest"),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/rss.xml", feeds.CorrectionsFeed.as_view(), name="corrections_rss"),
]
