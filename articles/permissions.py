"""Who may do what: one predicate a question, asked by views, screens, actions and templates alike.

The rights of the four roles are a table in docs/editors.md. A superuser is a chief editor and an
administrator at once. A restricted story is for the people named on it and for chief editors.
"""

from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Byline, Filing
from images.models import Use

REPORTER, EDITOR, CHIEF, ADMINISTRATOR = "reporter", "editor", "chief editor", "administrator"

_EDITORIAL = "{0}.view_{1} {0}.add_{1} {0}.change_{1}"


def _all(*models):
    names = [_EDITORIAL.format(*model.split(".")) for model in models]
    return set(" ".join(names).split())


_REPORTER = _all("articles.article") | {
    "articles.view_section",
    "articles.view_region",
    "articles.view_tag",
    "articles.add_tag",
    "articles.view_series",
    "articles.view_correction",
    "authors.view_author",
    "authors.add_author",
    "authors.change_author",
    "authors.view_organisation",
    "authors.add_organisation",
    "images.view_image",
    "images.add_image",
    "images.change_image",
}
_EDITOR = _REPORTER | _all(
    "articles.section",
    "articles.region",
    "articles.tag",
    "articles.series",
    "authors.author",
    "authors.organisation",
    "images.image",
    "newsroom.page",
)
_CHIEF = (
    _EDITOR
    | _all("authors.user", "addresses.redirect")
    | {
        "addresses.delete_redirect",
        "newsroom.view_sitesettings",
        "newsroom.change_sitesettings",
    }
)
_ADMINISTRATOR = _all("authors.user", "addresses.redirect", "newsroom.page") | {
    "addresses.delete_redirect",
    "newsroom.view_sitesettings",
    "newsroom.change_sitesettings",
}
# What Django's admin asks for; the predicates below decide about each single story.
GROUPS = {
    REPORTER: _REPORTER,
    EDITOR: _EDITOR,
    CHIEF: _CHIEF,
    ADMINISTRATOR: _ADMINISTRATOR,
}


WRITERS = {REPORTER, EDITOR, CHIEF}


def roles(user):
    """The names of the roles a login holds; none for a visitor or a closed account."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset({CHIEF, ADMINISTRATOR})
    if not hasattr(user, "_roles"):
        user._roles = frozenset(user.groups.values_list("name", flat=True))
    return user._roles


def is_reporter(user):
    return bool(roles(user) & WRITERS)


def is_editor(user):
    return bool(roles(user) & {EDITOR, CHIEF})


def is_chief(user):
    return CHIEF in roles(user)


def is_administrator(user):
    return ADMINISTRATOR in roles(user)


def is_own(user, article):
    """Entered by the login, assigned to it, or credited to its person in a writing role."""
    if article.entered_by_id == user.pk or article.assigned_to_id == user.pk:
        return True
    return article.bylines.filter(author__user=user, role__in=Byline.WRITING).exists()


def own_stories(user, stories):
    """Of a queryset, the login's own: ``is_own`` for many at once."""
    credited = Byline.objects.filter(author__user=user, role__in=Byline.WRITING)
    return stories.filter(
        Q(entered_by=user) | Q(assigned_to=user) | Q(pk__in=credited.values("article"))
    )


def _admitted(user, article):
    """Whether a restricted story is open to the login; any other story is."""
    if not article.is_restricted or is_chief(user):
        return True
    return article.restricted_to.filter(pk=user.pk).exists()


def visible_stories(user, stories):
    """Of a queryset, what the list of stories may show to the login."""
    if not is_reporter(user):
        return stories.none()
    if is_chief(user):
        return stories
    return stories.exclude(
        pk__in=stories.model.objects.filter(is_restricted=True)
        .exclude(restricted_to=user)
        .values("pk")
    )


def readable_stories(user, stories):
    """Of a queryset, what the login may open: ``can_read`` for many at once."""
    visible = visible_stories(user, stories)
    if not is_reporter(user) or is_editor(user):
        return visible
    live = Q(status__in=["published", "retracted"], published_at__lte=timezone.now())
    return visible.filter(live | Q(pk__in=own_stories(user, stories.model.objects).values("pk")))


def known_bylines(user):
    """Credits as the desk may show them to the login: a withheld person is known to chiefs only."""
    if is_chief(user):
        return Byline.objects.all()
    return Byline.objects.exclude(withheld=True, author__isnull=False)


def _closed_stories(user):
    """Restricted stories that are not open to the login."""
    restricted = Article.objects.filter(is_restricted=True)
    return restricted.none() if is_chief(user) else restricted.exclude(restricted_to=user)


def visible_images(user, images):
    """Of a queryset, the pictures that the library may show: not those of closed stories alone."""
    closed = [f"story {number}" for number in _closed_stories(user).values_list("pk", flat=True)]
    if not closed:
        return images
    theirs = Use.objects.filter(user__in=closed)
    others = Use.objects.exclude(user__in=closed)
    return images.exclude(pk__in=theirs.exclude(image__in=others.values("image")).values("image"))


def visible_tags(user, tags):
    """Of a queryset, the tags that the desk may name: not those of closed stories alone."""
    closed = _closed_stories(user).values("pk")
    theirs = Filing.objects.filter(content_object__in=closed)
    others = Filing.objects.exclude(content_object__in=closed)
    return tags.exclude(pk__in=theirs.exclude(tag__in=others.values("tag")).values("tag"))


def can_write(user):
    """Begin a new story."""
    return is_reporter(user)


def can_read(user, article):
    """Open a story on the desk: live ones, own ones; editors all."""
    if not is_reporter(user) or not _admitted(user, article):
        return False
    return is_editor(user) or article.is_live or is_own(user, article)


def can_edit(user, article):
    """Change the words and the filing of a story as it stands."""
    if not can_read(user, article) or article.status in {"spiked", "withdrawn"}:
        return False
    if is_editor(user):
        return True
    return article.status == "draft" and is_own(user, article)


def can_add_to(user, article=None):
    """Make a person, tag, picture or source while working on a story."""
    return can_write(user) if article is None else can_edit(user, article)


def can_submit(user, article):
    return article.status == "draft" and can_edit(user, article)


def can_take_back(user, article):
    return (
        article.status == "in_review"
        and can_read(user, article)
        and (is_editor(user) or is_own(user, article))
    )


def _editor_of(user, article):
    return is_editor(user) and _admitted(user, article)


def can_return(user, article):
    return article.status in {"in_review", "ready"} and _editor_of(user, article)


def can_approve(user, article):
    return article.status in {"draft", "in_review"} and _editor_of(user, article)


def can_publish(user, article):
    """Publish now or for a later minute; a scheduled story may be moved to another."""
    if article.status not in {"draft", "in_review", "ready"} and not article.is_scheduled:
        return False
    return _editor_of(user, article)


def can_unschedule(user, article):
    return article.is_scheduled and _editor_of(user, article)


def can_set_embargo(user, article):
    """Set or lift an embargo; refused once the story is public."""
    return _editor_of(user, article) and not article.was_public


def can_correct(user, article):
    return article.status in {"published", "retracted", "withdrawn"} and (
        _editor_of(user, article) and article.was_public
    )


def can_pull(user, article):
    return article.status == "published" and article.is_live and _editor_of(user, article)


def can_release(user, article):
    """Let a pulled story back: a chief, or the editor who pulled it."""
    if article.status != "pulled" or not _editor_of(user, article):
        return False
    return is_chief(user) or article.down_by_id == user.pk


def can_withdraw(user, article):
    return (article.is_live or article.status == "pulled") and is_chief(user)


def can_retract(user, article):
    return is_chief(user) and (
        article.status == "pulled" or (article.status == "published" and article.is_live)
    )


def can_spike(user, article):
    return article.status in {"draft", "in_review", "ready"} and _editor_of(user, article)


def can_unspike(user, article):
    return article.status == "spiked" and _editor_of(user, article)


def can_propose(user, article):
    """Write a next version of a live story that readers do not see yet."""
    if not article.is_live or not _admitted(user, article):
        return False
    return is_editor(user) or (
        is_reporter(user)
        and article.bylines.filter(author__user=user, role__in=Byline.WRITING).exists()
    )


def can_approve_version(user, article):
    return article.is_live and _editor_of(user, article)


def can_preview(user, article):
    """Look at a story as readers would see it."""
    return can_read(user, article)


def can_share_preview(user, article):
    """Make a link that opens the story to whoever holds it; a reporter not under embargo."""
    if article.status in {"pulled", "withdrawn", "spiked"} or not can_read(user, article):
        return False
    return is_editor(user) or (is_own(user, article) and not article.is_embargoed)


def can_restrict(user, article):
    return is_chief(user)


def can_change_address(user, article):
    """Change slug or date of a story that has been public: its address moves, the old one leads on."""
    return can_edit(user, article) and is_editor(user)


def can_change_person(user, author):
    """Editors every person; a reporter only their own page."""
    return is_editor(user) or (is_reporter(user) and author.user_id == user.pk)


def can_link_login(user):
    """Say which login a person works under: it decides what that login may edit."""
    return is_editor(user)


def can_change_image(user, image):
    if is_editor(user):
        return True
    # What readers see is an editor's to change.
    is_live = Use.objects.live(timezone.now()).filter(image=image).exists()
    return is_reporter(user) and image.entered_by_id == user.pk and not is_live


def can_manage_logins(user):
    return bool(roles(user) & {CHIEF, ADMINISTRATOR})


def can_manage_login(user, login):
    """Change another's account: a chief no administrator's, nobody a superuser's but one."""
    if not can_manage_logins(user):
        return False
    if login.is_superuser:
        return user.is_superuser
    # Asked of the groups themselves: a closed account has no roles, and would have them again.
    is_administrators = login.groups.filter(name=ADMINISTRATOR).exists()
    return is_administrator(user) or not is_administrators


def grantable_roles(user):
    """Names of the roles a login may give to others (never to itself)."""
    if is_administrator(user):
        return set(GROUPS)
    return {REPORTER, EDITOR, CHIEF} if is_chief(user) else set()


def can_require_second_factors(user):
    """Say which roles need a second factor."""
    return is_administrator(user)


def can_reset_second_factor(user, login):
    """Take a lost second factor from another's login, who then sets up a new one."""
    return is_administrator(user) and user.pk != login.pk and can_manage_login(user, login)


def can_end_sessions(user):
    """Sign a colleague out everywhere: it protects, and signing in again undoes it."""
    return is_editor(user) or is_administrator(user)
