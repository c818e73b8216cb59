# SPDX-License-Identifier: GPL-2.0-or-later
"""A public-inbox archive: its git directories, its raw messages, and our records of it."""
import os
import re
import subprocess
import sys


class Failure(Exception):
    """Ends the program with one line."""


def git_directories(path):
    """The git directories of PATH: itself, or the epochs of v2, oldest first."""
    def has(*names):
        return os.path.exists(os.path.join(path, *names))

    if (has("HEAD") and has("objects")) or has(".git"):
        return [path]
    for folder in (os.path.join(path, "git"), path):
        names = os.listdir(folder) if os.path.isdir(folder) else []
        epochs = sorted(int(name[:-4]) for name in names
                        if re.fullmatch(r"(0|[1-9]\d{0,5})\.git", name))
        if epochs:
            return [os.path.join(folder, "%d.git" % number) for number in epochs]
    raise Failure("%s: not a public-inbox git directory" % path)


class Messages:
    """Raw messages by commit, through one `git cat-file --batch` a git directory."""

    def __init__(self, path):
        self.git = [
            subprocess.Popen(["git", "-C", directory, "cat-file", "--batch"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            for directory in git_directories(path)]
        self.last = 0  # the epoch that had the message before this one

    def ask(self, epoch, name):
        git = self.git[epoch]
        git.stdin.write(name.encode() + b"\n")
        git.stdin.flush()
        head = git.stdout.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            return None
        data = git.stdout.read(int(head[2]) + 1)
        return data[:-1] if head[1] == b"blob" else None

    def read(self, record):
        """The raw message without an mbox `From ` line, or None."""
        commit, digest = record.get("id") or "", v1_path(record["message_id"])
        order = [self.last] + [i for i in range(len(self.git)) if i != self.last]
        for path in ("m", digest):
            for epoch in order:
                data = self.ask(epoch, "%s:%s" % (commit, path))
                if data is not None:
                    self.last = epoch
                    return data.split(b"\n", 1)[-1] if data.startswith(b"From ") else data
        return None

    def close(self):
        for git in self.git:
            git.stdin.close()
            git.wait()


def v1_path(message_id):
    """public-inbox-v1-format(5): where v1 keeps a message."""
    import hashlib
    digest = hashlib.sha1(message_id.encode()).hexdigest()
    return digest[:2] + "/" + digest[2:]


def find_mldigest(path):
    path = path or os.environ.get("MLDIGEST") or "mldigest"
    return os.path.abspath(path) if os.sep in path else path


def write_log(mldigest, archive, revisions, directory):
    """Imports ARCHIVE into a home in DIRECTORY; the path of its log, one object a line."""
    home, log = os.path.join(directory, "home"), os.path.join(directory, "log.json")
    revisions = ["--range", revisions] if revisions else []
    commands = [(["init"], subprocess.DEVNULL),
                (["import"] + revisions + [os.path.abspath(archive)], subprocess.DEVNULL),
                (["log", "--json"], open(log, "wb"))]
    for arguments, out in commands:
        try:
            status = subprocess.run([mldigest, "-H", home] + arguments, stdout=out).returncode
        except OSError as error:
            raise Failure("%s: %s" % (mldigest, error.strerror)) from None
        if status != 0:
            raise Failure("%s %s: exit status %d" % (mldigest, arguments[0], status))
    commands[-1][1].close()
    return log


def run(main):
    """Runs MAIN; a failure is one line on standard error and status 1."""
    try:
        sys.exit(main())
    except Failure as failure:
        sys.stderr.write("%s: %s\n" % (os.path.basename(sys.argv[0]), failure))
        sys.exit(1)
