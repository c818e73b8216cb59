#!/bin/bash
# RELIABILITY 9: sendmail fails, is killed, hangs, or reads half: the digest is kept, and tried
# again as it was.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
import signal
import time

from safe import *

TO = ["one@list.example", "two@list.example"]
HEAD = "#!/bin/sh\nfor recipient; do :; done\nbox=%s\n"
TRIED = 'cat >"$box/tried.$recipient"\n'
CASES = [
    # What sendmail does instead; what flush says; the seconds of 600 a second's limit leaves.
    ("exits with 75", TRIED + "exit 75", b"exit status 75", None),
    ("exits with 1 and reads nothing", "exit 1", b"exit status 1", None),
    ("exits with 67 after half", 'head -c 300 >"$box/half"; exit 67', b"exit status 67", None),
    ("is killed", TRIED + "kill -9 $$", b"killed by signal 9", None),
    ("is killed after half", 'head -c 300 >"$box/half"; kill -15 $$', b"killed by signal 15", None),
    ("crashes", "kill -11 $$", b"killed by signal 11", None),
    ("hangs before it reads", "exec sleep 1000", b"not done after 600 seconds", 1),
    ("hangs behind it", TRIED + "exec sleep 1000", b"not done after 600 seconds", 1),
    ("hangs after half, and ignores what can be ignored",
     'trap "" HUP INT TERM ALRM; head -c 300 >"$box/half"; while :; do sleep 1; done',
     b"not done after 600 seconds", 1),
    ("is stopped", "kill -STOP $$", b"not done after 600 seconds", 1),
]


def case(row):
    what, script, words, second = row
    name = re.sub(r"\W+", "-", what)
    home = mailing(name, ", ".join(TO))
    box = home + ".mail"
    with open(home + ".sendmail") as file:
        good = file.read()
    sendmail(home, HEAD % box + script + "\n")
    shim = {"second": second} if second else {}
    bad = []
    for attempt in 1, 2:
        ran = run(home, "flush", limit=60, **shim)
        if ran.status != 75 or ran.err.count(words) != 2 or ran.err.count(b"\n") != 2:
            bad.append("%s: attempt %d: %r" % (what, attempt, ran))
        if second and not 1.0 < ran.seconds:
            bad.append("%s: 2 of 600 seconds of 1 ms took %.2f s" % (what, ran.seconds))
        if sent(home):
            bad.append("%s: something was sent" % what)
    # A delivery does not mind, and no second issue is made.
    if record(home, 8).status != 0:
        bad.append("%s: a delivery" % what)
    sendmail(home, good)
    for i in range(2):
        ran = run(home, "flush", env={"MLDIGEST_NOW": "1900000000"})
        if ran.status != 0 or ran.err:
            bad.append("%s: mended: %r" % (what, ran))
    mails = sent(home)
    if sorted(to for to, mail in mails) != sorted(TO * 2):
        bad.append("%s: mended: sent to %s" % (what, [to for to, mail in mails]))
    if len({mail for to, mail in mails}) != 2:
        bad.append("%s: mended: not two issues" % what)
    for to in TO:
        tried = "%s/tried.%s" % (box, to)
        if os.path.exists(tried):
            with open(tried, "rb") as file:
                if file.read() not in [mail for who, mail in mails if who == to]:
                    bad.append("%s: %s: not what was tried first" % (what, to))
    return bad


for row in CASES:
    point("sendmail " + row[0], case(row))

# One of two fails for ever: the other one gets every issue, once.
home = mailing("one-fails", ", ".join(TO))
with open(home + ".sendmail") as file:
    good = file.read()
sendmail(home, good.replace("# keeps", 'for r; do :; done; [ "$r" = one@list.example ] && exit 69 #'))
statuses = []
for number in range(11, 15):
    record(home, number)
    statuses.append(run(home, "flush").status)
same("one address that always fails: 75 each time", statuses, [75] * 4)
same("and the other has four issues", [to for to, mail in sent(home)], [TO[1]] * 4)
sendmail(home, good)
same("mended", run(home, "flush").status, 0)
same("both have the same four", sorted(mail for to, mail in sent(home) if to == TO[0]),
     sorted(mail for to, mail in sent(home) if to == TO[1]))

# One that hangs for three subscribers hangs for all: the others are not tried, and not lost.
home = mailing("hangs-for-all")
names = ["s%d@list.example" % number for number in range(1, 7)]
run(home, "subscriber", "import", mail="\n".join(names).encode())
with open(home + ".sendmail") as file:
    good = file.read()
sendmail(home, "#!/bin/sh\nexec sleep 1000\n")
ran = run(home, "flush", limit=60, second=1)
point("hanging for three subscribers: said, and the rest waits",
      ran.status != 75 or ran.err.count(b"not done after 600 seconds") != 3 or
      b"hangs, 3 times in a row" not in ran.err or ran.err.count(b"\n") != 4, repr(ran))
point("all six are owed it, three of them were tried",
      b"sent=0 owed=6 failed=3" not in run(home, "flush", "--status").out)
sendmail(home, good)
same("mended", run(home, "flush").status, 0)
same("all six have it", sorted(to for to, mail in sent(home)), names)

# A flush that waits for a sendmail that hangs holds up nobody.
home = mailing("waits", TO[0])
sendmail(home, HEAD % (home + ".mail") + 'touch "$box/began"; exec sleep 1000\n')
flush = subprocess.Popen([PROGRAM, "-H", home, "flush"], stderr=subprocess.DEVNULL)
for i in range(500):
    if os.path.exists(home + ".mail/began"):
        break
    time.sleep(0.02)
same("while sendmail hangs, a delivery goes in", record(home, 8, limit=10).status, 0)
ran = run(home, "flush")
point("and another flush says that one is running",
      ran.status != 75 or b"another flush is running" not in ran.err, repr(ran))
for path in os.listdir("/proc"):
    try:
        with open("/proc/%s/stat" % path) as file:
            words = file.read().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        continue
    if words[1] == str(flush.pid):
        child = int(path)
flush.kill()
flush.wait()
ran = run(home, "log")
same("killed, it leaves nothing locked", ran.status, 0, repr(ran))
os.kill(child, signal.SIGKILL)
plan()
END
