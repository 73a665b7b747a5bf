from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from articles.views import preview
from newsroom import looks, views

urlpatterns = [
    path("admin/", include("newsroom.signing_in.urls")),
    path("admin/", admin.site.urls),
    path("media/", include("images.urls")),
    path("preview/<str:token>/", preview, name="preview"),
    path("looks/<str:name>", looks.style_sheet, name="looks"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.health, name="health"),
    path(".well-known/security.txt", views.security, name="security"),
    *i18n_patterns(
        path("", include("fronts.urls")),
        path("", include("articles.urls")),
        path("pages/<slug:slug>/", views.page, name="page"),
        prefix_default_language=False,
    ),
]

handler400 = "newsroom.views.bad_request"
handler403 = "newsroom.views.forbidden"
handler404 = "newsroom.views.not_found"
handler500 = "newsroom.views.broken"
