"""What an installation must not go out with."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

from articles import hooks
from newsroom.models import SiteSettings


@register(Tags.security, deploy=True)
def the_site_has_a_real_address(app_configs, **kwargs):
    site = urlsplit(settings.SITE_URL)
    if site.hostname and site.hostname.endswith(("example.com", "example.org")):
        return [
            Error(
                "SITE_URL is a made-up address: feeds and links would lead there.",
                id="newsroom.E001",
            )
        ]
    if settings.ON_THIS_MACHINE:
        return [Warning("SITE_URL is an address of this machine only.", id="newsroom.W002")]
    if site.scheme != "https":
        return [Error("SITE_URL must begin with https://.", id="newsroom.E003")]
    return []


@register(Tags.database, deploy=True)
def the_site_is_no_demonstration(app_configs, databases=None, **kwargs):
    """Asked with ``check --deploy --database default``: what it says stands in the database."""
    for alias in databases or []:
        if SiteSettings._meta.db_table not in connections[alias].introspection.table_names():
            continue
        site = SiteSettings.objects.using(alias).first()
        if site is not None and site.is_demo:
            text = "The name, the pages and the people of the site are the demonstration's."
            return [Warning(text, id="newsroom.W007")]
        if site is None or site.name == SiteSettings._meta.get_field("name").default:
            return [Warning("The site has no name yet: say it at Setup, Site.", id="newsroom.W008")]
        if invented := _invented(site):
            text = f"These addresses of the site are made up: {', '.join(invented)}."
            return [Warning(text, id="newsroom.W009")]
    return []


def _invented(site):
    """Addresses by which readers are to reach the site and that nobody can have (RFC 2606)."""
    hosts = {site.email: site.email.rpartition("@")[2]}
    hosts |= {link["url"]: urlsplit(link["url"]).hostname or "" for link in site.social_links}
    ends = ("example.com", "example.org", "example.net", ".example", ".invalid", ".test")
    return [address for address, host in hosts.items() if host.endswith(ends)]


@register()
def the_webhook_is_usable(app_configs, **kwargs):
    wrong = hooks.problem(settings.WEBHOOK_URL) if hooks.is_set() else ""
    if not wrong and not isinstance(settings.WEBHOOK_FIELDS, dict):
        return [Error("WEBHOOK_FIELDS must be a JSON object.", id="newsroom.E006")]
    return [Error(f"WEBHOOK_URL cannot be used: {wrong}.", id="newsroom.E005")] if wrong else []


@register()
def the_languages_are_usable(app_configs, **kwargs):
    if len(settings.LANGUAGE_CODE) > 3:
        return [
            Error(
                "Language codes have two or three letters (Google's news sitemap takes no other).",
                id="newsroom.E004",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def the_token_of_watchers_is_long(app_configs, **kwargs):
    if 0 < len(settings.HEALTH_TOKEN) < 20:
        text = "HEALTH_TOKEN can be guessed: make one of 20 characters or more."
        return [Error(text, id="newsroom.E010")]
    return []
