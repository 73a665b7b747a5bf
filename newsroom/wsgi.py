import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
application = get_wsgi_application()

# Needs the apps, which are there only now.
from addresses import counting  # noqa: E402
from images import ahead  # noqa: E402
from newsroom import chrome  # noqa: E402
from newsroom.encoding import only_utf_8  # noqa: E402

application = only_utf_8(application)
ahead.begin(chrome.as_printed)
counting.begin()
