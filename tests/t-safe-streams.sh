#!/bin/bash
# RELIABILITY 12: standard input is read to its end whatever happens; closed standard files, limits
# and a umask of any kind do no harm.
. "${srcdir:-.}/tests/lib.sh"
export sanitized
python_test <<'END'
import resource
import signal
import stat

from safe import *

SANITIZED = os.environ["sanitized"]


def fed(home, size, *arguments, mail=None, before=None, env=None, **shim):
    """Writes a mail of SIZE bytes through a pipe: the status, and whether the writer was told that
    nobody reads."""
    full = environment(shim)
    full.update(env or {})
    process = subprocess.Popen([PROGRAM, "-H", home] + list(arguments or ["record"]), env=full,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, preexec_fn=before)
    broken = False
    block = b"A line of a large message, of which there are many.\n" * 1260
    try:
        process.stdin.write(mail if mail is not None else patch("large"))
        for i in range(0, size, len(block)):
            process.stdin.write(block)
        process.stdin.close()
    except BrokenPipeError:
        broken = True
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
    out, err = process.stdout.read(), process.stderr.read()
    status = process.wait()
    process.stdout.close()
    process.stderr.close()
    return Ran(status, out, err, 0), broken


def fine(what, result, statuses=(0, 75)):
    ran, broken = result
    point(what, ran.status not in statuses or broken
          or (ran.status == 75) != ran.err.startswith(b"mldigest: "),
          repr(ran), "broken pipe: %s" % broken)


HUGE, LARGE = 100_000_000, 3_000_000
start = warm("start")
home = copy(start, "huge")
fine("100 MB: kept, and read to the end", fed(home, HUGE), (0,))
fine("100 MB without a header", fed(home, HUGE, mail=b""), (0,))
fine("100 MB, a wrong option: 75, and read to the end", fed(home, HUGE, "record", "--bogus"), (75,))
fine("100 MB, a home that cannot be: 75, and read to the end", fed("/dev/null/x", HUGE), (75,))
point("what was there is there", missing(home, [1, 2, 3]))

# Whatever ends it early, whoever writes sees no broken pipe.
lines = calls(copy(start, "calls"), "record", mail=patch(9))
some = sample(range(1, len(lines) + 1), 30)
point("a call fails: read to the end (%d calls)" % len(some), [
    "call %d: %r" % (n, ran) for n in some
    for ran, broken in [fed(copy(start, "drain"), LARGE, fail="%d:ENOSPC" % n)]
    if broken or ran.status not in (0, 75)])
for name in "SIGABRT", "SIGBUS", "SIGSEGV", "SIGTRAP", "SIGXCPU", "SIGXFSZ":
    number = int(getattr(signal, name))
    bad = []
    for n in sample(range(2, len(lines)), 6):
        home = copy(start, "signal")
        ran, broken = fed(home, LARGE, kill=n, signal=number)
        if broken or ran.status != 75 or ran.err.count(b"\n") != 1:
            bad.append("call %d: %r, broken pipe: %s" % (n, ran, broken))
        if record(home, 20).status != 0 or missing(home, [1, 2, 3, 20]):
            bad.append("call %d: the next delivery" % n)
    point("%s: 75 in one line, read to the end, and the next delivery is fine" % name, bad)

# Standard files that are closed: every choice of the three.
for closed in range(8):
    home = copy(start, "closed")
    fds = [fd for fd in range(3) if closed & 1 << fd]

    def close():
        for fd in fds:
            os.close(fd)

    process = subprocess.Popen([PROGRAM, "-H", home, "record", "-v"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=close)
    try:
        process.stdin.write(patch(9))
        process.stdin.close()
    except BrokenPipeError:
        pass
    process.stdout.read(), process.stderr.read()
    status = process.wait()
    for stream in process.stdout, process.stderr:
        stream.close()
    what = "closed: %s" % (fds or "none")
    same("%s: %s" % (what, "75" if 0 in fds else "kept"), status, 75 if 0 in fds else 0)
    same("%s: the next delivery" % what, record(home, 10).status, 0)
    point("%s: all is there, and nothing was written into it" % what,
          missing(home, [1, 2, 3, 10] + ([] if 0 in fds else [9])))


# Limits.
def limited(kind, number):
    return lambda: resource.setrlimit(kind, (number, resource.getrlimit(kind)[1]))


for kind, name, values in (
        (resource.RLIMIT_FSIZE, "FSIZE", [0, 1, 4096, 65536, 500000, 2000000, 1 << 30]),
        (resource.RLIMIT_NOFILE, "NOFILE", list(range(3, 30, 2)) + [100]),
        (resource.RLIMIT_AS, "AS", [n << 20 for n in (12, 16, 20, 30, 40, 50, 60, 80, 120, 400)]),
        (resource.RLIMIT_STACK, "STACK", [64 << 10, 256 << 10, 1 << 20])):
    if name in ("AS", "STACK") and SANITIZED:
        skip("RLIMIT_" + name, "a sanitizer needs more")
        continue
    for base, wanted in (start, [1, 2, 3]), (None, []):
        bad, statuses = [], []
        for value in values:
            home = copy(base, "limit")
            ran, broken = fed(home, LARGE, before=limited(kind, value))
            statuses.append(ran.status)
            # Under some limits the loader cannot even begin: 127, a signal, and no program of ours.
            begun = ran.status in (0, 75)
            loader = b"error while loading shared libraries" in ran.err
            if not begun and not (loader and ran.status == 127) \
                    and not (ran.status == -11 and name in ("AS", "STACK") and not ran.err):
                bad.append("%d: %r" % (value, ran))
            if begun and broken:
                bad.append("%d: a broken pipe" % value)
            again = record(home, 20, limit=10)
            if again.status != 0:
                bad.append("%d: the next delivery: %r" % (value, again))
            bad += ["%d: %s" % (value, line)
                    for line in missing(home, wanted + [20] + (["large"] if ran.status == 0
                                                               else []))]
        point("RLIMIT_%s, a %s home: 0 or 75, and the next delivery is fine"
              % (name, "warm" if base else "cold"), bad)
        note("%s: %s" % (name, " ".join("%d:%s" % pair for pair in zip(values, statuses))))
        point("RLIMIT_%s, a %s home: enough is enough" % (name, "warm" if base else "cold"),
              0 not in statuses)


# Modes, whatever the umask.
def modes(home):
    bad = []
    for directory, names, files in os.walk(home):
        for path in [directory] + [os.path.join(directory, name) for name in files]:
            mode = stat.S_IMODE(os.lstat(path).st_mode)
            if mode != (0o700 if path == directory else 0o600):
                bad.append("%s: %o" % (path[len(T):], mode))
    return bad


for mask in 0, 0o7, 0o22, 0o77, 0o277, 0o777:
    home = fresh("umask")
    bad = []
    with open(T + "/mbox", "wb") as file:
        file.write(b"From ada Mon Jan  6 10:00:00 2025\n" + patch(20))
    for arguments, mail in ((["record"], patch(1)), (["record"], patch(2)),
                            (["import", T + "/mbox"], b""), (["digest"], b""), (["log"], b"")):
        process = subprocess.run([PROGRAM, "-H", home] + arguments, input=mail,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 preexec_fn=lambda: os.umask(mask))
        if process.returncode != 0:
            bad.append("%s: %s" % (arguments, process.stderr))
    point("umask %03o: record, import, digest and log" % mask, bad)
    point("umask %03o: 0700 and 0600" % mask, modes(home))
    home = fresh("umask-init")
    subprocess.run([PROGRAM, "-H", home, "init"], preexec_fn=lambda: os.umask(mask))
    point("umask %03o: init" % mask, modes(home))
plan()
END
