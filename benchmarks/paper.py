"""What Lighthouse says of the paper's pages on a phone, the median of three; run it beside nothing else."""

import sys
import tempfile

from tests.browser import demo_site, lighthouse

KINDS = ["home", "story", "region", "author", "year", "story in Russian", "home in Russian"]


def main():
    if not lighthouse.IS_HERE:
        sys.exit("Lighthouse or a browser is missing: sh tests/browser/lighthouse.sh")
    print(
        f"{'page':18}{'perf':>6}{'a11y':>6}{'best':>6}{'seo':>5}{'LCP ms':>8}{'CLS':>8}{'TBT':>6}{'KB':>6}"
    )
    with tempfile.TemporaryDirectory() as folder, demo_site.running(folder) as site:
        pages = site.pages()
        for kind in KINDS:
            found = lighthouse.look(site.url + pages[kind], folder)
            scores = [found.scores[key] for key in lighthouse.CATEGORIES]
            figures = found.figures
            print(
                f"{kind:18}{scores[0]:>6}{scores[1]:>6}{scores[2]:>6}{scores[3]:>5}"
                f"{figures['lcp']:>8.0f}{figures['cls']:>8.4f}{figures['tbt']:>6.0f}"
                f"{figures['bytes'] / 1024:>6.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
