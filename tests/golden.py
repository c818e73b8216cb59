"""What the golden digests must look like, worked out without mldigest (FORMAT.md).

golden.py split MBOX DIRECTORY   the mails, one a file, without mbox's `From ' line
golden.py digest TXT MBOX        the old digest as ours has it: a digest on stdout
golden.py patches MBOX           the patch list that ours fills in
golden.py json FILE              of a digest as JSON what both have, a line each
"""
import email
import email.header
import hashlib
import json
import os
import re
import sys


def split(path):
    data = open(path, "rb").read()
    mails = re.split(rb"(?:\A|\n)From mboxrd@z [^\n]*\n", data)[1:]
    # The blank line before the next `From ' is mbox's, and so is the last one.
    mails = [m if m.endswith(b"\n") else m + b"\n" for m in mails]
    mails[-1] = mails[-1][:-1] if mails[-1].endswith(b"\n\n") else mails[-1]
    return [re.sub(rb"(?m)^>(>*From )", rb"\1", m) for m in mails]


def decode(field):
    words = email.header.decode_header(re.sub(r"\r?\n\s+", " ", field))
    return str(email.header.make_header(words))


def display(name):
    if name and re.search(r'[()<>\[\]:;@\\,."]', name):
        return '"%s"' % re.sub(r'(["\\])', r"\\\1", name)
    return name


def decode_row(row):
    """A row of a table; RFC 2047 words decoded, the name quoted as RFC 5322 asks."""
    match = re.fullmatch(r" *(\d+)  (.*) <(.*)>", row)
    if match and "=?" in match[2]:
        return "%7s  %s <%s>" % (match[1], display(decode(match[2])), match[3])
    return row


def order(row):
    count, label = re.fullmatch(r" *(\d+) {1,2}(.*)", row).groups()
    return int(count), label.lstrip('"').casefold().encode()


def links(mails):
    """The chain of DESIGN.md, for a home that knows no list id."""
    def b2(data):
        return hashlib.blake2b(data, digest_size=32).hexdigest()
    head = b2(b"mldigest-chain-v1 \n")
    yield head
    for n, mail in enumerate(mails, 1):
        message_id = re.search(rb"(?mi)^Message-ID: <(.*)>", mail)[1].decode()
        head = b2(("mldigest-rec-v1 %s %d %s %s\n" % (head, n, b2(mail), message_id)).encode())
        yield head


def patches(mails):
    for mail in reversed(mails):
        parsed = email.message_from_bytes(mail)
        subject = decode(parsed["Subject"])
        body = parsed.get_payload(decode=True).decode()
        if subject.lower().startswith("re:"):
            continue
        if not re.match(r"\[[^]]*PATCH", subject) or not (
                re.search(r"(?m)^diff --git ", body) or re.search(r"\b0+/\d+\]", subject)):
            continue
        in_body = re.match(r"\s*From: (.*?) <.*>\n", body)
        name = decode(in_body[1] if in_body else parsed["From"].rsplit(" <", 1)[0])
        yield "  %s  (%s)" % (subject, name.strip('"'))


def digest(text, mails):
    blocks = open(text, encoding="utf-8").read().split("\n\n")
    heads = list(links(mails))
    span = "%s to %s" % (heads[0][:8], heads[-1][:8])
    blocks[0] = re.sub(r"[0-9a-f]{8,} to [0-9a-f]{8,}", span, blocks[0])
    for i, block in enumerate(blocks):
        if block.startswith("Top 15 "):
            rows = [decode_row(row) for row in blocks[i + 1].split("\n")]
            blocks[i + 1] = "\n".join(sorted(rows, key=order, reverse=True))
    old = "===== Patch list in this time period =====\n\n\n"
    whole = "\n\n".join(blocks)
    assert whole.count(old) == 1
    listed = "".join(line + "\n" for line in patches(mails))
    return whole.replace(old, old[:-1] + listed + "\n")


def main():
    what, path = sys.argv[1:3]
    if what == "split":
        for i, mail in enumerate(split(path), 1):
            with open(os.path.join(sys.argv[3], "%04d.eml" % i), "wb") as out:
                out.write(mail)
    elif what == "digest":
        sys.stdout.write(digest(path, split(sys.argv[3])))
    elif what == "json":
        data = json.load(open(path, encoding="utf-8"))
        for entry in data["entries"]:
            print([entry[key] for key in ("title", "subject", "author", "body")])
        # The old digests ordered their rows by names that they had not decoded.
        print(*sorted(data["people"]), *sorted(data["domains"]), sep="\n")
    elif what == "patches":
        print("\n".join(patches(split(path))))


main()
