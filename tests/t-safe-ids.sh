#!/bin/bash
# RELIABILITY 15: whatever a Message-ID is, the mail is kept, and no mail takes another's place.
. "${srcdir:-.}/tests/lib.sh"
python_test <<'END'
import json

from safe import *

LONG_ID = b"x" * 1_000_000
# The field or fields; what the mail is found by, or None where one is made.
IDS = {
    "as most are": (b"Message-ID: <a.1@list.example>", "a.1@list.example"),
    "in capitals": (b"Message-ID: <A.1@LIST.EXAMPLE>", "A.1@LIST.EXAMPLE"),
    "in part in capitals": (b"Message-ID: <a.1@List.example>", "a.1@List.example"),
    "the field's name in capitals": (b"MESSAGE-ID: <a.2@list.example>", "a.2@list.example"),
    "no field": (b"X-Nothing: here", None),
    "nothing in the field": (b"Message-ID:", None),
    "blanks in the field": (b"Message-ID:  \t\n ", None),
    "empty brackets": (b"Message-ID: <>", None),
    "two fields": (b"Message-ID: <b.1@list.example>\nMessage-ID: <b.2@list.example>",
                   "b.1@list.example"),
    "the second of those two": (b"Message-ID: <b.2@list.example>", "b.2@list.example"),
    "two fields, the first unfit": (b"Message-ID: none\nMessage-ID: <b.3@list.example>",
                                    "b.3@list.example"),
    "two in one field": (b"Message-ID: <c.1@list.example> <c.2@list.example>",
                         "c.1@list.example"),
    "the second of those": (b"Message-ID: <c.2@list.example>", "c.2@list.example"),
    "two in one pair of brackets": (b"Message-ID: <c.3@list.example c.4@list.example>", None),
    "no brackets": (b"Message-ID: d.1@list.example", None),
    "brackets not closed": (b"Message-ID: <d.2@list.example", None),
    "brackets not opened": (b"Message-ID: d.3@list.example>", None),
    "brackets twice": (b"Message-ID: <<d.4@list.example>>", None),
    "a comment before it": (b"Message-ID: (words) <e.1@list.example>", "e.1@list.example"),
    "a comment behind it": (b"Message-ID: <e.2@list.example> (words)", "e.2@list.example"),
    "words before it": (b"Message-ID: words <e.3@list.example>", "e.3@list.example"),
    "folded before it": (b"Message-ID:\n <f.1@list.example>", "f.1@list.example"),
    "folded inside": (b"Message-ID: <f.2@\n list.example>", "f.2@list.example"),
    "blanks inside": (b"Message-ID: < f.3@list.example >", "f.3@list.example"),
    "CRLF": (b"Message-ID: <f.4@list.example>\r", "f.4@list.example"),
    "no at sign": (b"Message-ID: <g.1>", None),
    "two at signs": (b"Message-ID: <g@2@list.example>", None),
    "a NUL": (b"Message-ID: <h.1\0@list.example>", None),
    "another NUL": (b"Message-ID: <h.1\0x@list.example>", None),
    "a control": (b"Message-ID: <h.2\x1b[31m@list.example>", None),
    "DEL": (b"Message-ID: <h.3\x7f@list.example>", None),
    "8 bits": (b"Message-ID: <\xc3\xbc@list.example>", None),
    "an encoded word": (b"Message-ID: =?utf-8?q?=3Ci=2E1=40list=2Eexample=3E?=", None),
    "an encoded word in brackets": (b"Message-ID: <=?utf-8?q?i?=@list.example>",
                                    "=?utf-8?q?i?=@list.example"),
    "quotes": (b'Message-ID: <"j 1"@list.example>', '"j1"@list.example'),
    "a literal": (b"Message-ID: <j.2@[127.0.0.1]>", "j.2@[127.0.0.1]"),
    "a path": (b"Message-ID: <../../etc/passwd@list.example>",
               "../../etc/passwd@list.example"),
    "an option": (b"Message-ID: <--json@list.example>", "--json@list.example"),
    "250 bytes": (b"Message-ID: <" + b"k" * 237 + b"@list.example>", "k" * 237 + "@list.example"),
    "251 bytes": (b"Message-ID: <" + b"k" * 238 + b"@list.example>", None),
    "252 bytes that begin like them": (b"Message-ID: <" + b"k" * 239 + b"@list.example>", None),
    "1 MB": (b"Message-ID: <" + LONG_ID + b"@list.example>", None),
    "1 MB that begins like it": (b"Message-ID: <" + LONG_ID + b"y@list.example>", None),
    "1 MB, folded": (b"Message-ID: <" + b"\n ".join([b"x" * 900] * 1000) + b"@list.example>", None),
}


def with_id(fields, subject, lists=b"", words=b"Words."):
    return (b"From: Ada <ada@list.example>\nSubject: %s\nDate: Mon, 6 Jan 2025 10:00:00 +0000\n"
            b"%s\n%s\n%s\n" % (subject, fields, lists, words))


def kept(home):
    """The messages as log --json has them, oldest first."""
    ran = run(home, "log", "--json", "--reverse")
    return [json.loads(line) for line in ran.out.splitlines()]


def record_mail(home, mail, word):
    ran = run(home, "record", "-v", mail=mail)
    return [] if ran.status == 0 and ran.out.startswith(word) and not ran.err \
        else ["wanted %s: %r %r" % (word, ran.out[:200], ran)]


home, bad = fresh("home"), []
for name, (fields, wanted) in IDS.items():
    bad += record_mail(home, with_id(fields, name.encode()), b"New:")
point("%d kinds of Message-IDs: every mail is new" % len(IDS), bad)
messages = kept(home)
same("every mail is there, in its place", [m["subject"] for m in messages], list(IDS))
point("no two have one Message-ID", len({m["message_id"] for m in messages}) != len(IDS))
bad = []
for message, (name, (fields, wanted)) in zip(messages, IDS.items()):
    made = "made-id" in message["flags"]
    if made != (wanted is None) or (wanted and message["message_id"] != wanted):
        bad.append("%s: %s %s" % (name, message["message_id"], message["flags"]))
    ran = run(home, "explain", "--json", "--", message["message_id"])
    if ran.status != 0 or json.loads(ran.out)["subject"] != name:
        bad.append("%s: explain: %r" % (name, ran))
point("it is the field's where that is fit, else made; and the mail is found by it", bad)
bad = []
for name, (fields, wanted) in IDS.items():
    bad += record_mail(home, with_id(fields, name.encode()), b"Exist:")
point("each of them again: known", bad or len(kept(home)) != len(IDS))

# Someone guesses what is made for a mail that has none.
victim = with_id(b"X-No: id", b"a mail without a Message-ID")
made = json.loads(run("/nonexistent", "explain", "--json", mail=victim).out)["message_id"]
forged = with_id(b"Message-ID: <%s>" % made.encode(), b"a forged one")
for order, mails in (("before", [forged, victim]), ("after", [victim, forged])):
    home = fresh("forged")
    bad = [line for mail in mails for line in record_mail(home, mail, b"New:")]
    messages = kept(home)
    point("a made Message-ID, forged %s the mail comes: both are kept, the second is flagged" % order,
          bad or [m["message_id"] for m in messages] != [made] * 2
          or "conflict" in messages[0]["flags"] or "conflict" not in messages[1]["flags"])

home = fresh("lists")
mails = [with_id(b"Message-ID: <l@list.example>", b"one", b"List-Id: <%s.list.example>\n" % name)
         for name in (b"a", b"b", b"c")]
bad = record_mail(home, mails[0], b"New:")
for mail in mails[1:] + mails:
    bad += record_mail(home, mail, b"Exist:")
messages = kept(home)
point("one Message-ID from three lists: one record, three lists",
      bad or [m["lists"] for m in messages] != [["%s.list.example" % name for name in "abc"]],
      messages)
explained = run(home, "explain", "l@list.example").out.decode()
point("and explain names them", not all("%s.list.example" % name in explained for name in "abc"),
      explained)

home = fresh("other")
bad = []
for words in (b"Words.", b"Other words.", b"Words again."):
    mail = with_id(b"Message-ID: <o@list.example>", b"one", words=words)
    bad += record_mail(home, mail, b"New:")
    bad += record_mail(home, mail, b"Exist:")
point("one Message-ID with other content: all are kept",
      bad or [m["message_id"] for m in kept(home)] != ["o@list.example"] * 3)
same("and flagged in log",
     [b"(conflict)" in line for line in run(home, "log", "--reverse").out.splitlines()],
     [False, True, True])
plan()
END
