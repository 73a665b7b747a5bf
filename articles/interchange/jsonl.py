"""Stories as JSON lines, one an object, in the words of our own tables (docs/formats.md).

For whoever comes from a system that we do not read: a script that writes these lines is all that is
needed. A file with one wrong line is refused wholly.
"""

import datetime
import json
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.utils.dateparse import parse_date, parse_datetime

from addresses.languages import codes
from articles.interchange import bodies
from articles.interchange.records import Credit, Loss, Refused, Source, Story, Survey
from articles.models import Article, Byline, Citation
from prose import body, spam

LONGEST_LINE = 10_000_000  # bytes
LONGEST_REF = 200
TEXTS = {
    "source_ref", "headline", "kicker", "standfirst", "slug", "body", "language", "genre", "guid",
    "status", "published_at", "section", "series", "dateline_place", "dateline_date",
    "dateline_organisation", "canonical_url",
}  # fmt: skip
LISTS = {"regions", "tags", "bylines", "citations", "addresses"}
STATUSES = {"draft", "published"}
SHORT = {"kicker": 60, "dateline_place": 100, "canonical_url": 200}


@dataclass
class Item:
    """One line of a file, read and found right."""

    where: str
    said: dict
    type: str = "story"


def survey(paths):
    """The Survey of all files. Raises Refused."""
    found = Survey()
    for item in items(paths):
        found.items += 1
        found.languages[item.said.get("language", "").lower()] += 1
    return found


def items(paths):
    seen = {}
    for path in paths:
        number = 0
        try:
            with open(path, "rb") as file:
                while line := file.readline(LONGEST_LINE):
                    number += 1
                    if not line.strip(b"\xef\xbb\xbf \t\r\n"):
                        continue
                    said = _read(line, path, number)
                    first = seen.setdefault(hash(said["source_ref"]), f"{path}, line {number}")
                    if first != f"{path}, line {number}":
                        raise Refused(path, number, f"source_ref: the same as in {first}.")
                    yield Item(f"{path}, line {number}", said)
        except OSError as error:
            raise Refused(path, number, error.strerror or "cannot be read") from None
        if not number:
            raise Refused(path, 1, "There is nothing in it.")


def is_left_out(item, kind="story"):
    return ""


def story(item, zone, now):
    """A Story of a line. Text without marks has a paragraph after each empty line."""
    said = item.said
    html = said.get("body", "")
    if "<" not in html:
        html = bodies.paragraphs(html.replace("\r\n", "\n"))
    html, found = spam.cut(html, languages=[said.get("language", ""), *codes()])
    moment = _moment(said.get("published_at", ""))
    fields = {name: body.plain(said.get(name, "")) for name in ("kicker", "dateline_place")}
    if "genre" in said:
        fields["genre"] = said["genre"]
    if "canonical_url" in said:
        fields["canonical_url"] = said["canonical_url"]
    if said.get("dateline_date"):
        fields["dateline_date"] = parse_date(said["dateline_date"])
    if "part" in said:
        fields["part"] = said["part"]
    made = Story(
        refs=(said["source_ref"], said["source_ref"]),
        where=item.where,
        headline=body.plain(said.get("headline", "")).strip(),
        slug=said.get("slug", ""),
        standfirst=body.plain(said.get("standfirst", "")).strip(),
        body=body.clean(html),
        language=said.get("language", "").lower(),
        why=_why_not_public(said, moment, now),
        published_at=moment,
        guid=body.plain(said.get("guid", "")),
        tags=[body.plain(name) for name in said.get("tags", []) if name.strip()],
        section=body.plain(said.get("section", "")),
        regions=[body.plain(name) for name in said.get("regions", [])],
        series=body.plain(said.get("series", "")),
        dateline_organisation=body.plain(said.get("dateline_organisation", "")),
        bylines=[_credit(row) for row in said.get("bylines", [])],
        sources=[
            Source(
                body.plain(row["organisation"]), row.get("relation", "cites"), row.get("url", "")
            )
            for row in said.get("citations", [])
        ],
        fields=fields,
        found={"body": found} if found else {},
    )
    made.losses += [Loss("spam", each.kind) for each in found]
    made.losses += [Loss("element", name) for name in bodies.lost_elements(html)]
    if not made.why:
        parts = [urlsplit(address) for address in said.get("addresses", [])]
        made.addresses = [(unquote(part.path) or "/", part.query) for part in parts]
    return made


def _why_not_public(said, moment, now):
    if said.get("status", "published" if moment else "draft") == "draft":
        return "draft"
    if moment is None:
        return "no date"
    return "date in the future" if moment > now else ""


def _credit(row):
    kind = "person" if "author" in row else "organisation"
    name = body.plain(row["author" if kind == "person" else "organisation"])
    return Credit(kind, name, row.get("role", Byline.Role.AUTHOR))


# Lines


def _read(line, path, number):
    """The object of a line. Raises Refused, with the first thing that is wrong."""

    def refuse(why):
        raise Refused(path, number, why)

    if len(line) >= LONGEST_LINE:
        refuse(f"longer than {LONGEST_LINE:,} bytes.")
    try:
        said = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        refuse(f"no JSON: {error}")
    if not isinstance(said, dict):
        refuse("an object is needed: {…}.")
    # null says what a missing key says.
    said = {key: value for key, value in said.items() if value is not None}
    for key, value in said.items():
        if key in TEXTS:
            if not isinstance(value, str):
                refuse(f"{key}: a text is needed.")
        elif key in LISTS:
            if not isinstance(value, list):
                refuse(f"{key}: a list is needed.")
        elif key == "part":
            if type(value) is not int or not 0 < value < 10_000:
                refuse("part: a number from 1 to 9999 is needed.")
        else:
            refuse(f"{key[:40]!r}: no such key.")
    _check_texts(said, refuse)
    _check_lists(said, refuse)
    return said


def _check_texts(said, refuse):
    ref = said.get("source_ref", "")
    if not ref.strip() or len(ref) > LONGEST_REF:
        refuse(f"source_ref: a handle of 1 to {LONGEST_REF} characters is needed.")
    if said.get("status", "draft") not in STATUSES:
        refuse("status: draft or published.")
    if said.get("genre", Article.Genre.NEWS) not in Article.Genre.values:
        refuse(f"genre: one of {', '.join(Article.Genre.values)}.")
    if said.get("published_at") and _moment(said["published_at"]) is None:
        refuse("published_at: a time such as 2019-05-04T10:00:00+06:00 is needed.")
    if said.get("dateline_date") and _date(said["dateline_date"]) is None:
        refuse("dateline_date: a date such as 2019-05-04 is needed.")
    for name, most in SHORT.items():
        if len(said.get(name, "")) > most:
            refuse(f"{name}: longer than {most} characters.")
    if said.get("canonical_url") and not _is_web(said["canonical_url"]):
        refuse("canonical_url: an address that begins with https:// is needed.")
    if said.get("dateline_organisation") and not said.get("dateline_place"):
        refuse("dateline_organisation: without dateline_place.")
    if "part" in said and not said.get("series"):
        refuse("part: without series.")


def _check_lists(said, refuse):
    for name in ("regions", "tags", "addresses"):
        for words in said.get(name, []):
            if not isinstance(words, str):
                refuse(f"{name}: a list of texts is needed.")
    for address in said.get("addresses", []):
        if not _is_path(address):
            refuse(f"addresses: {address[:80]!r} is no path such as /old/story/?id=7.")
    for row in said.get("bylines", []):
        _check_row(row, "bylines", ({"author"}, {"organisation"}), {"role"}, refuse)
        if row.get("role", Byline.Role.AUTHOR) not in Byline.Role.values:
            refuse(f"bylines: role is one of {', '.join(Byline.Role.values)}.")
    for row in said.get("citations", []):
        _check_row(row, "citations", ({"organisation"},), {"relation", "url"}, refuse)
        if row.get("relation", "cites") not in Citation.Relation.values:
            refuse(f"citations: relation is one of {', '.join(Citation.Relation.values)}.")
        if row.get("url") and not (_is_web(row["url"]) and len(row["url"]) <= 500):
            refuse("citations: url is an address that begins with https://.")


def _check_row(row, name, needed, further, refuse):
    """``needed``: sets of keys, of which one is there wholly."""
    if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
        refuse(f"{name}: a list of objects with texts is needed.")
    keys = set(row)
    if not any(keys - further == each for each in needed):
        which = " or ".join(sorted(key for each in needed for key in each))
        refuse(f"{name}: each has {which}, and may have {', '.join(sorted(further))}.")
    if not all(row[key].strip() for key in keys - further):
        refuse(f"{name}: a name is empty.")


def _moment(words):
    try:
        moment = parse_datetime(words)
        return moment.astimezone(datetime.UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _date(words):
    try:
        return parse_date(words)
    except ValueError:
        return None


def _is_web(address):
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and bool(parts.netloc) and not set(address) & set(' <>"')
    )


def _is_path(address):
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return False
    try:
        urlsplit(address)
    except ValueError:
        return False
    return body.plain(address) == address
