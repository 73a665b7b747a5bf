import logging
import time
from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from addresses import checking

MOST_LISTED = 50
PAUSE = 0.5  # seconds between two words of how far it is, on a terminal
EACH = 10_000  # addresses between two of them elsewhere


class Command(BaseCommand):
    help = "Ask what each address of a file answers: 200, 301, 410 or 404. Fails on a 404."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help="one address a line, or a sitemap")
        parser.add_argument("--report", help="write what each address answers into this file")

    def handle(self, *, file, report, verbosity=1, **options):
        self.verbosity, self.began = verbosity, time.monotonic()
        self.told = self.began
        self.counts, self.bad = Counter(), []
        # A line in the log for each of thousands of addresses helps nobody.
        loggers = [logging.getLogger(name) for name in ("django.request", "newsroom.requests")]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        try:
            if report:
                with open(report, "w", encoding="utf-8") as out:
                    self.walk(file, out)
            else:
                self.walk(file, None)
        except checking.Wrong as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
        if self.verbosity and self.told != self.began:
            self.stderr.write("")  # the line that counts is ended
        self.say()

    def walk(self, file, out):
        walk = checking.Walk()
        for number, (line, address) in enumerate(checking.read(file), 1):
            if address:
                result = walk.result(address)
                kind = self.kind(result)
            else:
                result, kind = None, "no address"
                address = f"line {line}"
            self.counts[kind] += 1
            words = [str(result.first), address] if result else ["-", address]
            if result and (result.to or result.last == checking.HOME):
                words += [result.to, str(result.last)]
            if kind not in {"200", "301", "410"} and len(self.bad) < MOST_LISTED:
                self.bad.append((kind, words[1:]))
            if out is not None:
                out.write("\t".join(words) + "\n")
            if self.verbosity:
                self.tell(number)

    def tell(self, number):
        """How many were asked: in one line on a terminal, and now and then a line elsewhere."""
        if not self.stderr.isatty():
            if number % EACH == 0:
                self.stderr.write(f"{number:,} addresses")
        elif time.monotonic() - self.told > PAUSE:
            self.told = time.monotonic()
            self.stderr.write(f"\r{number:,} addresses", ending="")
            self.stderr.flush()

    @staticmethod
    def kind(result):
        """What a reader has of it: 301 is the way to a page, and a way to nothing is 404."""
        if result.last in {200, checking.ELSEWHERE}:
            return "200" if result.first == 200 else "301"
        return str(result.last)

    def say(self):
        self.stdout.write("")
        for kind in ("200", "301", "410", "404"):
            self.stdout.write(f"{self.counts[kind]:>9,}  {kind}")
        others = {k: n for k, n in self.counts.items() if k not in {"200", "301", "410", "404"}}
        for kind, number in sorted(others.items()):
            self.stdout.write(f"{number:>9,}  {kind}")
        self.stdout.write(f"{self.counts.total():>9,}  addresses")
        bad = self.counts["404"] + sum(others.values())
        if not bad:
            return
        self.stdout.write("")
        for kind, words in self.bad:
            self.stdout.write(f"{kind}  {' -> '.join(words)}")
        if bad > len(self.bad):
            self.stdout.write(f"and {bad - len(self.bad):,} more: --report FILE has all of them")
        raise SystemExit(1)
