import http.server
import threading

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


class Host(http.server.BaseHTTPRequestHandler):
    """Answers as ``server.answers`` say: path -> a function of the handler, or bytes."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path)
        if isinstance(answer, list):
            answer = answer.pop(0)
        if answer is None:
            self.send_error(404)
        elif callable(answer):
            answer(self)
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def host():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.daemon_threads = True
    server.answers, server.asked = {}, []
    server.at = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
