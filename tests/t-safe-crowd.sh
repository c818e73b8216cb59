#!/bin/bash
# RELIABILITY 4 and 10: eight deliveries at once of which some are killed, and two flushes beside
# them.  Nothing is lost, nothing is twice, nobody waits long.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
import email
import random
import signal
import threading

from safe import *

# Deliveries alone.
COUNT = 1000 if LONG else 240
rng = random.Random(4)
plan_of = {number: rng.randint(1, 32) if rng.random() < 0.3 else 0 for number in range(COUNT)}


def deliver(home, numbers, kept):
    for number in numbers:
        shim = {"kill": plan_of[number]} if plan_of.get(number) else {}
        ran = record(home, number, **shim)
        kept[number] = ran


def crowd(home, numbers):
    """Eight at once: what became of each."""
    kept = {}
    threads = [threading.Thread(target=deliver, args=(home, numbers[i::8], kept))
               for i in range(8)]
    for thread in threads:
        thread.start()
    return threads, kept


home = warm("crowd", 0)
threads, kept = crowd(home, list(range(COUNT)))
for thread in threads:
    thread.join()
good = [number for number, ran in kept.items() if ran.status == 0]
dead = [number for number, ran in kept.items() if ran.status == -signal.SIGKILL]
point("%d deliveries, eight at once, %d killed: nothing acknowledged is lost, nothing is twice"
      % (COUNT, len(dead)), missing(home, good))
point("a fifth of them was killed", not COUNT * 0.2 < len(dead) < COUNT * 0.4)
point("nobody was turned away", ["%d: %r" % (number, ran) for number, ran in kept.items()
                                 if number not in good + dead])
worst = max(ran.seconds for ran in kept.values())
note("the slowest took %.2f s" % worst)
# A busy machine shall fail nobody's "make check".
point("none waited long", worst > (1.0 if LONG else 20.0))
numbers = [int(line.split()[0]) for line in run(home, "log").out.decode().splitlines()]
point("the numbers in the store have no gap",
      sorted(numbers) != list(range(1, len(numbers) + 1)))

# With two flushes at a time.
ROUNDS = 50 if LONG else 6
home = mailing("flushes", count=1)
wanted, refused, bad = ["1"], 0, []
for round in range(ROUNDS):
    names = ["%d.%d" % (round, i) for i in range(16)]
    threads, kept = crowd(home, names)
    flushes = [[], []]

    def flush(list_):
        for i in range(2):
            list_.append(run(home, "flush"))

    flushing = [threading.Thread(target=flush, args=(list_,)) for list_ in flushes]
    for thread in flushing:
        thread.start()
    for thread in threads + flushing:
        thread.join()
    wanted += names
    bad += ["%s: %r" % (name, ran) for name, ran in kept.items() if ran.status != 0]
    for ran in flushes[0] + flushes[1]:
        if ran.status == 75 and b"another flush is running" in ran.err:
            refused += 1
        elif ran.status != 0:
            bad.append("flush: %r" % ran)
ran = run(home, "flush")
if ran.status != 0:
    bad.append("the last flush: %r" % ran)
point("%d rounds of two flushes and eight deliveries: all answer 0, or that a flush runs already"
      % ROUNDS, bad)
digests = []
for to, mail in sent(home):
    message = email.message_from_bytes(mail)
    while message.is_multipart():
        message = message.get_payload(0)
    digests.append(re.findall(r"^New: +demo: change number (\S+)$",
                              message.get_payload(decode=True).decode(), re.M))
shown = [number for digest in digests for number in digest]
note("%d digests; %d times a flush ran already" % (len(digests), refused))
point("no message is missed", sorted(set(wanted) - set(shown)))
point("none is in two digests, or twice in one",
      sorted({number for number in shown if shown.count(number) > 1}))
point("there were several digests", len(digests) < ROUNDS)
plan()
END
