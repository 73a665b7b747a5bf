import pytest

from articles.interchange import php


def test_arrays_and_plain_values_are_read_with_lengths_in_bytes():
    words = 'a:3:{s:4:"file";s:13:"2019/снег";i:0;a:0:{}s:1:"w";d:1.5;}'
    assert php.read(words) == {"file": "2019/снег", 0: {}, "w": 1.5}
    assert php.read('a:2:{s:8:"снег";b:1;i:-7;N;}') == {"снег": True, -7: None}


@pytest.mark.parametrize(
    "words",
    [
        "",
        "plain words",
        'O:8:"stdClass":1:{s:1:"a";i:1;}',
        'a:1:{i:0;O:8:"stdClass":0:{}}',
        'C:11:"ArrayObject":0:{}',
        "a:2:{i:0;i:1;i:1;R:2;}",
        'E:11:"Suit:Hearts";',
        'a:1:{s:5:"file";s:9:"short";}',
        's:9999999:"a";',
        "a:9999999:{i:0;i:0;}",
        "i:1;i:2;",
        "a:1:{i:0;i:1;",
        "a:1:{a:0:{}i:1;}",
        "d:one;",
        "a:1:{i:0;" * 30 + "i:1;" + "}" * 30,
        "i:" + "9" * 5000 + ";",
        's:1000001:"' + "x" * 1_000_001 + '";',
    ],
)
def test_what_is_no_plain_data_is_refused(words):
    with pytest.raises(php.Unreadable):
        php.read(words)


def test_many_values_are_refused_without_reading_on():
    with pytest.raises(php.Unreadable):
        php.read(f"a:30000:{{{'i:0;i:0;' * 30_000}}}")
