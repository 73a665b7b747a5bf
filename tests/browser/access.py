"""What axe finds on a page: one place, for every browser test."""

import pytest
from axe_playwright_python.sync_playwright import Axe

GRAVE = {"serious", "critical"}
ANY = {"minor", "moderate", *GRAVE}

# Widths in pixels, and whether it is dark: each width and each scheme, and in the long run each pair.
WINDOWS = [
    (390, True),
    (1440, False),
    pytest.param(390, False, marks=pytest.mark.long),
    pytest.param(1440, True, marks=pytest.mark.long),
]


def barriers(page, *, impacts=GRAVE):
    """The findings on *page* as it stands: ``[(address, rule, [html, ...]), ...]``.

    Whoever has followed a link first waits, with ``expect``, for something of the page it leads to:
    axe must not run while a page is going. The style sheet axe brings is refused by the desk's
    policy; that is no trouble of the page.
    """
    page.wait_for_load_state()
    trouble = list(page.trouble)
    # Without reading style sheets again: the page's policy refuses the elements axe makes for that.
    # Of what is right nothing is told, which takes as long as finding out what is wrong.
    options = {"preload": False, "resultTypes": ["violations"]}
    violations = Axe().run(page, options=options).response["violations"]
    page.trouble[:] = trouble
    return [
        (page.url, v["id"], [node["html"][:120] for node in v["nodes"]])
        for v in violations
        if v["impact"] in impacts
    ]
