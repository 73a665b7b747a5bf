from django.urls import path

from images import views

urlpatterns = [path("<str:token>/<str:name>", views.rendition, name="rendition")]
