from django.urls import path

from articles.feeds import Feed
from fronts import views

urlpatterns = [
    path("", views.home, name="home"),
    path("rss.xml", Feed.as_view(), name="home_rss"),
]
