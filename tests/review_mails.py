#!/usr/bin/env python3
"""Mails of a list, in a given order of arrival, as mbox files.

review_mails.py make SEED COUNT FILE     writes about COUNT made-up mails, in the order they were sent, and
                                         prints the titles of those that wait for a review
review_mails.py shuffle SEED FILE PARTS OUT   writes them in another order to OUT.1 ... OUT.PARTS

review_mails.py archive DIR COMMITS FILE       writes the mails of `commit time` lines out of an archive

FILE has, for each mail, its time and its length in a line, and its bytes."""
import random
import sys
import time

PEOPLE = [("Ada Example", "ada@list.example"), ("Ben Example", "ben@list.example"),
          ("Zoë Åkesson", "zoe@arm.example"), ("Mae Tainer", "mae@list.example")]
BOTS = [("kernel test robot", "lkp@intel.com"), ("patchwork-bot+x", "patchwork-bot+x@kernel.org")]
START = 1736157600


class List:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.mails = []
        self.clock = START
        self.names = 0
        self.waiting = []  # (when it was first sent, its topic)

    def name(self):
        self.names += 1
        return "m%d.%s" % (self.names, "list.example" if self.names % 2 else "git.example")

    def send(self, who, subject, body, refs=(), ident=None, wait=60):
        self.clock += wait
        ident = ident or "%s@list.example" % self.name()
        head = ["From: %s <%s>" % who, "To: demo@list.example", "List-Id: <demo.list.example>",
                "Subject: %s" % subject,
                "Date: " + time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(self.clock)),
                "Message-ID: <%s>" % ident, "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8"]
        if refs:
            head += ["In-Reply-To: <%s>" % refs[-1], "References: " + " ".join("<%s>" % r for r in refs)]
        self.mails.append((self.clock, ("\n".join(head) + "\n\n" + body + "\n").encode()))
        return ident

    @staticmethod
    def diff(path, line):
        return ("Words about it.\n\nSigned-off-by: Ada Example <ada@list.example>\n---\n"
                " %s | 1 +\n 1 file changed, 1 insertion(+)\n\ndiff --git a/%s b/%s\n"
                "--- a/%s\n+++ b/%s\n@@ -1 +1,2 @@\n a\n+%s\n" % (path, path, path, path, path, line))

    def series(self, who, topic, total, revision=1, tags="", line="", refs=(), lost=()):
        """The ids of its parts, the cover letter first; LOST never came."""
        mark = "PATCH" + tags + (" v%d" % revision if revision > 1 else "")
        ids, cover = [], None
        if total == 1:
            return [self.send(who, "[%s] %s" % (mark, topic), self.diff(topic.replace(" ", "-") + ".c",
                                                                        line or "v%d" % revision), refs)]
        cover = "%s-cover@list.example" % self.name()
        if 0 not in lost:
            self.send(who, "[%s 0/%d] %s" % (mark, total, topic), "All of it.", refs, cover)
        ids.append(cover)
        for i in range(1, total + 1):
            ident = "%s-%d@list.example" % (cover.split("-cover")[0], i)
            if i not in lost:
                self.send(who, "[%s %d/%d] %s, part %d" % (mark, i, total, topic, i),
                          self.diff("%s%d.c" % (topic.replace(" ", "-"), i), line or "v%d" % revision),
                          tuple(refs) + (cover,), ident, 1)
            ids.append(ident)
        return ids

    def story(self, number):
        """A series and what became of it."""
        choose = self.random
        who, other = choose.sample(PEOPLE, 2)
        topic = "topic %d" % number
        total = choose.choice((1, 1, 2, 3, 5))
        tags = choose.choice(("", "", " RFC"))
        lost = {choose.randrange(0, total + 1)} if total > 1 and choose.random() < 0.2 else set()
        before = len(self.mails)
        ids = self.series(who, topic, total, tags=tags, lost=lost)
        part = choose.choice(ids)
        path = [ids[0]] if part == ids[0] else [ids[0], part]
        waits = before
        end = choose.randrange(11)
        subject = "Re: [PATCH] " + topic
        if end == 0:
            self.send(other, subject, "> Words\n\nLooks odd to me.", path)
            waits = None
        elif end == 1:
            self.send(who, subject, "> Words\n\nPing?", path)
        elif end == 2:
            self.send(BOTS[0], subject, "> Words\n\nIt does not build.", path)
        elif end == 3:
            self.send(who, subject, "> Words\n\nPlease ignore this, v2 is coming.", [ids[0]])
            waits = None
        elif end == 4:
            waits = len(self.mails)
            self.series(who, topic, total, 2, refs=choose.choice(((), (ids[0],))))
        elif end == 5:
            again = self.series(who, topic, total, 2)
            self.send(other, "Re: [PATCH v2] " + topic, "> Words\n\nFine.", [again[-1]])
            waits = None
        elif end == 6:
            waits = len(self.mails) if tags else before
            self.series(who, topic, total, tags=" RESEND", line="v1")
        elif end == 7:
            self.send(other, subject, "> Words\n\nApplied to demo/next, thanks!", [ids[0]])
            waits = None
        elif end == 8:
            self.send(BOTS[1], subject, "Hello:\n\nThis series was applied to demo/next.git (main)\n"
                      "by Mae Tainer <mae@list.example>.\n", [ids[0]])
            waits = None
        elif end == 9:
            mid = self.send(BOTS[0], subject, "> Words\n\nIt does not build.", path)
            self.send(other, subject, "> It does\n\nIndeed.", path + [mid])
            waits = None
        else:
            self.send(other, "[PATCH] beside " + topic, self.diff("beside%d.c" % number, "b"), path)
            self.waiting.append((self.clock, "beside " + topic))
        if waits is not None:
            self.waiting.append((self.mails[waits][0], topic))
        self.clock += choose.randrange(60, 7200)


def make(seed, count, path):
    maker = List(seed)
    number = 0
    while len(maker.mails) < count:
        number += 1
        maker.story(number)
    with open(path, "wb") as file:
        for moment, mail in maker.mails:
            file.write(b"%d %d\n" % (moment, len(mail)) + mail)
    for _, topic in sorted(maker.waiting):
        print(topic)


def read(path):
    mails = []
    with open(path, "rb") as file:
        for line in file:
            moment, length = line.split()
            mails.append((int(moment), file.read(int(length))))
    return mails


def shuffle(seed, path, parts, out):
    mails = read(path)
    if seed:
        random.Random(seed).shuffle(mails)
    step = (len(mails) + parts - 1) // parts
    for part in range(parts):
        with open("%s.%d" % (out, part + 1), "wb") as file:
            for moment, mail in mails[part * step:(part + 1) * step]:
                lines = [b">" + line if line.lstrip(b">").startswith(b"From ") else line
                         for line in mail.split(b"\n")]
                stamp = time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime(moment)).encode()
                file.write(b"From x@list.example " + stamp + b"\n" + b"\n".join(lines) + b"\n")


def archive(directory, commits, path):
    """The mails of a public-inbox archive, one commit a line of COMMITS: `commit time`."""
    import subprocess
    with open(path, "wb") as file:
        for line in open(commits):
            commit, moment = line.split()
            mail = subprocess.run(["git", "-C", directory, "cat-file", "blob", commit + ":m"],
                                  capture_output=True, check=False).stdout
            if mail:
                file.write(b"%d %d\n" % (int(moment), len(mail)) + mail)


if sys.argv[1] == "make":
    make(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
elif sys.argv[1] == "shuffle":
    shuffle(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5])
elif sys.argv[1] == "archive":
    archive(sys.argv[2], sys.argv[3], sys.argv[4])
