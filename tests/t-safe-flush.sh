#!/bin/bash
# RELIABILITY 8: flush is killed at any call.  Every message is in exactly one digest, what is sent
# again is the same byte for byte, and who has it does not get it again.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
import email
import email.policy
import signal

import disk
from safe import *

TO = ["one@list.example", "two@list.example", "three@list.example"]
MIME = TO[1]


def text(mail):
    message = email.message_from_bytes(mail, policy=email.policy.default)
    if message.defects:
        raise RuntimeError("defects: %s" % message.defects)
    while message.is_multipart():
        message = message.get_payload(0)
    return message.get_payload(decode=True).decode()


def numbers(mail):
    return re.findall(r"^New: +demo: change number (\S+)$", text(mail), re.M)


def check(home, wanted, recipients, spare):
    """What is wrong with what HOME's sendmail got.  SPARE: how many may have come twice.  A batch
    comes as one mail, to "one+two"."""
    bad, mails = [], [(to, mail) for all_, mail in sent(home) for to in all_.split("+")]
    ids, forms = {}, {}
    for recipient, mail in mails:
        message = email.message_from_bytes(mail)
        number = message["Message-ID"]
        ids.setdefault(number, mail)
        # Who wants the messages as parts gets another mail of the same issue.
        form = recipient == MIME and message.is_multipart()
        if forms.setdefault((number, form), mail) != mail or \
                forms.setdefault((number, recipient), mail) != mail:
            bad.append("%s: two mails, not the same" % number)
    everything = [number for mail in ids.values() for number in numbers(mail)]
    if sorted(everything) != sorted(wanted):
        bad.append("in the digests: %s, wanted %s" % (sorted(everything), sorted(wanted)))
    for recipient in recipients:
        got = [email.message_from_bytes(mail)["Message-ID"] for to, mail in mails
               if to == recipient]
        if set(got) != set(ids):
            bad.append("%s has %d of %d digests" % (recipient, len(set(got)), len(ids)))
    if len(mails) > len(ids) * len(recipients) + spare:
        bad.append("%d mails for %d digests to %d" % (len(mails), len(ids), len(recipients)))
    left = [name for name in os.listdir(home + ".mail") if name.startswith("part.")]
    return bad + left


def duplicate(home, name):
    """A copy of a mailing() home with a sendmail of its own."""
    to = copy(home, name)
    fresh(name + ".mail")
    os.mkdir(to + ".mail")
    with open(home + ".sendmail") as file:
        sendmail(to, file.read().replace(home + ".mail", to + ".mail"))
    with open(to + "/config") as file:
        config = file.read().replace(home + ".sendmail", to + ".sendmail")
    with open(to + "/config", "w") as file:
        file.write(config)
    return to


def remove(home):
    for path in home, home + ".mail":
        shutil.rmtree(path, ignore_errors=True)
    os.unlink(home + ".sendmail")


def settled(home):
    """Waits for a sendmail that outlives its flush."""
    for i in range(250):
        if not [name for name in os.listdir(home + ".mail") if name.startswith("part.")]:
            return
        time.sleep(0.02)


start = mailing("start", ", ".join(TO))
lines = calls(duplicate(start, "calls"), "flush")
sends = [n for n, line in enumerate(lines, 1) if line.startswith("posix_spawn ")]
same("an undisturbed flush: three times sendmail", len(sends), 3)


def kill(n):
    home = duplicate(start, "kill-%d" % n)
    what = "call %d, %s" % (n, lines[n - 1])
    bad = []
    ran = run(home, "flush", kill=n)
    if ran.status not in (0, -signal.SIGKILL):
        bad.append("%s: %r" % (what, ran))
    settled(home)
    # Another message comes in between.
    record(home, 8)
    for i in range(2):
        ran = run(home, "flush", env={"MLDIGEST_NOW": "1900000000"})
        if ran.status != 0:
            bad.append("%s: the next flush: %r" % (what, ran))
    bad += ["%s: %s" % (what, line) for line in check(home, ["1", "2", "3", "8"], TO, 1)]
    before = len(sent(home))
    run(home, "flush")
    if len(sent(home)) != before:
        bad.append("%s: one flush more sends more" % what)
    remove(home)
    return bad


some = distinct(lines)
point("flush killed at %d of %d calls" % (len(sample(some, 120)), len(lines)),
      each(kill, sample(some, 120)))


def twice(n):
    home = duplicate(start, "twice-%d" % n)
    what = "calls from %d on" % n
    for i in range(4):
        run(home, "flush", kill=n + 7 * i)
        settled(home)
    ran = run(home, "flush")
    bad = [] if ran.status == 0 else ["%s: %r" % (what, ran)]
    bad += ["%s: %s" % (what, line) for line in check(home, ["1", "2", "3"], TO, 4)]
    remove(home)
    return bad


some = sample(range(10, len(lines)), 30)
point("flush killed four times in a row, from %d calls on" % len(some), each(twice, some))


def fail(n):
    home = duplicate(start, "fail-%d" % n)
    what = "call %d, %s" % (n, lines[n - 1])
    ran = run(home, "flush", fail="%d:%s" % (n, ("ENOSPC", "EIO")[n % 2]))
    bad = []
    if not (ran.status == 0 or 64 <= ran.status <= 78) or \
            (ran.status != 0 and not ran.err.startswith(b"mldigest: ")):
        bad.append("%s: %r" % (what, ran))
    ran = run(home, "flush")
    if ran.status != 0:
        bad.append("%s: the next flush: %r" % (what, ran))
    bad += ["%s: %s" % (what, line) for line in check(home, ["1", "2", "3"], TO, 1)]
    remove(home)
    return bad


some = sample(distinct(lines), 60)
point("a call of flush fails: at %d of %d" % (len(some), len(lines)), each(fail, some))

# The same with subscribers, three of them in two formats, and with two in a run.
def subscribed(name, batch):
    home = mailing(name, "nobody@list.example")
    for to in TO:
        form = "mime" if to == MIME and batch == 1 else "text"
        if run(home, "subscriber", "add", "--format", form, to).status != 0:
            raise RuntimeError("no subscriber")
    with open(home + "/config", "a") as file:
        file.write("batch=%d\n" % batch)
    with open(home + ".sendmail") as file:
        script = file.read()
    sendmail(home, script.replace("for recipient; do :; done", """while [ "$1" != -- ]; do shift; done
shift
recipient=$(IFS=+; echo "$*")"""))
    return home


for batch in 1, 2:
    start = subscribed("subscribed-%d" % batch, batch)
    lines = calls(duplicate(start, "calls"), "flush")
    some = sample(distinct(lines), 50)

    def kill_subscribed(n):
        home = duplicate(start, "kill-%d" % n)
        what = "batch=%d, call %d, %s" % (batch, n, lines[n - 1])
        ran = run(home, "flush", kill=n)
        bad = [] if ran.status in (0, -signal.SIGKILL) else ["%s: %r" % (what, ran)]
        settled(home)
        ran = run(home, "flush", env={"MLDIGEST_NOW": "1900000000"})
        if ran.status != 0:
            bad.append("%s: the next flush: %r" % (what, ran))
        bad += ["%s: %s" % (what, line) for line in check(home, ["1", "2", "3"], TO, batch)]
        if os.path.exists(home + "/sending"):
            bad.append("%s: the journal is still there" % what)
        remove(home)
        return bad

    point("flush to subscribers, batch=%d, killed at %d of %d calls" % (batch, len(some), len(lines)),
          each(kill_subscribed, some))

    def kill_subscriber(n):
        home = copy(start, "people-%d" % n)
        what = "batch=%d, call %d" % (batch, n)
        run(home, "subscriber", "import", mail=b"one@list.example paused\nnew@list.example\n", kill=n)
        people = run(home, "subscriber", "export").out.decode().split("\n")[:-1]
        changed = {"one@list.example format=text paused", "new@list.example format=text"}
        bad = [] if len(changed & set(people)) in (0, 2) and len(people) in (3, 4) else [
            "%s: %s" % (what, people)]
        shutil.rmtree(home)
        return bad

    if batch == 1:
        lines = calls(copy(start, "calls"), "subscriber", "import",
                      mail=b"one@list.example paused\nnew@list.example\n")
        some = sample(distinct(lines), 30)
        point("import of subscribers killed at %d of %d calls: all or none" % (len(some), len(lines)),
              each(kill_subscriber, some))

# The same with pages: two share a filter, one has their own part first, one a filter that fits nothing.
PAGES = {TO[0]: ["1", "2"], TO[1]: ["1", "2"], "ada@list.example": ["1", "2", "3"], TO[2]: ["1", "2", "3"],
         "none@list.example": []}


def paged(name, batch):
    home = mailing(name, "nobody@list.example")
    for words in (["add"] + sorted(PAGES),
                  ["set", "--path", "demo/file1.c", "--path", "demo/file2.c", TO[0], TO[1]],
                  ["set", "--my-part", "yes", "ada@list.example"],
                  ["set", "--path", "nowhere/", "none@list.example"]):
        ran = run(home, "subscriber", *words)
        if ran.status != 0:
            raise RuntimeError(repr(ran))
    with open(home + "/config", "a") as file:
        file.write("batch=%d\n" % batch)
    with open(home + ".sendmail") as file:
        script = file.read()
    sendmail(home, script.replace("for recipient; do :; done", """while [ "$1" != -- ]; do shift; done
shift
recipient=$(IFS=+; echo "$*")"""))
    return home


def check_pages(home, spare):
    """What is wrong with what each got: all of theirs once, byte for byte the same if twice."""
    mails = [(to, mail) for all_, mail in sent(home) for to in all_.split("+")]
    bad, pages = [], {}
    for to, wanted in PAGES.items():
        got = {}
        for mail in [mail for who, mail in mails if who == to]:
            number = email.message_from_bytes(mail)["Message-ID"]
            if got.setdefault(number, mail) != mail:
                bad.append("%s: two mails, not the same" % to)
        shown = sorted(number for mail in got.values() for number in numbers(mail))
        if shown != wanted:
            bad.append("%s was shown %s, wanted %s" % (to, shown, wanted))
        pages[to] = got
    if pages[TO[0]] != pages[TO[1]]:
        bad.append("those who share a filter got different pages")
    if len(mails) > sum(len(got) for got in pages.values()) + spare:
        bad.append("%d mails" % len(mails))
    return bad


for batch in 1, 2:
    start = paged("paged-%d" % batch, batch)
    lines = calls(duplicate(start, "calls"), "flush")
    sends = [line for line in lines if line.startswith("posix_spawn ")]
    same("pages, batch=%d: runs of sendmail" % batch, len(sends), 4 if batch == 1 else 3)
    some = sample(distinct(lines), 60)

    def kill_paged(n):
        home = duplicate(start, "kill-%d" % n)
        what = "pages, batch=%d, call %d, %s" % (batch, n, lines[n - 1])
        ran = run(home, "flush", kill=n)
        bad = [] if ran.status in (0, -signal.SIGKILL) else ["%s: %r" % (what, ran)]
        settled(home)
        for i in range(2):
            ran = run(home, "flush", env={"MLDIGEST_NOW": "1900000000"})
            if ran.status != 0:
                bad.append("%s: the next flush: %r" % (what, ran))
        bad += ["%s: %s" % (what, line) for line in check_pages(home, batch)]
        ran = run(home, "check")
        if ran.status != 0 or [name for name in os.listdir(home) if name.startswith(("sending", "pages"))]:
            bad.append("%s: something is left: %r" % (what, ran))
        remove(home)
        return bad

    point("flush of pages, batch=%d, killed at %d of %d calls" % (batch, len(some), len(lines)),
          each(kill_paged, some))

# The power goes while it sends: what sendmail has is what is sent again, or nothing is.
root = fresh("power")
os.mkdir(root)
journal = fresh("journal")
box = root + ".mail"
start = mailing("power-start", ", ".join(TO[:2]))
os.mkdir(root + "/home")
shutil.copytree(start, root + "/home", dirs_exist_ok=True)
os.rename(start + ".mail", root + "/home.mail")
with open(start + ".sendmail") as file:
    script = file.read().replace(start + ".mail", box)
# It says so in the journal, whole and once.
sendmail(root + "/home", script.replace("$recipient\"\n", "$recipient\"\n") +
         'echo "ack 0 0 0 $recipient" >>"%s"\n' % journal)
os.rename(root + "/home.mail", box)
with open(root + "/home/config") as file:
    config = file.read().replace(start + ".sendmail", root + "/home.sendmail")
with open(root + "/home/config", "w") as file:
    file.write(config)
# What is there already is on the disk.
now = disk.Disk(root)
for directory, names, files in os.walk(root):
    if directory != root:
        now.names[directory] = now.durable[directory] = None
    for name in files:
        path = os.path.join(directory, name)
        file = now.names[path] = now.durable[path] = disk.File()
        now.inodes[os.stat(path).st_ino] = file
        with open(path, "rb") as content:
            file.durable = bytearray(content.read())
ran = run(root + "/home", "flush", journal=journal, root=root)
same("a flush that is written down", ran.status, 0, repr(ran))
first = {recipient: open(os.path.join(box, name), "rb").read() for name in os.listdir(box)
         for recipient in [name.split(".", 3)[3]]}
same("both have it", sorted(first), sorted(TO[:2]))
with open(os.path.join(T, "boot"), "w") as file:
    file.write("11111111-2222-3333-4444-555555555555\n")
bad, moments = [], 0
entries = list(disk.entries(journal))
points = set(sample(distinct([entry[0] + entry[3] for entry in entries]), 60))
for number, entry in enumerate(entries, 1):
    now.step(entry)
    if number not in points:
        continue
    for way in "strict", "pages":
        moments += 1
        target = fresh("after")
        now.build(target, way, number)
        home = target + "/home"
        shutil.rmtree(home + ".mail", ignore_errors=True)
        os.mkdir(home + ".mail")
        with open(home + "/config") as file:
            config = file.read().replace(root + "/home.sendmail", home + ".sendmail")
        with open(home + "/config", "w") as file:
            file.write(config)
        sendmail(home, script.replace(box, home + ".mail"))
        what = "%s, entry %d (%s %s)" % (way, number, entry[0], entry[3].replace(root, ""))
        ran = run(home, "flush", boot=os.path.join(T, "boot"), nosync=1,
                  env={"MLDIGEST_NOW": "1900000000"})
        if ran.status != 0:
            bad.append("%s: %r" % (what, ran))
        again = dict(sent(home))
        for to in TO[:2]:
            if to in now.acknowledged and to in again and again[to] != first[to]:
                bad.append("%s: %s gets another mail" % (what, to))
            if to not in now.acknowledged and to not in again:
                bad.append("%s: %s gets none" % (what, to))
        if now.acknowledged and set(again.values()) - set(first.values()):
            bad.append("%s: a digest that is not the first one's" % what)
point("power lost at %d moments of a flush" % moments, bad)
plan()
END
