"""Which countries a story is about, found without asking the database again."""


def countries_of(article, countries):
    """Of ``countries`` (primary key -> anything) those that the story's regions are or lie in.

    In the order of the tree, each once. Reads only what ``for_cards()`` has loaded.
    """
    numbers = {}
    for region in article.regions.all():
        for number in region.path.strip("/").split("/"):
            numbers[int(number)] = True
    return [countries[number] for number in numbers if number in countries]
