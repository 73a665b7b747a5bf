from django.core.management.base import BaseCommand

from articles.progress import Bar
from articles.search import index


class Command(BaseCommand):
    help = "Write the index of the search anew, while the site is used."

    def handle(self, *, verbosity=1, **options):
        if not verbosity:
            index.rebuild()
            return
        bar = Bar(self.stdout)
        index.rebuild(lambda done, all_of_them: bar("stories", done, all_of_them))
        self.stdout.write("The index is written.")
