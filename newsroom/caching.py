"""What caches are told about each answer.

Readers' pages may be stored and must be asked for again each time, which the ETag makes cheap: what
readers may see changes at a commit or a due second. The desk and previews are never stored.
"""

PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "private, no-store"
_PRIVATE_PATHS = ("/admin/", "/preview/")
# Below these no page of the paper stands, so nothing about its surroundings is read.
_BARE_PATHS = (
    "/admin/",
    "/media/",
    "/static/",
    "/looks/",
    "/healthz",
    "/robots.txt",
    "/.well-known/",
)


def is_private(path):
    """Whether answers at a path are for one person only."""
    return path.startswith(_PRIVATE_PATHS)


def is_bare(path):
    """Whether a path has no page of the paper, with its name, menu and footer."""
    return path.startswith(_BARE_PATHS)


def mark(response, path):
    """Write ``Cache-Control``: always for the desk and previews, else where a view has not."""
    if is_private(path) or response.status_code >= 500:
        response.headers["Cache-Control"] = PRIVATE
    else:
        response.headers.setdefault("Cache-Control", PUBLIC)
