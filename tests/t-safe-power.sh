#!/bin/bash
# RELIABILITY 3 and 5: the power goes at any moment, and with it all that was not synced, or any
# part of that.  What was acknowledged is there, and the next delivery works by itself.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
import os
import random

import disk
from safe import *

with open(os.path.join(T, "boot"), "w") as file:
    file.write("11111111-2222-3333-4444-555555555555\n")
# The computer that starts again: another boot.
OTHER = {"boot": os.path.join(T, "boot"), "nosync": 1}
LARGE = "A line that takes room in the log and on the pages of the databases.\n" * 3500


class Story:
    """What happens to a home, written down: NAME/home below $T."""

    def __init__(self, name):
        self.name = name
        self.root = fresh(name)
        os.mkdir(self.root)
        self.home = self.root + "/home"
        self.journal = fresh(name + ".journal")
        self.shim = {"journal": self.journal, "root": self.root}

    def record(self, number, text="", **more):
        ran = record(self.home, number, text, **dict(self.shim, **more))
        if ran.status == 0:
            disk.acknowledge(self.journal, number)
        return ran

    def entries(self):
        return list(disk.entries(self.journal))


def after(story, entry, number, how, target):
    """The home after a power loss: what is wrong with it.  "home" may not even be there."""
    what = "%s, %s, after entry %d (%s %s)" % (
        story.name, how, number, entry[0], entry[3].replace(story.root, ""))
    home = target + "/home"
    ran = record(home, "next", limit=20, **OTHER)
    if ran.status != 0:
        return ["%s: the next delivery: %r" % (what, ran)]
    bad = missing(home, target.acknowledged + ["next"])
    return ["%s: %s" % (what, line) for line in bad]


class Target(str):
    pass


def lose_power(story, points, ways, check=after):
    """Replays STORY, and at each of POINTS (numbers of entries) does what CHECK wants."""
    wrong = []
    now = disk.Disk(story.root)
    points = set(points)
    work = []
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for number, entry in enumerate(story.entries(), 1):
            now.step(entry)
            if number not in points:
                continue
            for way in ways:
                target = Target(fresh("%s.%d.%s" % (story.name, number, way)))
                target.acknowledged = list(now.acknowledged)
                now.build(target, way.split("-")[0], seed=number * 100 + ways.index(way))

                def one(target=target, entry=entry, number=number, way=way):
                    bad = check(story, entry, number, way, target)
                    shutil.rmtree(target)
                    return bad

                work.append(pool.submit(one))
            while len(work) > 20:
                wrong += work.pop(0).result()
        for one in work:
            wrong += one.result()
    return wrong


WAYS = ["strict", "prefix", "pages"] + (["pages-2", "pages-3", "prefix-2"] if LONG else [])

# A home that is made, grows, is given a message twice, and has a user that dies.
story = Story("small")
for number in (1, 2, 3, 2):
    same("delivery %s" % number, story.record(number).status, 0)
story.record(4, kill=20)
story.record(5)
story.record(6)
entries = story.entries()
moments = distinct([entry[0] + entry[3] for entry in entries])
for way in WAYS:
    some = sample(moments, 80)
    point("a small home, %s: power lost at %d of %d moments" % (way, len(some), len(entries)),
          lose_power(story, some, [way]))

# One whose first users die while they make it: what they made is not synced by them.
story = Story("killed")
lines = calls(fresh("killed-calls"), "record", mail=patch(1))
cold = [n for n, line in enumerate(lines, 1) if "log.0" not in line or n % 7 == 0]
bad, moments = [], 0
for n in sample(distinct(lines), 25):
    story = Story("killed-%d" % n)
    record(story.home, 1, kill=n, **story.shim)
    if story.record(2).status != 0:
        bad.append("call %d: the second delivery" % n)
    total = len(story.entries())
    moments += 2
    bad += lose_power(story, [total, max(1, total - 3)], ["strict"])
point("a home whose maker was killed, strict: power lost at %d moments" % moments, bad)

# Checkpoints, and the change to another log file.
story = Story("large")
marks, used, before = [], set(), 0
for number in range(1, 41):
    story.record(number, LARGE)
    total = len(story.entries())
    new = story.entries()[before:]
    syncs = [entry[3] for entry in new if entry[0] == "sync"]
    if number > 1 and len(syncs) > 1:
        marks += range(before + 1, total + 3)
        used |= {os.path.basename(path) for path in syncs}
    before = total
point("a checkpoint and another log file are among the moments",
      not {"text.db", "arrival.db", "log.0000000002", "db"} <= used, sorted(used))
marks = [mark for mark in marks if mark <= total]
for way in WAYS:
    some = sample(marks, 40)
    point("checkpoints and a new log file, %s: power lost at %d of %d moments"
          % (way, len(some), len(marks)), lose_power(story, some, [way]))

# Several deliveries at once, that share their syncs.
story = Story("crowd")
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    same("24 deliveries, four at once", [ran.status for ran in pool.map(story.record, range(24))],
         [0] * 24)
total = len(story.entries())
some = sample(range(1, total + 1), 50)
point("four deliveries at once: power lost at %d of %d moments" % (len(some), total),
      lose_power(story, some, WAYS))

# A sync that fails once, and the kernel calls its pages clean.
for name, text, first, later in (("a new home", "", 1, 4), ("a small home", "", 3, 4),
                                 ("a checkpoint", LARGE, 2, 12)):
    home = fresh("failing")
    for number in range(1, 20):
        lines = calls(home, "record", mail=patch(number, text), calls="fsync,fdatasync")
        if number >= first and (not text or len(lines) > 2):
            break
    bad, moments = [], 0
    for n in range(1, len(lines) + 1):
        story = Story("failing-%d" % n)
        for i in range(1, number):
            story.record(i, text)
        ran = story.record(number, text, calls="fsync,fdatasync", fail="%d:EIO" % n)
        what = "sync %d of %d, %s" % (n, len(lines), os.path.basename(lines[n - 1]))
        if ran.status != 75:
            bad.append("%s: %r" % (what, ran))
        ran = story.record(number + 1)
        if ran.status != 0:
            bad.append("%s: the next one: %r" % (what, ran))
        healed = len(story.entries())
        # A checkpoint on top: the log with the only whole copy of the pages is old by then.
        for i in range(2, later):
            story.record(number + i, text)
        total = len(story.entries())
        some = sorted({healed, total} | {healed + (total - healed) * i // 4 for i in range(4)})
        moments += len(some)
        bad += ["%s: %s" % (what, line) for line in lose_power(story, some, ["strict"])]
    point("%s, one sync of %d fails: power lost at %d moments after it"
          % (name, len(lines), moments), bad)

plan()
END
