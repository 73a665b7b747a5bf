"""A sealed file opens wholly with its passphrase and name, or not at all."""

import io

import pytest

from newsroom.backups.refusals import Refused
from newsroom.backups.sealing import PIECE, seal, unseal

SECRET = b"correct horse battery"


def opened(content, name="media/a.jpg", secret=SECRET):
    return b"".join(unseal(io.BytesIO(content), name, secret))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_comes_out_is_what_went_in(size):
    words = bytes(i % 251 for i in range(size))
    pieces = [words[i : i + 10_000] for i in range(0, size, 10_000)]
    sealed = b"".join(seal(pieces, "media/a.jpg", SECRET))
    assert opened(sealed) == words
    if size:
        assert words[:100] not in sealed or size < 4


def test_nothing_can_be_changed_cut_off_moved_or_renamed():
    head, *pieces = list(seal([bytes(3 * PIECE)], "media/a.jpg", SECRET))
    assert len(pieces) == 3
    changed = bytearray(pieces[1])
    changed[5] ^= 1
    for spoiled in (
        [head, pieces[0], bytes(changed), pieces[2]],
        [head, *pieces[:2]],
        [head, pieces[1], pieces[0], pieces[2]],
        [head, *pieces, pieces[2]],
        [head, *pieces, b"x"],
        [head],
        [head[:-1]],
        [b"x" + head[1:], *pieces],
        [],
    ):
        with pytest.raises(Refused):
            opened(b"".join(spoiled))
    whole = b"".join([head, *pieces])
    with pytest.raises(Refused, match="passphrase is another one"):
        opened(whole, secret=b"incorrect horse battery")
    with pytest.raises(Refused):
        opened(whole, name="media/b.jpg")


def test_two_files_with_the_same_words_do_not_look_alike():
    first, second = (b"".join(seal([b"words"], "a", SECRET)) for _ in range(2))
    assert first[-20:] != second[-20:]
