import pytest

from addresses.slugs import MAX_LENGTH, free_slug, slugify


@pytest.mark.parametrize(
    ("words", "language", "slug"),
    [
        ("Valley towns build their own alarm", "en", "valley-towns-build-their-own-alarm"),
        ("Щёлочь и цирк", "ru", "shchyoloch-i-tsirk"),
        ("Өмүрбек Жээнбай уулу", "ky", "omurbek-jeenbay-uulu"),
        ("Қазақстан әнұраны", "kk", "qazaqstan-anurany"),
        ("Ҷумҳурии Тоҷикистон", "tg", "jumhurii-tojikiston"),
        ("Oʻzbekiston gʻalaba", "uz", "ozbekiston-galaba"),
        ("Şağal ňañ İstanbul ısı", "en", "sagal-nan-istanbul-isi"),
        ("24.kg: 5% — “really”", "en", "24-kg-5-really"),
        ("中文", "en", "story"),
        ("!!!", "en", "story"),
        ("", "en", "story"),
    ],
)
def test_words_of_any_script_of_the_region_make_an_ascii_slug(words, language, slug):
    assert slugify(words, language) == slug


def test_a_long_slug_ends_with_a_whole_word():
    slug = slugify("word " * 60)
    assert len(slug) <= MAX_LENGTH
    assert set(slug.split("-")) == {"word"}
    assert len(slugify("x" * 300)) == MAX_LENGTH


def test_a_taken_slug_gets_the_next_number_and_stays_short_enough():
    taken = {"snow", "snow-2", "x" * MAX_LENGTH}
    assert free_slug("snow", taken.__contains__) == "snow-3"
    long = free_slug("x" * MAX_LENGTH, taken.__contains__)
    assert len(long) == MAX_LENGTH
    assert long.endswith("-2")
