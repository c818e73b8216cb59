#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts again what layout full says of a range of a public-inbox archive, from the raw mails.

    devel/recount.py [--mldigest FILE] HOME ARCHIVE A B

HOME has ARCHIVE imported; A and B are commits of it.  Of mldigest it takes nothing but the digest
(--format json) that it holds its own figures against: messages, patches, series and their states,
replies, people; contributors and domains; of each series version, patches, diffstat, trailers,
replies, robots, the version before, how long ago and what became of its patches; of each reviewer
all columns; what people applied, where, as what; the sizes of threads.  It reads mail with Python's
email package, and puts series together as devel/prove/series.py does; recount_history.py has what
looks back.  Prints every figure that differs, and how many do not."""
import argparse
import collections
import email
import email.policy
import email.utils
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "prove"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import recount_history as history  # noqa: E402
import series as prove  # noqa: E402

ROBOTS = re.compile(r"\b(bot|robot)\b|^lkp@|bugzilla|^syzbot|mailer-daemon|^builder@|^patchwork",
                    re.I)
OPEN = set("""126.com 163.com foxmail.com fastmail.com gmail.com gmx.de gmx.net googlemail.com
hotmail.com icloud.com kernel.org linux.dev mailbox.org outlook.com pm.me posteo.de posteo.net
proton.me protonmail.com qq.com web.de yahoo.com yandex.ru""".split())
KINDS = ("Reviewed-by", "Acked-by", "Tested-by", "Reported-by")
TRAILER = re.compile(r"^[ \t]*(%s)[ \t]*:[ \t]*(.*)$" % "|".join(KINDS), re.I)
ANCESTORS = 10


class Mail:
    """What is read of one raw mail."""

    def __init__(self, number, commit, arrival, raw):
        parsed = email.message_from_bytes(raw)
        self.number, self.commit, self.arrival = number, commit, arrival
        self.id = (prove.MESSAGE_ID.findall(str(parsed.get("Message-ID") or "")) or [""])[0]
        self.subject = re.sub(r"\s+", " ", prove.decode(parsed.get("Subject"))).strip()
        self.name, self.address = email.utils.parseaddr(prove.decode(parsed.get("From")))
        self.author = self.address.lower()
        self.date = read_date(parsed)
        near = prove.MESSAGE_ID.findall(str(parsed.get("In-Reply-To") or ""))[:1]
        # Yahoo's web mail names the draft.
        self.references = [i for i in prove.MESSAGE_ID.findall(str(parsed.get("References") or ""))
                           if i != ".ref@".join(self.id.rsplit("@", 1))]
        self.references += [i for i in near if i not in self.references]
        if near and self.references[-1] != near[0]:
            self.references.remove(near[0])
            self.references.append(near[0])
        self.body = read_body(parsed)
        self.reply = bool(re.match(r"\s*((re|aw|sv|vs|antw)\s*(\[\d+\])?\s*:)", self.subject, re.I))
        self.diff = re.search(r"(?m)^(diff --git |--- [^\n]+\n\+\+\+ |Index: )", self.body)
        self.place = prove.read_subject(self.subject)
        brackets = re.match(r"\s*(?:\w+:\s*)?((?:\[[^\]]*\]\s*)+)", self.subject)
        self.tags = brackets.group(1) if brackets else ""
        if self.reply:
            self.place = None
        self.version = int(float(self.place[2])) if self.place else self.read_version()
        self.rfc = bool(re.search(r"\bRFC", self.tags, re.I))
        self.robot = bool(ROBOTS.search(self.name) or ROBOTS.search(self.address))
        self.pull = bool(re.search(r"\bPULL\b", self.tags)) and not self.reply
        inline = self.reply and self.diff and re.search(r"(?m)^Signed-off-by: ", self.body) and \
            (re.search(r"(?m)^(Subject: \[PATCH|-+ ?(8<|>8) ?-+)", self.body[:self.diff.start()]) or
             not re.search(r"(?m)^>", self.body[:self.diff.start()]))
        tagged = bool(self.place or re.search(r"PATCH|RFC", self.tags, re.I))
        self.posting = not self.robot and (
            bool(self.pull or inline) or (not self.reply and bool(
                (tagged and self.diff) or (self.place and self.place[0] == 0))))
        # Without a message that is named there are at least words of one.
        self.human = not self.posting and not self.robot and bool(
            self.references or (self.reply and re.search(r"(?m)^>", self.body)))

    def read_version(self):
        found = prove.REVISION.search(re.sub(r"[\[\]]", " ", self.tags))
        return int(float(found.group(1))) if found else 1

    def text_author(self):
        """Who wrote the patch: an in-body From, else the sender."""
        found = re.match(r"\s*From: (.*)\n", self.body)
        address = email.utils.parseaddr(prove.decode(found.group(1)))[1] if found else ""
        return (address or self.address).lower()


def read_date(parsed):
    try:
        return email.utils.parsedate_to_datetime(str(parsed.get("Date"))).timestamp()
    except (TypeError, ValueError, OverflowError):
        return 0


def read_body(parsed):
    """The text, and the patches that are attached."""
    parts = [p for p in parsed.walk() if
             (p.get_content_type() == "text/plain" and p.get_content_disposition() != "attachment")
             or (p.get_content_maintype() == "text" and b"\ndiff --git " in
                 (p.get_payload(decode=True) or b""))]
    text = ""
    for part in parts:
        data = part.get_payload(decode=True) or b""
        try:
            text += data.decode(part.get_content_charset() or "utf-8", "replace")
        except LookupError:
            text += data.decode("latin-1")
        text += "\n"
    return text.replace("\r", "")


def trailers(text):
    """(kind, address, name) of the unquoted trailers in TEXT, above a signature."""
    text = re.split(r"(?m)^-- $", text)[0]
    lines = text.split("\n")
    for i, line in enumerate(lines):
        found = TRAILER.match(line)
        if not found:
            continue
        value = found.group(2)
        if "@" not in value and i + 1 < len(lines):
            value += " " + lines[i + 1].strip()
        address = email.utils.parseaddr(value)[1].lower()
        name = email.utils.parseaddr(value)[0]
        if "@" in address and not ROBOTS.search(address) and not ROBOTS.search(name):
            yield found.group(1).capitalize(), address, name


def own_trailers(mail):
    """Those of a patch's own message: its last paragraph above ---."""
    message = re.split(r"(?m)^(?:---$|diff --git )", mail.body)[0].rstrip()
    return list(trailers(message.split("\n\n")[-1]))


class Archive:
    def __init__(self, path, last):
        listed = subprocess.run(["git", "-C", path, "log", "--reverse", "--format=%H %ct", last],
                                check=True, capture_output=True, text=True).stdout.split("\n")
        commits = dict(line.split() for line in listed if line)
        self.mails, self.by_id, self.order = [], {}, {}
        git = subprocess.Popen(["git", "-C", path, "cat-file", "--batch"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for commit in commits:
            self.order[commit] = len(self.order)
            git.stdin.write(("%s:m\n" % commit).encode())
            git.stdin.flush()
            head = git.stdout.readline().split()
            if len(head) != 3:
                continue
            raw = git.stdout.read(int(head[2]) + 1)[:-1]
            mail = Mail(self.order[commit], commit, int(commits[commit]), raw)
            if mail.id not in self.by_id:
                self.by_id[mail.id] = mail
                self.mails.append(mail)
                record = {"message_id": mail.id, "seq": mail.number, "class": ""}
                mail.member = prove.read_member(raw, record)
        git.stdin.close()
        git.wait()
        self.by_title = collections.defaultdict(list)
        for mail in self.mails:
            if mail.posting:
                self.by_title[history.title(mail)].append(mail)
        self.find_series()

    def find_series(self):
        """Gives every posting its series: a list of them."""
        members = [m.member for m in self.mails if m.member and m.posting]
        for member in members:
            member["series"] = None
        for found in prove.find(members):
            parts = [self.by_id[p["id"]] for p in found.patches]
            if found.root:
                parts.append(self.by_id[found.root["id"]])
            parts.sort(key=lambda m: (m.place[0], m.number))
            for part in parts:
                part.series = parts
        # prove leaves a series of one patch, 0/1 and 1/1, alone.
        for mail in self.mails:
            cover = self.by_id.get(mail.references[-1]) if mail.references else None
            if mail.posting and mail.place and mail.place[:2] == (1, 1) and cover and \
                    cover.posting and cover.place and cover.place[:2] == (0, 1):
                cover.series = mail.series = [cover, mail]
        for mail in self.mails:
            if mail.posting and not hasattr(mail, "series"):
                mail.series = [mail]

    def target(self, mail):
        """The nearest posting that MAIL answers."""
        near = mail.references[::-1][:ANCESTORS] + mail.references[:1]
        for message_id in near:
            parent = self.by_id.get(message_id)
            if parent is not None and parent.posting:
                return parent
        return None


def patches_of(mail, last):
    """What is said of MAIL is said of these."""
    if mail.place and mail.place[0] == 0:
        return [m for m in mail.series if m is not mail] or [mail]
    return [mail]


def domain(address):
    return address.rpartition("@")[2]


def count_reviewers(archive, window):
    rows = collections.defaultdict(lambda: collections.Counter())
    seen = set()

    def first(*key):
        new = key not in seen
        seen.add(key)
        return new
    for mail in window:
        target = archive.target(mail) if mail.human else None
        if target is None:
            continue
        if mail.author != target.text_author() and first("r", mail.author, target.id):
            rows[mail.author]["replied"] += 1
        for kind, giver, name in trailers(mail.body):
            if giver == target.text_author():
                continue
            own = domain(giver) == domain(target.text_author()) and domain(giver) not in OPEN
            # Who signs with another address than they write from is one reviewer.
            owner = mail.author if name and name == mail.name else giver
            for patch in patches_of(target, None):
                if first(kind, owner, patch.id):
                    rows[owner]["own" if own else kind] += 1
    return rows


def count_stat(parts, window):
    here = [m for m in parts if m in window]
    pattern = re.compile(
        r"(?m)^ (\d+) files? changed(?:, (\d+) insertions?\(\+\))?(?:, (\d+) deletions?\(-\))?")
    for mail in here:
        found = pattern.search(mail.body) if mail.place and mail.place[0] == 0 else None
        if found:
            return [int(n or 0) for n in found.groups()]
    paths, added, deleted = set(), 0, 0
    for mail in here:
        if not mail.diff:
            continue
        for patch in re.split(r"(?m)^(?=diff --git |Index: )", mail.body[mail.diff.start():]):
            name = re.search(r"(?m)^\+\+\+ (?:b/)?(\S+)", patch)
            other = re.search(r"(?m)^(?:--- a/|rename to |diff --git a/\S+ b/)(\S+)", patch)
            left = right = 0
            path = name.group(1) if name and name.group(1) != "/dev/null" else \
                other.group(1) if other else None
            for line in patch.split("\n"):
                hunk = re.match(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@", line)
                if hunk:
                    left, right = [1 if n is None else int(n) for n in hunk.groups()]
                elif left > 0 or right > 0:
                    added += line[:1] == "+"
                    deleted += line[:1] == "-"
                    left -= line[:1] != "+" and line[:1] != "\\"
                    right -= line[:1] != "-" and line[:1] != "\\"
            if path:
                paths.add(path)
    return [len(paths), added, deleted]


def count_series(archive, parts, window, last):
    """The figures of one series, as the digest has them."""
    here = [m for m in parts if m in window]
    patches = [m for m in here if not m.place or m.place[0] > 0]
    ids = {m.id for m in parts}
    tags, covered = collections.defaultdict(set), set()
    author = here[0].text_author()
    replies = [m for m in window if m.human and (archive.target(m) or m).id in ids]
    robots = [m for m in window if m.robot and (archive.target(m) or m).id in ids and
              m.author == "lkp@intel.com"]
    given = [m for m in archive.mails if m.human and m.number <= last and
             (archive.target(m) or m).id in ids]
    for patch in patches:
        pairs = own_trailers(patch)
        for reply in given:
            target = archive.target(reply)
            if target is patch or target.place and target.place[0] == 0:
                pairs += list(trailers(reply.body))
        for kind, giver, _ in pairs:
            if kind == "Reported-by" or giver == author:
                continue
            tags[kind].add((giver, patch.id))
            if kind != "Tested-by":
                covered.add(patch.id)
    total = max([m.place[1] for m in parts if m.place and m.place[0] > 0] or
                [m.place[1] for m in parts if m.place] or [0])
    figures = {"revision": here[0].version, "patches": len(patches), "total": total or None,
               "unreviewed": len(patches) - len(covered), "replies": len(replies),
               "repliers": sorted({m.author for m in replies}), "lkp": len(robots),
               "diffstat": count_stat(parts, window)}
    if total:
        figures["seen"] = len({m.place[0] for m in parts if m.place[0] > 0})
    for kind in KINDS[:3]:
        figures[kind] = len(tags[kind])
    return figures


def ours_of_history(series):
    old = series["previous"]
    figures = {"state": series["state"]}
    if old and old["revision"]:
        figures.update(previous=old["revision"], days=old["days"], patches=old.get("patches"))
    return figures


def ours_of_series(series):
    stat = series["diffstat"]
    figures = {"revision": series["revision"], "patches": series["patches"],
               "total": series["total"], "unreviewed": series["unreviewed"],
               "replies": series["replies"],
               "repliers": sorted(p["address"].lower() for p in series["repliers"]),
               "lkp": sum(b["count"] for b in series["bots"] if b["name"] == "lkp"),
               "diffstat": [stat["files"], stat["added"], stat["deleted"]] if stat else [0, 0, 0]}
    if series["total"]:
        figures["seen"] = series["seen"]
    for kind in KINDS[:3]:
        figures[kind] = series["tags"][kind]["count"]
    return figures


class Comparison:
    def __init__(self):
        self.equal = self.different = 0

    def hold(self, what, figures, ours):
        for key in sorted(set(figures) | set(ours)):
            if figures.get(key) == ours.get(key):
                self.equal += 1
            else:
                self.different += 1
                print("%s: %s: recounted %s, digest %s" %
                      (what, key, figures.get(key), ours.get(key)))


def compare(archive, window, digest, last):
    held = Comparison()
    postings = [m for m in window if m.posting]
    humans = [m for m in window if m.human]
    found = []
    for mail in postings:
        if not mail.pull and not any(parts is mail.series for parts in found):
            found.append(mail.series)
    held.hold("summary", {
        "messages": len(window), "replies": len(humans), "series": len(found),
        "repliers": len({m.author for m in humans}),
        "patches": sum(not m.pull and not (m.place and m.place[0] == 0) for m in postings)},
        dict({key: digest["summary"][key] for key in ("messages", "replies", "repliers",
                                                      "patches")},
             series=len(digest["series"])))
    by_id = {}
    for parts in found:
        for part in parts:
            by_id[part.id] = parts
    window_set = set(window)
    versions = history.Versions(archive, last)
    states = collections.Counter()
    for series in digest["series"]:
        link = re.sub(r"/$", "", series["link"] or series["message_id"]).rpartition("/")[2]
        parts = by_id.get(link)
        if parts is None:
            held.hold(series["title"], {"series": "not found"}, {"series": link})
            continue
        held.hold("%s v%d" % (series["title"][:50], series["revision"]),
                  count_series(archive, parts, window_set, last), ours_of_series(series))
        past = history.count_history(versions, parts, last)
        states[past["state"]] += 1
        held.hold("%s v%d" % (series["title"][:50], series["revision"]), past,
                  ours_of_history(series))
    held.hold("summary", {key: states[key] for key in ("new", "rerolled", "resent")},
              {key: digest["summary"][key] for key in ("new", "rerolled", "resent")})
    people, domains = history.count_contributors(versions, window)
    held.hold("contributors", people, {
        email.utils.parseaddr(label)[1].lower() or label: count
        for count, label in digest["people"]})
    held.hold("domains", domains, {label: count for count, label in digest["domains"]})
    for thread in digest["bugs"] + digest["announcements"] + digest["discussions"]:
        held.hold("thread " + thread["title"][:50],
                  history.count_thread(archive, window, thread["message_id"]),
                  {key: thread[key] for key in ("messages", "replies")})
    for pull in digest["pulls"]:
        held.hold("pull " + pull["title"][:50], {"replies": sum(
            m.human and (archive.target(m) or m).id == pull["message_id"] for m in window)},
            {"replies": pull["replies"]})
    applied = history.count_applied(archive, window)
    ours = history.ours_of_applied(digest["applied"])
    for link in sorted(set(applied) | set(ours)):
        held.hold("applied " + link, applied.get(link, {}), ours.get(link, {}))
    rows = count_reviewers(archive, window)
    ours = {r["person"]["address"].lower(): r for r in digest["reviewers"]}
    for address in sorted(set(rows) | set(ours)):
        columns = KINDS + ("own", "replied")
        row = ours.get(address, {})
        held.hold("reviewer " + address, {c: rows[address][c] for c in columns},
                  {c: row.get(c, 0) for c in columns})
    return held


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--mldigest", default=os.environ.get("MLDIGEST", "mldigest"))
    for name in ("home", "archive", "first", "last"):
        parser.add_argument(name)
    options = parser.parse_args()
    said = subprocess.run(
        [options.mldigest, "-H", options.home, "digest", "--layout", "full", "--format", "json",
         "--range", "%s..%s" % (options.first, options.last)],
        check=True, capture_output=True).stdout
    said = json.loads(said)
    if not said.get("archive") and not any(row.get("link") for row in said["series"]):
        sys.exit("recount: %s/config: archive= is not set, and links tell what is what" % options.home)
    archive = Archive(options.archive, options.last)
    first = subprocess.run(["git", "-C", options.archive, "rev-parse", options.first],
                           check=True, capture_output=True, text=True).stdout.strip()
    window = [m for m in archive.mails if m.number > archive.order[first]]
    held = compare(archive, window, said, len(archive.order))
    print("%d figures are equal, %d differ" % (held.equal, held.different))
    return held.different > 0


if __name__ == "__main__":
    sys.exit(main())
