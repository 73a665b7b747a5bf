"""The old site's library of pictures while an import runs, in a temporary file that SQLite keeps.

It knows each attachment of the exports, each file of the media that were given, and what became of
them, and keeps the reusable blocks of texts. It lies outside memory, has no name in any folder, and is gone with the process.
"""

import hashlib
import json
import math
import re
import sqlite3
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from articles.interchange import captions, php
from articles.interchange.accounts import plain
from articles.interchange.fetching import plain_name

LONGEST_REF = 200
ENDINGS = set("jpg jpeg jpe jfif png gif webp avif heic heif bmp tif tiff svg".split())
# What WordPress adds to the name of a picture when it makes another of it.
_ADDED = re.compile(r"(?:-\d{1,5}x\d{1,5}(?:_c)?|-scaled(?:-\d)?|-rotated|-e\d{9,14}|@2x)$")
_EDITED = re.compile(r"-e\d{9,14}")
_SIZE = re.compile(r"-(\d{1,5})x(\d{1,5})(?:_c)?(?:@2x)?\.\w+$")
_BELOW = re.compile(
    r".*/wp-content/(?:uploads|blogs\.dir/.*?/files)/|.*/(?:uploads|files)/(?=\d{4}/|sites/)", re.I
)
# What WordPress shows in the place of what was uploaded.
_SHOWN = re.compile(r"(?:-scaled(?:-\d)?|-rotated|-e\d{9,14})+(\.\w+)$")
_PROXY = re.compile(r"i\d\.wp\.com", re.I)
_TABLES = """
CREATE TABLE attachment (id INTEGER PRIMARY KEY, site TEXT, number INTEGER, path TEXT, base TEXT, address TEXT,
    parent INTEGER, position INTEGER, is_picture INTEGER, words TEXT, state TEXT DEFAULT '');
CREATE INDEX by_number ON attachment (site, number);
CREATE INDEX by_path ON attachment (site, path);
CREATE INDEX by_base ON attachment (site, base);
CREATE INDEX by_parent ON attachment (site, parent);
CREATE TABLE host (name TEXT PRIMARY KEY, site TEXT);
CREATE TABLE root (site TEXT, path TEXT, PRIMARY KEY (site, path));
CREATE TABLE file (path TEXT, base TEXT, source INTEGER, name TEXT, size INTEGER);
CREATE INDEX file_by_path ON file (path);
CREATE INDEX file_by_base ON file (base);
CREATE TABLE block (site TEXT, number INTEGER, words TEXT, PRIMARY KEY (site, number)) WITHOUT ROWID;
CREATE TABLE outcome (ref TEXT PRIMARY KEY, kind TEXT, said TEXT);
CREATE TABLE missing (address TEXT, story TEXT, why TEXT, PRIMARY KEY (address, story)) WITHOUT ROWID;
"""


@dataclass
class Picture:
    """A picture of the old site. ``paths``: where its file may lie, the best first; ``addresses``: where
    the old site showed it. ``ref``: its handle; two attachments of one file have the same."""

    ref: str
    site: str
    paths: list[str]
    addresses: list[str]
    base: str
    attachment: int | None = None
    is_picture: bool = True
    alt: str = ""
    caption: str = ""
    credit: str = ""
    copyright: str = ""
    own_caption: str = ""  # of this attachment, where another of the same file has a different one
    names: list[str] = field(default_factory=list)


class Library:
    """``items`` counts the attachments in the exports, those that come twice with them."""

    def __init__(self):
        self.db = sqlite3.connect("", isolation_level=None)
        self.db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
        )
        self.db.executescript(_TABLES)
        self.items = self.unread = 0
        self._roots = {}
        self._sites = set()

    # what the exports say

    def learn(self, item):
        """Take down an attachment: a ``wxr.Item``."""
        self.items += 1
        meta = {}
        for key, value in item.meta:
            meta.setdefault(key, value.strip())
        address = item["attachment_url"] or item["guid"]
        attached = below(meta.get("_wp_attached_file", ""))
        parts = split(address)
        path = key_of(attached) if attached else self._key(item.site, parts)
        number = int(item["post_id"]) if re.fullmatch(r"\d{1,18}", item["post_id"]) else 0
        row = self._one("SELECT 1 FROM attachment WHERE site=? AND number=? AND path=?", item.site, number, path)  # fmt: skip
        if row is not None:
            return
        if parts is not None and parts.hostname:
            self.host(parts.hostname, item.site)
            whole = key_of(parts.path)
            if attached and whole.endswith(f"/{path}") and not _BELOW.match(parts.path):
                self.root(item.site, whole.removesuffix(path))
        words = self._words(item, meta)
        words["paths"] = self._paths(meta, path, parts, words.pop("file", {}))
        self.db.execute(
            "INSERT INTO attachment (site, number, path, base, address, parent, position, is_picture, words)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item.site, number, path, base_of(path), address, _number(item["post_parent"]),
                _number(item["menu_order"]), PurePosixPath(path).suffix[1:] in ENDINGS,
                json.dumps({name: said for name, said in words.items() if said}),
            ),
        )  # fmt: skip

    def learn_block(self, item):
        """Keep the words of a reusable block: a ``wxr.Item``."""
        self.db.execute(
            "INSERT OR IGNORE INTO block VALUES (?, ?, ?)",
            (item.site, _number(item["post_id"]), item["content:encoded"]),
        )

    def block(self, site, number):
        """The words of a reusable block, or None."""
        row = self._one("SELECT words FROM block WHERE site=? AND number=?", site, number)
        return row and row[0]

    def site(self, site):
        """Items of this site are in the exports: ``old.example.org`` or ``old.example.org/blog``."""
        if site not in self._sites:
            self._sites.add(site)
            self.host(re.split("[:/]", site)[0], site)

    def host(self, name, site):
        """A host that shows a site, or its pictures. The first to say so has it."""
        name = plain_name(name).removeprefix("www.")
        self.db.execute("INSERT OR IGNORE INTO host VALUES (?, ?)", (name, site))

    def root(self, site, path):
        """Files of a site lie below ``path`` of its addresses."""
        if path not in self._roots.setdefault(site, []):
            self._roots[site].append(path)

    def _words(self, item, meta):
        caption = plain(item["excerpt:encoded"])
        description = plain(item["content:encoded"])
        if not caption and description != plain(item["title"]):
            caption = description
        words = {"alt": plain(meta.get("_wp_attachment_image_alt", ""))}
        words["caption"], words["credit"] = captions.parted(caption)
        said = next((meta[name] for name in captions.CREDITS if meta.get(name)), "")
        try:
            file = php.read(meta["_wp_attachment_metadata"]) if meta.get("_wp_attachment_metadata") else {}  # fmt: skip
        except php.Unreadable:
            self.unread += 1
            file = {}
        words["file"] = file if isinstance(file, dict) else {}
        about = words["file"].get("image_meta")
        about = about if isinstance(about, dict) else {}
        said = plain(said or (not words["credit"] and _text(about.get("credit"))) or "")
        if said and said not in words["credit"]:
            words["caption"], words["credit"] = caption, said
        words["copyright"] = plain(_text(about.get("copyright")))
        words["uploaded"] = _text(words["file"].get("original_image"))
        return words

    @staticmethod
    def _paths(meta, path, parts, file):
        """Where the file may lie, the best first: what was uploaded, what is shown, what was made of it."""
        folder = path.rpartition("/")[0]

        def beside(name):
            return key_of(f"{folder}/{PurePosixPath(_text(name)).name}") if _text(name) else ""

        shown = [path, beside(parts.path if parts else ""), key_of(below(_text(file.get("file"))))]
        uploaded = [beside(file.get("original_image")), _SHOWN.sub(r"\1", path)]
        # An editor cut or turned it: what was uploaded is not what readers saw.
        paths = shown + uploaded if _EDITED.search(path) else uploaded[:1] + shown + uploaded[1:]
        sizes = file.get("sizes")
        sizes = [one for one in (sizes.values() if isinstance(sizes, dict) else ()) if isinstance(one, dict)]  # fmt: skip
        sizes.sort(key=lambda one: -_number(one.get("width")) * _number(one.get("height")))
        return [
            one for one in dict.fromkeys([*paths, *(beside(s.get("file")) for s in sizes)]) if one
        ]

    def _key(self, site, parts):
        """What a picture at an address is called below the folder of uploads."""
        if parts is None:
            return ""
        if (parts.hostname or "").endswith(".files.wordpress.com"):
            return key_of(parts.path)
        whole = key_of(parts.path)
        if _BELOW.match(parts.path):
            return key_of(below(unquote(parts.path)))
        for root in self._roots.get(site, ()):
            if whole.startswith(root):
                return whole.removeprefix(root)
        return whole

    # what the media hold

    def take_in(self, source, files):
        """Take down the pictures that a source holds, and say how many: ``files`` as it gives them."""
        self.db.execute("BEGIN")
        self.db.executemany(
            "INSERT INTO file VALUES (?, ?, ?, ?, ?)",
            (
                (path, base_of(path), source, name, size)
                for name, shown, size in files
                if (path := key_of(below(f"/{shown}"))).rpartition(".")[2] in ENDINGS
            ),
        )
        self.db.execute("COMMIT")
        return self._one("SELECT COUNT(*) FROM file WHERE source=?", source)[0]

    def files(self, picture):
        """``[(source, name), ...]`` in which to look for a Picture, the best first."""
        found = []
        if not picture.paths:
            return found
        for path in picture.paths:
            rows = self.db.execute(
                "SELECT source, name FROM file WHERE path=? ORDER BY source", (path,)
            ).fetchall()
            exact = {PurePosixPath(name).name for name in picture.names}
            found += sorted(rows, key=lambda row: PurePosixPath(row[1]).name not in exact)
        made = self.db.execute(
            "SELECT source, name, size FROM file WHERE base=?", (picture.base,)
        ).fetchall()
        # Of another that is called so much the same, this one is not made.
        stem = PurePosixPath(_SHOWN.sub(r"\1", picture.paths[0])).stem
        made = [row for row in made if PurePosixPath(key_of(row[1])).name.startswith(stem)]
        found += [row[:2] for row in sorted(made, key=lambda row: (-_area(row[1]), -row[2]))]
        return list(dict.fromkeys(found))

    def is_ambiguous(self, picture):
        """Whether another site of the exports has a file of the same name."""
        rows = self.db.execute(
            "SELECT DISTINCT site FROM attachment WHERE path=? LIMIT 2",
            (*picture.paths[:1],) or ("",),
        )
        return len(rows.fetchall()) > 1

    # what stories show

    def children(self, site, number):
        """Numbers of the attachments that were uploaded to a story, as a gallery shows them."""
        rows = self.db.execute(
            "SELECT number FROM attachment WHERE site=? AND parent=? AND is_picture ORDER BY position, number",
            (site, number),
        )
        return [row[0] for row in rows]

    def find(self, use, site):
        """The Picture that a Use in a story of ``site`` shows, None where nothing says which."""
        numbered = self._row("site=? AND number=?", site, use.number) if use.number else None
        addresses, address_site, path, parts = [], site, "", None
        for address in use.addresses:
            parts = split(original_address(address))
            if parts is None or parts.scheme not in {"", "http", "https"}:
                continue
            owner = self.site_of(parts.hostname, site)
            addresses.append(parts.geturl())
            if not path:
                address_site = owner
                path = self._key(owner, parts) if owner is not None else ""
        if numbered is not None and (not path or path_is_of(path, numbered["words"]["paths"])):
            return self._picture(numbered, addresses)
        if not addresses:
            return None
        if address_site is None:
            return Picture(_ref("", addresses[0]), "", [], addresses[:1], "")
        for step in steps(path):
            if row := self._row("site=? AND path=?", address_site, step):
                return self._picture(row, addresses)
        if row := self._row("site=? AND base=?", address_site, base_of(path)):
            return self._picture(row, addresses)
        if numbered is not None and self._moved(path, numbered):
            return self._picture(numbered, addresses)
        names = [PurePosixPath(unquote(split(one).path)).name for one in addresses]
        return Picture(
            _ref(address_site, base_of(path)), address_site, [base_of(path)], addresses, base_of(path),
            names=names, is_picture=PurePosixPath(path).suffix[1:] in ENDINGS,
        )  # fmt: skip

    def site_of(self, host, site):
        """Whose a host is: a site of the exports, None for anybody else's."""
        if not host:
            return site
        name = plain_name(host).removeprefix("www.")
        while name:
            row = self._one("SELECT site FROM host WHERE name=?", name)
            if row is not None:
                return row[0]
            above = name.partition(".")[2]
            name = above if "." in above else ""
        return None

    def has(self, address, site):
        """Whether an address is one of the old sites'."""
        parts = split(address)
        return parts is not None and self.site_of(parts.hostname, site) is not None

    def _moved(self, path, row):
        """Whether a picture of another folder is an attachment by the same name: no file says other."""
        names = [PurePosixPath(one).name for one in row["words"]["paths"]]
        is_there = self._one("SELECT 1 FROM file WHERE base=?", base_of(path))
        return not is_there and path_is_of(PurePosixPath(path).name, names)

    def _row(self, where, *values):
        found = self._one(
            f"SELECT id, site, path, base, address, is_picture, words FROM attachment WHERE {where} ORDER BY id LIMIT 1",
            *values,
        )
        if found is None:
            return None
        row = dict(zip("id site path base address is_picture words".split(), found, strict=True))
        row["words"] = json.loads(row["words"])
        row["words"].setdefault("paths", [row["path"]])
        return row

    def _picture(self, row, addresses):
        first = self._row("site=? AND path=?", row["site"], row["path"])
        words, own = first["words"], row["words"]
        differs = own.get("caption") and own.get("caption") != words.get("caption")
        address = row["address"]
        shown = [address]
        if own.get("uploaded") and address and not _EDITED.search(row["path"]):
            shown.insert(0, f"{address.rpartition('/')[0]}/{PurePosixPath(own['uploaded']).name}")
        return Picture(
            ref=_ref(row["site"], row["path"]),
            site=row["site"],
            paths=own["paths"],
            addresses=list(dict.fromkeys([one for one in [*shown, *addresses] if one])),
            base=row["base"],
            attachment=row["id"],
            is_picture=bool(row["is_picture"]),
            own_caption=own["caption"] if differs else "",
            names=[PurePosixPath(unquote(address)).name],
            **{name: words.get(name, "") for name in ("alt", "caption", "credit", "copyright")},
        )

    def _one(self, query, *values):
        return self.db.execute(query, values).fetchone()

    # what became of them

    def outcome(self, ref):
        """``(kind, said)`` that was noted of a picture in this run, or None; no kind: it is there."""
        return self._one("SELECT kind, said FROM outcome WHERE ref=?", ref)

    def note(self, ref, kind="", said=""):
        self.db.execute("INSERT OR REPLACE INTO outcome VALUES (?, ?, ?)", (ref, kind, said))

    def mark(self, picture, state):
        """Say of an attachment that a story uses it: ``state`` "here" or "missing"."""
        if picture.attachment is not None:
            self.db.execute("UPDATE attachment SET state=? WHERE id=?", (state, picture.attachment))

    def miss(self, address, story, why):
        self.db.execute("INSERT OR IGNORE INTO missing VALUES (?, ?, ?)", (address, story, why))

    def missing(self):
        yield from self.db.execute(
            "SELECT address, story, why FROM missing ORDER BY story, address"
        )

    def counts(self):
        """``(is_picture, state) -> number`` of attachments, each once."""
        rows = self.db.execute("SELECT is_picture, state, COUNT(*) FROM attachment GROUP BY 1, 2")
        return {(bool(is_picture), state): number for is_picture, state, number in rows}


def split(address):
    """The parts of an address; None where it is none."""
    try:
        parts = urlsplit(address.strip())
        parts.port, parts.hostname  # noqa: B018 (both may raise)
    except ValueError:
        return None
    return parts


def original_address(address):
    """``address`` without what a picture service adds: its host, and how the picture is to be cut."""
    parts = split(address)
    if parts is None:
        return ""
    if _PROXY.fullmatch(parts.hostname or ""):
        return f"{'https' if 'ssl=1' in parts.query else 'http'}:/{parts.path}"
    is_file = parts.path.rpartition(".")[2].lower() in ENDINGS
    return parts._replace(query="" if is_file else parts.query, fragment="").geturl()


def below(path):
    """What of ``path`` lies below the folder of uploads."""
    path = path.replace("\\", "/")
    found = _BELOW.match(path if path.startswith("/") else f"/{path}")
    return path[found.end() - (not path.startswith("/")) :] if found else path.lstrip("/")


def key_of(path):
    """A path as it is compared: decoded, in one form of its letters, in small ones."""
    path = unicodedata.normalize("NFC", unquote(path)).casefold()
    return re.sub(r"/{2,}", "/", path).strip("/")


def base_of(path):
    """A path without what was added to the name when another picture was made of it."""
    return list(steps(path))[-1]


def path_is_of(path, paths):
    """Whether a file may have been made of what has ``paths``: numbers of another site lie."""
    return _without_ending(path) in {_without_ending(one) for one in paths}


def _without_ending(path):
    return base_of(path).rpartition(".")[0]


def _ref(site, path):
    ref = f"wordpress:{site}:file:{path}"
    if len(ref) <= LONGEST_REF:
        return ref
    return f"wordpress:file:{hashlib.sha256(ref.encode()).hexdigest()}"


def steps(path):
    """``path``, and it with one after the other of the additions to its name taken away."""
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    if ending in {"webp", "avif"} and stem.rpartition(".")[2] in ENDINGS:
        yield path
        stem, dot, ending = stem.rpartition(".")
    yield f"{folder}{slash}{stem}{dot}{ending}"
    while (shorter := _ADDED.sub("", stem)) != stem and shorter:
        stem = shorter
        yield f"{folder}{slash}{stem}{dot}{ending}"


def _area(name):
    """How large a picture is by its name; what names no size is taken for whole."""
    size = _SIZE.search(name)
    return int(size[1]) * int(size[2]) if size else math.inf


def _text(value):
    return value if isinstance(value, str) else ""


def _number(value):
    return int(value) if re.fullmatch(r"\d{1,18}", str(value)) else 0
