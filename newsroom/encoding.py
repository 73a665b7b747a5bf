"""What is sent to us is in UTF-8. Django believes any encoding that Python knows, also those that are
none of text, and cannot make a request of it then."""

UTF_8 = {"", "utf-8", "utf8"}


def only_utf_8(application):
    """A WSGI application that hears of no other encoding. Who asks is answered all the same; who
    sends a form in another one is refused: its words would come to harm."""

    def answer(environ, start_response):
        kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
        kept = [one for one in parameters if not one.strip().lower().startswith("charset")]
        named = {
            one.partition("=")[2].strip(" \"'").lower() for one in parameters if one not in kept
        }
        if named <= UTF_8:
            return application(environ, start_response)
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            return application(environ | {"CONTENT_TYPE": ";".join([kind, *kept])}, start_response)
        words = b"Only UTF-8 is understood here.\n"
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", f"{len(words)}"),
        ]
        start_response("400 Bad Request", headers)
        return [words]

    return answer
