"""Ask what an empty newsroom must know: name, languages, time zone, and who runs it."""

import getpass
import os
import sys
import zoneinfo

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from articles.permissions import ADMINISTRATOR, CHIEF
from authors.models import Organisation, User
from fronts.setup import homes
from newsroom.models import Page, SiteSettings

# Its own pages, each at /pages/<name>/. Readers are led to those in which something is written.
PAGES = {
    "about": _("About us"),
    "ethics": _("How we report"),
    "corrections-policy": _("How we correct mistakes"),
    "contact": _("Contact"),
}
QUESTIONS = {
    # environment variable: (what is asked, the answer when none is given)
    "SITE_NAME": ("Name of the newsroom", None),
    "LANGUAGES": ("Languages, the main one first (codes, comma between)", "en"),
    "TIME_ZONE": ("Time zone (e.g. Asia/Bishkek)", "UTC"),
    "ADMIN_LOGIN": ("Login of the first administrator", "admin"),
    "ADMIN_PASSWORD": ("Password", None),
}


class Command(BaseCommand):
    help = (
        "Set up an empty newsroom. Asks on a terminal; otherwise takes SITE_NAME, LANGUAGES, "
        "TIME_ZONE, ADMIN_LOGIN and ADMIN_PASSWORD from the environment."
    )

    def handle(self, **options):
        if SiteSettings.objects.exists():
            raise CommandError("This newsroom has been set up already.")
        answers = self.ask() if sys.stdin.isatty() else self.read()
        with transaction.atomic():
            SiteSettings.objects.create(name=answers["SITE_NAME"])
            Organisation.objects.create(name=answers["SITE_NAME"], kind="house", is_house=True)
            user = User.objects.create_user(
                answers["ADMIN_LOGIN"], password=answers["ADMIN_PASSWORD"], is_staff=True
            )
            user.groups.set(Group.objects.filter(name__in=[ADMINISTRATOR, CHIEF]))
            keep(answers)
            homes(codes(answers["LANGUAGES"]))
            pages(codes(answers["LANGUAGES"]))
        self.stdout.write(f"{answers['SITE_NAME']} is set up. Sign in at /admin/.")

    def ask(self):
        answers = {}
        for name, (question, default) in QUESTIONS.items():
            while True:
                hint = f" [{default}]" if default else ""
                prompt = f"{question}{hint}: "
                given = getpass.getpass(prompt) if name.endswith("PASSWORD") else input(prompt)
                answer = given.strip() or default or ""
                if problem := trouble(name, answer):
                    self.stderr.write(problem)
                    continue
                answers[name] = answer
                break
        return answers

    def read(self):
        answers = {
            name: os.environ.get(name, default or "") for name, (_, default) in QUESTIONS.items()
        }
        if found := [f"{n}: {t}" for n, a in answers.items() if (t := trouble(n, a))]:
            raise CommandError("Nobody to ask here. Set these variables:\n  " + "\n  ".join(found))
        return answers


def pages(languages):
    """The pages that a paper is asked for, still without words, named in its languages."""
    for position, (slug, name) in enumerate(PAGES.items()):
        names = {}
        for language in languages:
            with override(language):
                names[language] = str(name)
        Page.objects.get_or_create(
            slug=slug,
            defaults={"name": names.pop(languages[0]), "names": names, "position": position},
        )


def codes(text):
    return [code.strip() for code in text.split(",") if code.strip()]


def trouble(name, answer):
    """What is wrong with an answer, or ""."""
    if not answer:
        return "An answer is needed."
    if name == "LANGUAGES":
        unknown = [code for code in codes(answer) if code not in LANG_INFO or len(code) > 3]
        return f"Unknown: {', '.join(unknown)}." if unknown or not codes(answer) else ""
    if name == "TIME_ZONE" and answer not in zoneinfo.available_timezones():
        return "There is no such time zone."
    if name == "SITE_NAME" and len(answer) > 80:
        return "At most 80 characters."
    if name == "ADMIN_PASSWORD":
        try:
            validate_password(answer)
        except ValidationError as error:
            return " ".join(error.messages)
    return ""


def keep(answers):
    """Write what is fixed at installation where settings read it, beside what stands there."""
    written = settings.ENV_FILE.read_text().splitlines() if settings.ENV_FILE.exists() else []
    lines = [
        *(line for line in written if not line.startswith(("LANGUAGES=", "TIME_ZONE="))),
        f"LANGUAGES={','.join(codes(answers['LANGUAGES']))}",
        f"TIME_ZONE={answers['TIME_ZONE']}",
    ]
    settings.ENV_FILE.write_text("\n".join(lines) + "\n")
