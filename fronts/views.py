from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from fronts.composition import compose


@require_safe
def home(request):
    """The home of a language: what its editors pinned, filled up with the newest."""
    return render(request, "fronts/home.html", {"home": compose(get_language(), timezone.now())})
