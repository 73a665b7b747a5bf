from articles.models.article import Article, Byline, Citation, Series
from articles.models.correction import Correction
from articles.models.doubt import Doubt, Finding, Round
from articles.models.message import Message
from articles.models.presence import Presence
from articles.models.region import Region
from articles.models.revision import (
    Autosave,
    Note,
    PreviewLink,
    Revision,
    SavedForm,
    Transition,
)
from articles.models.search import SearchEntry, SearchName, SearchSpelling
from articles.models.section import Section
from articles.models.tag import Filing, Tag

__all__ = [
    "Article",
    "Autosave",
    "Byline",
    "Citation",
    "Correction",
    "Doubt",
    "Filing",
    "Finding",
    "Message",
    "Note",
    "Presence",
    "PreviewLink",
    "Region",
    "Revision",
    "Round",
    "SavedForm",
    "SearchEntry",
    "SearchName",
    "SearchSpelling",
    "Section",
    "Series",
    "Tag",
    "Transition",
]
