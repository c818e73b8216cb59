# SPDX-License-Identifier: GPL-2.0-or-later
"""The table, the kinds of disagreement, and each disagreement for a person to read."""


def printable(line):
    """LINE with controls as \\xNN: a file of disagreements is for a pager."""
    return "".join(c if c >= " " and c != "\x7f" or c == "\t" else "\\x%02x" % ord(c)
                   for c in line)


def percent(part, whole):
    return "%.2f" % (100.0 * part / whole) if whole else "-"


def print_table(counts, explained, out):
    """COUNTS: check -> [compared, agree, refused]; EXPLAINED: check -> how many."""
    form = "%-22s %9s %9s %9s %9s %9s %9s\n"
    out.write(form % ("check", "compared", "agree", "per cent", "disagree", "explained",
                      "refused"))
    for check, (compared, agree, refused) in counts.items():
        out.write(form % (check, compared, agree, percent(agree, compared),
                          compared - agree, explained.get(check, 0), refused))


def print_kinds(kinds, out):
    """KINDS: (check, kind) -> [how many, one message-id]."""
    if kinds:
        out.write("\nThe disagreements, by kind:\n\n")
    for (check, kind), (many, example) in sorted(kinds.items(),
                                                 key=lambda k: (k[0][0], -k[1][0])):
        out.write("%6d  %-20s %s\n%28s  <%s>\n" % (many, check, kind, "", example))


def print_confusion(pairs, out):
    """PAIRS: (label, ours) -> how many.  Rows are the labels."""
    labels = sorted({label for label, _ in pairs})
    columns = sorted({ours for _, ours in pairs})
    out.write("\nClasses: a row a label, a column a class of ours\n\n%-16s" % "")
    out.write("".join("%8s" % c[:7] for c in columns) + "   right  per cent\n")
    for label in labels:
        row = [pairs.get((label, column), 0) for column in columns]
        right = pairs.get((label, label), 0)
        out.write("%-16s" % label + "".join("%8s" % (n or ".") for n in row) +
                  "%8d%10s\n" % (right, percent(right, sum(row))))


def print_disagreements(disagreements, out):
    """Each of them: dictionaries with check, kind, id, lines and perhaps why."""
    check = None
    for entry in disagreements:
        if entry["check"] != check:
            check = entry["check"]
            out.write("\n==== %s ====\n" % check)
        out.write("\n<%s>  %s\n" % (entry["id"], entry["kind"]))
        if entry.get("why"):
            out.write("    explained: %s\n" % entry["why"])
        out.writelines("    %s\n" % printable(line) for line in entry["lines"])
