from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles import structured_data
from fronts.composition import compose


@require_safe
def home(request):
    """The home of a language: what its editors pinned, filled up with the newest."""
    chrome = request.chrome
    data = structured_data.script(structured_data.newsroom(chrome), structured_data.site(chrome))
    context = {"home": compose(get_language(), timezone.now()), "structured_data": data}
    return render(request, "fronts/home.html", context)
