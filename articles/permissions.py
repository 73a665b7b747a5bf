"""Who may do what: one predicate a question, asked by views, screens, actions and templates alike.

The rights of the four roles are a table in docs/editors.md. A superuser is a chief editor and an
administrator at once. A restricted story is for the people named on it and for chief editors.
"""

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from articles.models import Article, Byline, Filing, Revision
from authors.models import User
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
_EDITOR = (
    _REPORTER
    | _all(
        "articles.section",
        "articles.region",
        "articles.tag",
        "articles.series",
        "authors.author",
        "authors.organisation",
        "images.image",
        "newsroom.page",
    )
    | {"fronts.view_front", "fronts.change_front"}
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


def _credits_of(user):
    return Byline.objects.filter(author__user=user, role__in=Byline.WRITING).order_by()


def _is_owned_by(user):
    credited = Q(pk__in=_credits_of(user).values("article"))
    return Q(entered_by=user) | Q(assigned_to=user) | credited


def own_stories(user, stories):
    """Of a queryset, the login's own: ``is_own`` for many at once."""
    return stories.filter(_is_owned_by(user))


def own_numbers(user):
    """The numbers of all that is the login's own, for a subquery; each part has an index.

    For counting. With a limit PostgreSQL compares each story with each number: see own_stories.
    """
    stories = Article.objects.order_by()
    entered, assigned = stories.filter(entered_by=user), stories.filter(assigned_to=user)
    return entered.values("pk").union(assigned.values("pk"), _credits_of(user).values("article"))


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
    return visible.filter(live | _is_owned_by(user))


def known_bylines(user):
    """Credits as the desk may show them to the login: a withheld person is known to chiefs only."""
    if is_chief(user):
        return Byline.objects.all()
    return Byline.objects.exclude(withheld=True, author__isnull=False)


def may_know_credit(user, row, hidden=()):
    """The same of a row of a snapshot. ``hidden``: whom no other row may name (versions.withheld)."""
    if row["author_id"] is None or is_chief(user):
        return True
    return not row["withheld"] and row["author_id"] not in hidden


def _closed_stories(user):
    """Restricted stories that are not open to the login."""
    restricted = Article.objects.filter(is_restricted=True)
    return restricted.none() if is_chief(user) else restricted.exclude(restricted_to=user)


def visible_images(user, images):
    """Of a queryset, the pictures that the library may show: not those of closed stories alone."""
    if is_chief(user):
        return images
    number = Cast("pk", CharField())
    closed = _closed_stories(user).annotate(user_of_it=Concat(Value("story "), number))
    theirs = Use.objects.filter(user__in=closed.order_by().values("user_of_it"))
    others = Use.objects.exclude(user__in=closed.order_by().values("user_of_it"))
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


def can_translate(user, article):
    """Begin a story in another language: of what one may read, from its draft on."""
    return article.status in {"draft", "in_review", "ready", "published"} and can_read(
        user, article
    )


def can_follow(user, article):
    """Say that a translation has what changed in its original."""
    if article.translated_from_id is None:
        return False
    return can_edit(user, article) or can_propose(user, article)


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


def can_lay_out(user):
    """Lay out fronts: which stories stand where, from when on, and the breaking strip."""
    return is_editor(user)


def can_place(user, article):
    """Give a story a place on a front: a live one, or one that is scheduled, at its minute."""
    return (
        can_lay_out(user)
        and article.status == "published"
        and article.published_at is not None
        and _admitted(user, article)
    )


def can_assign(user):
    """Say who is to write a story that one may edit."""
    return is_editor(user)


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


def can_edit_version(user, article, version):
    """Write on the next version (a Revision, or None for a new one): not while others look at it."""
    if not can_propose(user, article):
        return False
    return is_editor(user) or version is None or version.state in {"working", "returned"}


def _in_states(article, *states):
    return article.is_live and article.revisions.filter(state__in=states).exists()


def can_submit_version(user, article):
    return _in_states(article, "working", "returned") and can_propose(user, article)


def can_take_back_version(user, article):
    return _in_states(article, "in_review") and can_propose(user, article)


def can_return_version(user, article):
    return _in_states(article, "in_review", "approved") and _editor_of(user, article)


def can_approve_version(user, article):
    """Let a next version go live, now or at a minute."""
    return _in_states(article, *Revision.PENDING) and _editor_of(user, article)


def can_unschedule_version(user, article):
    return _in_states(article, "approved") and _editor_of(user, article)


def can_drop_version(user, article):
    """Let go of a next version: an editor, or who wrote all of it while it is theirs."""
    if article.status == "pulled":
        # It waits while the story is checked, and is written on by nobody.
        pending = article.revisions.filter(state__in=Revision.PENDING)
        return _editor_of(user, article) and pending.exists()
    if not can_propose(user, article):
        return False
    if is_editor(user):
        return _in_states(article, *Revision.PENDING)
    if not _in_states(article, "working", "returned"):
        return False
    began = article.transitions.filter(move="begin version").first()
    if began is None or began.by_id != user.pk:
        return False
    steps = article.revisions.filter(state__in=["dropped", *Revision.PENDING])
    return not steps.filter(at__gte=began.at).exclude(by=user).exists()


def can_preview(user, article):
    """Look at a story as readers would see it."""
    return can_read(user, article)


def can_share_preview(user, article):
    """Make a link that opens the story to whoever holds it; a reporter not under embargo."""
    if article.status in {"pulled", "withdrawn", "spiked"} or not can_read(user, article):
        return False
    return is_editor(user) or (is_own(user, article) and not article.is_embargoed)


def can_take_along(user, article):
    """Keep a copy of what readers cannot see yet: what one may show to others, but no investigation."""
    return not article.is_restricted and can_share_preview(user, article)


def can_see_history(user, article):
    """Read what a story was before, and who did what: old drafts are no more public than new ones."""
    return can_read(user, article) and (is_editor(user) or is_own(user, article))


def can_restore(user, article):
    """Make an old version the present one, or of a live story propose it."""
    return can_see_history(user, article) and (
        can_edit(user, article) or can_propose(user, article)
    )


def can_revoke_preview(user, article):
    """End links that show a story: it protects, so whoever works on the story may."""
    return can_see_history(user, article)


def can_purge(user, article):
    """Take away for good what a story said before its first publication."""
    return is_chief(user)


def can_see_audit(user):
    """Read the changes of state of all stories at once."""
    return is_chief(user)


def can_restrict(user, article):
    return is_chief(user)


def can_change_address(user, article):
    """Change slug or date of a story that has been public: its address moves, the old one leads on."""
    return can_edit(user, article) and is_editor(user)


def can_change_person(user, author):
    """Editors every person; whoever has another role only their own page."""
    return is_editor(user) or (bool(roles(user)) and author.user_id == user.pk)


def can_take_work(user, author):
    """Take a person's work along: the person, and a chief for whoever has no login any more.

    Not of a person who is hidden: the folder would have their name on it.
    """
    if author.is_hidden or author.merged_into_id is not None:
        return False
    return is_chief(user) or (bool(roles(user)) and author.user_id == user.pk)


def can_hide(user, author):
    """Take a person's name off every page, for their safety: it protects, and a chief undoes it."""
    return is_editor(user) and author.merged_into_id is None


def can_show(user, author):
    """Print the name of a hidden person again."""
    return is_chief(user) and author.merged_into_id is None


def can_merge(user):
    """Make two persons, organisations or tags one."""
    return is_chief(user)


def can_review_biographies(user):
    """Take over or drop what others propose for their own page; write on one's own unreviewed."""
    return is_editor(user)


def is_reviewed(user):
    """Whether a change of the own page waits for an editor, where house style says so."""
    return not is_editor(user) and not is_administrator(user)


def can_see_biography(user, author):
    """Look at what is proposed for a person's page."""
    return can_review_biographies(user) or can_change_person(user, author)


def can_link_login(user):
    """Say which login a person works under: it decides what that login may edit."""
    return is_editor(user)


def can_change_image(user, image):
    if is_editor(user):
        return True
    # What readers see is an editor's to change.
    is_live = Use.objects.live(timezone.now()).filter(image=image).exists()
    return is_reporter(user) and image.entered_by_id == user.pk and not is_live


def can_delete_image(user, image):
    """Whether the login may, where nothing needs the picture (articles.placed.is_used)."""
    return can_change_image(user, image)


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


# Who works together on a story


def _has_role(*names):
    holders = User.objects.filter(groups__name__in=names)
    return Q(is_superuser=True) | Q(pk__in=holders.values("pk"))


def writers():
    """A condition on logins: whoever may write a story."""
    return _has_role(*WRITERS)


def editors():
    """A condition on logins: editors and chief editors."""
    return _has_role(EDITOR, CHIEF)


def chiefs():
    return _has_role(CHIEF)


def own_people(article):
    """A condition on logins: ``is_own`` for many at once."""
    credited = article.bylines.filter(author__user__isnull=False, role__in=Byline.WRITING)
    return Q(pk__in=[article.entered_by_id, article.assigned_to_id]) | Q(
        pk__in=credited.values("author__user")
    )


def insiders(article):
    """The logins that work on a story: ``can_note`` for many at once."""
    logins = User.objects.filter(writers(), editors() | own_people(article), is_active=True)
    if article.is_restricted:
        logins = logins.filter(chiefs() | Q(pk__in=article.restricted_to.values("pk")))
    return logins


def can_note(user, article):
    """Read and write the private notes of a story: not everybody who may read what is live."""
    return can_read(user, article) and (is_editor(user) or is_own(user, article))


def can_settle_reports(user, article):
    """Read whom a reader's report is from, and decide what becomes of it."""
    return can_note(user, article) and is_editor(user)


def can_settle_doubts(user):
    """Say whose an imported story is, and what becomes of what was found in texts."""
    return is_editor(user)


def can_take(user, article):
    """Say of a story that nobody is assigned to that it is one's own to write."""
    return (
        article.assigned_to_id is None
        and article.status in {"draft", "in_review", "ready"}
        and can_note(user, article)
    )
