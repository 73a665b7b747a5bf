from django.urls import path, re_path

from articles.feeds import views as feeds
from articles.search import views as search
from articles.views import archive, corrections, lists, people, story

_DAY = r"(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/"

urlpatterns = [
    re_path(rf"^{_DAY}(?P<slug>[-\w]+)/$", story.article, name="article"),
    re_path(rf"^{_DAY}(?P<slug>[-\w]+)/republish/$", story.republish, name="article_republish"),
    re_path(r"^a/(?P<id>[0-9]{1,19})/$", story.short_address, name="short_address"),
    re_path(r"^(?P<year>[0-9]{4})/$", archive.archive_year, name="archive_year"),
    re_path(
        r"^(?P<year>[0-9]{4})/(?P<month>[0-9]{1,2})/$", archive.archive_month, name="archive_month"
    ),
    re_path(rf"^{_DAY}$", archive.archive_day, name="archive_day"),
    path("sections/<slug:slug>/", lists.SectionPage.as_view(), name="section"),
    *feeds.addresses("sections/<slug:slug>/", feeds.SectionFeed, "section"),
    path("regions/<slug:slug>/", lists.RegionPage.as_view(), name="region"),
    *feeds.addresses("regions/<slug:slug>/", feeds.RegionFeed, "region"),
    path("tags/<slug:slug>/", lists.TagPage.as_view(), name="tag"),
    *feeds.addresses("tags/<slug:slug>/", feeds.TagFeed, "tag"),
    path("authors/", people.masthead, name="masthead"),
    path("authors/<slug:slug>/", people.AuthorPage.as_view(), name="author"),
    *feeds.addresses("authors/<slug:slug>/", feeds.AuthorFeed, "author"),
    path("organisations/<slug:slug>/", people.organisation, name="organisation"),
    *feeds.addresses("organisations/<slug:slug>/", feeds.OrganisationFeed, "organisation"),
    path("series/<slug:slug>/", lists.SeriesPage.as_view(), name="series"),
    *feeds.addresses("series/<slug:slug>/", feeds.SeriesFeed, "series"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="search_suggest"),
    path("corrections/", corrections.corrections, name="corrections"),
    *feeds.addresses("corrections/", feeds.CorrectionsFeed, "corrections"),
]
