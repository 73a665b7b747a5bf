import gzip

import pytest
from django.urls import reverse

from tests.factories import make_article, make_house, make_image, make_user

pytestmark = pytest.mark.django_db
ASKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/", "/rss.xml", "/feed.json", "/sitemap.xml", "/robots.txt"])
def test_words_leave_compressed_for_who_can_read_it(client, path):
    make_house()
    make_article(body="<p>Words.</p>" * 40)
    plain = client.get(path)
    packed = client.get(path, headers=ASKED)
    # A short one may be longer packed, with the up to 100 bytes of chance that hide lengths.
    if len(plain.content) > 400:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed.headers.get("Vary", "") or len(plain.content) <= 200
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize("path", ["/", "/rss.xml", "/atom.xml"])
def test_who_has_it_compressed_gets_304(client, path):
    make_house()
    make_article()
    client.get(path)
    etag = client.get(path, headers=ASKED).headers["ETag"]
    again = client.get(path, headers=ASKED | {"If-None-Match": etag})
    assert again.status_code == 304
    make_article()
    assert client.get(path, headers=ASKED | {"If-None-Match": etag}).status_code == 200


def test_pictures_leave_as_they_are(client):
    image = make_image()
    make_article(lead_image=image)
    answer = client.get(reverse("rendition", args=[image.token, "card-480.jpg"]), headers=ASKED)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_the_desk_leaves_compressed_too(client):
    client.force_login(make_user("editor"))
    answer = client.get("/admin/", headers=ASKED)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert (
        "private" in answer.headers["Cache-Control"]
        or "no-store" in answer.headers["Cache-Control"]
    )
