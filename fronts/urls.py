from django.urls import path

from articles.feeds.views import Feed, addresses
from fronts import views

urlpatterns = [
    path("", views.home, name="home"),
    *addresses("", Feed, "home"),
]
