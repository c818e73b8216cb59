# Mails that want a reader's time or memory, by name: each a function that gives the mail in pieces.
# SIZE bytes each where nothing else is said.  Below them mailboxes of mails that are harmless one by
# one.
import base64

SIZE = 10_000_000
HEAD = b"""From: Ada Example <ada@list.example>
Subject: %s
Date: Mon, 6 Jan 2025 10:00:00 +0000
Message-ID: <%s@list.example>
"""
DIFF = b"""diff --git a/demo.c b/demo.c
--- a/demo.c
+++ b/demo.c
@@ -1,2 +1,3 @@
 a
+b
 c
"""
MAILS = {}


def mail(function):
    MAILS[function.__name__.replace("_", "-")] = function
    return function


def head(name, subject=b"[PATCH] demo: a change", more=b""):
    return HEAD % (subject, name) + more


def times(piece, size=None):
    """PIECE, which may be a function of a number, until SIZE bytes have come."""
    done = i = 0
    size = size or SIZE
    while done < size:
        if callable(piece):
            text = b"".join(piece(j) for j in range(i, i + 1000))
            i += 1000
        else:
            text = piece * max(1, 65536 // len(piece))
        yield text
        done += len(text)


def simple(name, piece, before=b"", after=b"", subject=b"[PATCH] demo: a change", more=b""):
    """A body of PIECE again and again."""
    def parts():
        yield head(name.encode(), subject, more) + b"\n" + before
        yield from times(piece)
        yield after
    MAILS[name] = parts


MIXED = b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n'
PLAIN = b"--b\nContent-Type: text/plain\n\nx\n"


@mail
def parts():
    yield head(b"parts", more=MIXED) + b"\n"
    for i in range(100):
        yield b"--b\n\n\n" * 10_000


@mail
def parts_with_types():
    yield head(b"parts-with-types", more=MIXED) + b"\n"
    yield from times(PLAIN)


@mail
def headers():
    yield head(b"headers")
    for i in range(100):
        yield b"X-A: b\n" * 10_000
    yield b"\nbody\n"


@mail
def headers_that_are_read():
    yield head(b"headers-that-are-read")
    for field in (b"To", b"Cc", b"List-Id", b"Received", b"Content-Type", b"Message-ID",
                  b"References", b"Subject", b"From", b"Date"):
        yield (field + b": <a@b.example>\n") * 100_000
    yield b"\nbody\n"


@mail
def nesting():
    yield head(b"nesting")
    for i in range(100_000):
        yield b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i)
    yield b"\nleaf\n"


@mail
def nesting_of_one_boundary():
    yield head(b"nesting-of-one-boundary")
    yield from times(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n")


@mail
def nesting_of_messages():
    yield head(b"nesting-of-messages")
    yield from times(b"Content-Type: message/rfc822\n\n")


@mail
def header_of_64_megabytes():
    yield head(b"header-of-64-megabytes")
    yield from times(b"X-Long: " + b"x" * 70 + b"\n", 64_000_000)
    yield b"\nbody\n"


@mail
def header_of_64_megabytes_in_one_field():
    yield head(b"header-of-64-megabytes-in-one-field") + b"To: "
    yield from times(b"ada@list.example,\n ", 64_000_000)
    yield b"\n\nbody\n"


@mail
def header_of_64_megabytes_without_an_end():
    yield head(b"header-of-64-megabytes-without-an-end") + b"X: "
    yield from times(b"x" * 65536, 64_000_000)


@mail
def parameter_names():
    yield head(b"parameter-names")
    for length in range(60, 80):
        yield b'Content-Type: text/plain; %s="gr\xc3\xbc"\n' % (b"n" * length)
    yield b"\nbody\n"


@mail
def parameter_name_of_a_part():
    yield head(b"parameter-name-of-a-part", more=MIXED) + b"\n"
    for length in range(66, 76):
        yield b'--b\nContent-Type: text/plain; %s*=utf-8\'\'gr%%C3%%BC\n\nx\n' % (b"n" * length)
        yield b'--b\nContent-Disposition: inline; %s="\xff"\n\nx\n' % (b"n" * length)


@mail
def parameters_continued():
    yield head(b"parameters-continued") + b"Content-Type: text/plain"
    for i in range(500_000):
        yield b";\n x*%d*=a%%20" % i
    yield b"\n\nbody\n"


@mail
def parameters_continued_in_parts():
    yield head(b"parameters-continued-in-parts", more=MIXED) + b"\n"
    for part in range(150):
        yield b"--b\nContent-Type: text/plain"
        yield b"".join(b";\n name*%d*=utf-8''a%%20" % (3000 - i) for i in range(3000))
        yield b"\n\nx\n"


@mail
def parameters():
    yield head(b"parameters") + b"Content-Type: text/plain"
    yield from times(lambda i: b";\n a%d=b" % i)
    yield b"\n\nbody\n"


@mail
def parameters_in_parts():
    yield head(b"parameters-in-parts", more=MIXED) + b"\n"
    for part in range(150):
        yield b"--b\nContent-Type: text/plain"
        yield b"".join(b";\n a%d=b" % i for i in range(6000)) + b"\n\nx\n"


@mail
def header_of_a_part():
    yield head(b"header-of-a-part", more=MIXED) + b"\n--b\n"
    yield from times(lambda i: b"X-%d: b\n" % i)
    yield b"\nbody\n"


for name, first, line in (("fields-with-8-bits", b"", b"\xc3\xbc:\n"),
                          ("fields-without-a-name", b"", b"a:\n:\n"),
                          ("fields-and-other-lines", b"", b"a:\nb\n"),
                          ("fields-with-blanks", b"", b"a :\n"),
                          ("fields-with-cr", b"", b"a:\r\n"),
                          ("fields-of-a-forwarded-mail", b"Content-Type: message/rfc822\n\n", b"a:\n"),
                          ("fields-of-a-part-without-type", b"X: y\n\n", b"a:\n")):
    simple(name + "-in-a-part", line, before=b"--b\n" + first, more=MIXED)
simple("fields-of-the-mail-in-a-mail", b"a:\n", more=b"Content-Type: message/rfc822\n")
simple("fields-of-a-mail-in-a-digest", b"a:\n", before=b"--b\n\n",
       more=b"Content-Type: multipart/digest; boundary=b\n")


@mail
def field_of_a_part():
    yield head(b"field-of-a-part", more=MIXED) + b"\n--b\nContent-Type: text/plain; a="
    yield from times(b"x" * 70 + b"\n ")
    yield b"\n\nbody\n"


def addresses(field):
    name = b"addresses-in-" + field.lower()

    def parts():
        yield (b"From: Ada <ada@list.example>\n" if field != b"From" else b"") + \
            b"Subject: [PATCH] x\nMessage-ID: <" + name + b"@list.example>\n" + field + b": "
        for i in range(500):
            yield b"".join(b"Reader %d <a%d@list.example>,\n " % (i, j) for j in range(1000))
        yield b"\n\nbody\n"
    MAILS[name.decode()] = parts


for field in (b"To", b"From", b"Cc", b"Reply-To"):
    addresses(field)


@mail
def groups_in_from():
    yield b"Subject: [PATCH] x\nMessage-ID: <groups-in-from@list.example>\nFrom: "
    yield from times(b"a:")
    yield b"\n\nbody\n"


@mail
def comments_in_from():
    yield b"Subject: [PATCH] x\nMessage-ID: <comments-in-from@list.example>\nFrom: "
    yield from times(b"(")
    yield b"\n\nbody\n"


@mail
def references():
    yield head(b"references") + b"References:"
    yield from times(lambda i: b" <%d@list.example>\n" % i)
    yield b"\nbody\n"


@mail
def references_in_short_fields():
    yield head(b"references-in-short-fields")
    yield from times(lambda i: b"References: <%d@list.example>\n" % i)
    yield b"\nbody\n"


@mail
def references_that_are_not_closed():
    yield head(b"references-that-are-not-closed") + b"References: "
    yield from times(b"<")
    yield b"\n\nbody\n"


@mail
def message_id():
    yield b"From: a@b.example\nSubject: [PATCH] message-id\nMessage-ID: <"
    yield from times(b"i")
    yield b"@list.example>\n\nbody\n"


def subject(name, piece):
    def parts():
        yield b"From: a@b.example\nMessage-ID: <" + name.encode() + b"@list.example>\nSubject: "
        yield from times(piece)
        yield b"\n\nbody\n"
    MAILS[name] = parts


subject("brackets-in-the-subject", b"[")
subject("tags-in-the-subject", b"[PATCH v2 1/3]")
subject("commas-in-the-subject", b"[,")
subject("replies-in-the-subject", b"Re: ")
subject("encoded-words", b"=?utf-8?q?a=20?=\n ")
subject("encoded-words-not-closed", b"=?")
subject("encoded-words-of-base64", b"=?utf-8?b?4oCu4oCu?=\n ")
subject("encoded-words-of-charsets", b"=?iso-2022-jp?b?GyRC?=\n ")
subject("blanks-in-the-subject", b" \n\t")
subject("a-subject-of-one-line", b"x")

simple("one-line", b"x" * 65536)
simple("one-line-of-blanks", b" ")
simple("one-line-of-diff", b"+" * 65536, before=DIFF)
simple("empty-lines", b"\n")
simple("carriage-returns", b"\r")
simple("nul-bytes", b"\0")
simple("bad-utf8", b"\xe2\x82")
simple("quotes", b"> > > > > > > > a\n")
simple("quotes-of-one-line", b">")
simple("quotes-in-a-reply", b"> a\n", subject=b"Re: [PATCH] x")
simple("deep-quotes-in-a-reply", b">" * 900 + b"\n", subject=b"Re: [PATCH] x")
simple("quoted-diffs-in-a-reply", b"> diff --git a/x b/x\n> --- a/x\n> +++ b/x\n> @@ -1 +1 @@\n"
       b"> -a\n> +b\nno\n", subject=b"Re: [PATCH] x")
simple("attributions", b"On Monday, Ada Example wrote:\n\n", subject=b"Re: [PATCH] x")
simple("attributions-of-two-lines", b"On Monday, 6 January 2025, Ada\n", subject=b"Re: x")
simple("trailers", b"Reviewed-by: Ada <a@b.example>\n", after=b"---\n" + DIFF)
simple("trailers-in-a-reply", b"Reviewed-by: Ada <a@b.example>\n", subject=b"Re: [PATCH] x")
simple("trailers-not-closed", b"Reviewed-by: Ada <", subject=b"Re: [PATCH] x")
simple("trailers-that-are-wrapped", b"Reviewed-by: Ada\n <a@b.example>\n",
       subject=b"Re: [PATCH] x")
simple("trailers-of-half", b"Reviewed-by: Ada Example\n", subject=b"Re: [PATCH] x")
simple("a-trailer-that-is-continued", b" more\n", before=b"x\n\nReviewed-by: Ada\n",
       after=b"---\n" + DIFF)
simple("links-that-are-wrapped", b"Link:\nhttps://lore.kernel.org/r/a@b\n",
       after=b"---\n" + DIFF)
simple("paragraphs", b"Reviewed-by: Ada <a@b.example>\n\n", after=b"---\n" + DIFF)
simple("colons", b"a:", after=b"\n---\n" + DIFF)
simple("scissors", b"-- >8 --\n", subject=b"Re: [PATCH] x")
simple("signatures", b"-- \n")
simple("signatures-without-blank", b"--\n")
simple("separators", b"---\n")
simple("rules-of-lists", b"_" * 60 + b"\n")
simple("rules-of-lists-of-one-line", b"_")
simple("copied-heads", b"From: Ada <a@b.example>\nSubject: x\n\n", subject=b"Re: [PATCH] x")
simple("commits", b"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n",
       subject=b"Re: [PATCH] x")
simple("commits-of-a-log", b"commit 0123456789012345678901234567890123456789\n    x\n",
       subject=b"Re: [PATCH] x")
simple("diffs", lambda i: b"diff --git a/f%d b/f%d\n" % (i, i))
simple("diffs-plain", b"--- a/x\n+++ b/x\n")
simple("diffs-with-a-line", lambda i: b"--- a/%d\n+++ b/%d\n@@ -1 +1 @@\n-a\n+b\n" % (i, i))
simple("hunks", b"@@ -1 +1 @@\n-a\n+b\n", before=b"--- a/x\n+++ b/x\n")
simple("a-hunk-without-end", b"+a\n",
       before=b"--- a/x\n+++ b/x\n@@ -1,99999999999 +1,99999999999 @@\n")
simple("hunks-that-end-early", b"@@ -1,9 +1,9 @@\n", before=b"--- a/x\n+++ b/x\n")
simple("indexes", b"Index: x\n=====\n")
simple("renames", b"diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n")
simple("names-in-quotes", b'diff --git "a/\\303\\274" "b/\\303\\274"\n')
simple("a-name-in-quotes", b"\\303", before=b'diff --git "a/')
simple("blanks-in-a-name", b"x ", before=b"diff --git ")
simple("names-with-b", b" b/", before=b"diff --git a/")
simple("diffstats", lambda i: b" f%d.c | 1 +\n" % i, before=b"---\n",
       after=b" 1 file changed, 1 insertion(+)\n\n" + DIFF)
simple("diffstat-totals", b" 1 file changed, 1 insertion(+)\n", before=b"---\n")
simple("diffstats-without-total", b" f.c | 1 +\n", before=b"---\n", after=DIFF)
simple("diffstats-again-and-again", b" f.c | 1 +\n 1 file changed, 1 insertion(+)\n",
       before=b"---\n")
simple("renames-in-a-diffstat", b" {a => b}/{c => d}.c | 1 +\n", before=b"---\n",
       after=b" 1 file changed, 1 insertion(+)\n")
simple("a-rename-in-a-diffstat", b"{a => ", before=b"---\n ",
       after=b" | 1 +\n 1 file changed, 1 insertion(+)\n")
simple("marks-of-a-diffstat", b"+", before=b"---\n a.c | 99999999 ",
       after=b"\n 1 file changed, 1 insertion(+)\n")
simple("urls", lambda i: b"https://lore.kernel.org/r/%d@list.example\n" % i)
simple("urls-in-one-line", b"https://lore.kernel.org/r/a@b ")
simple("a-url", b"/a", before=b"https://lore.kernel.org/r/")
simple("schemes", b"http:")
simple("applied", b"Applied to foo/next, thanks!\n", subject=b"Re: [PATCH] x")
simple("applied-in-one-line", b"Applied to ", subject=b"Re: [PATCH] x")
simple("applied-here", b"Here is the summary with links:\n  - [1/3] x\n    "
       b"https://git.kernel.org/x/c/0123456789ab\n", before=b"This series was applied to x.git\n",
       subject=b"Re: [PATCH] x")
simple("applied-commits", lambda i: b"[%d/9] x\n      commit: %040x\n" % (i, i),
       before=b"Applied to x, thanks!\n\n", subject=b"Re: [PATCH] x")
simple("queued", b"queued\nthanks\npushed to\n", subject=b"Re: [PATCH] x")
simple("hexadecimal", b"0123456789abcdef", subject=b"Re: [PATCH] x")
simple("hexadecimal-words", b"0123456789ab ", subject=b"Re: [PATCH] x",
       before=b"Applied, thanks!\n")
simple("base-commits", b"base-commit: 0123456789012345678901234567890123456789\n",
       before=DIFF + b"-- \n")
simple("prerequisites", b"prerequisite-patch-id: 0123456789012345678901234567890123456789\n",
       before=DIFF + b"-- \n")
simple("change-ids", b"change-id: 20250101-a-b\n", before=b"---\n", after=DIFF)
simple("in-body-headers", b"From: Ada <a@b.example>\n", after=DIFF)
simple("in-body-header-folded", b" x\n", before=b"From: Ada <a@b.example>\n", after=DIFF)
simple("in-body-from-of-addresses", b"Ada <a@b.example>, ", before=b"From: ",
       after=b"\n\n" + DIFF)
simple("in-body-subject", b"[PATCH] ", before=b"Subject: ", after=b"\n\n" + DIFF)
simple("in-body-subject-folded", b"=?utf-8?q?a?=\n ", before=b"Subject: ", after=b"\n\n" + DIFF)
simple("in-body-blank-lines", b" \n", after=b"From: Ada <a@b.example>\n\n" + DIFF)
simple("pull-requests", b"are available in the Git repository at:\n\n  git://x y\n\n",
       subject=b"[GIT PULL] x")
simple("words-of-a-robot", b"Reported-by: syzbot\nBUG: unable to handle\n"
       b"kernel test robot noticed\n", subject=b"[syzbot] x")
simple("questions", b"how why what ?\n", subject=b"a question", more=b"To: kvm@list.example\n")
simple("letters", "äöü ".encode())
simple("bidi-controls", "\u202e\u2066".encode())

LINE = b"An ordinary line of text, which is encoded here.\n"
simple("base64", base64.encodebytes(LINE * 30), more=b"Content-Transfer-Encoding: base64\n")
simple("base64-in-one-line", base64.b64encode(LINE * 30),
       more=b"Content-Transfer-Encoding: base64\n")
simple("quoted-printable", b"=C3=BC=\n", more=b"Content-Type: text/plain; charset=utf-8\n"
       b"Content-Transfer-Encoding: quoted-printable\n")
simple("uuencode", b"M" + b"8" * 60 + b"\n", before=b"begin 644 x\n",
       more=b"Content-Transfer-Encoding: x-uuencode\n")
simple("utf-7", b"+AGEAYg-", more=b"Content-Type: text/plain; charset=utf-7\n")
simple("iso-2022-jp", b"\x1b$B", more=b"Content-Type: text/plain; charset=iso-2022-jp\n")
simple("utf-16", b"\xff\xd8", more=b"Content-Type: text/plain; charset=utf-16\n")
simple("gb18030", b"\x84\x31\xa4\x37", more=b"Content-Type: text/plain; charset=gb2312\n")
simple("flowed", b"  \n", more=b"Content-Type: text/plain; format=flowed\n")
for name, piece in (("tags", b"<b>"), ("tags-not-closed", b"<"), ("comments", b"<!--"),
                    ("entities", b"&amp;"), ("entities-not-closed", b"&"), ("scripts", b"<script>"), ("styles", b"<style></styl"), ("attributes", b"<a b='"), ("quotes", b"<blockquote>"),
                    ("breaks", b"<br>"), ("tables", b"<table><tr><td>"), ("words", b"word ")):
    simple("html-" + name, piece, more=b"Content-Type: text/html\n")


def write(name, path):
    with open(path, "wb") as file:
        for piece in MAILS[name]():
            file.write(piece)


BODY = b"""A change.

Signed-off-by: Ada Example <ada@list.example>
---
 f.c | 2 +-
 1 file changed

diff --git a/f%d.c b/f%d.c
--- a/f%d.c
+++ b/f%d.c
@@ -1 +1 @@
-a
+%d
"""


def one(number, subject, references=(), body=None):
    refs = b"References:" + b"".join(b" <%d@list.example>\n" % i for i in references)
    return (b"From: Ada Example <ada@list.example>\nSubject: %s\n"
            b"Date: Mon, 6 Jan 2025 10:%02d:%02d +0000\nMessage-ID: <%d@list.example>\n%s\n%s"
            % (subject, number // 60 % 60, number % 60, number, refs if references else b"",
               BODY % ((number,) * 5) if body is None else body))


def answer(number):
    return one(number, b"Re: [PATCH] a title", [0] + list(range(max(1, number - 99), number)),
               b"> x\n\nReviewed-by: R%d <r%d@list.example>\n" % (number, number))


def before(number):
    return range(max(0, number - 100), number)


# By name: a mail by its number.
CROWDS = {
    "first patches of two": lambda i: one(i, b"[PATCH 1/2] one title"),
    "patches of two that answer each other":
        lambda i: one(i, b"[PATCH %d/2] title %d" % (i % 2 + 1, i), before(i)),
    "revisions of one title": lambda i: one(i, b"[PATCH v%d] one title" % (i + 1)),
    "revisions that answer each other":
        lambda i: one(i, b"[PATCH v%d] one title" % (i + 1), before(i)),
    "reviews of one patch":
        lambda i: answer(i) if i else one(0, b"[PATCH] a title"),
    "answers under one Message-ID":
        lambda i: one(1, b"Re: x", body=b"%d\n" % i),
}


def write_crowd(name, count, path):
    with open(path, "wb") as file:
        for i in range(count):
            file.write(b"From x Mon Jan  6 10:00:00 2025\n" + CROWDS[name](i) + b"\n")
