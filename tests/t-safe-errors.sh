#!/bin/bash
# RELIABILITY 5: calls that fail, for a moment or from then on.  The answer is 0 or 75, and 0 only
# for what is on the disk.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
import signal
import subprocess

import disk
from safe import *

homes = {"cold": None, "warm": warm("warm"), "dirty": dirty("dirty")}


def once(kind, error, stay):
    """The home KIND, ERROR at each call of a delivery: what is wrong afterwards."""
    lines = calls(copy(homes[kind], "calls"), "record", mail=patch(9))
    some = distinct(lines)
    some = sample(some, 60 if kind == "cold" else 40)
    before = [] if kind == "cold" else [1, 2, 3]

    def fail(n):
        home = copy(homes[kind], "%s-%s-%d" % (kind, error, n))
        what = "call %d, %s" % (n, lines[n - 1])
        shim = dict(fail="%d:%s" % (n, error), **({"stay": 1} if stay else {}))
        ran = record(home, 9, **shim)
        bad = []
        if ran.status not in (0, 75):
            bad.append("%s: %r" % (what, ran))
        if ran.status == 75 and ran.err.count(b"\n") != 1 and not stay:
            bad.append("%s: 75, and %d lines: %r" % (what, ran.err.count(b"\n"), ran))
        if ran.status == 0:
            bad += ["%s: acknowledged, and %s" % (what, line)
                    for line in missing(home, before + [9])]
        ran = record(home, 10, limit=10)
        if ran.status != 0:
            bad.append("%s: the next delivery: %r" % (what, ran))
        bad += ["%s: %s" % (what, line) for line in missing(home, before + [10])]
        shutil.rmtree(home, ignore_errors=True)
        return bad

    return len(some), len(lines), each(fail, some)


ways = [("warm", "EDQUOT", False), ("warm", "EINTR", False), ("warm", "SHORT", False),
        ("warm", "EDQUOT", True), ("cold", "SHORT", False), ("cold", "EDQUOT", False),
        ("dirty", "EIO", False), ("dirty", "SHORT", False)]
if LONG:
    ways = [(kind, error, stay) for kind in homes
            for error in ("ENOSPC", "EIO", "EDQUOT", "EINTR", "SHORT") for stay in (False, True)
            if not (stay and error in ("EINTR", "SHORT"))]
for kind, error, stay in ways:
    some, all_, bad = once(kind, error, stay)
    point("a %s home, %s%s: at %d of %d calls"
          % (kind, error, " from then on" if stay else "", some, all_), bad)

# No wait for room while the lock is held: Berkeley DB would take 12 seconds.
log = fresh("waits")
record(copy(None, "waiting"), 1, fail="12:ENOSPC", stay=1, log=log)
record(copy(homes["warm"], "waiting"), 9, fail="8:ENOSPC", stay=1, log=log)
with open(log) as file:
    point("a full disk is not waited for", [line for line in file if line.startswith("sleep")])

# The log's sync fails, and before that is noted another delivery comes and syncs what the kernel
# calls clean by then.
lines = calls(copy(homes["warm"], "calls"), "record", mail=patch(9))
sync = max(n for n, line in enumerate(lines, 1) if line.startswith("fdatasync "))
root = fresh("window")
os.mkdir(root)
home = root + "/home"
shutil.copytree(homes["warm"], home)
env = environment({"kill": sync + 1, "fail": "%d:EIO" % sync, "signal": int(signal.SIGSTOP)})
first = subprocess.Popen([PROGRAM, "-H", home, "record"], env=env, stdin=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
first.stdin.write(patch(9))
first.stdin.close()
os.waitpid(first.pid, os.WUNTRACED)
ran = record(home, 10, second=5)
same("between a failed sync and its mark: another delivery says 75", ran.status, 75, repr(ran))
point("and why, in one line", ran.err.count(b"\n") != 1 or b"sync" not in ran.err, repr(ran))
os.kill(first.pid, signal.SIGCONT)
same("the one whose sync failed says 75", first.wait(10), 75)
with open(home + "/lock") as file:
    point("and leaves its mark", "suspect" not in file.read())
same("the next one heals, and is acknowledged", record(home, 11).status, 0)
point("all is there", missing(home, [1, 2, 3, 11]))
plan()
END
