import pytest
from django.core.management import call_command

from tests.factories import make_user


@pytest.fixture
def bring(tmp_path, capsys):
    """Imports exports, given as texts; returns the report and whether nothing was lost."""
    make_user("chief editor", username="nurgul")

    def bring(*exports, **options):
        paths = []
        for number, export in enumerate(exports):
            paths.append(tmp_path / f"{number}.xml")
            paths[-1].write_text(export)
        code = 0
        try:
            call_command("import_articles", *map(str, paths), format="wordpress", **options)
        except SystemExit as end:
            code = end.code
        return capsys.readouterr().out, code == 0

    return bring
