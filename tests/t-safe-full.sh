#!/bin/bash
# RELIABILITY 6: the file system is full, then there is room again: deliveries give 75, then go on
# unaided.
. "${srcdir:-.}/tests/lib.sh"
small_disk "$T/disk" 4m 2>/dev/null || skip_all "no file system of 4 MB to be had"
small_disk "$T/tight" 12m || skip_all "no file system of 12 MB to be had"
python_test <<'END'
import signal

from safe import *

LARGE = "A line that takes room in the log and on the pages of the databases.\n" * 700


def fill(directory, leave=0):
    """Takes all room there is but LEAVE bytes."""
    name = os.path.join(directory, "ballast")
    with open(name, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            pass
        try:
            while True:
                file.write(b"x" * 512)
        except OSError:
            pass
        size = os.fstat(file.fileno()).st_size
        os.ftruncate(file.fileno(), max(0, size - leave))
    return name


def answers(ran):
    """What is wrong with the answer of a delivery to a full disk."""
    if ran.status == 0 and not ran.err:
        return []
    if ran.status == 75 and ran.err.startswith(b"mldigest: ") and ran.err.count(b"\n") == 1:
        return []
    return [repr(ran)]


# 4 MB: a home does not even begin to fit, and one that does is full soon.
home = T + "/disk/home"
kept, bad, statuses = [], [], []
for number in range(1, 80):
    ran = record(home, number, LARGE, limit=10)
    statuses.append(ran.status)
    bad += answers(ran)
    if ran.status == 0:
        kept.append(number)
point("4 MB: every delivery says 0, or 75 in one line", bad)
point("4 MB: some are given back", 75 not in statuses)
note("%d of 79 kept" % len(kept))
subprocess.run(["mount", "-o", "remount,size=40m", T + "/disk"], check=True)
same("4 MB: room again, and a delivery goes in", record(home, "room").status, 0)
point("4 MB: what was acknowledged is there", missing(home, kept + ["room"]))
for number in range(100, 110):
    kept.append(number)
    bad += answers(record(home, number))
point("4 MB: and all goes on", missing(home, kept + ["room"]))

# A home that is there, and a disk that fills at any point of a delivery; the other commands, too.
start = warm("start")
for kind in "warm", "dirty":
    if kind == "dirty":
        record(start, 4, calls="pwrite", kill=2)
    bad, statuses = [], []
    for leave in sample(range(0, 400 * 1024, 4096), 20):
        home = T + "/tight/home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(start, home)
        ballast = fill(T + "/tight", leave)
        what = "%d bytes left" % leave
        for number in range(10, 14):
            ran = record(home, number, LARGE, limit=10)
            statuses.append(ran.status)
            bad += ["%s: %s" % (what, line) for line in answers(ran)]
            if ran.seconds > 3:
                bad.append("%s: %r" % (what, ran))
        for command in ["log"], ["digest"], ["flush"], ["import", T + "/mbox"]:
            with open(T + "/mbox", "wb") as file:
                file.write(b"From ada Mon Jan  6 10:00:00 2025\n" + patch(20, LARGE))
            ran = run(home, *command, limit=10)
            if ran.status not in (0, 75) or ran.status == 75 and (
                    not ran.err.startswith(b"mldigest: ") or ran.err.count(b"\n") != 1):
                bad.append("%s: %s: %r" % (what, command[0], ran))
        os.unlink(ballast)
        ran = record(home, 30)
        if ran.status != 0:
            bad.append("%s: room again: %r" % (what, ran))
        bad += ["%s: %s" % (what, line) for line in missing(home, [1, 2, 3, 30])]
    point("a %s home on a disk that fills: 0, or 75 in one line, for every command" % kind, bad)
    point("a %s home on a disk that fills: both happen" % kind, len(set(statuses)) < 2)
plan()
END
