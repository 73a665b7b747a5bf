import logging
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from images.models import Image
from images.renditions import (
    RECIPES,
    TYPES,
    label,
    lies_on_disk,
    rendition_file,
    signature_holds,
    widths,
)

logger = logging.getLogger(__name__)

# What is withdrawn is gone within a minute also for who reads through a cache: half of it there (most
# let go in the second after, and do not say how old an answer is), half in the browser.
KEPT = "public, max-age=29"

_TOKEN = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"([a-z-]+)-([1-9][0-9]{0,3})\.(avif|jpg|png)")


@require_safe
def rendition(request, token, name):
    """A rendition, while something live uses its picture or to a holder of a signed address."""
    asked = _NAME.fullmatch(name)
    if not (asked and _TOKEN.fullmatch(token) and asked[1] in RECIPES):
        raise Http404
    if asked[3] not in RECIPES[asked[1]].formats:
        raise Http404
    recipe, width, format = asked[1], int(asked[2]), asked[3]
    signature = request.GET.get("sig", "")
    signed = signature and signature_holds(token, name, request.GET.get("until", ""), signature)
    pictures = Image.objects.all() if signed else Image.objects.visible()
    image = pictures.filter(token=token).first()
    if image is None or width not in widths(image, recipe):
        raise Http404
    etag = f'"{label(image, recipe, width, format)}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = _answer(image, recipe, width, format)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-store" if signed else KEPT
    return response


def _answer(image, recipe, width, format):
    """The file itself, or for the web server before us a word where it finds it."""
    prefix = settings.SENDFILE_PREFIX if lies_on_disk() else ""
    try:
        place = rendition_file(image, recipe, width, format)
        if prefix:
            content = b""
        else:
            with default_storage.open(place) as file:
                content = file.read()
    except FileNotFoundError as error:
        logger.error("picture %s: a file is missing: %s", image.pk, error)
        raise Http404 from error
    except ValidationError as error:
        logger.error("picture %s: %s", image.pk, error.messages[0])
        raise Http404 from error
    response = HttpResponse(content, content_type=TYPES[format])
    response.headers["X-Content-Type-Options"] = "nosniff"
    if prefix:
        response.headers["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{place}"
    return response
