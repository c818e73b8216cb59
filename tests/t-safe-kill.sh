#!/bin/bash
# RELIABILITY 1 and 2: any program on a home may be killed or stopped at any call.  The next
# delivery works by itself, and what was acknowledged is there.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
import os
import signal
import subprocess
import time

from safe import *

worst = 0.0


def ends(home, number, wanted, what):
    """The delivery that comes next, and what has to be there after it."""
    global worst
    ran = record(home, number, limit=10)
    worst = max(worst, ran.seconds)
    if ran.status != 0:
        return ["%s: the next delivery: %r" % (what, ran)]
    return ["%s: %s" % (what, line) for line in missing(home, list(wanted) + [number])]


# Every command, killed at its calls; after it the delivery.
def archive():
    path = fresh("mbox")
    with open(path, "wb") as file:
        for i in range(11, 41):
            file.write(b"From ada Mon Jan  6 10:00:00 2025\n" + patch(i) + b"\n")
    return path


mbox = archive()
commands = {"record": (["record"], patch(9), 200), "import": (["import", mbox], b"", 60),
            "digest": (["digest"], b"", 40), "log": (["log"], b"", 40),
            "init": (["init"], b"", 40)}
for kind, start, wanted, names in (
        ("cold", None, [], ["record", "import", "init"]),
        ("warm", warm("warm"), [1, 2, 3], ["record", "import", "digest", "log"]),
        ("dirty", dirty("dirty"), [1, 2, 3], ["record", "import", "digest", "log"])):
    for name in names:
        arguments, mail, count = commands[name]
        lines = calls(copy(start, "calls"), *arguments, mail=mail)

        def kill(n):
            home = copy(start, "%s-%s-%d" % (kind, name, n))
            what = "call %d, %s" % (n, lines[n - 1])
            ran = run(home, *arguments, mail=mail, kill=n)
            bad = [] if ran.status in (-signal.SIGKILL, 0) else ["%s: %r" % (what, ran)]
            bad += ends(home, 50, wanted + ([9] if name == "record" and ran.status == 0 else []),
                        what)
            shutil.rmtree(home)
            return bad

        some = sample(distinct(lines), count)
        point("%s in a %s home, killed at %d of %d calls" % (name, kind, len(some), len(lines)),
              each(kill, some))

# The one after may be killed, too, and the one after that.
start = dirty("dirty")
lines = calls(copy(start, "calls"), "record", mail=patch(9))


def again(n):
    home = copy(start, "again-%d" % n)
    for i in range(3):
        record(home, 20 + i, kill=n + i)
    bad = ends(home, 50, [1, 2, 3], "call %d" % n)
    shutil.rmtree(home)
    return bad


some = sample(distinct(lines), 40)
point("three deliveries in a row killed while they recover, from %d calls on" % len(some),
      each(again, some))
# Not a promise of this machine's speed, but of no waiting for anything.
point("the delivery after a kill takes under 2 s", LONG and worst >= 2.0)
note("the slowest took %.2f s, %d at once" % (worst, WORKERS))

# A process that is stopped while it holds the lock.
home = warm("stopped")
lines = calls(copy(home, "calls"), "record", mail=patch(9))
held = [n for n, line in enumerate(lines, 1) if "/db/" in line and "fdatasync" not in line]


def stopped(n):
    home = copy(os.path.join(T, "stopped"), "stopped-%d" % n)
    what = "stopped at call %d, %s" % (n, lines[n - 1])
    env = environment({"kill": n, "signal": int(signal.SIGSTOP)})
    holder = subprocess.Popen([PROGRAM, "-H", home, "record"], env=env, stdin=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    holder.stdin.write(patch(9))
    holder.stdin.close()
    bad = []
    if not os.WIFSTOPPED(os.waitpid(holder.pid, os.WUNTRACED)[1]):
        return [what + ": it did not stop"]
    ran = record(home, 10, second=5)
    if ran.status != 75 or b"held by another process for 60 seconds" not in ran.err \
            or ran.err.count(b"\n") != 1:
        bad.append("%s: the others: %r" % (what, ran))
    if ran.seconds < 0.3:
        bad.append("%s: the others waited %.2f s for 60 of 5 ms" % (what, ran.seconds))
    for command in "log", "digest":
        ran = run(home, command, second=5)
        if ran.status != 75:
            bad.append("%s: %s: %r" % (what, command, ran))
    os.kill(holder.pid, signal.SIGCONT)
    if holder.wait(10) != 0:
        bad.append(what + ": it does not go on")
    bad += ends(home, 11, [1, 2, 3, 9], what)
    shutil.rmtree(home)
    return bad


some = sample(held, 6)
point("a holder of the lock is stopped (%d calls): the others give 75, then all goes on"
      % len(some), each(stopped, some))

# And killed while it is stopped, with others that wait.
home = copy(os.path.join(T, "stopped"), "released")
env = environment({"kill": held[len(held) // 2], "signal": int(signal.SIGSTOP)})
holder = subprocess.Popen([PROGRAM, "-H", home, "record"], env=env, stdin=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
holder.stdin.write(patch(9))
holder.stdin.close()
os.waitpid(holder.pid, os.WUNTRACED)
waiting = subprocess.Popen([PROGRAM, "-H", home, "record"], stdin=subprocess.PIPE)
waiting.stdin.write(patch(10))
waiting.stdin.close()
for i in range(250):
    with open("/proc/%d/syscall" % waiting.pid) as file:
        if file.read().split()[0] == "73":
            break
    time.sleep(0.02)
holder.kill()
holder.wait()
same("a stopped holder is killed: who waits goes on at once", waiting.wait(10), 0)
point("and nothing is lost", missing(home, [1, 2, 3, 10]))
plan()
END
