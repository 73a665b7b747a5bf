from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from newsroom import nowhere


class Command(BaseCommand):
    help = "Ask every public address whether a story is where it should be, and nowhere else."

    def add_arguments(self, parser):
        parser.add_argument("id", type=int, help="the number of the story")

    def handle(self, *, id, **options):
        story = Article.objects.filter(pk=id).first()
        if story is None:
            raise CommandError("There is no story of this number.")
        found = nowhere.findings(story)
        if found:
            for finding in found:
                self.stdout.write(str(finding))
            raise CommandError(f"{len(found)} findings about story {id}, which is {story.status}.")
        self.stdout.write(f"Story {id} ({story.status}) is where it should be, and nowhere else.")
