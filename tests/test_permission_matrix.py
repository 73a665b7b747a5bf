"""Every address of the site, public and on the desk, for every role, by GET and by POST.

TABLE says who may; an address without a row fails the suite. A request that is not allowed is
answered with 403, 404, 405 or the way to sign in, and changes nothing in the database.
"""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from addresses.models import Miss, Redirect
from articles import previews
from articles.feeds.kinds import KINDS
from articles.models import Article, Series
from authors.models import BiographyProposal
from fronts.models import Front
from newsroom import looks
from newsroom.models import Page, SiteSettings
from newsroom.signing_in import links
from tests.factories import (
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
ROLES = ["visitor", "reporter", "editor", "chief editor", "administrator"]
EVERYBODY = set(ROLES)
DESK = EVERYBODY - {"visitor"}
NEWS = {"reporter", "editor", "chief editor"}
EDITORS = {"editor", "chief editor"}
CHIEFS = {"chief editor"}
ACCOUNTS = {"chief editor", "administrator"}
SITE = {"editor", "chief editor", "administrator"}
NOBODY = set()

# name of the address: (who may GET it, who may POST to it). "Story" is another's draft.
TABLE = {}


def rows(names, get, post):
    for name in names.split():
        TABLE[name] = (get, post)


def admin_rows(model, see, add, change, delete=NOBODY):
    for action, get, post in (
        ("changelist", see, see),
        ("add", add, add),
        ("change", see, change),
        ("delete", delete, delete),
        ("history", see, see),
    ):
        TABLE[f"admin:{model}_{action}"] = (get, post)


rows(
    "home article article_republish section region tag author organisation series masthead "
    "archive_year archive_month archive_day corrections search search_suggest page preview "
    "rendition short_address robots security health looks sitemap sitemap_month sitemap_lists "
    "sitemap_news",
    EVERYBODY,
    NOBODY,
)
for listed in "home section region tag author organisation series corrections".split():
    rows(" ".join(f"{listed}_{kind}" for kind in KINDS), EVERYBODY, NOBODY)
# One part holds all there is, so that the second is none and the first leads to it.
rows("sitemap_lists_part sitemap_month_part sitemap_news_part", EVERYBODY, NOBODY)
rows("report", EVERYBODY, EVERYBODY)
rows("report_thanks", EVERYBODY, NOBODY)
rows("admin:articles_article_report", NOBODY, EDITORS)
rows("admin:index admin:setup admin:password_change", DESK, DESK)
rows("admin:jsi18n admin:password_change_done", DESK, NOBODY)
rows("admin:login account_login forgotten_password set_password", EVERYBODY, EVERYBODY)
rows("mfa_authenticate", DESK, DESK)  # whoever is in is led to the desk, a visitor to the door
rows("mfa_index mfa_activate_totp mfa_generate_recovery_codes", DESK, DESK)
rows("account_reauthenticate", DESK, DESK)
rows("mfa_reauthenticate", DESK, DESK)  # without a second factor it leads to the one above
rows("mfa_deactivate_totp mfa_view_recovery_codes totp_picture", NOBODY, NOBODY)  # none is set up
rows("colleagues", SITE, SITE)
rows("admin:logout", {"visitor"}, EVERYBODY)  # a visitor is shown the way to the desk
rows("admin:app_list", {"reporter", "editor", "chief editor"}, NEWS)
rows("admin:autocomplete", NEWS, NOBODY)
rows("admin:view_on_site", EDITORS, EDITORS)
rows("admin:(?P<url>.*)$", NOBODY, NOBODY)
admin_rows("articles_article", EDITORS, NEWS, EDITORS)
TABLE["admin:articles_article_changelist"] = (NEWS, NEWS)
rows("admin:articles_article_move", NOBODY, EDITORS)
rows("admin:articles_article_taking", EDITORS, EDITORS)
rows("admin:articles_article_note", NOBODY, EDITORS)
rows("admin:preferences", DESK, DESK)
rows("admin:articles_article_doubts admin:articles_article_findings", EDITORS, EDITORS)
rows("admin:articles_article_planned admin:articles_article_csv", NEWS, NOBODY)
rows("admin:articles_article_preview admin:articles_article_frames", EDITORS, EDITORS)
rows("admin:articles_article_frames_of_new", NOBODY, NEWS)
rows("admin:articles_article_suggest", NOBODY, NEWS)
rows("admin:articles_article_compare", EDITORS, NOBODY)
rows("admin:articles_article_restore", NOBODY, EDITORS)
rows("admin:articles_article_purge", CHIEFS, CHIEFS)
rows("admin:articles_article_audit", CHIEFS, NOBODY)
rows("admin:articles_article_share admin:articles_article_revoke", NOBODY, EDITORS)
rows("admin:articles_article_autosave", EDITORS, EDITORS)
rows("admin:articles_article_autosave_new", NEWS, NEWS)
rows("admin:articles_article_presence", NOBODY, EDITORS)
for model in ("section", "region", "series"):
    admin_rows(f"articles_{model}", NEWS, EDITORS, EDITORS)
admin_rows("articles_tag", NEWS, NEWS, EDITORS)
admin_rows("authors_author", NEWS, NEWS, EDITORS)
rows("admin:authors_author_biography admin:authors_author_hide", EDITORS, EDITORS)
rows("admin:authors_author_show", NOBODY, CHIEFS)
rows("admin:authors_author_work", CHIEFS, NOBODY)
rows("admin:authors_author_merge admin:authors_organisation_merge", CHIEFS, CHIEFS)
rows("admin:articles_tag_merge", CHIEFS, CHIEFS)
admin_rows("authors_organisation", NEWS, NEWS, EDITORS)
admin_rows("images_image", NEWS, NEWS, EDITORS, delete=EDITORS)
rows("admin:images_image_upload", NEWS, NEWS)
rows("admin:images_image_thumbnail admin:images_image_chosen", NEWS, NOBODY)
admin_rows("authors_user", ACCOUNTS, ACCOUNTS, ACCOUNTS)
rows("admin:authors_user_link", ACCOUNTS, ACCOUNTS)
rows("admin:authors_user_second_factor", {"administrator"}, {"administrator"})
admin_rows("addresses_redirect", ACCOUNTS, ACCOUNTS, ACCOUNTS, delete=ACCOUNTS)
rows("admin:addresses_redirect_table", ACCOUNTS, NOBODY)
rows("admin:addresses_redirect_bring admin:addresses_redirect_check", ACCOUNTS, ACCOUNTS)
rows("admin:addresses_redirect_put_back", NOBODY, ACCOUNTS)
admin_rows("addresses_miss", ACCOUNTS, NOBODY, NOBODY)  # they come and go by themselves
admin_rows("fronts_front", EDITORS, NOBODY, EDITORS)
rows("admin:fronts_front_preview", EDITORS, NOBODY)
admin_rows("newsroom_page", SITE, SITE, SITE)
admin_rows("newsroom_sitesettings", ACCOUNTS, NOBODY, ACCOUNTS)


OF_ONE_THING = set(
    "change delete history move note report preview thumbnail chosen frames compare restore purge share revoke autosave presence biography link hide show merge work".split()
)


def walk(patterns, namespace=""):
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            # Django's own way from an old form of change address; it redirects and asks there.
            if str(entry.pattern) == "<path:object_id>/":
                continue
            yield f"{namespace}{entry.name or entry.pattern}", entry


ADDRESSES = dict(walk(get_resolver().url_patterns))


def test_every_address_has_a_row():
    assert sorted(set(ADDRESSES) ^ set(TABLE)) == []


@pytest.fixture
def newsroom():
    """One of everything, and how each address is filled with it: name -> list of paths."""
    make_house()
    live = make_article(
        regions=[make_region(name="Osh")],
        tags=["Water"],
        authors=[make_author(name="Ann")],
        organisations=[make_organisation(name="Agency")],
        lead_image=make_image(),
        series=Series.objects.create(name="Ice"),
        section=make_section(name="Climate"),
    )
    today = timezone.localdate()
    other_live, draft = make_article(), make_article(status="draft")
    things = {
        "articles_article": draft,
        "articles_section": live.section,
        "articles_region": live.regions.get(),
        "articles_tag": live.tags.get(),
        "articles_series": live.series,
        "authors_author": make_author(),
        "authors_organisation": make_organisation(),
        "authors_user": make_user("reporter"),
        "images_image": make_image(),
        "addresses_redirect": Redirect.objects.create(path="/old/", target="/new/"),
        "addresses_miss": Miss.objects.create(path="/x/", first_on=today, last_on=today),
        "fronts_front": Front.objects.get(name="home", language="en"),
        "newsroom_page": Page.objects.create(slug="about", name="About"),
        "newsroom_sitesettings": SiteSettings.objects.create(name="The Paper", licence="Name us."),
    }
    BiographyProposal.objects.create(author=things["authors_author"], content={"location": "Osh"})
    day = live.address_date
    date = {"year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}"}
    slugs = {
        "section": "climate",
        "region": "osh",
        "tag": "water",
        "author": "ann",
        "organisation": "agency",
        "series": "ice",
        "page": "about",
        "article": live.slug,
    }

    def path(name):
        short = name.removeprefix("admin:")
        if name == "admin:(?P<url>.*)$":
            return "/admin/nothing/here/"
        if name == "admin:app_list":
            return reverse(name, args=["articles"])
        if name == "admin:view_on_site":
            number = ContentType.objects.get_for_model(draft).pk
            return reverse(name, args=[number, draft.pk])
        if name == "admin:autocomplete":
            return reverse(name) + "?app_label=articles&model_name=byline&field_name=author&term=a"
        if name == "admin:authors_user_second_factor":
            return reverse(name, args=[things["authors_user"].pk])
        if name == "set_password":
            return reverse(name, args=[links.mend(things["authors_user"])])
        if name == "preview":
            return reverse(name, args=[previews.share(draft, by=chief())])
        if name == "rendition":
            return reverse(name, args=[live.lead_image.token, "card-480.jpg"])
        if name == "looks":
            return looks.address("#0b5563", "")
        if name.startswith("report"):
            return f"{reverse(name)}?story={live.pk}"
        if name == "short_address":
            return reverse(name, args=[live.pk])
        if name == "admin:articles_article_taking":
            return reverse(name, args=[other_live.pk, "pull"])
        if name.startswith("admin:"):
            model, _, action = short.rpartition("_")
            if action in OF_ONE_THING and model in things:
                return reverse(name, args=[things[model].pk])
            return reverse(name)
        wanted = {**date, "part": "1", "slug": slugs.get(name.partition("_")[0], "")}
        names = ADDRESSES[name].pattern.regex.groupindex
        return reverse(name, kwargs={n: wanted[n] for n in names})

    return path


def database():
    """Everything in it: what a request that was refused must leave as it was."""
    left_out = {"django_session", "django_admin_log"}
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table not in left_out:
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
                rows[table] = cursor.fetchall()
    return rows


def is_refused(response):
    if response.status_code in {301, 302}:
        return "/admin/login/" in response["Location"]
    return response.status_code in {400, 403, 404, 405}


# On PostgreSQL every address is asked by whoever may least and whoever may most, the others at length.
@pytest.mark.parametrize(
    "role",
    [
        role if role in {"visitor", "chief editor"} else pytest.param(role, marks=pytest.mark.once)
        for role in ROLES
    ],
)
def test_each_role_gets_what_the_table_says_and_no_more(client, newsroom, role):
    if role != "visitor":
        user = make_user(role)
        client.force_login(user)
    wrong, before = [], None
    paths = {name: newsroom(name) for name in sorted(ADDRESSES)}
    # Signing out comes last: it ends what all the others need.
    for name in sorted(paths, key=lambda name: name == "admin:logout"):
        for method, may in zip(("get", "post"), TABLE[name], strict=True):
            if role not in may and before is None:
                before = database()
            if role != "visitor" and name == "admin:logout" and method == "post":
                client.force_login(user)
            # The simplest move that a draft can make; every other POST is an empty one.
            data = {"_move": "approve"} if name.endswith("_move") and method == "post" else {}
            if name.endswith("_restore"):
                draft = Article.objects.latest("pk")
                data = {"version": draft.revisions.last().pk, "opened_at": draft.version}
            response = getattr(client, method)(paths[name], data)
            assert response.status_code < 500, (name, method, response)
            if is_refused(response) == (role in may):
                wrong.append(f"{method} {name}: {response.status_code}")
            if role in may:
                before = None
            elif database() != before:
                wrong.append(f"{method} {name} was refused and changed something")
    assert wrong == []
