# SPDX-License-Identifier: GPL-2.0-or-later
"""The jobs: each reads the whole log, takes every Nth record, and writes what it finds to
files of its own, so that no process holds more than one mail."""
import json
import os
import re
import signal
import sys
import tempfile

import archive
import compare
import gitsays
import series

MAILINFO = ("author name", "author address", "title", "commit message")
GIT_CHECKS = {"mailinfo", "patchid", "numstat", "trailers"}
# So many disagreements of a kind a job describes; the others it names.
DESCRIBED = 500
REPLY = re.compile(r"\s*(re|aw|sv|vs|antw|fwd?|回复|答复)\s*(\[\d+\]|\^\d+)?\s*[:：]", re.I)


class Job:
    def __init__(self, number, options, directory):
        self.number, self.options = number, options
        self.git = gitsays.Git(tempfile.mkdtemp(dir=directory))
        self.messages = archive.Messages(options.archive)
        self.found = open(os.path.join(directory, "found.%d" % number), "w")
        self.tagged = open(os.path.join(directory, "tagged.%d" % number), "w")
        self.ids = open(os.path.join(directory, "ids.%d" % number), "w")
        self.waiting = {}  # patches whose git patch-id comes at the end
        self.counts = {}   # check -> [compared, agree, refused]
        self.described = {}

    def count(self, check, column, n=1):
        self.counts.setdefault(check, [0, 0, 0])[column] += n

    def report(self, check, record, kind, lines):
        self.described[check, kind] = self.described.get((check, kind), 0) + 1
        if self.described[check, kind] > DESCRIBED:
            lines = []
        json.dump({"check": check, "seq": record["seq"], "id": record["message_id"],
                   "kind": kind, "lines": lines}, self.found)
        self.found.write("\n")

    def judge(self, check, record, kind, lines):
        self.count(check, 0)
        if kind is None:
            self.count(check, 1)
        else:
            self.report(check, record, kind, lines)

    def refuse(self, check, record, why):
        self.count(check, 2)
        self.report(check, record, "git refuses: " + why, [])

    def compare_numstat(self, record, patch):
        git, why = self.git.numstat(patch) if patch.strip() else ([], "")
        if git is None and not record["paths"]:
            return
        if git is None:
            self.refuse("numstat", record, why)
        elif git or record["paths"]:
            self.judge("numstat", record, *compare.numstat(git, record))
            if git:
                self.judge("patches found", record, None, [])

    def find_patch(self, record, raw):
        """What git would apply and we do not call a patch."""
        info, _ = self.git.mailinfo(raw)
        if info is not None and info["patch"].strip() and self.git.numstat(info["patch"])[0]:
            self.judge("patches found", record, "class " + record["class"],
                       [record["subject"]])

    def compare_patch(self, record, raw):
        only = self.options.only
        info, why = self.git.mailinfo(raw)
        if info is None:
            self.refuse("commit message", record, why)
            return
        if "mailinfo" in only:
            for check, kind, lines in compare.mailinfo(info, record):
                self.judge(check, record, kind, lines)
        if "trailers" in only:
            git = self.git.trailers(info)
            if git or record["trailers"]:
                self.judge("trailers", record, *compare.trailers(git, record))
        if "numstat" in only:
            self.compare_numstat(record, info["patch"])
        if "patchid" in only and record.get("diff_id"):
            self.waiting[record["seq"]] = (record["message_id"], record["diff_id"])
            self.git.add_patch(record["seq"], info["patch"])

    def take(self, record):
        is_patch = record["class"] == "patch" or (
            record["class"] == "stable" and bool(record.get("diff_id")))
        maybe = "numstat" in self.options.only and not REPLY.match(record["subject"])
        if not ("series" in self.options.only or is_patch or maybe):
            return
        raw = self.messages.read(record)
        if raw is None:
            self.report("archive", record, "not in the archive", [])
            return
        if "series" in self.options.only:
            member = series.read_member(raw, record)
            if member:
                json.dump(member, self.tagged)
                self.tagged.write("\n")
        if is_patch and self.options.only & GIT_CHECKS:
            self.compare_patch(record, raw)
        elif maybe:
            self.find_patch(record, raw)

    def end(self):
        ids = self.git.read_patch_ids()
        for number, (message_id, ours) in self.waiting.items():
            if number in ids:
                json.dump([message_id, ours, ids[number]], self.ids)
                self.ids.write("\n")
            else:
                self.refuse("patch id", {"seq": number, "message_id": message_id},
                            "no diff that patch-id sees")
        self.messages.close()
        for file in (self.found, self.tagged, self.ids):
            file.close()

    def run(self, log):
        terminal = self.number == 0 and sys.stderr.isatty()
        with open(log, encoding="utf-8") as lines:
            for n, line in enumerate(lines):
                if n % self.options.jobs == self.number:
                    self.take(json.loads(line))
                if terminal and n % 200 == 0:
                    sys.stderr.write("\r%d messages " % n)
        if terminal:
            sys.stderr.write("\r")
        self.end()


def run_one(number, options, log, directory):
    # A git that refuses a mail does not read it to its end.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    job = Job(number, options, directory)
    job.run(log)
    with open(os.path.join(directory, "counts.%d" % number), "w") as file:
        json.dump(job.counts, file)


def wait_for(children):
    """Waits for all; none is left when this program is ended."""
    failed = False
    try:
        while children:
            failed |= os.waitpid(children[0], 0)[1] != 0
            children.pop(0)
    finally:
        for child in children:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
    if failed:
        raise archive.Failure("a job failed")


def run_all(options, log, directory):
    """Runs the jobs; the sum of their counts."""
    children = []
    sys.stdout.flush()
    for number in range(options.jobs):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                run_one(number, options, log, directory)
                status = 0
            except Exception:  # the child must not run the parent's code
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stderr.flush()
                os._exit(status)
        children.append(child)
    wait_for(children)
    counts = {}
    for number in range(options.jobs):
        with open(os.path.join(directory, "counts.%d" % number)) as file:
            for check, columns in json.load(file).items():
                have = counts.setdefault(check, [0, 0, 0])
                counts[check] = [a + b for a, b in zip(have, columns)]
    return counts


def read_files(directory, name, options):
    """The objects that the jobs wrote to their files NAME."""
    for number in range(options.jobs):
        with open(os.path.join(directory, "%s.%d" % (name, number))) as file:
            for line in file:
                yield json.loads(line)
