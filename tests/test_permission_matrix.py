"""Every address of the site, public and on the desk, for every role, by GET and by POST.

TABLE says who may; an address without a row fails the suite. A request that is not allowed is
answered with 403, 404, 405 or the way to sign in, and changes nothing in the database.
"""

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from addresses.models import Redirect
from articles import previews
from articles.models import Region, Series
from images.models import Image
from newsroom.models import Page, SiteSettings
from tests.factories import (
    bring_to,
    chief,
    make_article,
    make_author,
    make_house,
    make_image,
    make_organisation,
    make_region,
    make_section,
    make_tag,
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

# name of the address: (who may GET it, who may POST to it)
PUBLIC = "public"
TABLE = {}


def rows(names, get, post):
    for name in names.split():
        TABLE[name] = (get, post)


# TABLE-ROWS


def walk(patterns, namespace=""):
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}" if entry.name else str(entry.pattern), entry


ADDRESSES = dict(walk(get_resolver().url_patterns))


def test_every_address_has_a_row():
    assert sorted(ADDRESSES) == sorted(TABLE)
