# What the tests t-safe-*.sh share: running the program under tests/shim.c, homes to start from,
# and TAP.  They run it thousands of times, which a shell would take minutes for.
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import time

T = os.environ["T"]
PROGRAM = os.environ["MLDIGEST"]
SHIM = os.environ["SHIM"]
LONG = os.environ.get("MLDIGEST_LONG", "") not in ("", "0")
WORKERS = 4

points = 0


def point(name, bad, *notes):
    """One point of TAP; BAD is what is wrong: a list of lines, or a truth value."""
    global points
    points += 1
    print("%s %d - %s" % ("not ok" if bad else "ok", points, name))
    if bad:
        lines = list(bad) if isinstance(bad, (list, tuple)) else []
        for line in (lines + list(notes))[:40]:
            print("# " + str(line).replace("\n", "\n# "))
    sys.stdout.flush()


def same(name, got, want, *notes):
    point(name, got != want, "got:    %r" % (got,), "wanted: %r" % (want,), *notes)


def skip(name, why):
    global points
    points += 1
    print("ok %d - %s # SKIP %s" % (points, name, why))


def note(text):
    print("# " + text)
    sys.stdout.flush()


def plan():
    print("1..%d" % points)


def sample(items, count):
    """COUNT of ITEMS, evenly spread, the first and the last among them; all in the long form."""
    items = list(items)
    if LONG or len(items) <= count:
        return items
    return [items[i * (len(items) - 1) // (count - 1)] for i in range(count)]


def each(function, items):
    """FUNCTION(item) for all, a few at once: what they said is wrong, in order."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return [line for lines in pool.map(function, items) for line in lines or []]


def patch(number, text="", subject=None):
    """The mail patch_mail() of lib.sh makes; TEXT goes into its body."""
    return ("""From: Ada Example <ada@list.example>
To: kvm@list.example
Subject: %s
Date: Mon, 6 Jan 2025 10:00:00 +0000
Message-ID: <patch-%s@list.example>
List-Id: <kvm.list.example>

Change number %s of the demo.
%s
Signed-off-by: Ada Example <ada@list.example>
---
 demo/file%s.c | 1 +
 1 file changed, 1 insertion(+)

diff --git a/demo/file%s.c b/demo/file%s.c
index 1111111..2222222 100644
--- a/demo/file%s.c
+++ b/demo/file%s.c
@@ -1,2 +1,3 @@
 a
+line %s
 b
--
2.43.0
""" % ((subject or "[PATCH] demo: change number %s" % number,) + (number,) * 2 + (text,)
       + (number,) * 6)).encode()


class Ran:
    def __init__(self, status, out, err, seconds):
        self.status, self.out, self.err, self.seconds = status, out, err, seconds

    def __repr__(self):
        return "exit %s, %.2f s: %s" % (self.status, self.seconds,
                                        self.err.decode("utf-8", "replace").strip()[:500])


def environment(shim):
    env = dict(os.environ)
    if shim:
        env["LD_PRELOAD"] = SHIM
        # A sanitizer's run-time wants to be first, and sees leaks in what was killed.
        env["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=0"
        env.update({"SHIM_" + key.upper(): str(value) for key, value in shim.items()})
    return env


def run(home, *arguments, mail=b"", limit=30, env=None, **shim):
    """Runs the program with MAIL on standard input; SHIM: kill=3 stands for SHIM_KILL=3."""
    full = environment(shim)
    full.update(env or {})
    began = time.monotonic()
    process = subprocess.Popen([PROGRAM, "-H", home] + list(arguments), env=full,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(mail, timeout=limit)
        status = process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        status = "hang"
    except BrokenPipeError:
        out, err = process.communicate()
        status = process.returncode
    # Said once in a home without a key, by whichever flush is the first: tests/t-sign.sh's business.
    err = re.sub(rb"(?m)^mldigest: .*/key: is not there, so digests are not signed; .*\n", b"", err)
    return Ran(status, out, err, time.monotonic() - began)


def record(home, number, text="", **more):
    return run(home, "record", mail=patch(number, text), **more)


def logged(home):
    """The numbers of the patches in HOME's log, in its order; a string when log fails."""
    ran = run(home, "log")
    if ran.status != 0:
        return "log: %r" % ran
    return [word.decode() for word in re.findall(rb"change number (\S+)", ran.out)]


def missing(home, wanted):
    """What is wrong with HOME's log, which has to have WANTED, none twice."""
    kept = logged(home)
    if isinstance(kept, str):
        return [kept]
    lost = [str(number) for number in wanted if str(number) not in kept]
    twice = sorted({number for number in kept if kept.count(number) > 1})
    return (["lost: " + " ".join(lost)] if lost else []) + (
        ["twice: " + " ".join(twice)] if twice else [])


def fresh(name):
    """A path in $T where nothing is."""
    path = os.path.join(T, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


def copy(home, name):
    path = fresh(name)
    if home is not None:
        shutil.copytree(home, path, symlinks=True)
    return path


def warm(name, count=3):
    """A home with COUNT messages."""
    home = fresh(name)
    for i in range(1, count + 1):
        ran = record(home, i)
        if ran.status != 0:
            raise RuntimeError("no home to start from: %r" % ran)
    return home


def dirty(name):
    """One with three messages whose last user died."""
    home = warm(name)
    record(home, 4, calls="pwrite", kill=2)
    with open(os.path.join(home, "lock"), "rb") as file:
        if b"busy" not in file.read():
            raise RuntimeError("the lock is not busy")
    return home


def calls(home, *arguments, mail=b"", **shim):
    """The calls of an undisturbed run, "call path" each; HOME is changed by it."""
    log = fresh("calls.%d" % time.monotonic_ns())
    ran = run(home, *arguments, mail=mail, log=log, **shim)
    if ran.status != 0:
        raise RuntimeError("the undisturbed run: %r" % ran)
    with open(log, errors="replace") as file:
        lines = file.read().splitlines()
    os.unlink(log)
    return [line for line in lines if not re.match("(un)?lock |sleep ", line)]


def distinct(lines):
    """The numbers, from 1, of the calls that differ from their neighbours: recovery fills a log
    with zeros in thousands of writes."""
    get = lambda i: lines[i] if 0 <= i < len(lines) else None
    return [i + 1 for i in range(len(lines))
            if get(i) != get(i - 4) or get(i) != get(i + 4)]


SENDMAIL = """#!/bin/sh
# %s
for recipient; do :; done
cat >"%s/part.$$" && mv "%s/part.$$" "%s/sent.$(date +%%s%%N).$$.$recipient"
%s
"""


def mailing(name, to="reader@list.example", count=3, then="", first=""):
    """A home with a sendmail that keeps what it gets in HOME.mail/."""
    home = warm(name, count)
    if count == 0:
        run(home, "init")
    box = fresh(name + ".mail")
    os.mkdir(box)
    with open(home + "/config", "a") as file:
        file.write("from=digest@list.example\nto=%s\nsendmail=%s\n" % (to, home + ".sendmail"))
    sendmail(home, SENDMAIL % ("keeps what it gets", box, box, box, then))
    return home


def sendmail(home, text):
    """TEXT becomes HOME's sendmail."""
    with open(home + ".sendmail.new", "w") as file:
        file.write(text)
        os.chmod(file.fileno(), 0o755)
    os.rename(home + ".sendmail.new", home + ".sendmail")


def sent(home):
    """What HOME's sendmail got, in order: (recipient, bytes)."""
    box = home + ".mail"
    names = sorted(name for name in os.listdir(box) if name.startswith("sent."))
    result = []
    for name in names:
        with open(os.path.join(box, name), "rb") as file:
            result.append((name.split(".", 3)[3], file.read()))
    return result
