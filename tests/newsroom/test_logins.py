"""Who may give which role to whom, on every address where that could be done."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from addresses.models import Redirect
from authors.models import User
from newsroom.models import Page, SiteSettings
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/authors/user/add/"


def signed_in(role):
    client = Client()
    client.user = role if isinstance(role, User) else make_user(role)
    client.force_login(client.user)
    return client


def address(login, verb="change"):
    return reverse(f"admin:authors_user_{verb}", args=[login.pk])


def new_login(**fields):
    return {"username": "new", **fields}


def roles(login):
    return sorted(login.groups.values_list("name", flat=True))


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_reporters_and_editors_see_no_logins(role):
    client, other = signed_in(role), make_user()
    paths = [
        ADD,
        "/admin/authors/user/",
        address(other),
        address(other, "link"),
        address(other, "second_factor"),
    ]
    for path in paths:
        assert client.get(path).status_code == 403, path
        assert client.post(path, new_login(roles=["chief editor"])).status_code == 403, path
    assert not User.objects.filter(username="new").exists()


def test_a_chief_gives_a_login_the_roles_of_the_newsroom():
    client = signed_in("chief editor")
    client.post(ADD, new_login(roles=["reporter", "editor"]))
    login = User.objects.get(username="new")
    assert roles(login) == ["editor", "reporter"]
    assert (login.is_staff, login.is_superuser) == (True, False)
    assert not login.has_usable_password()


def test_nobody_types_the_password_of_another():
    client, other = signed_in("chief editor"), make_user("reporter")
    before = other.password
    typed = {"password": "correct horse 9", "password1": "correct horse 9"}
    typed |= {"password2": "correct horse 9", "usable_password": "true"}
    client.post(ADD, new_login(roles=["reporter"]) | typed)
    client.post(address(other), {"username": other.username, "roles": "reporter"} | typed)
    client.post(f"/admin/authors/user/{other.pk}/password/", typed)
    other.refresh_from_db()
    assert other.password == before
    assert not User.objects.get(username="new").has_usable_password()


def test_two_logins_are_never_told_apart_by_case_alone():
    client = signed_in("chief editor")
    make_user("reporter", username="Aida", email="aida@example.org")
    for fields in ({"username": "aida"}, {"email": "AIDA@example.org"}):
        assert client.post(ADD, new_login(roles=["reporter"]) | fields).status_code == 200
        assert User.objects.filter(email__iexact="aida@example.org").count() == 1
    client.post(ADD, new_login(roles=["reporter"], email="New@Example.org"))
    assert User.objects.get(username="new").email == "new@example.org"


def test_a_chief_makes_no_administrator():
    client = signed_in("chief editor")
    response = client.post(ADD, new_login(roles=["administrator"]))
    assert response.status_code == 200
    assert not User.objects.filter(username="new").exists()


def test_a_login_without_a_role_does_not_enter_the_desk():
    client, other = signed_in("administrator"), make_user("editor")
    client.post(address(other), {"username": other.username, "is_active": "on"})
    other.refresh_from_db()
    assert (roles(other), other.is_staff) == ([], False)


def test_forged_rights_are_ignored():
    client, other = signed_in("chief editor"), make_user("reporter")
    client.post(
        address(other),
        {
            "username": other.username,
            "is_active": "on",
            "roles": "reporter",
            "is_superuser": "on",
            "is_staff": "on",
            "groups": [g.pk for g in Group.objects.all()],
            "user_permissions": [p.pk for p in Permission.objects.all()[:5]],
        },
    )
    other.refresh_from_db()
    assert roles(other) == ["reporter"]
    assert not other.is_superuser
    assert not other.user_permissions.exists()


@pytest.mark.parametrize("role", ["chief editor", "administrator"])
def test_nobody_changes_their_own_roles_or_closes_their_own_account(role):
    client = signed_in(role)
    everything = ["reporter", "editor", "chief editor", "administrator"]
    page = client.get(address(client.user)).content.decode()
    assert 'name="roles"' not in page
    client.post(address(client.user), {"username": "me", "roles": everything})
    client.user.refresh_from_db()
    assert (client.user.username, client.user.is_active) == ("me", True)
    assert roles(client.user) == [role]


def test_a_chief_touches_no_administrator_and_nobody_a_superuser():
    root = User.objects.create_superuser("root", password="x")
    admin = make_user("administrator")
    for client, login in (
        (signed_in("chief editor"), admin),
        (signed_in("chief editor"), root),
        (signed_in("administrator"), root),
    ):
        before = login.password
        assert client.post(address(login), {"username": "x"}).status_code == 403
        path = address(login, "link")
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
        assert not login.one_time_links.exists()
        login.refresh_from_db()
        assert login.password == before


def test_an_account_is_closed_and_never_deleted():
    client, other = signed_in("chief editor"), make_user("editor")
    client.post(address(other), {"username": other.username, "roles": "editor"})
    other.refresh_from_db()
    assert not other.is_active
    assert client.post(address(other, "delete"), {"post": "yes"}).status_code == 403
    root = signed_in(User.objects.create_superuser("root", password="x"))
    assert root.post(address(other, "delete"), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=other.pk).exists()


def test_only_the_tables_of_the_newsroom_are_on_the_desk():
    root = signed_in(User.objects.create_superuser("root", password="x"))
    for path in (
        "/admin/auth/group/",
        "/admin/taggit/tag/",
        "/admin/articles/revision/",
        "/admin/account/emailaddress/",
        "/admin/mfa/authenticator/",
        "/admin/usersessions/usersession/",
        "/admin/authors/onetimelink/",
    ):
        assert root.get(path).status_code == 404


def test_the_site_is_named_and_has_one_row():
    site = SiteSettings.objects.first() or SiteSettings.objects.create(name="The Paper")
    client = signed_in("chief editor")
    path = reverse("admin:newsroom_sitesettings_change", args=[site.pk])
    assert client.get("/admin/newsroom/sitesettings/").url == path
    assert client.get("/admin/newsroom/sitesettings/add/").status_code == 403
    client.post(path, {"name": "The Dispatch", "name_ru": "Вестник"})
    site.refresh_from_db()
    assert (site.name, site.names) == ("The Dispatch", {"ru": "Вестник"})
    assert "The Dispatch" in Client().get("/admin/login/").content.decode()
    assert signed_in("editor").post(path, {"name": "Mine"}).status_code == 403


def test_a_page_of_the_site_moves_with_its_address():
    page = Page.objects.create(slug="about", name="About")
    client = signed_in("editor")
    path = reverse("admin:newsroom_page_change", args=[page.pk])
    data = {"name": "About us", "slug": "about-us", "position": 1, "body_ru": "<p>О нас.</p>"}
    assert client.post(path, data).status_code == 302
    page.refresh_from_db()
    assert (page.slug, page.bodies) == ("about-us", {"ru": "<p>О нас.</p>"})
    assert Redirect.objects.get(path="/pages/about/").target == "/pages/about-us/"
    assert signed_in("reporter").get(path).status_code == 403


def test_an_old_address_leads_on_in_one_hop_and_in_no_circle():
    client = signed_in("administrator")
    add = "/admin/addresses/redirect/add/"
    client.post(add, {"path": "/b/", "target": "/c/"})
    client.post(add, {"path": "/a/", "target": "/b/"})
    assert Redirect.objects.get(path="/a/").target == "/c/"
    client.post(add, {"path": "/c/", "target": "/d/"})
    assert set(Redirect.objects.values_list("target", flat=True)) == {"/d/"}
    for path, target in (
        ("/d/", "/a/"),
        ("/x/", "/x/"),
        ("x", "/c/"),
        ("/y/", "https://elsewhere.example/"),
        ("/y/", "//elsewhere.example/"),
        ("/a/", "/e/"),
        ("/admin/x/", "/c/"),
    ):
        assert client.post(add, {"path": path, "target": target}).status_code == 200, path
    assert Redirect.objects.count() == 3
    row = Redirect.objects.get(path="/a/")
    delete = reverse("admin:addresses_redirect_delete", args=[row.pk])
    assert signed_in("editor").post(delete, {"post": "yes"}).status_code == 403
    client.post(delete, {"post": "yes"})
    assert Redirect.objects.count() == 2
