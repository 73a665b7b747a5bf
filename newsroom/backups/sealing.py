"""Files sealed with a passphrase: read and written as streams, and not to be changed unnoticed.

A sealed file is ``MAGIC``, 16 bytes of salt of the passphrase (scrypt, n = 2**17, r = 8, p = 1), 16 of the
file (HKDF with SHA-256 gives its key), and pieces of 64 KiB, each with ChaCha20-Poly1305. The nonce of a
piece is its number in 11 bytes and a byte that is 1 for the last, so that none can be left out, moved or cut
off (the construction of age, "STREAM"); the name of the file is bound to each.
"""

import functools
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from newsroom.backups.refusals import Refused

MAGIC = b"newsroom sealed 1\n"
PIECE = 64 * 1024
_TAG = 16
_SALT = 16


@functools.lru_cache(maxsize=4)
def _key(passphrase, salt):
    return Scrypt(salt=salt, length=32, n=2**17, r=8, p=1).derive(passphrase)


@functools.lru_cache(maxsize=1)
def _salt():
    """One for all that this process seals: the passphrase is worked out once, not once a picture."""
    return secrets.token_bytes(_SALT)


def _cipher(passphrase, salt, of_file):
    key = HKDF(SHA256(), 32, salt=of_file, info=b"newsroom backup")
    return ChaCha20Poly1305(key.derive(_key(passphrase, salt)))


def _nonce(number, is_last):
    return number.to_bytes(11, "big") + bytes([is_last])


def seal(pieces, name, passphrase):
    """What a sealed file of ``name`` holds, as pieces of bytes, of the bytes ``pieces``."""
    salt, of_file = _salt(), secrets.token_bytes(_SALT)
    cipher, bound = _cipher(passphrase, salt, of_file), name.encode()
    yield MAGIC + salt + of_file
    number, held = 0, bytearray()
    for piece in pieces:
        held += piece
        while len(held) > PIECE:
            yield cipher.encrypt(_nonce(number, False), bytes(held[:PIECE]), bound)
            del held[:PIECE]
            number += 1
    yield cipher.encrypt(_nonce(number, True), bytes(held), bound)


def unseal(file, name, passphrase):
    """The bytes of a sealed file that is open for reading, in pieces. Refused where it is not whole."""
    head = file.read(len(MAGIC) + 2 * _SALT)
    if len(head) != len(MAGIC) + 2 * _SALT or not head.startswith(MAGIC):
        raise Refused(f"{name}: this is no file sealed by a newsroom.")
    salt, of_file = head[len(MAGIC) : -_SALT], head[-_SALT:]
    cipher, bound = _cipher(passphrase, salt, of_file), name.encode()
    number, piece = 0, file.read(PIECE + _TAG)
    while True:
        following = file.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, not following), piece, bound)
        except InvalidTag:
            raise Refused(
                f"{name}: the passphrase is another one, or the file was damaged or changed."
            ) from None
        if not following:
            return
        number, piece = number + 1, following
