"""What the old site says of its people, written where nothing is said here.

What was written here stays: a person who has a biography, in any language, keeps it.
"""

from addresses.languages import PLURALS
from authors.models import Author


def by_name(mapping, about):
    """What is said of whoever is called so here: name -> accounts.About, None where two differ."""
    found = {}
    for key, target in mapping.creators.items():
        if target.kind == "person" and target.name and key in about:
            said = about[key]
            found[target.name] = said if found.get(target.name, said) == said else None
    return found


def fill(person, said, report):
    """Write what ``said`` (accounts.About) says of a person into what is empty of theirs. ``report``
    counts what is not taken. Runs inside the transaction of the first story that credits them."""
    if said is None:
        return
    if said.is_spam:
        report.lose("spam biography", person.name)
    changed = []
    if said.biography or said.short:
        if _says_nothing(person, "biography") and _says_nothing(person, "short_bio"):
            person.biography, person.short_bio = said.biography, said.short
            changed += ["biography", "short_bio"]
        elif said.biography != person.biography:
            report.lose("biography", person.name)
    if said.job_title and _says_nothing(person, "job_title"):
        person.job_title = said.job_title
        changed.append("job_title")
    if said.website and not person.links:
        person.links = [{"label": said.website.split("//")[1].split("/")[0], "url": said.website}]
        changed.append("links")
    if changed:
        Author.objects.filter(pk=person.pk).update(
            **{name: getattr(person, name) for name in changed}
        )


def _says_nothing(person, name):
    return not getattr(person, name) and not getattr(person, PLURALS.get(name, f"{name}s"))
