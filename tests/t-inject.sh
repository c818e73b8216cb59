#!/bin/bash
# No byte of a mail or of the config becomes a field, a part or a line of its own in the mails that
# are sent, nor in the messages that are in them.  (What else may not be in them: t-safe-text.sh.)
. "${srcdir:-.}/tests/lib.sh"
for program in burst formail reformime; do
	PATH=$PATH:/usr/bin/mh command -v "$program" >/dev/null || skip_all "no $program"
done
python_test <<'END'
import base64
import collections
import email
import email.policy
import random

from safe import *

RANDOM = random.Random(2822)
os.environ["PATH"] += ":/usr/bin/mh"
EVIL = "eve@list.example"
# What would begin a field, a body, a part or a mail.
BREAKS = [b"\r\nBcc: " + EVIL.encode(), b"\nBcc: " + EVIL.encode(), b"\rBcc: " + EVIL.encode(), b"\r\n\r\nBcc: x",
          b"\n\n--=_mldigest-1--\n\n", b"\0Bcc: x", b"\x0bBcc: x", b"\x0cBcc: x", b"\x1cBcc: x", b"\x1eBcc: x",
          b"\xc2\x85Bcc: x", b"\xe2\x80\xa8Bcc: x", b"\xe2\x80\xa9Bcc: x", b"\xe2\x80\xae", b"\xe2\x81\xa6x",
          b"\xff\xfe", b"\xe5\x98\x8a\xe5\x98\x8dBcc: x", b"\xc0\x8aBcc: x", b"\r", b"\n\tBcc: x", b"\r\n Bcc: x",
          b"x" * 1200, b"x " * 900, b'"\r\n', b"\\\r\nBcc: x", b">,\r\n<x@y", b"(\r\n", b": ; , <", b"%0D%0ABcc:%20x",
          b"=0D=0ABcc:_x", b"?=\r\nBcc: x", "ä".encode() * 300, b"\xe2\x80\x8b" * 100, b"From x", b"\n.\n"]


def word(data):
    """DATA as an encoded word."""
    charset = RANDOM.choice([b"utf-8", b"us-ascii", b"iso-8859-1", b"utf-7", b"utf-16", b"iso-2022-jp",
                             b"x-none", b"utf-8*en"])
    if RANDOM.random() < 0.5:
        return b"=?%s?b?%s?=" % (charset, base64.b64encode(data))
    return b"=?%s?q?%s?=" % (charset, b"".join(b"=%02X" % c for c in data))


def attack(inline=True):
    """Some words that want out; INLINE: of one field, as mail has it."""
    parts = [b"words"]
    for i in range(RANDOM.randrange(1, 4)):
        data = RANDOM.choice(BREAKS)
        kind = RANDOM.random()
        if kind < 0.5:
            data = word(data)
        elif kind < 0.6:
            data = word(word(data))
        elif inline:
            data = data.replace(b"\n", b"\n ")
        parts += [data, RANDOM.choice([b"", b" ", b"x"])]
    return b"".join(parts)


def plain(limit=60):
    """The same without blanks and brackets, where an address or a msg-id has its atoms."""
    return re.sub(rb"[\s<>@]", b"", attack())[:limit]


def mail(number):
    identifier = b"%d@list.example" % number if number % 3 else b"%d%s@list.example" % (number, plain())
    name = RANDOM.choice([b"%s", b'"%s"', b"(%s) Ada"]) % attack()
    address = RANDOM.choice([b"ada@list.example", b"ada", plain() + b"@list.example", b"a,b@c@d", b""])
    return b"""From: %s <%s>
Subject: [PATCH] %s
Date: %s
Message-ID: <%s>
In-Reply-To: <%s@list.example>
References: <0@list.example> <%s@list.example>
 <%s@list.example>
List-Id: %s <%s.list.example>

%s
--=_mldigest-1
Content-Type: text/plain; name=digest-1.txt

forged
--=_mldigest-1--
From %s
.

Signed-off-by: Ada <ada@list.example>
---
 f%d.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/f%d.c b/f%d.c
--- a/f%d.c
+++ b/f%d.c
@@ -1 +1 @@
-a
+%d
""" % (name, address, attack(), RANDOM.choice([b"Mon, 6 Jan 2025 10:00:00 +0000", attack()]), identifier, plain(),
       plain(), plain(), attack(), plain(), attack(False), attack(), number, number, number, number, number,
       number)


OURS = {"auto-submitted", "content-disposition", "content-transfer-encoding", "content-type", "date", "from",
        "list-help", "list-id", "list-post", "list-unsubscribe", "message-id", "mime-version", "precedence",
        "references", "subject", "to"}
STUB = {"archived-at", "content-transfer-encoding", "content-type", "date", "from", "in-reply-to", "list-id",
        "message-id", "mime-version", "references", "subject", "to"}
ADDRESSES = {"from", "to"}


def bad_fields(what, parsed, allowed):
    """What is wrong with the fields of a mail, as Python reads them."""
    names = [name.lower() for name in parsed.keys()]
    bad = ["%s: a field %s" % (what, name) for name in names if name not in allowed]
    bad += ["%s: twice: %s" % (what, name) for name in set(names) if names.count(name) > 1]
    if not {"from", "date", "subject"} <= set(names):
        bad.append("%s: fields are missing: %s" % (what, names))
    for name in names:
        try:
            value = str(parsed[name])
        except Exception as error:
            bad.append("%s: %s: %r" % (what, name, error))
            continue
        if any(ord(c) < 32 and c != "\t" or 0x7f <= ord(c) < 0xa0 or c in "\u2028\u2029\u202e\u2066" for c in value):
            bad.append("%s: %s: %r" % (what, name, value[:300]))
        if name in ADDRESSES and len(parsed[name].addresses) != 1:
            bad.append("%s: %s: %s" % (what, name, parsed[name].addresses))
    return bad


def bad_lines(what, data):
    return ["%s: line: %r" % (what, line[:200]) for line in data.split(b"\n")
            if len(line) > 998 or any(c > 126 or c < 32 and c != 9 for c in line)]


def bad_mail(what, data, parts, stubs=None):
    """What is wrong with a mail: its lines, its fields, the types of its PARTS, its STUBS."""
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    bad = bad_lines(what, data) + bad_fields(what, parsed, OURS)
    for part in parsed.walk():
        bad += ["%s: defects: %s" % (what, part.defects)] if part.defects else []
    got = [part.get_content_type() for part in parsed.iter_parts()] if parsed.is_multipart() else [
        parsed.get_content_type()]
    bad += ["%s: parts: %s" % (what, got)] if got != parts else []
    inside = [part.get_payload(0) for part in parsed.walk() if part.get_content_type() == "message/rfc822"]
    if stubs is not None:
        bad += ["%s: %d messages, not %d" % (what, len(inside), stubs)] if len(inside) != stubs else []
        for i, stub in enumerate(inside):
            bad += bad_fields("%s, %d" % (what, i + 1), stub, STUB)
            bad += ["%s, %d: %s" % (what, i + 1, stub.get_content_type())] \
                if stub.get_content_type() != "text/plain" or stub.is_multipart() else []
    return bad


def field_names(data):
    """As formail reads them, which knows nothing of MIME."""
    out = subprocess.run(["formail", "-czfX", ""], input=data, stdout=subprocess.PIPE, check=True).stdout
    return [line.split(b":")[0].decode("latin-1").lower() for line in out.split(b"\n") if line]


def sections(data):
    """As reformime counts them."""
    return subprocess.run(["reformime"], input=data, stdout=subprocess.PIPE, check=True).stdout.decode().split()


def burst(data):
    """The messages in a mail, as nmh takes them out."""
    home = fresh("nmh")
    os.makedirs(home + "/Mail/inbox")
    with open(home + "/.mh_profile", "w") as file:
        file.write("Path: %s/Mail\n" % home)
    with open(home + "/Mail/inbox/1", "wb") as file:
        file.write(data)
    subprocess.run(["burst", "1"], env=dict(os.environ, HOME=home), stdout=subprocess.PIPE, check=True)
    result = []
    for name in sorted(os.listdir(home + "/Mail/inbox"), key=lambda n: int(n) if n.isdigit() else 0):
        if name.isdigit() and name != "1":
            with open("%s/Mail/inbox/%s" % (home, name), "rb") as file:
                result.append(file.read())
    return result


CONFIG = """list-help=https://list.example/help
list-unsubscribe=mailto:owner@list.example
list-post=mailto:kvm@list.example
[digest]
title=Demo
archive=https://list.example/archive/
list-id=kvm.list.example
"""


def box(name, mails):
    path = fresh(name + ".mbox")
    with open(path, "wb") as file:
        for one in mails:
            file.write(b"From x Mon Jan  6 10:00:00 2025\n" + one.replace(b"\nFrom ", b"\n>From ") + b"\n\n")
    return path


def hostile_home(name, key):
    home = mailing(name, count=0)
    with open(home + "/config") as file:
        config = file.read()
    with open(home + "/config", "w") as file:
        file.write("[mail]\nfrom=digest@list.example\nto=reader@list.example\nsendmail=%s.sendmail\n" % home + CONFIG +
                   "max-bytes=0\n")
    if key and run(home, "keygen").status != 0:
        raise RuntimeError("keygen")
    return home


MAILS = [mail(i) for i in range(1000)]
SIGNED = ["text/plain", "application/octet-stream", "application/octet-stream"]
for key in True, False:
    what = "signed" if key else "not signed"
    home = hostile_home("signed" if key else "plain", key)
    ran = run(home, "import", "--new", box(what, MAILS))
    point("%s: 1,000 mails that want to add fields" % what, ran.status != 0, repr(ran))
    ran = run(home, "flush")
    mails = sent(home)
    point("%s: they are one digest" % what, ran.status != 0 or len(mails) != 1, repr(ran))
    if not mails:
        continue
    text = mails[0][1]
    mime = run(home, "digest", "--issue", "1", "--format", "mime").out
    parsed = email.message_from_bytes(text, policy=email.policy.default)
    page = next(part for part in parsed.walk() if part.get_content_type() == "text/plain").get_content()
    shown = page.split("Patch list in this time period =====\n\n")[1].split("\n\n=====")[0].count("\n") + 1
    point("%s: most are in it" % what, shown < 700, str(shown))
    point("%s: the mail has our fields and parts" % what,
          bad_mail(what, text, SIGNED if key else ["text/plain"]))
    inside = sum(1 for line in mime.split(b"\n") if line == b"Content-Type: message/rfc822")
    point("%s: each is in the mail with messages" % what, inside < shown, "%d of %d" % (inside, shown))
    point("%s: with our fields in mail and messages, and nothing else" % what,
          bad_mail(what, mime, (SIGNED if key else ["text/plain"]) + ["multipart/digest"], inside))
    got = collections.Counter(field_names(text)) + collections.Counter(field_names(mime))
    point("%s: formail reads the same fields" % what,
          sorted(set(got) - OURS) or [name for name in got if got[name] != 2 and name != "content-disposition"
                                      and name != "content-transfer-encoding"], repr(got))
    # A message is two sections, itself and what is in it.  It reads no more than 300.
    first = [str(i) for i in range(1, 4 if key else 2)]
    last = "1.%d" % (len(first) + 1)
    want = (["1"] + ["1." + i for i in first] + [last] + [
        "%s.%d%s" % (last, i + 1, inner) for i in range(inside) for inner in ("", ".1")])[:300]
    same("%s: reformime counts the same parts" % what, sections(mime), want)
    if key:
        ran = run(home, "verify", mail=mime)
        point("%s: and so many hide no signed part" % what,
              ran.status != 0 or b"issue 1: good, " not in ran.out, repr(ran))
    messages = burst(mime)
    point("%s: nmh takes as many out" % what, len(messages) != inside, "%d of %d" % (len(messages), inside))
    bad = []
    for i, one in enumerate(messages):
        names = field_names(one)
        bad += ["%d: %s" % (i + 1, name) for name in set(names) - STUB]
        bad += ["%d: twice %s" % (i + 1, name) for name in set(names) if names.count(name) > 1]
    point("%s: and formail reads our fields in each" % what, bad)


# The config.
KEYS = ["title", "from", "to", "list-help", "list-unsubscribe", "list-post", "archive", "list-id"]
GOOD = {"title": b"Demo ", "from": b"a", "to": b"b@list.example, c", "list-help": b"https://list.example/",
        "list-unsubscribe": b"mailto:owner@list.example?subject=", "list-post": b"mailto:kvm@list.example",
        "archive": b"https://list.example/", "list-id": b"kvm"}


def escaped(data):
    """A value for a GKeyFile, by its escapes or as it is."""
    if RANDOM.random() < 0.5:
        return data.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r").replace(b"\t", b"\\t")
    return data.replace(b"\n", b"\\n")


VALUES = [(key, GOOD[key] + escaped(attack(False) if i % 3 else plain(200))) for i, key in
          enumerate(KEYS[i % len(KEYS)] for i in range(1000))]
TEMPLATE = warm("template", 1)
taken = []


def configured(number):
    key, value = VALUES[number]
    home = copy(TEMPLATE, "config%d" % number)
    box = fresh("config%d.mail" % number)
    os.mkdir(box)
    sendmail(home, SENDMAIL % ("keeps what it gets", box, box, box, ""))
    config = [line for line in CONFIG.encode().split(b"\n")
              if not line.startswith(key.encode() + b"=")]
    mail = [b"[mail]", b"sendmail=" + home.encode() + b".sendmail"]
    mail += [b"from=digest@list.example"] if key != "from" else []
    mail += [b"to=reader@list.example"] if key != "to" else []
    at = config.index(b"[digest]") + 1 if key in ("title", "archive", "list-id") else 0
    config.insert(at, key.encode() + b"=" + value)
    with open(home + "/config", "wb") as file:
        file.write(b"\n".join(mail + config))
    run(home, "flush")
    bad = []
    for _, text in sent(home):
        taken.append(key)
        ours = OURS - ({"to"} if key == "to" else set())
        bad += bad_mail("%s=%r" % (key, value), text, ["text/plain"]) if key != "to" else \
            [line for line in bad_mail("%s=%r" % (key, value), text, ["text/plain"]) if ": to: [" not in line
             and "to: (" not in line]
        bad += ["%s=%r: %s" % (key, value, name) for name in field_names(text) if name not in OURS]
        mime = run(home, "digest", "--issue", "1", "--format", "mime").out
        bad += [line for line in bad_mail("%s=%r, mime" % (key, value), mime, ["text/plain", "multipart/digest"], 1)
                if key != "to" or ": to: (" not in line]
    shutil.rmtree(home)
    shutil.rmtree(box)
    return bad


point("1,000 configs that want to add fields: none does", each(configured, sample(range(1000), 200)))
point("some of each kind are taken", len(set(taken)) < 6, repr(collections.Counter(taken)))
plan()
END
