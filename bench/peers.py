"""Other programs that take a mail, or an archive, in: those that are installed.

Each is set up in a directory of its own, with nothing of the user's, to do the least of what
it is for: keep the mail where its index or the user finds it.
"""

import os
import shutil
import subprocess


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o600)


def maildir(path):
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(path, name))
    return path


class Peer:
    """COMMAND takes one mail on standard input, or for an archive none; exit statuses in GOOD are
    well.  ENVIRONMENT is added."""

    def __init__(self, name, command, environment=None, good=(0,)):
        self.name, self.command, self.good = name, command, good
        self.environment = environment or {}


def quiet(words, environment, input_=None):
    with open(input_ or os.devnull, "rb") as mail:
        subprocess.run(words, env=dict(os.environ, **environment), stdin=mail, check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def procmail(top, _):
    write(f"{top}/rc", f"MAILDIR={top}\nDEFAULT={maildir(top + '/box')}/\nLOGFILE=/dev/null\n")
    return Peer("procmail, to a Maildir", ["procmail", "-m", f"{top}/rc"])


def maildrop(top, _):
    write(f"{top}/rc", f"to \"{maildir(top + '/box')}\"\n")
    return Peer("maildrop, to a Maildir", ["maildrop", f"{top}/rc"], {"HOME": top})


def bogofilter(top, warm):
    for number, path in enumerate(warm[:200]):
        quiet(["bogofilter", "-d", top, "-s" if number % 2 else "-n"], {}, path)
    return Peer("bogofilter, classify", ["bogofilter", "-d", top], good=(0, 1, 2))


def notmuch_config(top):
    write(f"{top}/config", f"[database]\npath={top}/box\n[user]\nname=A\n"
                           "primary_email=a@lists.example.org\n[new]\ntags=new\n")
    return {"NOTMUCH_CONFIG": f"{top}/config", "HOME": top}


def notmuch_insert(top, warm):
    maildir(top + "/box")
    environment = notmuch_config(top)
    for number, path in enumerate(warm):
        shutil.copy(path, f"{top}/box/cur/{number}:2,S")
    quiet(["notmuch", "new"], environment)
    return Peer("notmuch insert", ["notmuch", "insert"], environment)


def deliveries(top, warm):
    """The peers that take one mail; WARM are the mails of before."""
    made = []
    for name, make in (("procmail", procmail), ("maildrop", maildrop), ("bogofilter", bogofilter),
                       ("notmuch", notmuch_insert)):
        if shutil.which(name):
            os.makedirs(f"{top}/{name}", mode=0o700)
            made.append(make(f"{top}/{name}", warm))
    return made


def split_into(top, mails):
    """The mails of an archive as a Maildir."""
    maildir(top + "/box")
    for number, path in enumerate(mails):
        shutil.copy(path, f"{top}/box/cur/{number}:2,S")


def archives(top, mbox, mails):
    """The peers that take an archive in, each ready to be run once: MBOX, or the same MAILS as
    files of their own in a Maildir, is on the disk before."""
    made = []
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(top, mode=0o700)
    if shutil.which("formail"):
        made.append(Peer("formail -s", ["sh", "-c", "formail -s <\"$0\" >/dev/null", mbox]))
    if shutil.which("git"):
        os.makedirs(top + "/mailsplit")
        made.append(Peer("git mailsplit", ["git", "mailsplit", "--mboxrd", f"-o{top}/mailsplit", mbox]))
    if shutil.which("mu"):
        split_into(top + "/mu", mails)
        quiet(["mu", "init", f"--muhome={top}/mu/home", f"--maildir={top}/mu/box"], {})
        made.append(Peer("mu index", ["mu", "index", "--quiet", f"--muhome={top}/mu/home"]))
    if shutil.which("notmuch"):
        split_into(top + "/notmuch", mails)
        made.append(Peer("notmuch new", ["notmuch", "new", "--quiet"], notmuch_config(top + "/notmuch")))
    return made
