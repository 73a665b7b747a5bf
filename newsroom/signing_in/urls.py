"""Below /admin/. The names that begin with account_ and mfa_ are those by which allauth leads on."""

from django.contrib import admin
from django.urls import path

from newsroom.signing_in import views

signed_in = admin.site.admin_view

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("login/code/", views.Code.as_view(), name="mfa_authenticate"),
    path("login/forgotten/", views.forgotten, name="forgotten_password"),
    path("welcome/<str:token>/", views.set_password, name="set_password"),
    path("account/", signed_in(views.account), name="mfa_index"),
    path("account/colleagues/", signed_in(views.colleagues), name="colleagues"),
    path("account/confirm/", signed_in(views.Confirm.as_view()), name="account_reauthenticate"),
    path(
        "account/confirm/code/", signed_in(views.ConfirmByCode.as_view()), name="mfa_reauthenticate"
    ),
    path("account/second-factor/", signed_in(views.SetUp.as_view()), name="mfa_activate_totp"),
    path("account/second-factor/picture.svg", signed_in(views.totp_picture), name="totp_picture"),
    path(
        "account/second-factor/off/", signed_in(views.TurnOff.as_view()), name="mfa_deactivate_totp"
    ),
    path(
        "account/codes/", signed_in(views.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"
    ),
    path(
        "account/codes/new/",
        signed_in(views.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
