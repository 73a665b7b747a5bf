import pytest
pytestmark=pytest.mark.django_db
from tests.articles.test_desk import *
def test_x():
    region = make_region(name="Osh", names={"ky": "Ош", "ru": "Ош"})
    path = reverse("admin:articles_region_change", args=[region.pk])
    r=signed_in().post(path, {"name": "Osh", "name_ru": "Ошская область", "kind": "province"})
    print(r.status_code, r.context and r.context["adminform"].form.errors)
    assert 0
