#!/bin/bash
# RELIABILITY 11: what feeds record is killed in the middle of a message.  A message that was cut
# is never taken for whole, and the whole one, when it comes, takes its place.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
import random
import signal
import time

from safe import *

TRIES = 300
rng = random.Random(11)
home = fresh("home")
record(home, "first")


def cut(number):
    """A feeder that has written a part is killed 0 to 12 ms after the start: while record is being
    loaded, while it reads, at its very end.  Nobody is told the exit status; what is in the store
    counts.  As a delivery agent is, it is of another session than who adopts its orphans."""
    mail = patch(number, "Of some length.\n" * 20)
    part = mail[:rng.randint(400, len(mail) - 40)]
    report = os.pipe()
    feeder = os.fork()
    if feeder == 0:
        os.setsid()
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(read, 0)
            os.dup2(os.open("/dev/null", os.O_WRONLY), 2)
            os.execv(PROGRAM, [PROGRAM, "-H", home, "record"])
        os.close(read)
        os.write(write, part)
        os.write(report[1], b"%d" % child)
        signal.pause()
        os._exit(0)
    child = int(os.read(report[0], 99))
    time.sleep(rng.random() * 0.012)
    os.kill(feeder, signal.SIGKILL)
    os.waitpid(feeder, 0)
    for fd in report:
        os.close(fd)
    return child


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


pids = [cut(number) for number in range(1, TRIES + 1)]
for i in range(500):
    if not any(alive(pid) for pid in pids):
        break
    time.sleep(0.02)
lines = run(home, "log").out.decode().splitlines()
cuts = [line for line in lines if "number first" not in line]
point("of %d feeders that were killed, %d had a part recorded" % (TRIES, len(cuts)),
      len(cuts) < TRIES // 2)
whole = [line for line in cuts if "(partial)" not in line]
point("none of them is taken for whole", whole)

bad = []
for number in sample(range(1, TRIES + 1), 40):
    ran = run(home, "record", "-v", mail=patch(number, "Of some length.\n" * 20))
    if ran.status != 0 or not ran.out.startswith(b"New:"):
        bad.append("%d: %r %r" % (number, ran, ran.out))
    text = run(home, "explain", "patch-%d@list.example" % number)
    if text.status != 0:
        bad.append("%d: %r" % (number, text))
point("the whole message, when it comes, is new", bad)
last = run(home, "log").out.decode().splitlines()
point("and supersedes the part", [line for line in last
                                  if "(partial)" not in line and "number first" not in line
                                  and "(supersedes)" not in line])
digest = run(home, "digest").out.decode()
shown = re.findall(r"^New: +demo: change number (\d+)$", digest, re.M)
point("the digest has each once", sorted(set(shown)) != sorted(shown), shown[:10])
plan()
END
