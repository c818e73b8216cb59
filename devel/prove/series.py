# SPDX-License-Identifier: GPL-2.0-or-later
"""Series put together from the raw headers alone, to hold ours against.

A member is a message whose subject begins with brackets (no `Re:`), with an n/m among the tags of
a patch.  A series is made of members of the same total and the same version that

  - name the cover letter (0/m) in In-Reply-To or References, the nearest one;
  - else name the first patch (1/m), or another member that leads to it;
  - else name the same message, which is no member or is not here, and have one author;
  - else name nothing, and are one author's within minutes of each other.

A cover letter that has no patches by that has those of its author that answer to it and have none
either, whatever their total and version ("misnumbered")."""
import email.header
import email.parser
import email.utils
import re

NEAR_SECONDS = 15 * 60
NEAR_MAX = 20  # of a long thread's References; bounds memory
TAGS = re.compile(r"PATCH|RFC|RFT|PULL|RESEND|REPOST", re.I)
POSITION = re.compile(r"(?<![\d/.])(\d{1,4})(?:/|\s+of\s+)(\d{1,4})(?![\d/.])", re.I)
REVISION = re.compile(r"(?:^|[\s,]|PATCH|RFC)v(\d+(?:\.\d+)?)(?![\w.])", re.I)
MESSAGE_ID = re.compile(r"<([^<>\s]+)>")


def decode(value):
    """RFC 2047, unfolded.  What cannot be decoded stands as it is."""
    value = re.sub(r"\r?\n(?=[ \t])", "", str(value or ""))
    try:
        return str(email.header.make_header(email.header.decode_header(value)))
    except (ValueError, LookupError, UnicodeError):
        return value


def read_subject(subject):
    """(position, total, version) of a subject, or None."""
    brackets = re.match(r"\s*((?:\[[^\]]*\]\s*)+)", subject)
    position = brackets and POSITION.search(brackets.group(1))
    if not position:
        return None
    inside = re.sub(r"[\[\]]", " ", brackets.group(1))
    version = REVISION.search(inside)
    # `[linux-next:master 5/27]` is a robot's.
    if not TAGS.search(inside) and not version and inside.strip() != position.group(0):
        return None
    return int(position.group(1)), int(position.group(2)), \
        version.group(1) if version else "1"


def read_member(raw, record):
    """What is kept of a member, or None for any other message."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    fields = email.parser.BytesHeaderParser().parsebytes(head + b"\n\n")
    place = read_subject(decode(fields.get("Subject")))
    if place is None or place[1] < 2:
        return None
    near = MESSAGE_ID.findall(str(fields.get("In-Reply-To") or "")) + \
        MESSAGE_ID.findall(str(fields.get("References") or ""))[::-1]
    try:
        date = email.utils.parsedate_to_datetime(str(fields.get("Date"))).timestamp()
    except (TypeError, ValueError, OverflowError):
        date = 0
    return {
        "id": record["message_id"], "seq": record["seq"], "series": record.get("series"),
        "seen": record.get("seen"), "class": record["class"], "n": place[0],
        "key": "%s of %d" % (place[2], place[1]), "total": place[1], "date": date,
        "author": email.utils.parseaddr(decode(fields.get("From")))[1].lower(),
        "title": re.sub(r"^(\s*\[[^\]]*\])*\s*", "", decode(fields.get("Subject"))),
        # The nearest first: the parent, then References from its end.
        "near": near[:NEAR_MAX]}


class Found:
    """One series: its ROOT (a member or None), its PATCHES, and HOW it is held together."""

    def __init__(self, how, root, patches):
        self.how, self.root, self.patches = how, root, patches
        self.total = patches[0]["total"]

    def is_complete(self):
        return {p["n"] for p in self.patches} >= set(range(1, self.total + 1))


def is_reply_without_re(member, by_id):
    """Somebody's answer under the very subject."""
    parent = by_id.get(member["near"][0]) if member["near"] else None
    return parent is not None and (parent["n"], parent["key"], parent["title"]) == \
        (member["n"], member["key"], member["title"])


def find_root(member, by_id):
    """The cover letter that MEMBER names, or the first patch that it leads to, or None."""
    seen = set()
    while member["id"] not in seen:
        seen.add(member["id"])
        near = [by_id[i] for i in member["near"] if i in by_id and i != member["id"]]
        near = [m for m in near if m["key"] == member["key"]]
        covers = [m for m in near if m["n"] == 0]
        if covers:
            return covers[0]
        # In a chain the nearest is the patch before this one.
        if not near:
            return member if member["n"] == 1 else None
        member = ([m for m in near if m["n"] == 1] + near)[0]
    return None


def near_in_time(members):
    """MEMBERS, of one author and total, in groups with no pause longer than NEAR_SECONDS."""
    group = []
    for member in sorted(members, key=lambda m: m["date"]):
        if group and member["date"] - group[-1]["date"] > NEAR_SECONDS:
            yield group
            group = []
        group.append(member)
    if group:
        yield group


def take_out(members, used):
    members[:] = [m for m in members if m["id"] not in used]


def find_absent_root(loose):
    """Patches of one author that answer to one message, which is no member; takes them out of
    LOOSE."""
    groups, used = {}, set()
    for member in loose:
        if member["n"] > 0 and member["near"]:
            key = (member["near"][0], member["key"], member["author"])
            groups.setdefault(key, []).append(member)
    for patches in groups.values():
        numbers = [m["n"] for m in patches]
        if len(patches) > 1 and len(set(numbers)) == len(numbers):
            used |= {p["id"] for p in patches}
            yield Found("absent root", None, patches)
    take_out(loose, used)


def find_unthreaded(loose):
    by_author = {}
    for member in loose:
        if not member["near"] or member["n"] == 0:
            by_author.setdefault((member["author"], member["key"]), []).append(member)
    for members in by_author.values():
        for group in near_in_time(members):
            patches = [m for m in group if m["n"] > 0]
            numbers = [m["n"] for m in patches]
            covers = [m for m in group if m["n"] == 0]
            if patches and len(set(numbers)) == len(numbers) and len(covers) < 2:
                yield Found("not threaded", (covers + [None])[0], patches)


def find_misnumbered(loose, by_id):
    """Covers without patches, each with those of their author that answer to it; takes them out
    of LOOSE."""
    covers = {m["id"] for m in loose if m["n"] == 0}
    groups = {}
    for member in loose:
        parent = member["near"][0] if member["near"] and member["n"] > 0 else None
        if parent in covers and by_id[parent]["author"] == member["author"]:
            groups.setdefault(parent, []).append(member)
    for root, patches in groups.items():
        yield Found("misnumbered", by_id[root], patches)
    take_out(loose, set(groups) | {m["id"] for patches in groups.values() for m in patches})


def find_threaded(members, by_id):
    """Those that a cover letter or a first patch holds together; takes them out of MEMBERS."""
    groups, used = {}, set()
    for member in members:
        root = find_root(member, by_id) if member["n"] > 0 else None
        if root is not None:
            groups.setdefault(root["id"], []).append(member)
    for root, patches in groups.items():
        cover = by_id[root]["n"] == 0
        # A first patch that nothing leads to is by itself.
        if not cover and len(patches) == 1:
            continue
        yield Found("cover" if cover else "first patch", by_id[root] if cover else None, patches)
        used |= {root} | {p["id"] for p in patches}
    take_out(members, used)


def find(members):
    """The series among MEMBERS, as Found."""
    by_id = {m["id"]: m for m in sorted(members, key=lambda m: m["seq"], reverse=True)}
    loose = [m for m in by_id.values() if not is_reply_without_re(m, by_id)]
    by_id = {m["id"]: m for m in loose}
    for step in (find_threaded, find_misnumbered):
        yield from step(loose, by_id)
    yield from find_absent_root(loose)
    yield from find_unthreaded(loose)


def check_name(found):
    late = found.root and any(p["seq"] < found.root["seq"] for p in found.patches)
    return {"cover": "series, late cover" if late else "series, with cover",
            "misnumbered": "series, misnumbered", "first patch": "series, no cover",
            "absent root": "series, no cover", "not threaded": "series, not threaded"}[found.how]


def judge(found, tied, by_id):
    """(check, kind or None, first member, lines) of one Found; TIED has the members by our root.
    None for what cannot be held against ours."""
    if not found.is_complete() and found.how == "not threaded":
        return None
    check = check_name(found) if found.is_complete() else "series, in part"
    patches = sorted(found.patches, key=lambda p: (p["n"], p["seq"]))
    first = found.root or patches[0]
    # What ours calls the root of a series without its first message is ours to say; so it is where
    # patch 1 answers a message that is not here, which may be the cover letter.
    absent = first["near"][:1] == [first["series"]] and first["series"] not in by_id
    named = found.root is not None or (found.how == "first patch" and not absent)
    root = first["id"] if named else patches[0]["series"]
    wrong = [m for m in [first] + patches[first is patches[0]:] if m["series"] != root]
    ids = {p["id"] for p in patches}
    extra = [m for m in tied.get(root, []) if m["n"] > 0 and m["id"] not in ids]
    here = len({p["n"] for p in patches} & set(range(1, found.total + 1)))
    miscounted = [m for m in [first] + patches if m["seen"] != here]
    if root and not wrong and not extra and not miscounted:
        return check, None, first, []
    lines = ["%d of %d here, held together by: %s; root <%s>" % (
        here, found.total, found.how, root)]
    lines += ["not tied: %d/%d <%s> is in <%s>" % (m["n"], m["total"], m["id"], m["series"])
              for m in wrong[:6]]
    lines += ["tied too: %d/%d <%s>" % (m["n"], m["total"], m["id"]) for m in extra[:6]]
    lines += ["seen: %s, says %d/%d <%s>" % (m["seen"], m["n"], m["total"], m["id"])
              for m in miscounted[:6]]
    if root and not wrong and not extra:
        kind = "another count"
    elif not root or len(wrong) > len(patches):
        kind = "nothing is tied"
    else:
        kind = "some are not tied" if wrong else "others are tied too"
    return check, kind, first, lines


def compare(members):
    """Yields (check, kind or None, member, lines) for every series that MEMBERS make."""
    members = list(members)
    by_id = {member["id"]: member for member in members}
    tied = {}
    for member in members:
        tied.setdefault(member["series"], []).append(member)
    for found in find(members):
        verdict = judge(found, tied, by_id)
        if verdict is not None:
            yield verdict
