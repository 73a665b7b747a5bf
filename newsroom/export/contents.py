"""What an export of the newsroom holds and what it leaves out: every table and field stands here.

A later release that adds a table or a field says here on which side it is, and raises VERSION where
a line of an older export would not be read as it was meant.
"""

from typing import NamedTuple

from django.db import models

from addresses.models import Redirect
from articles.models import (
    Article,
    Byline,
    Citation,
    Correction,
    Doubt,
    Filing,
    Finding,
    Region,
    Revision,
    Section,
    Series,
    Tag,
    Transition,
)
from authors.models import Author, BiographyProposal, Organisation, User
from fronts.models import Edition, Front, Lead, Pin
from images.models import Image, Use
from newsroom.models import MenuItem, Page, SiteSettings

VERSION = 1


class Kind(NamedTuple):
    """The rows of one table: ``data/<name>.jsonl``, a line each, by primary key.

    ``fields``: as the model calls them; ``many``: relations of which a line lists the primary keys.
    ``html``: fields that hold clean HTML, in a JSON field under each language.
    """

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]
    many: tuple[str, ...] = ()
    html: tuple[str, ...] = ()

    @property
    def keys(self):
        return {*self.fields, *self.many}


def _kind(name, model, fields, many="", html=""):
    return Kind(name, model, ("id", *fields.split()), tuple(many.split()), tuple(html.split()))


KINDS = (
    # By name alone, and of those alone whom another line names: an import opens no door.
    _kind("logins", User, "username first_name last_name"),
    _kind(
        "pictures",
        Image,
        "file alt alts caption captions credit creator copyright source licence may_be_passed_on "
        "rights_expire_at focal_x focal_y width height token source_ref entered_by entered_at",
    ),
    _kind("uses", Use, "image user place visible_from visible_until"),
    _kind(
        "organisations",
        Organisation,
        "name names short_name slug kind url description descriptions logo aliases is_house "
        "is_listed merged_into",
    ),
    _kind(
        "people",
        Author,
        "name names slug user organisation job_title job_titles short_bio short_bios biography "
        "biographies portrait location locations languages links status aliases position is_listed "
        "hidden_at merged_into",
        html="biography biographies",
    ),
    _kind("proposals", BiographyProposal, "author by at content base dropped_at dropped_by reason"),
    _kind("sections", Section, "name names slug position description descriptions"),
    _kind(
        "regions",
        Region,
        "name names slug parent path kind iso_code aliases description descriptions",
        many="members",
    ),
    _kind(
        "tags", Tag, "name names slug key aliases description descriptions is_listed merged_into"
    ),
    _kind("series", Series, "name names slug description descriptions is_listed"),
    _kind(
        "stories",
        Article,
        "headline kicker standfirst slug body language genre paid_by dateline_place dateline_date "
        "dateline_organisation section series part supersedes translation_group translated_from "
        "translated_from_revision lead_image lead_caption status published_at first_published_at "
        "address_date updated_at embargo_until down_kind down_at down_reason down_note down_by "
        "down_shows_headline version entered_by entered_at modified_at assigned_to due_at "
        "is_restricted guid source_ref canonical_url seo_title seo_description noindex "
        "may_not_be_republished",
        many="regions restricted_to",
        html="body",
    ),
    _kind("bylines", Byline, "article author organisation role position withheld"),
    _kind("filings", Filing, "tag content_object"),
    _kind("citations", Citation, "article organisation relation url position"),
    _kind(
        "revisions",
        Revision,
        "article version by at reason is_substantive content based_on state due_at purged_at",
    ),
    _kind("corrections", Correction, "article kind text published_at issued_by supersedes"),
    _kind("transitions", Transition, "article move before after by at note"),
    _kind(
        "doubts",
        Doubt,
        "article kind pattern account words names is_organisation role relation url key version "
        "state at settled_by settled_at settled_version",
    ),
    _kind(
        "findings",
        Finding,
        "thing number article place kind why cut before is_cut is_told digest state at settled_by "
        "settled_at settled_version",
    ),
    _kind("fronts", Front, "name language"),
    _kind(
        "editions",
        Edition,
        "front live_from based_on by at version breaking_text breaking_url breaking_until",
    ),
    _kind("pins", Pin, "edition slot article position until kicker headline image"),
    _kind("leads", Lead, "section region language article until by at"),
    _kind(
        "pages", Page, "slug name names body bodies position source_ref brought", html="body bodies"
    ),
    _kind(
        "site",
        SiteSettings,
        "name names description descriptions biographies_are_reviewed second_factor_for logo "
        "logo_is_dark accent accent_dark corrections_policy ethics_policy email contact contacts "
        "social_links licence licences is_demo",
    ),
    _kind("menu", MenuItem, "section region page position"),
    _kind("redirects", Redirect, "path query target created_at"),
)
KIND_OF = {kind.model: kind for kind in KINDS}

# The moves whose note is a private one, word for word: it is left empty.
PRIVATE_MOVES = frozenset({"submit", "return", "submit version", "return version"})

# Tables that are left out, and why.
LEFT_OUT = {
    "articles.Note": "private words about stories, and what readers report with their contacts",
    "articles.PreviewLink": "opens what is not public",
    "articles.Autosave": "typed and not saved",
    "articles.SavedForm": "knows a form that is sent twice, for a week",
    "articles.Round": "how far a nightly look has come",
    "addresses.Miss": "what readers asked for in vain at this place",
    "articles.Presence": "who has a story open at this moment",
    "articles.Message": "waits to be sent, or was sent",
    "articles.SearchEntry": "the index, made anew",
    "articles.SearchName": "the index, made anew",
    "articles.SearchSpelling": "the index, made anew",
    "authors.OneTimeLink": "opens a login",
    "authors.User_groups": "an import opens no login: whoever runs the new place gives roles",
    "authors.User_user_permissions": "not used",
    "account.EmailAddress": "addresses of logins",
    "account.EmailConfirmation": "addresses of logins",
    "mfa.Authenticator": "second factors",
    "usersessions.UserSession": "sessions",
    "sessions.Session": "sessions",
    "admin.LogEntry": "who used which form: names logins, addresses and notes",
    "auth.Permission": "made by migrate",
    "auth.Group": "made by migrate",
    "auth.Group_permissions": "made by migrate",
    "contenttypes.ContentType": "made by migrate",
    "taggit.Tag": "not used: articles.Tag is",
    "taggit.TaggedItem": "not used: articles.Filing is",
}
# Fields that are left out of tables that are not, and why.
FIELDS_LEFT_OUT = {
    "authors.User": {
        "password": "a password",
        "last_login": "a session",
        "is_superuser": "a role",
        "groups": "roles",
        "user_permissions": "roles",
        "is_staff": "an import opens no login",
        "is_active": "an import opens no login",
        "email": "an address",
        "messenger": "an address",
        "date_joined": "of the login, not of what it did",
        "language": "a preference",
        "muted": "a preference",
    },
    "addresses.Redirect": {
        "hits": "counted at this place",
        "last_hit_on": "counted at this place",
    },
    "articles.Article": {
        "authors": "bylines say so",
        "tags": "filings say so",
    },
}
