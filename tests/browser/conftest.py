import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import demo_site as demo_site_module

# Playwright's own loop is not one that Django's database layer would be used from.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = next(
    (
        path
        for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)


# What two people, or two clicks, do to each other: these are run on both databases each time.
# What a screen looks like and leads to hangs on the database less; on PostgreSQL it is run at length.
BOTH = {"test_clicks", "test_several", "test_together"}


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if item.path.stem not in BOTH:
                item.add_marker(pytest.mark.once)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="NO BROWSER: no Chromium on this machine"))


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory):
    with demo_site_module.running(tmp_path_factory.mktemp("demo")) as site:
        yield site


@pytest.fixture
def new_page(chromium, request):
    """``new_page(width=1280, dark=False, javascript=True)``: a page that fails the test, when it
    closes, on any console error, any request that leaves the site and any answer of 500."""
    names = request.fixturenames
    site = request.getfixturevalue("demo_site").url if "demo_site" in names else None
    site = site or request.getfixturevalue("site")
    contexts = []

    def make(width=1280, *, height=900, dark=False, javascript=True, expect=()):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            base_url=site,
        )
        page = context.new_page()
        page.trouble = []
        page.on(
            "console",
            lambda message: (
                page.trouble.append(f"{page.url}: {message.text}")
                if message.type in {"error", "warning"}
                and not any(e in message.text for e in expect)
                else None
            ),
        )
        page.on("pageerror", lambda error: page.trouble.append(f"{page.url}: {error}"))
        page.on(
            "request",
            lambda request: (
                page.trouble.append(f"left the site: {request.url}")
                if not request.url.startswith((site, "data:", "blob:"))
                else None
            ),
        )
        page.on(
            "response",
            lambda response: (
                page.trouble.append(f"{response.status}: {response.url}")
                if response.status >= 500
                else None
            ),
        )
        contexts.append((context, page))
        return page

    yield make
    trouble = [line for _, page in contexts for line in page.trouble]
    for context, _ in contexts:
        context.close()
    assert trouble == []
