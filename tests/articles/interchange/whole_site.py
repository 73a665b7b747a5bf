"""A whole old site as one export: all that a newsroom has, and much that nobody outside may ever see.

Words that begin with ``qux`` were not public there; ``PRIVATE`` are other things of it that no page,
feed, picture or address may have.
"""

from pathlib import Path

from tests.articles.interchange.exports import (
    SITE,
    UPLOADS,
    make_attachment,
    make_export,
    make_item,
    make_metadata,
    make_wp_author,
    make_wp_category,
)
from tests.factories import make_house, make_organisation, make_region, make_section, picture_bytes

PRIVATE = [
    "reader@mail.example.org",
    "nargiza.login",
    "siteadmin7",
    "hunter2qux",
    "203.0.113.7",
    "198.51.100.99",
    "A reader's words",
]
# State, type and password of what readers of the old site could not see.
HIDDEN = {
    "draft": ("draft", "post", ""),
    "private": ("private", "post", ""),
    "pending": ("pending", "post", ""),
    "future": ("future", "post", ""),
    "trash": ("trash", "post", ""),
    "autodraft": ("auto-draft", "post", ""),
    "locked": ("publish", "post", "hunter2qux"),
    "strange": ("archived-by-plugin", "post", ""),
    "revision": ("inherit", "revision", ""),
    "page": ("draft", "page", ""),
    "privatepage": ("private", "page", ""),
    "lockedpage": ("publish", "page", "hunter2qux"),
}
PLACES = ("title", "body", "excerpt", "tag", "category", "author", "slug", "oldslug", "engines")
PLACES += ("caption", "alt", "credit", "file", "comment", "series", "biography", "spam")
FARM = '<div style="position:absolute;left:-9999px">cheap quxspam pills</div>'
TO_A_DRAFT = f"{SITE}/2019/05/04/quxdraftslug/"
TABLE = (
    "<table><thead><tr><th>Pass</th><th>Snow, cm</th></tr></thead>"
    "<tbody><tr><td>Too-Ashuu</td><td>40</td></tr></tbody></table>"
)
LONG = """BISHKEK (TCA) — Snow closed the road on Tuesday.

The second paragraph has <b>weight</b> & an ampersand.
And a line of its own.

<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>We wait.</p><cite>A driver</cite></blockquote></figure><!-- /wp:pullquote -->

{picture}

[caption id="attachment_101" width="120"]<img src="{uploads}/2019/05/pass.jpg" class="wp-image-101" /> The pass[/caption]

[gallery ids="102,103"]

<h2>What is next</h2>

{table}

<ul><li>One<ul><li>Deeper</li></ul></li><li>Two</li></ul>

https://www.youtube.com/watch?v=dQw4w9WgXcQ

See <a href="{site}/2019/05/04/story-2/">what came before</a> and <a href="{draft}">that</a>.

{farm}

<!--more-->

Words after more.<!--nextpage-->And on a next page.
"""


def guest(number, name, slug, **meta):
    rows = [("cap-display_name", name), ("cap-user_login", slug)]
    rows += [(f"cap-{key}", value) for key, value in meta.items()]
    return make_item(number, name, content="", type="guest-author", name=f"cap-{slug}", meta=rows)


def by(slug):
    return ("author", f"cap-{slug}", slug)


def filed(slug, name):
    return ("category", slug, name)


def figure(number, path, caption="", alt=""):
    return (
        f'<figure class="wp-block-image"><img src="{UPLOADS}/{path}" alt="{alt}" '
        f'class="wp-image-{number}"/><figcaption>{caption}</figcaption></figure>'
    )


def secret(kind, place):
    return f"qux{kind}{place}"


def hidden_items():
    """Of every state an item with a word of its own in each place, its picture and its author."""
    for number, (kind, (status, type, password)) in enumerate(HIDDEN.items(), 500):
        picture, author = number + 100, f"qux{kind}author"
        path = f"2019/05/{secret(kind, 'file')}.jpg"
        words = {place: secret(kind, place) for place in PLACES}
        yield guest(
            number + 200,
            f"{author.title()} Writer",
            author,
            description=f"Writes {words['biography']}.",
            user_email=f"{author}@mail.example.org",
        )
        yield make_item(
            number,
            f"Plans {words['title']}",
            content=f"<p>Words {words['body']}.</p>{figure(picture, path, words['caption'], words['alt'])}"
            f'<div style="display:none">{words["spam"]}</div>\n\nBy Jo {author.title()}',
            excerpt=f"Short {words['excerpt']}.",
            status=status,
            type=type,
            password=password,
            date="2019-05-04 10:00:00" if kind != "future" else "2099-05-04 10:00:00",
            gmt="2019-05-04 04:00:00" if kind != "future" else "2099-05-04 04:00:00",
            name=words["slug"],
            creator="siteadmin7",
            terms=[
                by(author),
                filed(words["category"], words["category"].title()),
                ("post_tag", words["tag"], words["tag"].title()),
                ("series", words["series"], words["series"].title()),
            ],
            meta=[
                ("_thumbnail_id", str(picture)),
                ("_wp_old_slug", words["oldslug"]),
                ("_yoast_wpseo_title", words["engines"]),
                ("_yoast_wpseo_metadesc", words["engines"]),
                ("_edit_ip", "198.51.100.99"),
            ],
        ).replace("</item>", comment(words["comment"]) + "</item>")
        yield make_attachment(
            picture,
            path,
            caption=words["caption"],
            alt=words["alt"],
            parent=number,
            link=f"{SITE}/2019/05/04/{words['slug']}/{words['file']}/",
            meta=[("_media_credit", words["credit"])],
        )


def comment(words):
    return (
        "<wp:comment><wp:comment_id>7</wp:comment_id><wp:comment_author>Ann</wp:comment_author>"
        "<wp:comment_author_email>reader@mail.example.org</wp:comment_author_email>"
        "<wp:comment_author_IP>203.0.113.7</wp:comment_author_IP>"
        f"<wp:comment_content>{words}</wp:comment_content></wp:comment>"
    )


def public_items():
    yield make_item(
        1,
        "Snow closes the “Too-Ashuu” pass & more <b>words</b>",
        content=LONG.format(
            picture=figure(101, "2019/05/pass-120x80.jpg", "The <b>pass</b>. Photo: Jo Smith"),
            uploads=UPLOADS,
            table=TABLE,
            site=SITE,
            draft=TO_A_DRAFT,
            farm=FARM,
        ),
        excerpt="Lorries wait at the pass.",
        name="snow-closes-pass",
        terms=[by("aida"), by("bo"), filed("power", "Power"), filed("osh", "Osh"), ("post_tag", "snow", "Snow"), ("series", "winter", "Winter")],
        meta=[
            ("_thumbnail_id", "100"), ("_wp_old_slug", "snow-in-pass"), ("_series_part", "1"),
            ("_wpml_import_translation_group", "77"), ("_edit_ip", "198.51.100.99"),
        ],
        comments=2,
    )  # fmt: skip
    yield make_item(
        2,
        "What came before",
        content="<p>Rain.</p>\n\nMore of it.\n\nBy Sergey Kwan",
        creator="siteadmin7",
        terms=[filed("power", "Power"), filed("ice", "Ice"), ("post_tag", "rain", "Rain")],
    )
    yield make_item(
        3,
        "Снег закрыл перевал",
        content="<p>Өзгөн шаары: снег идёт второй день.</p>\n\nИ третий.",
        excerpt="Фуры ждут.",
        name="%D1%81%D0%BD%D0%B5%D0%B3",
        link=f"{SITE}/ru/2019/05/04/%D1%81%D0%BD%D0%B5%D0%B3/",
        terms=[by("aida"), ("language", "ru", "Русский"), filed("novosti", "Новости"), ("post_tag", "%D1%81%D0%BD%D0%B5%D0%B3", "Снег")],
        meta=[("_wpml_import_translation_group", "77"), ("_thumbnail_id", "100")],
    )  # fmt: skip
    yield make_item(
        18287,
        "No talks about soldiers",
        content="BISHKEK (TCA) — Nobody asked.\n\nThere are no talks.\n\nSergey Kwan\n\n"
        "Sergey Kwan has worked as a journalist and editor since its foundation.",
        creator="siteadmin7",
        link=f"{SITE}/index.php/news/18287-no-talks",
        name="no-talks",
        guid=f"{SITE}/index.php?option=com_content&view=article&id=18287",
        date="2017-06-23 17:21:00",
        gmt="2017-06-23 11:21:00",
        meta=[("_fgj2wp_old_id", "18287")],
        terms=[filed("news", "News"), filed("kyrgyzstan", "Kyrgyzstan")],
    )
    yield make_item(4, "About us", content="<p>We print.</p>", type="page", name="about-the-courier", link=f"{SITE}/about-the-courier/")  # fmt: skip
    yield make_item(5, "Nothing but pills", content=FARM.replace("quxspam", "quxonlyspam"))
    yield make_item(6, "Without a date", gmt="0000-00-00 00:00:00", date="0000-00-00 00:00:00", content="<p>Quxundated words.</p>", name="quxundated")  # fmt: skip
    for number, path, words in (
        (100, "2019/05/lead.jpg", "Lorries. Фото: А. Иванов"),
        (101, "2019/05/pass.jpg", ""),
        (102, "2019/05/a.jpg", "A"),
        (103, "2019/05/b.jpg", ""),
    ):
        metadata = [make_metadata(path, (120, 80))]
        yield make_attachment(number, path, caption=words, alt=f"Seen in {number}", parent=1, meta=metadata, link=f"{SITE}/2019/05/04/snow-closes-pass/p{number}/")  # fmt: skip
    yield make_attachment(190, "2019/05/quxunused.jpg", caption="Quxunused")
    for number in range(20, 50):  # lists of more pages than one
        yield make_item(
            number,
            f"Short news {number}",
            content=f"<p>Short words {number}.</p>",
            terms=[by("bo"), filed("power", "Power"), ("post_tag", "snow", "Snow")],
            date=f"2018-03-{number - 19:02} 10:00:00" if number < 48 else "2018-04-01 10:00:00",
            gmt="",
            link=f"{SITE}/2018/03/04/story-{number}/",
        )


def authors():
    said = "<wp:author_description>Writes about water.</wp:author_description></wp:author>"
    return (
        make_wp_author("nargiza.login", "Nargiza Ryskulova").replace("</wp:author>", said)
        + make_wp_author("siteadmin7", "siteadmin7")
        + guest(90, "Aida Bekova", "aida", description="She writes. <b>Well</b>.", job_title="Reporter", website="https://aida.example.org/")
        + guest(91, "Bo Chen", "bo", user_email="reader@mail.example.org")
    )  # fmt: skip


def categories():
    rows = [(1, "power", "Power", "asia"), (2, "asia", "Asia", ""), (3, "ice", "Ice", "power")]
    rows += [(4, "osh", "Osh", ""), (5, "news", "News", ""), (6, "kyrgyzstan", "Kyrgyzstan", "")]
    rows += [
        (20 + n, secret(kind, "category"), secret(kind, "category").title(), "")
        for n, kind in enumerate(HIDDEN)
    ]
    return "".join(make_wp_category(*row) for row in rows)


def export():
    return make_export(
        *public_items(),
        *hidden_items(),
        make_item(80, "Menu quxmenu", type="nav_menu_item"),
        authors=authors() + categories(),
    )


def secrets():
    words = [secret(kind, place) for kind in HIDDEN for place in PLACES]
    return [*words, "quxspam", "quxonlyspam", "quxundated", "quxunused", "quxmenu"]


# Where readers had saved it: what leads to a page here in one hop, and what is no address any more.
OLD = [
    "/2019/05/04/snow-closes-pass/",
    "/2019/05/04/snow-closes-pass",
    "/2019/05/04/snow-closes-pass/amp/",
    "/?p=1",
    "/2019/05/04/snow-in-pass/",
    "/2019/05/04/snow-closes-pass/p100/",
    "/?attachment_id=102",
    "/?p=2",
    "/2019/05/04/story-2/",
    "/ru/2019/05/04/%D1%81%D0%BD%D0%B5%D0%B3/",
    "/ru/2019/05/04/%d1%81%d0%bd%d0%b5%d0%b3/",
    "/?p=3",
    "/index.php/news/18287-no-talks",
    "/index.php?option=com_content&view=article&id=18287:no-talks&catid=4",
    "/?p=18287",
    "/about-the-courier/",
    "/?page_id=4",
    "/category/power/",
    "/category/asia/power/page/2/",
    "/category/power/feed/",
    "/?cat=1",
    "/category/osh/",
    "/tag/snow/",
    "/?tag=snow",
    "/tag/%d1%81%d0%bd%d0%b5%d0%b3/",
    "/author/aida/",
    "/author/aida/feed/",
    "/feed/",
    "/feed/atom/",
    "/2018/03/page/2/",
    "/2018/03/04/story-30/",
]


def gone():
    """Addresses at which nobody may be led anywhere."""
    for number, kind in enumerate(HIDDEN, 500):
        slug, file = secret(kind, "slug"), secret(kind, "file")
        yield f"/2019/05/04/{slug}/"
        yield f"/2019/05/04/{secret(kind, 'oldslug')}/"
        yield f"/2019/05/04/{slug}/{file}/"
        yield f"/?p={number}"
        yield f"/?page_id={number}"
        yield f"/?attachment_id={number + 100}"
        yield f"/category/{secret(kind, 'category')}/"
        yield f"/tag/{secret(kind, 'tag')}/"
        yield f"/author/{secret(kind, 'author')}/"


def make_place(folder):
    """What the newsroom has before; ``(export, uploads)``, a file and a folder, below ``folder``."""
    make_house(name="The Times of Central Asia", short_name="TCA")
    make_organisation(name="24.kg")
    for name in ("Power", "News"):
        make_section(name=name, slug=name.lower())
    for name in ("Osh", "Kyrgyzstan"):
        make_region(name=name)
    names = [f"2019/05/{name}.jpg" for name in ("lead", "pass", "a", "b", "quxunused")]
    names += [f"2019/05/{secret(kind, 'file')}.jpg" for kind in HIDDEN]
    uploads = Path(folder, "uploads")
    for number, name in enumerate(names):
        path = uploads / name
        path.parent.mkdir(parents=True, exist_ok=True)
        size = (1600, 1067) if number == 0 else (640, 427)
        path.write_bytes(picture_bytes(*size, colour=(number, 90, 110)))
    file = Path(folder, "old.xml")
    file.write_text(export())
    return file, uploads
