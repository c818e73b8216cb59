#!/bin/bash
# RELIABILITY 13: no mail takes more than 5 s of CPU time and 256 MB, and a limit that cut one is
# told.  The short form has mails of a fifth of the size, and bounds that are as much smaller.
. "${srcdir:-.}/tests/lib.sh"
export sanitized
python_test <<'END'
import hostile
from safe import *

# A sanitizer needs several times as much.
SANITIZED = bool(os.environ["sanitized"])
# For any mail up to 10 MB, and for any up to 2 MB.
WHOLE, PART = (10_000_000, 5, 256), (2_000_000, 2, 100)
mail, out, err = fresh("mail"), fresh("out"), fresh("err")


def spent(*arguments, stdin=os.devnull):
    """Exit status, seconds of CPU time, and MB of memory."""
    files = [(os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
             (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
             (os.POSIX_SPAWN_OPEN, 2, err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    pid = os.posix_spawn(PROGRAM, [PROGRAM] + list(arguments), os.environ, file_actions=files)
    _, status, usage = os.wait4(pid, 0)
    return (os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024)


def fits(name, seconds, memory, *arguments, stdin=os.devnull):
    status, used, peak = spent(*arguments, stdin=stdin)
    with open(err, errors="replace") as file:
        said = file.read(500)
    return [] if status == 0 and not said and (SANITIZED or used <= seconds and peak <= memory) \
        else ["%s: %s: exit %d, %.2f s, %d MB: %s"
              % (name, " ".join(arguments[-2:]), status, used, peak, said)]


def whole_home(what, home, count, seconds):
    """What is kept can be looked at."""
    bad = []
    for arguments in (["log"], ["log", "--json"], ["digest"], ["flush", "-n"]):
        bad += fits(what, seconds, 256, "-H", home, *arguments)
        with open(out, "rb") as file:
            if arguments == ["log"] and len(file.readlines()) != count:
                bad.append("%s: not all of them are there" % what)
    return bad


def deliver(names, size, seconds, memory):
    home, bad = fresh("home"), []
    hostile.SIZE = size
    for name in names:
        hostile.write(name, mail)
        bad += fits(name, seconds, memory, "-H", home, "record", stdin=mail)
        if LONG:
            bad += fits(name, seconds, memory, "explain", "--json", stdin=mail)
    point("%d mails of %d bytes that want time or memory: none takes %d s or %d MB"
          % (len(names), size, seconds, memory), bad)
    point("%d mails of %d bytes: log, digest and flush" % (len(names), size),
          whole_home("all", home, len(names), 20))
    return home


names = list(hostile.MAILS)
if not LONG:
    deliver(names, *PART)
home = deliver(sample(names, 12), *WHOLE)

hostile.SIZE = PART[0]
for name, limit in {
        "parts": "number of MIME parts", "parts-with-types": "number of MIME parts",
        "nesting": "MIME nesting", "nesting-of-one-boundary": "MIME nesting",
        "header-of-a-part": "header size of MIME parts",
        "parameters-in-parts": "header size of MIME parts",
        "header-of-64-megabytes": "message size", "addresses-in-to": "header size",
        "references": "header size", "encoded-words": "header size"}.items():
    hostile.write(name, mail)
    spent("explain", stdin=mail)
    with open(out) as file:
        said = re.findall(r"^limit +(.*)", file.read(), re.M)
    same("%s: explain names the limit" % name, said, [limit])

# 20 s where it was 76.
for name in hostile.CROWDS:
    count = 3000 if LONG else 1000 if name == "first patches of two" else 400
    home = fresh("crowd")
    hostile.write_crowd(name, count, mail)
    point("%d %s" % (count, name), fits("import", 30, 256, "-H", home, "import", "--new", mail)
          or whole_home(name, home, count, 20 if LONG else 7)
          or fits("record", 1, 100, "-H", home, "record", stdin=mail))
plan()
END
