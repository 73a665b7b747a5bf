from django.core.management.base import BaseCommand

from articles.search import index

WIDTH = 40


class Command(BaseCommand):
    help = "Write the index of the search anew, while the site is used."

    def handle(self, *, verbosity=1, **options):
        index.rebuild(self.show if verbosity else lambda done, all_of_them: None)
        if verbosity:
            self.stdout.write("The index is written.")

    def show(self, done, all_of_them):
        """A bar that grows in one line on a terminal, and a line for each tenth elsewhere."""
        filled = WIDTH * done // all_of_them
        line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {done:,} of {all_of_them:,} stories"
        if self.stdout.isatty():
            self.stdout.write(f"\r{line}", ending="" if done < all_of_them else "\n")
            self.stdout.flush()
        elif (
            done == all_of_them
            or done * 10 // all_of_them > (done - index.BATCH) * 10 // all_of_them
        ):
            self.stdout.write(line)
