import time

from django.core.management.base import BaseCommand

from newsroom import looking


class Command(BaseCommand):
    help = "Look at all that readers see for what strangers put there, and tell the chief editors."

    def add_arguments(self, parser):
        parser.add_argument(
            "--most", type=int, help="stop after about so many things; the next run goes on there"
        )

    def handle(self, *, most=None, **options):
        begun = time.monotonic()
        looked, new, is_over = looking.look(most)
        self.stdout.write(
            f"Looked at {looked:,} things in {time.monotonic() - begun:.0f} s: {len(new):,} new findings."
        )
        for each in new[:100]:
            self.stdout.write(
                f"  {each.thing} {each.number}, {each.place}: {each.kind} ({each.why})"
            )
        if not is_over:
            self.stdout.write("Not all was looked at yet: the next run goes on from here.")
