"""Archives of synthetic mails, for the tests of import.

archive.py mbox FIRST LAST         an mbox of numbered patches
archive.py v2 FIRST LAST [BRANCH]  a git fast-import stream: public-inbox v2, file `m'
archive.py v1 FIRST LAST           the same for v1: xx/38 digits
archive.py one N                   one of these mails
With the commit $ON_TOP the first one comes on top of it.
A number N with `d' in front (v2 and v1 only, given as LIST instead of FIRST LAST, comma
separated) is a commit that deletes; `N=M' is message N with M's text (an edit).
"""
import email.utils
import hashlib
import os
import sys

START = 1736157600  # 2025-01-06 10:00:00


def mail(n, text=None):
    text = n if text is None else text
    date = email.utils.formatdate(START + 60 * n)
    return """From: Ada Example <ada%d@list.example>
Subject: [PATCH] demo: change number %d
Date: %s
Message-ID: <archive-%d@list.example>
List-Id: <demo.list.example>

Change number %d of the demo.

---
 demo/f%d.c | 1 +
 1 file changed, 1 insertion(+)

diff --git a/demo/f%d.c b/demo/f%d.c
--- a/demo/f%d.c
+++ b/demo/f%d.c
@@ -1,2 +1,3 @@
 a
+line %d
 b
""" % (n % 7, n, date, n, text, n, n, n, n, n, text)


def items(words):
    if len(words) == 1:
        for word in words[0].split(","):
            n, _, text = word.lstrip("d").partition("=")
            yield int(n), int(text or n), word.startswith("d")
    else:
        for n in range(int(words[0]), int(words[1]) + 1):
            yield n, n, False


def stream(kind, words):
    out = []
    for i, (n, text, removal) in enumerate(items(words)):
        data = mail(n, text)
        out.append("commit refs/heads/master\ncommitter Ada <ada@list.example> %d +0000\n"
                   "data 5\nmail\n" % (START + 60 * n + (3600 if removal else 0)))
        if i == 0 and os.environ.get("ON_TOP"):
            out.append("from %s\n" % os.environ["ON_TOP"])
        if kind == "v1":
            digits = hashlib.sha1(b"archive-%d@list.example" % n).hexdigest()
            path = digits[:2] + "/" + digits[2:]
            if removal:
                out.append("D %s\n" % path)
                continue
        else:
            path = "d" if removal else "m"
            out.append("deleteall\n")
        out.append("M 100644 inline %s\ndata %d\n%s\n" % (path, len(data), data))
    return "".join(out)


def main():
    kind, words = sys.argv[1], sys.argv[2:]
    if kind == "mbox":
        for n, text, _ in items(words):
            sys.stdout.write("From ada@list.example Mon Jan %2d 10:00:00 2025\n%s\n" %
                             (6 + n % 20, mail(n, text)))
    elif kind == "one":
        sys.stdout.write(mail(int(words[0])))
    else:
        sys.stdout.write(stream(kind, words))


main()
