"""A way back in for whoever runs the machine and can reach nobody at the desk."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from authors.models import User
from newsroom.signing_in import links, second_factor, sessions


class Command(BaseCommand):
    help = "Print a one-time link with which the owner of a login sets a password."

    def add_arguments(self, parser):
        parser.add_argument("login", help="the name of the login")
        parser.add_argument(
            "--without-second-factor",
            action="store_true",
            help="take a lost second factor away, and sign the login out everywhere",
        )

    @transaction.atomic
    def handle(self, *, login, without_second_factor, **options):
        user = User.objects.filter(username__iexact=login, is_active=True).first()
        if user is None:
            raise CommandError("There is no open login of this name.")
        if without_second_factor:
            second_factor.reset(user)
            sessions.end(sessions.live(user=user))
        self.stdout.write(links.address(links.mend(user)))
