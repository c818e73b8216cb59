# SPDX-License-Identifier: GPL-2.0-or-later
"""One mail as git has it against our record of it.  What is made equal before the comparison
is said in prove's --help; it is all in this file."""
import difflib
import re
import unicodedata

GIT_NAME_BYTES = 60
# The kind of a disagreement about who the author is.
UNDONE = "undone rewriting"


def one_line(value):
    return " ".join(value.split())


def name_for_git(name, address):
    """What git takes for a name that it does not like, an empty one among them: the address
    (get_sane_name in mailinfo.c)."""
    if len(name.encode()) > GIT_NAME_BYTES or re.search("[@<>]", name) or not name:
        return address
    return name


def names_agree(git, ours, address):
    forms = (one_line(unicodedata.normalize("NFC", name)) for name in (git, ours))
    git, ours = forms
    return git == ours or git == name_for_git(ours, address)


def trimmed(lines):
    lines = [line.rstrip() for line in lines]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def our_message(shown):
    """The commit message in what a digest shows: without in-body headers other than From
    (which the digest leaves in, FORMAT.md) and up to the `---` line."""
    lines = trimmed(shown.split("\n"))
    while lines and re.match(r"(Subject|Date):\s", lines[0], re.I):
        lines.pop(0)
        while lines and lines[0][:1] in (" ", "\t"):
            lines.pop(0)
    for i, line in enumerate(lines):
        if re.fullmatch(r"---\s*", line):
            return trimmed(lines[:i])
    return trimmed(lines)


STAT_TOTAL = re.compile(r" \d+ files? changed")
STAT_LINE = re.compile(r" (.* \| .*|.*=>.*| ?\d+ files? changed.*|(create|delete|rename|copy|mode)"
                       r" .*)?$")


def message_kind(git, ours):
    """What two messages that differ differ by, in a few words."""
    if not ours or not git:
        return "ours is empty" if git else "git's is empty"
    if git[:len(ours)] == ours:
        rest = [line for line in git[len(ours):] if line]
        return "git's goes on, with a diffstat" if all(STAT_LINE.match(" " + line.lstrip())
                                                       for line in rest) else "git's goes on"
    if ours[:len(git)] == git:
        return "ours goes on"
    if git[-len(ours):] == ours:
        return "git's begins earlier"
    if ours[-len(git):] == git:
        return "ours begins earlier"
    if any(STAT_TOTAL.match(line) for line in ours):
        return "words, and ours has a diffstat"
    if "".join(git).split() == "".join(ours).split() or \
            "".join("".join(git).split()) == "".join("".join(ours).split()):
        return "white space"
    if "\ufffd" in "".join(ours) and "\ufffd" not in "".join(git):
        return "characters that we replaced"
    if "\ufffd" in "".join(git) and "\ufffd" not in "".join(ours):
        return "characters that are no UTF-8 in git's"
    return "words"


def difference(git, ours, limit=24):
    """The lines that differ: `-` what git says, `+` what we say."""
    lines = list(difflib.unified_diff(git, ours, lineterm="", n=1))[2:]
    more = ["… %d lines more" % (len(lines) - limit)] if len(lines) > limit else []
    return [line[:160] for line in lines[:limit]] + more


def sides(git, ours):
    return ["git:  %s" % git, "ours: %s" % ours]


def mailinfo(info, record):
    """Yields (check, kind or None for agreement, lines) for what git mailinfo gave."""
    ours = record["patch_author"]
    raw = record.get("from") or ours
    rewritten = UNDONE if (info["name"], info["address"]) == \
        (raw["name"], raw["address"]) and raw != ours else ""
    agree = names_agree(info["name"], ours["name"], ours["address"])
    yield "author name", None if agree else rewritten or "name", \
        sides(info["name"], ours["name"])
    agree = info["address"] == ours["address"]
    yield "author address", None if agree else rewritten or "address", \
        sides(info["address"], ours["address"])
    git, title = one_line(info["title"]), one_line(record["title"])
    kind = "git's has more" if title and title in git else \
        "ours has more" if git and git in title else "words"
    yield "title", None if git == title else kind, sides(git, title)
    git = trimmed(info["message"].decode("utf-8", "replace").split("\n"))
    text = our_message(record["text"])
    if git == text:
        yield "commit message", None, []
    else:
        yield "commit message", message_kind(git, text), difference(git, text)


def numstat(git, record):
    """(kind or None, lines) for the [(path, added, deleted)] of git apply --numstat."""
    ours = sorted((p["path"], p["added"], p["deleted"]) for p in record["paths"])
    # A file may come twice, in two patches of one mail.
    git = sorted(git, key=lambda entry: (entry[0], entry[1] or 0, entry[2] or 0))
    if [p[0] for p in ours] != [p[0] for p in git]:
        kind = "paths"
    elif any(g[1] is not None and o[1:] != g[1:] for g, o in zip(git, ours)):
        kind = "counts"
    else:
        return None, []
    form = "%s +%s -%s"
    return kind, difference([form % entry for entry in git], [form % entry for entry in ours])


def trailers(git, record):
    """(kind or None, lines) for the [(key, value)] of git interpret-trailers."""
    git = [(key, one_line(value)) for key, value in git]
    ours = [(t["key"], one_line(t["value"])) for t in record["trailers"]]
    if git == ours:
        return None, []
    if [(k.lower(), v) for k, v in git] == [(k.lower(), v) for k, v in ours]:
        kind = "case of a key"
    elif set(git) == set(ours):
        kind = "order, or one twice"
    elif set(git) < set(ours):
        kind = "ours has more"
    elif set(ours) < set(git):
        kind = "git has more"
    else:
        kind = "values"
    return kind, difference(["%s: %s" % t for t in git], ["%s: %s" % t for t in ours])
