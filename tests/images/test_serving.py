"""Who gets a rendition, and what the answer says."""

import datetime
import io

import PIL.Image
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from images.models import Image, Use, record_uses
from images.renditions import forget, rendition_url
from tests.factories import make_image, picture_bytes

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


def make_live(image, since=-HOUR):
    record_uses("story 1", [(image.pk, "lead", timezone.now() + since)])
    return image


@pytest.fixture
def live():
    return make_live(make_image())


@pytest.fixture
def hidden():
    return make_image()


def test_a_picture_in_use_is_served(client, live):
    response = client.get(rendition_url(live, "card", 480, "avif"))

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/avif"
    assert response.headers["Cache-Control"] == "public, max-age=29"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert PIL.Image.open(io.BytesIO(response.content)).size == (480, 320)


def test_the_other_format_is_served_as_what_it_is(client, live):
    response = client.get(rendition_url(live, "portrait", 160, "jpg"))

    assert response.headers["Content-Type"] == "image/jpeg"
    assert PIL.Image.open(io.BytesIO(response.content)).format == "JPEG"


@pytest.mark.parametrize("drawn_before", [False, True])
def test_a_picture_that_nothing_uses_is_nowhere(client, live, drawn_before):
    address = rendition_url(live, "card", 480, "jpg")
    if drawn_before:
        assert client.get(address).status_code == 200

    Use.objects.all().delete()

    assert client.get(address).status_code == 404


def test_a_picture_of_a_draft_is_nowhere(client, hidden):
    record_uses("story 1", [(hidden.pk, "lead", None)])

    assert client.get(rendition_url(hidden, "card", 480, "jpg")).status_code == 404


def test_a_picture_comes_with_its_story_and_goes_with_it(client, hidden):
    make_live(hidden, since=HOUR)
    Use.objects.update(visible_until=timezone.now() + 2 * HOUR)
    address = rendition_url(hidden, "card", 480, "jpg")
    now = timezone.now()

    answers = []
    for hours in (0.9, 1.1, 1.9, 2.1):
        with time_machine.travel(now + hours * HOUR):
            answers.append(client.get(address).status_code)

    assert answers == [404, 200, 200, 404]


def test_a_picture_whose_rights_have_run_out_is_nowhere(client, live):
    address = rendition_url(live, "card", 480, "jpg")
    Image.objects.update(rights_expire_at=timezone.now() + HOUR)
    assert client.get(address).status_code == 200

    Image.objects.update(rights_expire_at=timezone.now() - HOUR)

    assert client.get(address).status_code == 404


def test_it_takes_one_query(client, live, django_assert_num_queries):
    address = rendition_url(live, "card", 480, "jpg")
    client.get(address)

    with django_assert_num_queries(1):
        client.get(address)


# Signed addresses


def test_a_signed_address_opens_a_picture_for_an_hour_and_no_cache_keeps_it(client, hidden):
    address = rendition_url(hidden, "card", 480, "jpg", signed=True)
    now = timezone.now()

    response = client.get(address)

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    with time_machine.travel(now + 0.9 * HOUR):
        assert client.get(address).status_code == 200
    with time_machine.travel(now + 1.1 * HOUR):
        assert client.get(address).status_code == 404


def test_a_signed_address_opens_nothing_else(client, hidden):
    address = rendition_url(hidden, "card", 480, "jpg", signed=True)
    path, _, query = address.partition("?")
    other = make_image()
    until = int(query.split("&")[0].partition("=")[2])

    for wrong in (
        f"{rendition_url(other, 'card', 480, 'jpg')}?{query}",
        f"{rendition_url(hidden, 'card', 720, 'jpg')}?{query}",
        f"{rendition_url(hidden, 'card', 480, 'avif')}?{query}",
        f"{rendition_url(hidden, 'rail', 480, 'jpg')}?{query}",
        address.replace(str(until), str(until + 1)),
        address.replace(f"until={until}", ""),
        address.replace(f"until={until}", "until=next+year"),
        address[:-1] + ("a" if address[-1] != "a" else "b"),
        f"{path}?until={until}&sig=",
        f"{path}?until={until}&sig=:",
        f"{path}?until={until}&sig=%00%FFю",
        f"{path}?until={until}",
    ):
        assert client.get(wrong).status_code == 404, wrong
    assert client.get(address).status_code == 200


def test_a_signature_that_has_run_out_does_not_hide_what_is_public(client, live):
    address = rendition_url(live, "card", 480, "jpg", signed=True)

    with time_machine.travel(timezone.now() + 2 * HOUR):
        response = client.get(address)

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=29"


# Addresses that were never printed


@pytest.mark.parametrize(
    "name",
    [
        "card-481.jpg",
        "card-1600.jpg",
        "card-0.jpg",
        "card--480.jpg",
        "card-0480.jpg",
        "card-99999.jpg",
        "card-480.png",
        "card-480.jpg.jpg",
        "card-480",
        "card-480.JPG",
        "card-480.jpg%0A",
        "card-480.jpg%00",
        "card-%D9%A4%D9%A8%D9%A0.jpg",
        "constructor-480.jpg",
        "-480.jpg",
        "%00",
        "..%2F..%2Fsecret-key",
        "c" * 5000,
    ],
)
def test_a_name_that_was_never_printed_is_not_found(client, live, name):
    assert client.get(f"/media/{live.token}/{name}").status_code == 404


@pytest.mark.parametrize("change", ["", "%00", "0" * 32, "..", "x" * 5000, "{token}%00", "{upper}"])
def test_a_token_that_was_never_given_is_not_found(client, live, change):
    token = change.format(token=live.token, upper=live.token.upper())

    assert client.get(f"/media/{token}/card-480.jpg").status_code == 404


def test_a_picture_is_never_made_larger_by_its_address(client):
    small = make_live(make_image(width=400, height=300))

    assert client.get(f"/media/{small.token}/card-320.jpg").status_code == 200
    assert client.get(f"/media/{small.token}/card-480.jpg").status_code == 404
    assert client.get(f"/media/{small.token}/inline-400.jpg").status_code == 200


def test_originals_and_kept_renditions_have_no_address(client, live):
    client.get(rendition_url(live, "card", 480, "jpg"))
    folder = f"renditions/{live.token[:2]}/{live.token}"
    [kept] = default_storage.listdir(folder)[1]

    for path in (live.file.name, f"{folder}/{kept}", f"{live.token}/{kept}", live.token):
        assert client.get(f"/media/{path}").status_code == 404


# What can go wrong with files


def test_a_missing_original_is_not_found(client, live):
    default_storage.delete(live.file.name)

    assert client.get(rendition_url(live, "card", 480, "jpg")).status_code == 404


def test_a_picture_without_a_file_is_not_found(client, live):
    Image.objects.update(file="")

    assert client.get(rendition_url(live, "card", 480, "jpg")).status_code == 404


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_damaged_original_is_not_found(client, live, format):
    content = picture_bytes(1600, 1067, format)
    with open(live.file.path, "wb") as file:
        file.write(content[: len(content) // 3])

    assert client.get(rendition_url(live, "card", 480, "jpg")).status_code == 404


# The rest of the answer


def test_who_has_it_already_is_told_so(client, live):
    address = rendition_url(live, "card", 480, "jpg")
    etag = client.get(address).headers["ETag"]

    again = client.get(address, headers={"if-none-match": etag})

    assert again.status_code == 304
    assert again.headers["ETag"] == etag
    assert again.headers["Cache-Control"] == "public, max-age=29"
    Image.objects.update(focal_x=0.1)
    assert client.get(address, headers={"if-none-match": etag}).status_code == 200
    Use.objects.all().delete()
    assert client.get(address, headers={"if-none-match": etag}).status_code == 404


def test_head_says_the_same_without_the_picture(client, live):
    address = rendition_url(live, "card", 480, "jpg")

    head, whole = client.head(address), client.get(address)

    assert head.status_code == 200
    assert head.content == b""
    for header in ("Content-Length", "Content-Type", "ETag", "Cache-Control"):
        assert head.headers[header] == whole.headers[header]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_picture_can_only_be_looked_at(client, live, method):
    assert getattr(client, method)(rendition_url(live, "card", 480, "jpg")).status_code == 405


def test_a_web_server_in_front_is_told_where_the_file_is(client, live, settings):
    settings.SENDFILE_PREFIX = "/protected/"

    response = client.get(rendition_url(live, "card", 480, "avif"))

    place = response.headers["X-Accel-Redirect"].removeprefix("/protected/")
    assert place.startswith(f"renditions/{live.token[:2]}/{live.token}/")
    with default_storage.open(place) as file:
        assert PIL.Image.open(file).format == "AVIF"
    assert response.content == b""
    assert response.headers["Content-Type"] == "image/avif"


@pytest.fixture
def elsewhere(settings):
    """Files lie in no folder of this machine, as with an object store."""
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": memory}


@pytest.mark.parametrize("prefix", ["", "/kept/"])
def test_pictures_may_lie_in_any_storage(client, elsewhere, settings, prefix):
    settings.SENDFILE_PREFIX = prefix
    image = make_live(make_image(credit="Jo Smith"))
    addresses = [rendition_url(image, "card", 480, format) for format in ("avif", "jpg")]

    for address in [*addresses, *addresses]:
        response = client.get(address)
        assert response.status_code == 200
        assert "X-Accel-Redirect" not in response.headers
        assert PIL.Image.open(io.BytesIO(response.content)).width == 480
    folder = f"renditions/{image.token[:2]}/{image.token}"
    assert len(default_storage.listdir(folder)[1]) == 2
    forget(image.token, image.file.name)
    assert not default_storage.exists(folder)
    assert not default_storage.exists(image.file.name)
    assert client.get(addresses[0]).status_code == 404
