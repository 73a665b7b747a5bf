"""What an installation must not go out with, as far as it stands in the database."""

import pytest
from django.core.checks import run_checks

from newsroom.models import SiteSettings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("site", "found"),
    [
        ({"name": "The Courier", "is_demo": True}, ["newsroom.W007"]),
        ({"name": "Newsroom"}, ["newsroom.W008"]),
        ({"name": "The Courier"}, []),
        (None, ["newsroom.W008"]),
    ],
)
def test_a_site_that_is_still_the_demonstration_or_has_no_name_is_told(site, found):
    SiteSettings.objects.all().delete()
    if site is not None:
        SiteSettings.objects.create(**site)
    said = run_checks(include_deployment_checks=True, databases=["default"])
    assert [one.id for one in said if one.id in {"newsroom.W007", "newsroom.W008"}] == found
    without = run_checks(include_deployment_checks=True)
    assert not {"newsroom.W007", "newsroom.W008"} & {one.id for one in without}
