# SPDX-License-Identifier: GPL-2.0-or-later
"""What git makes of one mail: mailinfo, apply --numstat, interpret-trailers, patch-id.

Every git here runs with its stock options, outside of any repository, and without anybody's
configuration."""
import os
import re
import subprocess

COMMIT = re.compile(rb"^(?=(?:commit|From) [0-9a-f]{40})", re.M)
HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def environment(directory):
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env.update(GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull, HOME=directory,
               XDG_CONFIG_HOME=directory, LC_ALL="C.UTF-8",
               GIT_CEILING_DIRECTORIES=os.path.dirname(directory))
    return env


def text(data):
    return data.decode("utf-8", "replace")


def mend_blank_lines(patch):
    """PATCH with a blank in its empty lines inside of hunks: some mailers cut it.  `git apply`
    takes them for what they were, `git patch-id` counts them as nothing."""
    lines, old, new = patch.split(b"\n"), 0, 0
    for i, line in enumerate(lines):
        hunk = HUNK.match(line) if old <= 0 and new <= 0 else None
        if hunk:
            old, new = (int(n) if n is not None else 1 for n in hunk.groups())
        elif old > 0 or new > 0:
            if line in (b"", b"\r") and i + 1 < len(lines):
                lines[i] = b" " + line
            old -= lines[i][:1] in (b" ", b"-")
            new -= lines[i][:1] in (b" ", b"+")
    return b"\n".join(lines)


class Git:
    """Runs git in DIRECTORY, which is this object's own."""

    def __init__(self, directory):
        self.directory = directory
        self.environment = environment(directory)
        self.ids_path = os.path.join(directory, "patch-ids")
        self.ids = None

    def run(self, arguments, data):
        done = subprocess.run(["git"] + arguments, input=data, cwd=self.directory,
                              env=self.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, close_fds=False)
        return done.returncode, done.stdout, done.stderr

    def mailinfo(self, raw):
        """name, address, title, message and patch (bytes, of the last two), or None and
        why git refuses RAW."""
        status, out, err = self.run(["mailinfo", "message", "patch"], raw)
        if status != 0:
            return None, text(err).strip()
        info = {"name": "", "address": "", "title": ""}
        names = {"Author": "name", "Email": "address", "Subject": "title"}
        for line in text(out).split("\n"):
            key, colon, value = line.partition(": ")
            if colon and key in names:
                info[names[key]] = value
        for name in ("message", "patch"):
            with open(os.path.join(self.directory, name), "rb") as file:
                info[name] = file.read()
        return info, ""

    def numstat(self, patch):
        """[(path, added, deleted)] as git would apply PATCH, None for a binary file's counts;
        or None and why git refuses it."""
        status, out, err = self.run(["apply", "--numstat", "-z", "-p1"], patch)
        if status != 0:
            return None, text(err).strip().split("\n")[0]
        paths = []
        for entry in text(out).split("\0"):
            if entry:
                added, deleted, path = entry.split("\t", 2)
                paths.append((path, None if added == "-" else int(added),
                              None if deleted == "-" else int(deleted)))
        return paths, ""

    def trailers(self, info):
        """[(key, value)] of the commit that git am makes of what mailinfo() gave: its title is the
        first paragraph, which is never one of trailers."""
        commit = (info["title"] or "no title").encode() + b"\n\n" + info["message"]
        _, out, _ = self.run(["interpret-trailers", "--parse"], commit)
        pairs = [line.partition(":") for line in text(out).split("\n") if ":" in line]
        return [(key.strip(), value.strip()) for key, _, value in pairs]

    def add_patch(self, number, patch):
        """Has the id of PATCH taken; read_patch_ids() gives it under NUMBER."""
        if self.ids is None:
            self.ids = subprocess.Popen(["git", "patch-id", "--stable"], cwd=self.directory,
                                        env=self.environment, stdin=subprocess.PIPE,
                                        stdout=open(self.ids_path, "wb"))
        # As in `git log -p`: a commit begins the next patch, so none may stand in this one, as
        # where a whole mail of format-patch was pasted into another.
        patch = COMMIT.sub(b"> ", mend_blank_lines(patch))
        self.ids.stdin.write(b"commit %040x\n" % (number + 1) + patch + b"\n")

    def read_patch_ids(self):
        """{number: id} of all that add_patch() was given and that git sees a diff in."""
        if self.ids is None:
            return {}
        self.ids.stdin.close()
        self.ids.wait()
        found = {}
        with open(self.ids_path, encoding="ascii") as file:
            for line in file:
                patch_id, commit = line.split()
                # A second patch in one mail comes without a commit.
                if int(commit, 16) > 0:
                    found[int(commit, 16) - 1] = patch_id
        return found
