"""The whole text of an item as HTML for other people's readers: plain elements, whole addresses."""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from articles import printing
from articles.feeds.words import plain


def html(item):
    """``item.text`` as HTML that is safe to print, its picture included; "" where there is none to give."""
    text = item.text
    if text is None:
        return ""
    parts = []
    if text.paid_by:
        paid = gettext("Paid for by %(name)s") % {"name": text.paid_by}
        parts.append(format_html("<p><strong>{}</strong></p>", paid))
    if text.standfirst:
        parts.append(format_html("<p><em>{}</em></p>", text.standfirst))
    first, *rest = text.credits
    further = format_html_join("", "<br>{}", ((line,) for line in rest))
    parts.append(format_html("<p>{}{}</p>", first, further))
    parts += [_note(note) for note in text.above]
    if item.picture is not None:
        parts.append(_figure(item.picture))
    parts.append(printing.feed_html(text.body, item.link))
    parts += [_note(note) for note in text.below]
    if text.reports:
        parts.append(_reports(text.reports))
    return plain("\n".join(parts))


def _figure(picture):
    words = format_html("{}", picture.caption)
    if picture.credit:
        words = format_html("{} <cite>{}</cite>", words, picture.credit)
    return format_html(
        '<figure><img src="{}" width="{}" height="{}" alt="{}">'
        "<figcaption>{}</figcaption></figure>",
        picture.address,
        picture.width,
        picture.height,
        picture.alt,
        words,
    )


def _note(note):
    head = format_html("<p><strong>{}</strong>, {}</p>", note.kind, note.day)
    lines = ((line,) for line in note.text.splitlines() if line.strip())
    words = format_html_join("", "<p>{}</p>", lines)
    return format_html("<blockquote>{}{}</blockquote>", head, words)


def _reports(reports):
    named = format_html_join("", "<li>{}, {}</li>", ((_name(one), one.used) for one in reports))
    title = gettext("This story relies on reports by")
    return format_html("<p><strong>{}</strong></p><ul>{}</ul>", title, named)


def _name(report):
    if not report.address:
        return report.name
    return format_html('<a href="{}" rel="noopener">{}</a>', report.address, report.name)
