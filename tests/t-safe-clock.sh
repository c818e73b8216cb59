#!/bin/bash
# RELIABILITY 17: the clock jumps by ten years, summer time comes and goes, a Date: lies in the far
# future.  Numbers and their order go on.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
from safe import *

NOW = 1767225600  # 2026-01-01
YEAR = 31557600


def at(moment, home, *arguments, mail=b"", zone="UTC0"):
    return run(home, *arguments, mail=mail, env={"MLDIGEST_NOW": str(moment), "TZ": zone})


def numbered(home):
    """The log from its oldest: (number, patch)."""
    lines = run(home, "log").out.decode().splitlines()
    pairs = [(int(line.split()[0]), re.search(r"change number (\S+)", line).group(1))
             for line in lines]
    return sorted(pairs)


# Arrivals in an order that no clock has.
jumps = [0, 10 * YEAR, -10 * YEAR, 1, -1, 60 * YEAR, -NOW, -NOW + 1, 3600, 0]
home = mailing("jumps", count=0)
for i, jump in enumerate(jumps):
    ran = at(NOW + jump, home, "record", mail=patch(i))
    if ran.status:
        point("a delivery at %+d" % jump, True, repr(ran))
same("ten deliveries by a clock that jumps: their numbers are in the order they came",
     numbered(home), [(i + 1, str(i)) for i in range(len(jumps))])
for jump in 0, -10 * YEAR, 10 * YEAR:
    shown = re.findall(r"^New: +demo: change number (\d+)$",
                       at(NOW + jump, home, "digest").out.decode(), re.M)
    same("a digest at %+d years has all of them, newest first" % (jump // YEAR), shown,
         [str(i) for i in reversed(range(len(jumps)))])
times = ["2016-01-01", "2025-12-31", "2026-01-02", "2036-01-02", "2086-01-03", "2100-01-01"]
counts = []
for since in times:
    ran = run(home, "digest", "--since", since)
    counts.append(len(re.findall(rb"^New: ", ran.out, re.M)))
point("a later --since never shows more", sorted(counts, reverse=True) != counts, counts)

# Flush at moments that go back: each message once, issues by number.
at(NOW, home, "flush")
for i, jump in enumerate((10 * YEAR, -10 * YEAR, 0, -1), 20):
    at(NOW + jump, home, "record", mail=patch(i))
    ran = at(NOW - jump, home, "flush")
    same("a flush %+d years from its messages" % (-2 * jump // YEAR), ran.status, 0, repr(ran))
mails = [mail for to, mail in sent(home)]
ids = [re.search(rb"^Message-I[Dd]: <digest-(\d+)\.", mail, re.M).group(1) for mail in mails]
same("five issues, counted up", ids, [b"1", b"2", b"3", b"4", b"5"])
import base64
shown = []
for mail in mails:
    text = base64.b64decode(mail.split(b"\n\n", 1)[1]).decode()
    shown.append(sorted(re.findall(r"^New: +demo: change number (\d+)$", text, re.M), key=int))
same("each message once", shown, [[str(i) for i in range(10)], ["20"], ["21"], ["22"], ["23"]])

# The hour that is there twice, and the one that is not.
for zone, moments in (("Europe/Berlin", (1761436800, 1761440400, 1761444000)),
                      ("Europe/Berlin", (1774742400, 1774746000, 1774749600)),
                      ("CET-1CEST,M3.5.0,M10.5.0/3", (1761440399, 1761440400, 1761440401))):
    home = fresh("dst")
    for i, moment in enumerate(moments):
        at(moment, home, "record", mail=patch(i), zone=zone)
    same("%s around %d: in order" % (zone, moments[1]), numbered(home),
         [(i + 1, str(i)) for i in range(len(moments))])
    ran = at(moments[2] + 10, home, "digest", "--since", "1h", zone=zone)
    same("%s around %d: the last hour has what came in it" % (zone, moments[1]),
         len(re.findall(rb"^New: ", ran.out, re.M)),
         len([moment for moment in moments if moment >= moments[2] + 10 - 3600]))

# A Date: of any year moves nothing.
home = warm("dates")
for i, date in enumerate(("Fri, 31 Dec 9999 23:59:59 +0000", "Thu, 1 Jan 1970 00:00:00 +0000",
                          "Mon, 1 Jan 0001 00:00:00 +0000", "Tue, 19 Jan 2038 03:14:08 +0000",
                          "Fri, 1 Jan 292277026596 00:00:00 +0000", "yesterday", "",
                          "Mon, 6 Jan 2025 10:00:00 +9999", "Mon, 6 Jan 2025 99:99:99 -0000"), 4):
    mail = re.sub(rb"Date: .*", b"Date: " + date.encode(), patch(i))
    ran = run(home, "record", mail=mail)
    same("Date: %s" % date, ran.status, 0, repr(ran))
same("the order is that of arrival", numbered(home), [(i, str(i)) for i in range(1, 13)])
shown = re.findall(r"^New: +demo: change number (\d+)$", run(home, "digest").out.decode(), re.M)
same("in the digest, too", shown, [str(i) for i in reversed(range(1, 13))])

plan()
END
