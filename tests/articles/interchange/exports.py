"""WordPress exports written for the tests: plain functions that give the text of a file."""

from html import escape

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The Old Courier</title>
<link>{site}</link>
<language>{language}</language>
{version}
<wp:base_blog_url>{site}</wp:base_blog_url>
"""
VERSION = "<wp:wxr_version>1.2</wp:wxr_version>"
SITE = "https://old.example.org"


def make_export(*items, authors="", site=SITE, language="en-US", version=VERSION):
    head = HEAD.format(site=site, language=language, version=version)
    return f"{head}{authors}{''.join(items)}</channel>\n</rss>\n"


def make_wp_author(login, name="", first="", last="", tag="wp:author"):
    return (
        f"<{tag}><wp:author_id>1</wp:author_id><wp:author_login>{login}</wp:author_login>"
        f"<wp:author_email>{login}@mail.example.org</wp:author_email>"
        f"<wp:author_display_name><![CDATA[{name}]]></wp:author_display_name>"
        f"<wp:author_first_name>{first}</wp:author_first_name>"
        f"<wp:author_last_name>{last}</wp:author_last_name></{tag}>\n"
    )


def make_wp_category(number, slug, name, parent="", meta=()):
    rows = "".join(
        f"<wp:termmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value>"
        "</wp:termmeta>"
        for key, value in meta
    )
    return (
        f"<wp:category><wp:term_id>{number}</wp:term_id>"
        f"<wp:category_nicename>{slug}</wp:category_nicename>"
        f"<wp:category_parent>{parent}</wp:category_parent>"
        f"<wp:cat_name><![CDATA[{name}]]></wp:cat_name>{rows}</wp:category>\n"
    )


def make_item(
    number,
    title="A headline",
    *,
    content="<p>Words of the story.</p>",
    excerpt="",
    status="publish",
    type="post",
    date="2019-05-04 10:00:00",
    gmt="2019-05-04 04:00:00",
    password="",
    creator="nargiza",
    link=None,
    name=None,
    guid=None,
    terms=(),
    meta=(),
    comments=0,
    parent=0,
    attachment_url="",
):
    name = f"story-{number}" if name is None else name
    link = f"{SITE}/2019/05/04/{name}/" if link is None else link
    guid = f"{SITE}/?p={number}" if guid is None else guid
    rows = [
        f"<title>{escape(title)}</title>",
        f"<link>{escape(link)}</link>",
        f"<dc:creator>{escape(creator)}</dc:creator>",
        f'<guid isPermaLink="false">{escape(guid)}</guid>',
        f"<content:encoded><![CDATA[{content}]]></content:encoded>",
        f"<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded>",
        f"<wp:post_id>{number}</wp:post_id>",
        f"<wp:post_date>{date}</wp:post_date>",
        f"<wp:post_date_gmt>{gmt}</wp:post_date_gmt>",
        f"<wp:post_name>{escape(name)}</wp:post_name><wp:post_parent>{parent}</wp:post_parent>",
        f"<wp:status>{status}</wp:status>",
        f"<wp:post_type>{type}</wp:post_type>",
        f"<wp:post_password>{password}</wp:post_password>",
    ]
    if attachment_url:
        rows += [
            f"<wp:attachment_url>{escape(attachment_url)}</wp:attachment_url>",
        ]
    for domain, nicename, words in terms:
        rows.append(f'<category domain="{domain}" nicename="{nicename}">{escape(words)}</category>')
    for key, value in meta:
        rows.append(
            f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
            f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        )
    for each in range(comments):
        rows.append(
            f"<wp:comment><wp:comment_id>{each}</wp:comment_id>"
            "<wp:comment_author_email>reader@mail.example.org</wp:comment_author_email>"
            "<wp:comment_author_IP>203.0.113.7</wp:comment_author_IP>"
            "<wp:comment_content>A reader's words</wp:comment_content></wp:comment>"
        )
    return "<item>\n" + "\n".join(rows) + "\n</item>\n"


UPLOADS = f"{SITE}/wp-content/uploads"


def make_attachment(number, path, *, caption="", alt="", meta=(), **fields):
    """A picture of the old library; ``path`` below the folder of uploads."""
    meta = [("_wp_attached_file", path), *meta]
    if alt:
        meta.append(("_wp_attachment_image_alt", alt))
    fields.setdefault("attachment_url", f"{UPLOADS}/{path}")
    return make_item(
        number,
        path,
        content="",
        excerpt=caption,
        type="attachment",
        status="inherit",
        meta=meta,
        **fields,
    )


def make_metadata(path, *sizes, original=""):
    """What WordPress keeps of a picture, as PHP serialises it; ``sizes``: (width, height) each."""
    stem, _, ending = path.rpartition("/")[2].rpartition(".")
    made = "".join(
        f"i:{n};a:3:{{{_php('file')}{_php(f'{stem}-{w}x{h}.{ending}')}{_php('width')}i:{w};{_php('height')}i:{h};}}"
        for n, (w, h) in enumerate(sizes)
    )
    whole = f"{_php('file')}{_php(path)}{_php('sizes')}a:{len(sizes)}:{{{made}}}"
    if original:
        whole += f"{_php('original_image')}{_php(original)}"
    return ("_wp_attachment_metadata", f"a:{3 if original else 2}:{{{whole}}}")


def _php(words):
    return f's:{len(words.encode())}:"{words}";'
