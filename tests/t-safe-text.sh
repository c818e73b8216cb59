#!/bin/bash
# RELIABILITY 16: nothing that is printed or mailed has a control (but LF and TAB), a bidirectional
# control or bytes that are no UTF-8, whatever a mail, a file's name or an argument has; and nothing
# adds a field to the mails that flush sends.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
import base64
import email
import email.policy
import json
import random
import unicodedata

from safe import *

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
RANDOM = random.Random(16)


def wrong(text, line=False):
    """What TEXT may not have."""
    return sorted({"U+%04X" % ord(c) for c in text
                   if (unicodedata.category(c) == "Cc" and c not in ("\n" if line else "\n\t"))
                   or (line and c == "\n") or c in BIDI or c in "\u2028\u2029\ufeff"})


def unsafe(what, data):
    """What is wrong with the bytes DATA, which are printed for people."""
    try:
        bad = wrong(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return ["%s: no UTF-8: %r" % (what, data[max(0, error.start - 40):error.end + 40])]
    return ["%s: %s: %r" % (what, bad, [line for line in data.decode().split("\n") if wrong(line)][:2])
            ] if bad else []


def unsafe_json(what, value):
    if isinstance(value, dict):
        return [line for key, inner in value.items()
                for line in unsafe_json("%s.%s" % (what, key), inner)]
    if isinstance(value, list):
        return [line for inner in value for line in unsafe_json(what, inner)]
    return ["%s: %s: %r" % (what, wrong(value), value[:200])] \
        if isinstance(value, str) and wrong(value) else []


def unsafe_lines(what, data):
    """Of JSON, a line each."""
    bad = unsafe(what, data)
    for line in data.splitlines():
        if not bad:
            bad = unsafe_json(what, json.loads(line))
    return bad


CONTROLS = bytes(set(range(32)) - {10} | {127})
RAW = ([bytes([c]) for c in CONTROLS] + [chr(c).encode() for c in range(0x80, 0xa0)]
       + [bytes([c]) for c in range(0x80, 0x100)] + [c.encode() for c in sorted(BIDI)]
       + [b"\xc0\x80", b"\xe0\x80\x8a", b"\xed\xa0\x80\xed\xb0\x80", b"\xf4\x90\x80\x80",
          b"\xf8\x88\x80\x80\x80", b"\xe2\x80", b"\xf0\x9f\x98", "\ufeff".encode(),
          "\u2028".encode(), "\u2029".encode(), "\ufffe".encode(), b"\x1b[2J\x1b[31m",
          b"\x1b]0;title\x07", b"\x9b31m", b"\x1bPq\x1b\\", b"\r\nBcc: eve@list.example",
          b"\rBcc: eve@list.example", b"\0\r\n\r\nbody", b"a" * 300, b"\x0e\x1b(0"])


def word(data):
    """DATA as an encoded word of some kind."""
    charset = RANDOM.choice([b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252", b"utf-7",
                             b"iso-2022-jp", b"utf-16", b"gb2312", b"x-none", b"utf-8*en"])
    if RANDOM.random() < 0.5:
        return b"=?%s?B?%s?=" % (charset, base64.b64encode(data))
    return b"=?%s?q?%s?=" % (charset, b"".join(b"=%02X" % c for c in data))


def hostile(newlines=False):
    """A few bytes that want to be something else."""
    parts = [b"words"]
    for i in range(RANDOM.randrange(1, 5)):
        data = RANDOM.choice(RAW)
        if RANDOM.random() < 0.3:
            data = word(b"a\r\nBcc: eve@list.example\r\n" if RANDOM.random() < 0.3 else data)
        parts += [data, RANDOM.choice([b"", b" ", b"x", b", ", b"/"])]
    parts = b"".join(parts)
    return parts if newlines else parts.replace(b"\n", b"\n ")


def attack(number):
    """A mail that is hostile wherever something is taken from it, in one form or another."""
    diff = hostile().replace(b"\n", b"")
    kind = number % 5
    body = b"""From: %s <%s@list.example>

%s
Link: https://lore.kernel.org/r/%s@list.example

Reviewed-by: %s <rev@list.example>
%s: x
Signed-off-by: Ada <ada@list.example>
---
change-id: %s
 %s/x.c | 2 +-
 1 file changed, 1 insertion(+)

diff --git a/%s b/%s
--- a/%s
+++ b/%s
@@ -1 +1 @@
-a
+%d
--
2.43.0

base-commit: %s
prerequisite-patch-id: %s
""" % (hostile(), hostile()[:20], hostile(True), hostile()[:30], hostile(), hostile(),
       hostile()[:40], diff, diff, diff, diff, diff, number, hostile(), hostile())
    if kind == 3:
        body = b"Applied to %s, thanks!\n\nReviewed-by: %s\n> %s\nBUG: %s" \
            % (hostile(), hostile(), hostile(), hostile() + "ä".encode() * 300)
    more = {1: b"Content-Type: text/plain; charset=%s; format=flowed\n" % RANDOM.choice(
                [b"utf-7", b"utf-16", b"iso-2022-jp", b"iso-8859-1", hostile()[:30]]),
            2: b"Content-Type: text/html\n",
            4: b"Content-Transfer-Encoding: base64\n"}.get(kind, b"")
    if kind == 4:
        body = base64.encodebytes(body)
    subject = [b"[PATCH v2 1/3] ", b"[PATCH] ", b"[GIT PULL] ", b"Re: [PATCH] ", b"[%s] " % hostile()]
    return (b"From: %s <%s@list.example>\nTo: %s\nReply-To: %s <r@list.example>\nSubject: %s%s\n"
            b"Date: %s\nMessage-ID: <%d%s@list.example>\nReferences: <%s@list.example>\n"
            b"List-Id: %s <%s.list.example>\nX-Mailer: %s\n%s\n%s"
            % (hostile(), hostile()[:20], hostile(), hostile(), subject[kind], hostile(), hostile()[:30],
               number, b"" if number % 3 else hostile()[:40], hostile()[:40], hostile(), hostile()[:300],
               hostile(), more, body))


def mailbox(name, mails):
    path = fresh(name)
    with open(path, "wb") as file:
        for mail in mails:
            file.write(b"From x Mon Jan  6 10:00:00 2025\n" + mail.replace(b"\nFrom ", b"\n>From ")
                       + b"\n\n")
    return path


COUNT = 1000
mails = [attack(i) for i in range(COUNT)]
home = mailing("hostile", count=0)
ran = run(home, "import", "--new", mailbox("mbox", mails))
point("%d hostile mails are imported" % COUNT, ran.status != 0 or unsafe("import", ran.out + ran.err),
      repr(ran))
for arguments in (["log"], ["digest"], ["flush", "-n"], ["log", "--path", "*words*"]):
    ran = run(home, *arguments)
    point("%s of them: text that is safe" % " ".join(arguments),
          ran.status != 0 or len(ran.out) < 1000 or unsafe(arguments[0], ran.out + ran.err),
          repr(ran)[:300])
ran = run(home, "log", "--json")
point("log --json of them: strings that are safe",
      ran.status != 0 or unsafe_lines("log", ran.out))
ids = [json.loads(line)["message_id"] for line in ran.out.splitlines()]
shown = len(ids)
point("there is one for each, but those sent twice", shown < COUNT * 9 // 10, str(shown))


def explained(message_id):
    ran, as_json = run(home, "explain", "--", message_id), run(home, "explain", "--json", message_id)
    return ["%s: %r" % (message_id, ran)] if ran.status or as_json.status else \
        unsafe(message_id, ran.out + ran.err) + unsafe_lines(message_id, as_json.out)


def recorded(mail):
    ran = run(fresh("one.%d" % id(mail)), "record", "-v", mail=mail)
    return unsafe("record -v", ran.out + ran.err) + (["%r" % ran] if ran.status else [])


def seen(mail):
    ran = run("/nonexistent", "explain", mail=mail)
    return unsafe("explain", ran.out + ran.err) + (["%r" % ran] if ran.status else [])


point("explain of them", each(explained, sample(ids, 60)))
point("explain of them on standard input", each(seen, sample(mails, 60)))
point("record -v of them", each(recorded, sample(mails, 40)))

# What names something: arguments, files, keys.
EVIL = b"a\x1b[31m\xe2\x80\xae\x9b\x07\r\nb\xff\xc2\x85"
evil_path = os.path.join(T.encode(), EVIL)
with open(evil_path, "wb") as file:
    file.write(b"no mailbox\n")
evil_home = os.path.join(T.encode(), b"home" + EVIL)
config = fresh("config")
os.mkdir(config, 0o700)
with open(config + "/config", "wb") as file:
    file.write(b"[digest]\ntitle=a\x1b[31m\n")
unknown = fresh("unknown")
os.mkdir(unknown, 0o700)
with open(unknown + "/config", "wb") as file:
    file.write(b"[digest]\n\x1b[31m\xe2\x80\xae=1\n")
for name, arguments in {
        "an unknown command": [b"-H", home.encode(), EVIL],
        "an unknown option": [b"-H", home.encode(), b"log", b"--" + EVIL],
        "a home": [b"-H", os.path.join(evil_home, b"missing", b"x"), b"log"],
        "a mailbox": [b"-H", home.encode(), b"import", evil_path],
        "a missing mailbox": [b"-H", home.encode(), b"import", evil_path + b"2"],
        "a Message-ID": [b"-H", home.encode(), b"explain", EVIL],
        "a class": [b"-H", home.encode(), b"log", b"--class", EVIL],
        "an outcome": [b"-H", home.encode(), b"log", b"--outcome", EVIL],
        "a time": [b"-H", home.encode(), b"log", b"--since", EVIL],
        "a range": [b"-H", home.encode(), b"digest", b"--range", EVIL + b".." + EVIL],
        "a title": [b"-H", evil_home, b"init", b"--title", EVIL],
        "a list id": [b"-H", evil_home, b"init", b"--list-id", EVIL],
        "a number": [b"-H", home.encode(), b"log", b"-n", EVIL],
        "a value in a config": [b"-H", config.encode(), b"log", b"--json"],
        "a key in a config": [b"-H", unknown.encode(), b"log", b"--json"]}.items():
    done = subprocess.run([PROGRAM.encode()] + arguments, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    point("what is said of %s is safe, and one line" % name,
          unsafe(name, done.stdout + done.stderr) or done.returncode == 0
          or done.stderr.count(b"\n") != 1 or not done.stderr.startswith(b"mldigest: "),
          repr(done)[:500])

# Fields added to what flush sends.
FIELDS = ["auto-submitted", "content-disposition", "content-transfer-encoding", "content-type",
          "date", "from", "list-id", "message-id", "mime-version", "precedence", "subject", "to"]


def forged(mail, more=()):
    """What is wrong with a mail that was sent, and may have the field MORE."""
    parsed = email.message_from_bytes(mail, policy=email.policy.default)
    names = sorted(name.lower() for name in parsed.keys())
    bad = [] if [name for name in names if name in FIELDS or name not in more] == FIELDS else ["fields: %s" % names]
    bad += ["defects: %s" % parsed.defects] if parsed.defects else []
    bad += ["multipart"] if parsed.is_multipart() else unsafe("body", parsed.get_payload(decode=True))
    header = mail.split(b"\n\n", 1)[0]
    bad += ["bytes in the header: %r" % header] if any(c < 32 and c != 10 and c != 9 or c > 126
                                                      for c in header) else []
    # As a reader of another make sees it, which does not unfold and decode.
    plain = email.message_from_bytes(mail.replace(b"\n", b"\r\n"), policy=email.policy.compat32)
    bad += ["bcc"] if plain["bcc"] or len(plain.keys()) != len(names) else []
    for name in ("subject", "from", "to"):
        try:
            value = str(parsed[name])
            bad += ["%s: %r" % (name, value)] if wrong(value, True) else []
        except ValueError as error:
            bad.append("%s: %s: %r" % (name, error, header))
    return bad


def flushed(home, want):
    ran = run(home, "flush")
    sent_now = sent(home)
    bad = [line for _, mail in sent_now for line in forged(mail)]
    return bad + (["%d sent: %r" % (len(sent_now), ran)] if len(sent_now) != want else [])


point("the digest of %d hostile mails has our fields and no other" % COUNT, flushed(home, 1))


def sent_one(number):
    one = mailing("one%d" % number, count=0)
    run(one, "import", "--new", mailbox("one%d.mbox" % number, [mails[number]]))
    ran = run(one, "flush")
    bad = [line for _, mail in sent(one) for line in forged(mail)]
    shutil.rmtree(one)
    return bad + ([repr(ran)] if ran.status else [])


point("and the digest of each", each(sent_one, sample(range(0, COUNT), 50)))


def escaped(data):
    """A value for a GKeyFile, by its escapes or as it is."""
    if RANDOM.random() < 0.5:
        return data.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    return data.replace(b"\n", b"\\n")


def configured(number):
    """A config that wants to add fields: refused, or it does not."""
    one = mailing("config%d" % number, count=1)
    key = KEYS[number % len(KEYS)]
    value = VALUES[number]
    group = b"[mail]\n" if number % len(KEYS) > 2 else b"[digest]\n"
    with open(one + "/config", "ab") as file:
        file.write(group + key + b"=" + value + b"\n")
    run(one, "flush", env={"MLDIGEST_HOSTNAME": "host\r\nBcc: eve" if number % 2 else "host"})
    bad = [line for _, mail in sent(one) for line in forged(mail, [key.decode()])]
    ran = run(one, "flush")
    bad += unsafe("flush", ran.out + ran.err)
    taken = len(sent(one))
    shutil.rmtree(one)
    taken_by.append(taken)
    return ["%r=%r: %s" % (key, value, line) for line in bad]


taken_by = []
KEYS = [b"title", b"list-id", b"archive", b"from", b"to", b"sendmail", b"list-help",
        b"list-unsubscribe", b"list-post"]
GOOD = [b"Demo ", b"x", b"https://list.example/", b"a", b"b@list.example,", b"/bin/true ",
        b"https://list.example/", b"mailto:a@list.example?subject=", b"mailto:a@list.example"]
VALUES = [GOOD[i % len(GOOD)] + escaped(RANDOM.choice(
    [hostile(True), word(b"\r\nBcc: eve@list.example"), "ä".encode() * 60, b"x" * 2000,
     b"a, b <c@d>; e:", b"=?utf-8?q?=0D=0ABcc:_x?=", b"\\r\\nBcc:\\seve@list.example",
     b"x\\n\\n", b"\"a\" (b) <c>", b"a b " * 100])) for i in range(COUNT)]
point("%d configs that want to add fields: none does" % COUNT,
      each(configured, sample(range(COUNT), 180)))
point("and some of them are taken", sum(taken_by) < len(taken_by) // 10, str(sum(taken_by)))
plan()
END
