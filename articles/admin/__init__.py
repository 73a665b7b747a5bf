from articles.admin import filing, people, pictures, story

__all__ = ["filing", "people", "pictures", "story"]
