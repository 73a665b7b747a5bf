"""What Lighthouse says of the pages that readers meet first; how fast they are, make bench-paper says."""

import pytest

from tests.browser import lighthouse

pytestmark = [
    pytest.mark.long,
    pytest.mark.demo,
    pytest.mark.skipif(not lighthouse.IS_HERE, reason="NO LIGHTHOUSE here"),
]


@pytest.mark.parametrize("kind", ["home", "story", "region", "author", "year"])
def test_lighthouse_finds_nothing_and_nothing_moves(demo_site, tmp_path, kind):
    report = lighthouse.look(demo_site.url + demo_site.pages()[kind], tmp_path)
    assert report.wrong == []
    assert {report.scores[key] for key in lighthouse.CATEGORIES[1:]} == {100}
    assert report.figures["cls"] <= 0.002
