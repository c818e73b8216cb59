#!/bin/bash
# RELIABILITY 7: memory runs out at any allocation: 75, and the next delivery is clean.
. "${srcdir:-.}/tests/lib.sh"
if [ -n "$sanitized" ]; then
	skip_all "a sanitizer has its own allocator"
fi
python_test -DSHIM_ALLOCATIONS <<'END'
from safe import *

MAIL = (b"Subject: =?iso-8859-2?q?[PATCH]_=B1?=\nFrom: =?utf-8?b?w4Vzcg==?= <a@list.example>\n"
        b"Message-ID: <patch-9@list.example>\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; "
        b"charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nchange number 9 =E9\n"
        b"---\n x | 1 +\n 1 file changed, 1 insertion(+)\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n"
        b"@@ -0,0 +1 @@\n+y\n--b--\n")

for kind, start, wanted in (("cold", None, []), ("warm", warm("warm"), [1, 2, 3])):
    log = fresh("allocations-" + kind)
    run(copy(start, "count"), "record", mail=MAIL, malloc_log=log)
    with open(log) as file:
        count = int(file.read())

    def fail(n):
        home = copy(start, "%s-%d" % (kind, n))
        what = "allocation %d" % n
        ran = run(home, "record", mail=MAIL + b"x" * 200000, malloc=n, second=20)
        bad = []
        if ran.status not in (0, 75):
            bad.append("%s: %r" % (what, ran))
        # GLib adds a line of its own before main().
        words = [line for line in ran.err.splitlines() if line.startswith(b"mldigest: ")]
        if ran.status == 75 and len(words) != 1:
            bad.append("%s: not one line: %r" % (what, ran))
        if ran.status == 0:
            bad += ["%s: acknowledged, and %s" % (what, line) for line in lines(home, 9)]
        again = record(home, 10, limit=10)
        if again.status != 0:
            bad.append("%s: the next delivery: %r" % (what, again))
        bad += ["%s: %s" % (what, line) for line in missing(home, wanted + [10])]
        shutil.rmtree(home, ignore_errors=True)
        return bad

    def lines(home, number):
        ran = run(home, "explain", "patch-%d@list.example" % number)
        return [] if ran.status == 0 else ["explain: %r" % ran]

    some = list(range(1, min(count, 2000) + 1))
    # The first ones are GLib's allocator's, which waits for itself without memory: not for ever.
    some = some if LONG else some[:12] + some[12::max(1, len(some) // 110)]
    point("a %s home: at %d of %d allocations" % (kind, len(some), count), each(fail, some))
plan()
END
