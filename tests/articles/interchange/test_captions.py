import pytest

from articles.interchange import captions


@pytest.mark.parametrize(
    ("whole", "caption", "credit"),
    [
        ("The pass in snow. Photo: Jo Smith", "The pass in snow.", "Photo: Jo Smith"),
        ("Перевал. Фото: А. И. Иванов.", "Перевал.", "Фото: А. И. Иванов."),
        ("At work (Photo by Jo Smith/AFP)", "At work", "(Photo by Jo Smith/AFP)"),
        ("At work. (Photo by Jo Smith/AFP)", "At work.", "(Photo by Jo Smith/AFP)"),
        ("Photo: 24.kg", "", "Photo: 24.kg"),
        ("© Reuters", "", "© Reuters"),
        ("Photo by the window", "Photo by the window", ""),
        ("A photo by the window", "A photo by the window", ""),
        ("Photo: Jo Smith. The pass was open.", "Photo: Jo Smith. The pass was open.", ""),
        ("He asked: whose photo: mine", "He asked: whose photo: mine", ""),
        ("Words.", "Words.", ""),
        ("", "", ""),
    ],
)
def test_a_credit_is_taken_from_the_end_of_a_caption_with_its_words(whole, caption, credit):
    assert captions.parted(whole) == (caption, credit)


def test_a_credit_is_marked_in_a_caption_and_one_that_is_known_is_added():
    assert captions.cited("The <b>pass</b>. Photo: Jo") == (
        "The <b>pass</b>. <cite>Photo: Jo</cite>",
        "Photo: Jo",
    )
    assert captions.cited("The pass.", "Jo") == ("The pass. <cite>Jo</cite>", "Jo")
    assert captions.cited("Jo at the pass.", "Jo") == ("Jo at the pass.", "Jo")


def test_a_long_caption_costs_no_more_than_its_length():
    assert captions.parted("photo: " * 50_000)[1] == ""
