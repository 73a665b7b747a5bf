"""A WordPress export of any size, the same each time: what a daily leaves after twenty years."""

import random
import sys
from datetime import UTC, datetime, timedelta
from html import escape

SITE = "https://old.example.org"
FIRST = datetime(2004, 1, 5, 3, 0, tzinfo=UTC)
PEOPLE = 60
CATEGORIES = ["Politics", "Economy", "Society", "Culture", "Sport", "Kyrgyzstan", "Kazakhstan"]
PLACES = ["Bishkek", "Osh", "Naryn", "Almaty", "Tashkent"]
WORDS = (
    "river council winter border market teacher glacier road school harvest train minister court "
    "valley bridge power station village pasture agreement budget hospital festival election "
    "река совет зима граница рынок учитель ледник дорога школа урожай поезд министр суд долина "
    "мост станция село пастбище соглашение бюджет больница праздник выборы"
).split()


def words(chance, number):
    return " ".join(chance.choice(WORDS) for _ in range(number))


def head(people=PEOPLE):
    yield (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"\n'
        ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"\n'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"\n'
        ' xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n'
        f"<title>The Old Courier</title>\n<link>{SITE}</link>\n<language>en-US</language>\n"
        f"<wp:wxr_version>1.2</wp:wxr_version>\n<wp:base_blog_url>{SITE}</wp:base_blog_url>\n"
    )
    for number in range(people):
        yield (
            f"<wp:author><wp:author_login>writer{number}</wp:author_login>"
            f"<wp:author_display_name>Aigul Writer {number}</wp:author_display_name></wp:author>\n"
        )


def attachment(number, post):
    name = f"picture-{number}"
    return (
        f"<item><title>{name}</title><link>{SITE}/?attachment_id={number}</link>"
        f"<dc:creator>writer1</dc:creator><guid>{SITE}/?attachment_id={number}</guid>"
        f"<content:encoded></content:encoded><excerpt:encoded>What is seen in {number}"
        f"</excerpt:encoded><wp:post_id>{number}</wp:post_id><wp:post_date>2019-05-04 10:00:00"
        "</wp:post_date><wp:post_date_gmt>2019-05-04 04:00:00</wp:post_date_gmt><wp:post_name>"
        f"{name}</wp:post_name><wp:status>inherit</wp:status><wp:post_parent>{post}</wp:post_parent>"
        "<wp:post_type>attachment</wp:post_type>"
        f"<wp:attachment_url>{SITE}/wp-content/uploads/{name}.jpg</wp:attachment_url>"
        f"<wp:postmeta><wp:meta_key>_wp_attached_file</wp:meta_key><wp:meta_value>{name}.jpg"
        "</wp:meta_value></wp:postmeta><wp:postmeta><wp:meta_key>_wp_attachment_image_alt"
        f"</wp:meta_key><wp:meta_value>A picture, {number}</wp:meta_value></wp:postmeta></item>\n"
    )


def post(number, posts, picture=None):
    """One post; ``picture``: the number of the attachment that is its lead picture and in its text."""
    chance = random.Random(number)
    date = FIRST + timedelta(hours=3.5) * number
    slug = f"{words(chance, 3).replace(' ', '-')}-{number}"
    # A slug that is not ASCII stands with escapes in a link.
    place, other = chance.choice(PLACES), chance.randrange(1, posts + 1)
    paragraphs = [f"<p>{words(chance, 45).capitalize()}.</p>" for _ in range(8)]
    paragraphs[0] = f"<p>{place.upper()} (TCA) — {words(chance, 40).capitalize()}.</p>"
    paragraphs.insert(3, f'<p>{words(chance, 9)} <a href="{SITE}/?p={other}">as reported</a>.</p>')
    meta = ""
    if picture:
        paragraphs.insert(
            5,
            f'<figure class="wp-block-image"><img src="{SITE}/wp-content/uploads/picture-{picture}'
            f'-300x200.jpg" alt="" class="wp-image-{picture}"/></figure>',
        )
        meta = (
            "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key>"
            f"<wp:meta_value>{picture}</wp:meta_value></wp:postmeta>"
        )
    tags = "".join(
        f'<category domain="post_tag" nicename="tag-{n}"><![CDATA[Tag {n}]]></category>'
        for n in chance.sample(range(800), 3)
    )
    category = chance.choice(CATEGORIES)
    when, local = f"{date:%Y-%m-%d %H:%M:%S}", f"{date + timedelta(hours=6):%Y-%m-%d %H:%M:%S}"
    return (
        f"<item><title>{escape(words(chance, 7)).capitalize()}</title>"
        f"<link>{SITE}/{date + timedelta(hours=6):%Y/%m/%d}/{slug}/</link>"
        f"<dc:creator>writer{chance.randrange(PEOPLE)}</dc:creator><guid>{SITE}/?p={number}</guid>"
        f"<content:encoded><![CDATA[{''.join(paragraphs)}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[{words(chance, 15)}]]></excerpt:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_date>{local}</wp:post_date>"
        f"<wp:post_date_gmt>{when}</wp:post_date_gmt><wp:post_name>{slug}</wp:post_name>"
        f"<wp:status>{'publish' if number % 20 else 'draft'}</wp:status>"
        f"<wp:post_type>post</wp:post_type>"
        f'<category domain="category" nicename="{category.lower()}">{category}</category>'
        f"{tags}{meta}</item>\n"
    )


def export(posts, pictures):
    """The text of the file in pieces; numbers of attachments begin above those of posts."""
    yield from head()
    for number in range(1, posts + 1):
        picture = posts + number if number <= pictures else None
        if picture:
            yield attachment(picture, number)
        yield post(number, posts, picture)
    yield "</channel>\n</rss>\n"


if __name__ == "__main__":
    sys.stdout.writelines(export(int(sys.argv[1]), int(sys.argv[2])))
