"""Out of one newsroom, into an empty one, and out again: to the byte the same."""

import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from articles import permissions, publishing
from articles.models import Article, Correction, Note, Revision, SearchEntry, Transition
from authors.models import Author, User
from fronts.models import Edition, Front
from newsroom.export.contents import KINDS
from newsroom.models import SiteSettings
from tests.factories import make_article, make_tag, make_user
from tests.newsroom.export.conftest import empty, files, into, lines, out
from tests.newsroom.export.everything import SECRETS, make_everything


@pytest.fixture(autouse=True)
def _other_pictures(settings, tmp_path):
    """The place to which a newsroom moves has none yet."""
    settings.MEDIA_ROOT = tmp_path / "other media"


@pytest.mark.django_db(transaction=True)
def test_a_newsroom_with_one_of_everything_goes_out_and_in_and_out_the_same(
    tmp_path, settings, capsys
):
    story = make_everything()
    address, guid, number = story.get_absolute_url(), story.guid, story.pk
    first = out(tmp_path / "first")
    said = capsys.readouterr().out
    assert [kind.name for kind in KINDS if not lines(first, kind.name)] == []
    empty()
    settings.MEDIA_ROOT = tmp_path / "the third"
    into(first)
    assert said.splitlines()[-1] in capsys.readouterr().out  # the canonical hash
    second = out(tmp_path / "second")
    assert files(first) == files(second)
    assert len([name for name in files(second) if name.startswith("media/")]) == 3
    # What was live is live, at its address, with its number, found, and changed by nobody.
    story = Article.objects.get(pk=number)
    assert (story.get_absolute_url(), story.guid) == (address, guid)
    assert SearchEntry.objects.filter(pk=number).exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.update(text="Never.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Transition.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.filter(live_from__isnull=False).update(breaking_url="/x/")
    # Work goes on: new rows get new numbers.
    by = make_user("chief editor")
    tag = make_tag(name="new")
    new = Article(headline="After the move")
    publishing.save(new, by=by)
    publishing.record(new, by=by)
    assert new.pk > number
    assert tag.pk == max(line["id"] for line in lines(first, "tags")) + 1


@pytest.mark.django_db
def test_an_export_holds_no_note_no_secret_and_no_address(everything):
    text = "".join(path.read_text() for path in sorted((everything / "data").iterdir()))
    assert [name for name, words in SECRETS.items() if words in text] == []
    assert "nobody-names-me" not in text  # whom no line names is in no line
    assert "pbkdf2" not in text
    assert "md5$" not in text
    names = {line["username"] for line in lines(everything, "logins")}
    assert {"aida", "factory chief"} <= names
    assert not any("@" in name for name in names)


@pytest.mark.django_db
def test_only_its_owner_reads_an_export(everything):
    for path in [everything, *everything.rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


@pytest.mark.django_db
def test_logins_come_in_closed_and_notes_not_at_all(everything):
    into(everything)
    login = User.objects.get(username="aida")
    assert not any([login.is_active, login.is_staff])
    assert not login.has_usable_password()
    assert permissions.roles(login) == frozenset()
    assert login.email == ""
    assert Author.objects.get(name="Sergey Kwan").user == login
    assert not Note.objects.exists()
    assert Revision.objects.filter(state="returned").exists()
    assert set(Transition.objects.filter(move="return").values_list("note", flat=True)) == {""}
    pulled = Article.objects.get(status="pulled")
    assert pulled.down_note == "A call from the ministry"
    assert pulled.transitions.get(move="pull").note == "A call from the ministry"
    assert pulled.down_by.username == "factory chief"
    assert Front.objects.count() == 2


@pytest.mark.django_db
def test_a_newsroom_that_was_just_set_up_is_an_empty_one(
    everything, tmp_path, monkeypatch, settings
):
    settings.ENV_FILE = tmp_path / "newsroom.env"
    for name, value in {
        "SITE_NAME": "A new place",
        "LANGUAGES": "en,ru",
        "TIME_ZONE": "Asia/Bishkek",
        "ADMIN_LOGIN": "Aida",
        "ADMIN_PASSWORD": "a long enough phrase",
    }.items():
        monkeypatch.setenv(name, value)
    call_command("setup", verbosity=0)
    make_user("administrator", username="operator")
    for number, login in enumerate(lines(everything, "logins"), 10**6):
        # Wherever its numbers are, somebody of this place has them.
        if not User.objects.filter(pk=login["id"]).exists():
            make_user("reporter", username=f"here-{number}", pk=login["id"])
    into(everything)
    assert SiteSettings.objects.get().name == "Courier"
    # The same name is taken for the same person: what was entered is theirs, and they sign in.
    aida = User.objects.get(username="aida")
    assert aida.is_active
    assert aida.check_password("a long enough phrase")
    assert permissions.is_chief(aida)
    assert aida.author.name == "Sergey Kwan"
    operator = User.objects.get(username="operator")
    assert operator.check_password("correct horse")
    assert permissions.is_administrator(operator)
    assert operator.pk not in {line["id"] for line in lines(everything, "logins")}
    assert files(out(tmp_path / "again")) == files(everything)


@pytest.mark.django_db
def test_a_newsroom_that_is_not_empty_is_left_alone(everything):
    make_article(headline="Ours")
    with pytest.raises(CommandError, match=r"not empty: it has .*stories"):
        into(everything)
    assert [story.headline for story in Article.objects.all()] == ["Ours"]
