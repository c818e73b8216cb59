# SPDX-License-Identifier: GPL-2.0-or-later
"""For recount.py: what a series is a new version of, and what was applied, from the raw mails.

A mail here is recount.py's Mail; a series is a list of them, the cover letter first."""
import functools
import re

DAY = 24 * 3600
LATE_DAYS = 365
LINK = re.compile(r"https?://[^\s<>]+?/([^\s<>/]+@[^\s<>/),]*[^\s<>/),.])")
CHANGE = re.compile(r"(?m)^change-id: (\S+)")
QUOTED = re.compile(r"^[>|]")
COMMIT = re.compile(r"(?<![0-9A-Za-z.@-])([0-9a-f]{12,64})(?=[\s.,;:)\]>\"'/&?#]|$)")
LEAD = r"(?:(?:thanks|thank you|ok|okay|great|good|nice|all|both|the|this|these|i|i've|have|has|now|" \
    r"just|series|patch|patches|is|are|been|was|were|and|it|very much|too|also|pull|request|of|rebased|" \
    r"done|looks|[\d,&#/-]+)[,.!]?\s+)*"
VERB = r"(applied|queued|merged|pushed|pulled)"
NEXT = r"(?=[.,!;:]|\s*$|\s+(?:to|into|in|for|up|thanks|thank|patch|patches|the|all|this|both|series|" \
    r"with|and|as|now|it|them|these|out|by|through|via|#?\d))"
SENTENCE = re.compile("^" + LEAD + VERB + NEXT, re.I)
# An author's next one.
NOT_A_TREE = re.compile(r"in (?:the next version|v\d)", re.I)
CLAUSES = re.compile(r"(?<=[.!;])\s+")
TREE = re.compile(r"\b(?:applied|queued|queued up|merged|pushed|pushed out|picked up) "
                  r"(?:to|in|into|for|through|via) (?:the |my )?(.*)", re.I)
TREE_END = re.compile(r"(, |! |; |\. | by | thanks| which can be| and | as | with | for | -- |"
                      r" \((?=[^)]* |[^)]*$)).*")


def day(mail):
    believed = mail.date and mail.arrival - LATE_DAYS * DAY <= mail.date <= mail.arrival + DAY
    return int((mail.date if believed else mail.arrival) // DAY)


def title(mail):
    return re.sub(r"^(\s*\[[^\]]*\])*\s*", "", mail.subject)


@functools.lru_cache(maxsize=None)
def added_lines(mail):
    """What tells two diffs apart: their lines, without numbers and blanks."""
    if not mail.diff:
        return None
    lines = [re.sub(r"\s+", "", line) for line in mail.body[mail.diff.start():].split("\n")
             if re.match(r"[-+ ](?!-- )", line) or line.startswith("+++")]
    return tuple(line for line in lines if not re.match(r"(---|\+\+\+)$", line)) or None


def paths(mail):
    return set(re.findall(r"(?m)^\+\+\+ (?:b/)?(\S+)", mail.body[mail.diff.start():])) \
        if mail.diff else set()


def is_patch(mail):
    return not mail.pull and not (mail.place and mail.place[0] == 0)


class Versions:
    """The series of an archive, by what their versions have in common."""

    def __init__(self, archive, last):
        self.archive, self.by_title, self.by_change, self.series = archive, {}, {}, []
        seen = set()
        for mail in archive.mails:
            if mail.number > last or not mail.posting or mail.pull or id(mail.series) in seen:
                continue
            seen.add(id(mail.series))
            self.series.append(mail.series)
            for part in mail.series:
                key = (part.address.lower(), title(part).lower())
                self.by_title.setdefault(key, []).append(mail.series)
                for change in CHANGE.findall(part.body):
                    self.by_change.setdefault(change, []).append(mail.series)

    def candidates(self, parts):
        """Earlier work that PARTS may be a version of: (series, whether that is sure)."""
        first = parts[0]
        for part in parts:
            for change in CHANGE.findall(part.body):
                for old in self.by_change.get(change, ()):
                    yield old, True
        titles = {title(p).lower() for p in parts}
        files = set().union(*(paths(p) for p in parts))
        for near in LINK.findall(first.body) + first.references:
            old = self.archive.by_id.get(near)
            if old is None or not old.posting or old.pull:
                continue
            shared = any(title(p).lower() in titles for p in old.series)
            if old.address.lower() == first.address.lower() and (
                    shared or files & set().union(*(paths(p) for p in old.series))):
                yield old.series, shared
        for part in parts[:10]:
            for old in self.by_title.get((part.address.lower(), title(part).lower()), ()):
                if old is not parts and precedes(old[0], first):
                    yield old, True

    def previous(self, parts):
        """The version before PARTS, or None."""
        first, best, rank = parts[0], None, None
        for old, sure in self.candidates(parts):
            if old is parts or not precedes(old[0], first):
                continue
            same = old[0].version == first.version and old[0].rfc == first.rfc
            earlier = old[0].version < first.version
            weight = (sure, 2 if same else 1 if earlier else 0, old[0].version, old[0].date)
            if best is None or weight > rank:
                best, rank = old, weight
        return best


def tree_of(mail):
    """Backports to several trees are not the same again."""
    return re.findall(r"\bAUTOSEL\b|(?<![v\d/.])\d+\.\d+(?:\.\w+)?", mail.tags)


def precedes(old, new):
    if old.date > new.date and old.number > new.number:
        return False
    if old.rfc and not new.rfc:
        return old.date <= new.date
    if old.version != new.version:
        return old.version < new.version
    return old.rfc == new.rfc and old.date <= new.date and (
        bool(re.search(r"RESEND|REPOST", new.tags, re.I)) or is_copy(old, new))


def place(mail):
    return mail.place[:2] if mail.place and mail.place[1] > 1 else None


def is_copy(old, new):
    """The same change at the same place of a series, posted again without a word."""
    return title(old) == title(new) and old.text_author() == new.text_author() and \
        tree_of(old) == tree_of(new) and place(old) == place(new) and \
        (added_lines(old) == added_lines(new) if new.diff else old.body == new.body)


def count_history(versions, parts, last):
    """The state of a series, and of which version it is the next."""
    old = versions.previous(parts)
    first = parts[0]
    before = [s for s in versions.series if s is not parts and s[0].number < first.number and
              s[0].version == first.version and tree_of(s[0]) == tree_of(first) and
              s[0].text_author() == first.text_author()]
    again = bool(re.search(r"RESEND|REPOST", first.tags, re.I)) or any(
        is_copy(p, first) for s in before for p in s) or (
            old and old[0].version == first.version and old[0].rfc == first.rfc and
            {added_lines(p) for p in old} == {added_lines(p) for p in parts})
    figures = {"state": "resent" if again else "rerolled" if old else "new"}
    if old:
        figures["previous"] = old[0].version
        figures["days"] = max(day(first) - day(old[0]), 0)
        figures["patches"] = compare_patches(old, parts)
    return figures


def compare_patches(old, new):
    """How many patches are changed, new, dropped, the same; None where some are not here."""
    olds, news = [[p for p in parts if is_patch(p)] for parts in (old, new)]
    for patches in olds, news:
        total = max([p.place[1] for p in patches if p.place] or [1])
        if len(patches) != total:
            return None
    titles, diffs = {title(p) for p in olds}, {added_lines(p) for p in olds}
    same = sum(added_lines(p) in diffs for p in news)
    changed = sum(added_lines(p) not in diffs and title(p) in titles for p in news)
    return {"changed": changed, "new": len(news) - same - changed,
            "dropped": max(len(olds) - same - changed, 0), "same": same}


def count_contributors(versions, window):
    """How many patches, cover letters and pull requests came from each address, and domain."""
    people, domains = {}, {}
    for mail in window:
        if not mail.posting or any(
                is_copy(p, mail) and p.version == mail.version and p.rfc == mail.rfc
                for p in versions.archive.by_title.get(title(mail), ()) if p.number < mail.number):
            continue
        author = mail.text_author()
        people[author] = people.get(author, 0) + 1
        domain = author.rpartition("@")[2]
        domains[domain] = domains.get(domain, 0) + 1
    return people, domains


def count_thread(archive, window, root):
    """Messages and replies of the thread that begins with ROOT, a Message-ID, and is of no patch."""
    own = [m for m in window if not m.posting and archive.target(m) is None and
           (m.references[:1] or [m.id])[0] == root]
    return {"messages": len(own), "replies": sum(m.human for m in own)}


def own_lines(mail):
    text = re.split(r"(?m)^-- $", mail.body)[0]
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if not line.strip() or QUOTED.match(line):
            continue
        if re.search(r"(wrote|writes|said):?\s*$", line) or (
                re.match(r"On .*(\d{4}|<)", line) and i + 1 < len(lines) and
                re.search(r"wrote:\s*$", lines[i + 1])):
            continue
        if line.startswith("diff --git"):
            return
        yield line.strip()


def read_notice(mail):
    """(tree, commits) of a person's notice that something was applied, or None."""
    if not mail.human or not mail.reply:
        return None
    lines = list(own_lines(mail))
    at = next((i for i, line in enumerate(lines[:4])
               if any(map(SENTENCE.match, CLAUSES.split(line))) and not line.endswith("?")
               and not NOT_A_TREE.search(line)), None)
    commits = []
    for line in lines:
        for commit in COMMIT.findall(line):
            if len(commit) != 16 and re.search(r"\d", commit) and commit not in commits:
                commits.append(commit)
    if at is None or (len(lines) > 12 and not commits):
        return None
    found = TREE.search(lines[at])
    tree = TREE_END.sub("", found.group(1)).rstrip(" .,!:;") if found else ""
    return tree, commits, lines[at]


def numbers_named(line):
    """The patches that "Queued 1-20 and 22-28." names."""
    numbers = r"#?(\d[\d\s,/&#-]*(?:and [\d\s,/#-]+)*)(?![\w.]*\d)"
    found = re.search(r"patch(?:es)? " + numbers, line, re.I) or \
        re.search(r"(?:applied|queued|merged)(?: up)?(?: the)? " + numbers, line, re.I)
    named = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?(?:/\d+)?", found.group(1) if found else ""):
        named |= set(range(int(first), int(last or first) + 1))
    return named


def count_applied(archive, window):
    """What people said that they applied: a row for each series, tree and who says so."""
    rows = {}
    for mail in window:
        notice = read_notice(mail)
        if notice is None:
            continue
        tree, commits, line = notice
        target = archive.target(mail)
        key = (target.series[0].id if target else mail.subject, mail.author, tree)
        row = rows.setdefault(key, {"link": mail.id, "tree": tree or None, "by": mail.author,
                                    "commits": [], "patches": set(), "total": None})
        row["commits"] += [c for c in commits if c not in row["commits"]]
        if target and target.place:
            row["total"] = target.place[1] or None
        if target:
            cover = target.place and target.place[0] == 0
            parts = [p for p in target.series if not cover or p is not target] or [target]
            row["patches"] |= {p.id for p in (parts if cover else [target])}
            row["named"] = len(numbers_named(line)) if cover else 0
    for row in rows.values():
        row["commits"].sort()
        count = len(row.pop("patches"))
        named = row.pop("named", 0)
        if row["commits"] and row["total"]:
            count = min(len(row["commits"]), row["total"])
        elif named and count > 1:
            count = min(count, named)
        row["patches"] = count or None
    return {row["link"]: row for row in rows.values()}


def ours_of_applied(rows):
    found = {}
    for row in rows:
        link = re.sub(r"/$", "", row["link"]).rpartition("/")[2].replace("%2F", "/")
        if not row["robot"]:
            found[link] = {"link": link, "tree": row["tree"], "by": row["by"]["address"].lower(),
                           "commits": sorted(row["commits"]), "patches": row["patches"],
                           "total": row["total"]}
    return found
