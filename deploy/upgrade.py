"""Brings the newsroom in this folder to another version, or leaves the one that runs: what ``make upgrade`` calls.

    VERSION=v1.4 RESTART_COMMAND="systemctl restart newsroom" make upgrade

The new version is made ready beside the old one, which serves meanwhile: its code in ``.upgrade/code``, its packages in
``.upgrade/packages-HASH`` where they differ. Then the desk is closed (``VAR_DIR/upgrading``), the database kept
aside, changed and checked by the new version; only then the code in this folder changes, ``.venv`` leads to the
new packages, and the server is started anew. What fails is taken back, in the other order. Where this script itself is
killed, its next call takes back first what it finds in ``VAR_DIR/upgrading``.

Needs git and Python's standard library alone, and is read wholly before it changes the code.
"""

import fcntl
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BESIDE = ROOT / ".upgrade"
CODE = BESIDE / "code"
FIRST = (
    BESIDE / "packages-first"
)  # where .venv goes that was a folder, when the first link takes its place
PAUSE = 5  # seconds for what is just being saved
READY_WITHIN = 60  # seconds from the restart to an answer of /healthz


class Failed(Exception):
    """A step that did not go well, in words."""


def main():
    if ROOT.stat().st_uid != os.getuid():
        return say(
            f"Run this as the owner of {ROOT}: what others write there the newsroom cannot.", 1
        )
    BESIDE.mkdir(exist_ok=True)
    with open(BESIDE / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return say("Another upgrade is at work here.", 1)
        settings = ask_settings(ROOT, VENV)
        sign = Path(settings["VAR_DIR"]) / "upgrading"
        if sign.exists():
            say("An upgrade was broken off here: going back to what was before it.")
            return go_back(json.loads(sign.read_text()), sign, "it was broken off")
        try:
            plan = prepare(settings)
        except Failed as error:
            forget_code()
            return say(f"Nothing was changed: {error}", 1)
        if plan is None:
            return say("Nothing newer is there.")
        try:
            change(plan, sign)
        except (Failed, OSError, KeyboardInterrupt) as error:
            return go_back(plan, sign, str(error) or type(error).__name__)
        sign.unlink()
        forget_code()
        forget_packages(plan)
        return say(f"Done: {plan['new'][:12]} runs. Before it was {plan['old'][:12]}.")


# Beside the old version


def prepare(settings):
    """Make the new version ready. Returns what the way there and back needs; None where there is nothing newer."""
    if run("git", "status", "--porcelain", "--untracked-files=no"):
        raise Failed("files of the newsroom were changed here. See git status.")
    old = run("git", "rev-parse", "HEAD")
    say("Looking for the new version ...")
    run("git", "fetch", "--quiet", "--tags", "origin")
    new = find(os.environ.get("VERSION", ""))
    if new == old:
        return None
    if subprocess.run(["git", "merge-base", "--is-ancestor", old, new], cwd=ROOT).returncode:
        raise Failed(
            f"{new[:12]} does not contain {old[:12]}, which runs here: it is older, or apart."
        )
    branch = subprocess.run(
        ["git", "symbolic-ref", "--quiet", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.strip()
    backups = os.environ.get("BACKUP_DIR") or str(Path(settings["VAR_DIR"]) / "backups")
    say(f"Backing up into {backups} ...")
    manage(ROOT, VENV, settings, "backup", backups)
    forget_code()
    run("git", "worktree", "prune")
    run("git", "worktree", "add", "--quiet", "--detach", str(CODE), new)
    packages = ready_packages()
    say("Checking the new version ...")
    manage(CODE, packages, settings, "check", "--deploy")
    return {
        "old": old,
        "old_name": branch or old,
        "new": new,
        "old_packages": str(present_packages()),
        "new_packages": str(packages),
        "var": settings["VAR_DIR"],
        "url": settings["URL"],
        "kept": "",
        "step": "",
    }


def find(version):
    """The commit of a version: a branch of the origin, a tag or a commit; by default the origin's main branch."""
    names = (
        [f"origin/{version}", version]
        if version
        else ["origin/HEAD", "origin/main", "origin/master"]
    )
    for name in names:
        found = subprocess.run(
            ["git", "rev-parse", "--quiet", "--verify", f"{name}^{{commit}}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        if found.returncode == 0:
            return found.stdout.strip()
    raise Failed(f"there is no version {version or names}.")


def ready_packages():
    """A folder with the packages that the new version asks for: the present one where they are the same."""
    asked = (CODE / "requirements.txt").read_bytes()
    if asked == (ROOT / "requirements.txt").read_bytes():
        return present_packages()
    place = BESIDE / f"packages-{hashlib.sha256(asked).hexdigest()[:12]}"
    if not (place / "run.done").exists():
        say("Installing packages ...")
        shutil.rmtree(place, ignore_errors=True)
        run(sys.executable, "-m", "venv", str(place))
        command = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        command += ["--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
        run(*command, "-r", str(CODE / "requirements.txt"))
        (place / "run.done").touch()
    return place


def present_packages():
    return VENV.resolve() if VENV.is_symlink() else FIRST


# The change, and the way back


def change(plan, sign):
    settings = {"VAR_DIR": plan["var"]}
    say("Closing the desk and keeping the database aside ...")
    note(plan, sign, "closed")
    time.sleep(PAUSE)
    kept = Path(plan["var"]) / "before-upgrade"
    printed = manage(ROOT, VENV, settings, "backup", str(kept), "--without-pictures", "--keep", "3")
    plan["kept"] = printed.partition(": ")[0].splitlines()[-1]
    note(plan, sign, "migrating")
    say("Migrating ...")
    packages = Path(plan["new_packages"])
    manage(CODE, packages, settings, "migrate", "--noinput", "--verbosity", "0")
    manage(CODE, packages, settings, "check", "--deploy", "--database", "default")
    note(plan, sign, "switching")
    say("Switching over ...")
    switch(plan["new"], packages)
    manage(ROOT, VENV, settings, "collectstatic", "--noinput", "--verbosity", "0")
    restart(plan)


def go_back(plan, sign, why):
    """Back to the version before. Returns 1; where that fails too, says what is left to do by hand."""
    say(f"The upgrade failed: {why}\nGoing back to {plan['old'][:12]} ...")
    settings = {"VAR_DIR": plan["var"]}
    try:
        if plan["step"] != "closed":
            switch(plan["old_name"], Path(plan["old_packages"]))
            manage(ROOT, VENV, settings, "restore", plan["kept"], "--replace")
        if plan["step"] == "switching":
            manage(ROOT, VENV, settings, "collectstatic", "--noinput", "--verbosity", "0")
            restart(plan)
    except (Failed, OSError) as error:
        # A folder that was never moved is where it should be; ln would put the link into it.
        packages = f"  ln -sfn {plan['old_packages']} .venv\n" if VENV.is_symlink() else ""
        say(
            f"Going back failed too: {error}\nThe desk stays closed. By hand, in {ROOT}:\n"
            f"  git checkout {plan['old_name']}\n{packages}"
            f"  .venv/bin/python manage.py restore {plan['kept']} --replace\n"
            f"  .venv/bin/python manage.py collectstatic --noinput\n"
            f"  start the server anew, and delete {sign}"
        )
        return 1
    sign.unlink()
    forget_code()
    return say(f"{plan['old'][:12]} runs as before; nothing of the database was lost.", 1)


def note(plan, sign, step):
    """Write down how far it is, for whoever has to go back: whole at every moment."""
    plan["step"] = step
    draft = sign.with_name(f"{sign.name}.draft")
    draft.write_text(json.dumps(plan, indent=1))
    os.replace(draft, sign)


def switch(version, packages):
    """Have the code of a version in this folder, and ``.venv`` lead to its packages."""
    run(
        "git", "checkout", "--quiet", *([] if version_is_branch(version) else ["--detach"]), version
    )
    if present_packages() != packages:
        if not VENV.is_symlink():
            # Its own scripts find it by the link that takes its place.
            os.rename(VENV, FIRST)
        link = BESIDE / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(packages)
        os.replace(link, VENV)
    # Newer than the list that was just checked out: make has nothing to install.
    (VENV / "run.done").touch()


def version_is_branch(version):
    name = f"refs/heads/{version}"
    return not subprocess.run(["git", "show-ref", "--quiet", "--verify", name], cwd=ROOT).returncode


def restart(plan):
    command = os.environ.get("RESTART_COMMAND", "")
    if not command:
        say("RESTART_COMMAND is not set: start the server anew now.")
        return
    say(f"{command} ...")
    run(*shlex.split(command))
    url, until = os.environ.get("HEALTH_URL") or plan["url"], time.monotonic() + READY_WITHIN
    while True:
        try:
            for path in ("/healthz", "/"):
                urllib.request.urlopen(f"{url}{path}", timeout=10).close()
            return
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > until:
                raise Failed(f"{url}{path} does not answer: {error}") from error
            time.sleep(0.5)


# Tools


def ask_settings(code, venv):
    """What the newsroom's own settings say: VAR_DIR, and where its server is found."""
    words = (
        "from newsroom import settings as s; import json; "
        'print(json.dumps({"VAR_DIR": str(s.VAR_DIR.resolve()), "URL": s.SITE_URL}))'
    )
    return json.loads(run(str(venv / "bin" / "python"), "-c", words, cwd=code))


def manage(code, packages, settings, *command):
    env = {"VAR_DIR": settings["VAR_DIR"], "PYTHONDONTWRITEBYTECODE": "1"}
    # A folder that no link has replaced yet is still where it was.
    venv = VENV if packages == FIRST and not VENV.is_symlink() else packages
    return run(
        str(venv / "bin" / "python"),
        "manage.py",
        *command,
        cwd=code,
        env=env,
        what=f"manage.py {' '.join(command)}",
    )


def run(*command, cwd=ROOT, env=None, what=""):
    """What a command prints; Failed with its last lines where it ends with an error."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, text=True
    )
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
        words = f"{what or ' '.join(command[:3])} ended with {done.returncode}"
        raise Failed(f"{words}:\n{last}" if last else words)
    return done.stdout.strip()


def forget_code():
    if CODE.exists():
        subprocess.run(["git", "worktree", "remove", "--force", str(CODE)], cwd=ROOT)
        shutil.rmtree(CODE, ignore_errors=True)


def forget_packages(plan):
    """Those of the version before stay, for a way back by hand."""
    for place in BESIDE.glob("packages-*"):
        if str(place) not in {plan["old_packages"], plan["new_packages"]}:
            shutil.rmtree(place)


def say(words, status=0):
    print(words, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
