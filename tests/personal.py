"""Synthetic mail for t-personal.sh: personal.py N prints the mails of week N as an mbox.

A list's two weeks, as far as they have to do with Jan Ek or with demo/sheep/.
"""
import sys
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

JAN = "Jan Ek <jan@beta.example>"
BO = "Bo Lind <bo@gmail.com>"
IDA = "Ida Holm <ida@alpha.example>"
OLE = "Ole Os <ole@alpha.example>"
LKP = "kernel test robot <lkp@intel.com>"
LIST = "demo@list.example"
WEEK = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)


def mail(at, who, name, subject, body, parent="", to=LIST, cc=""):
    """One mail, AT hours after the beginning; NAME is the left of its Message-ID."""
    date = WEEK + timedelta(hours=at)
    ids = ["<%s@mail.example>" % word for word in parent.split()]
    lines = ["From mboxrd@z " + date.strftime("%a %b %d %H:%M:%S %Y"), "From: " + who, "To: " + to]
    lines += ["Cc: " + cc] if cc else []
    lines += ["Subject: " + subject, "Date: " + format_datetime(date),
              "Message-ID: <%s@mail.example>" % name]
    lines += ["In-Reply-To: " + ids[-1], "References: " + " ".join(ids)] if ids else []
    print("\n".join(lines + ["List-Id: <demo.list.example>", "", body.strip("\n"), ""]))


def patch(at, who, name, subject, path, parent="", trailers="", **fields):
    mail(at, who, name, subject, """What %s does, and why.

%sSigned-off-by: %s
---
 %s | 1 +
 1 file changed, 1 insertion(+)

diff --git a/%s b/%s
index 1111111..2222222 100644
--- a/%s
+++ b/%s
@@ -1,2 +1,3 @@
 a
+%s
 b
""" % (name, trailers, who, path, path, path, path, path, name), parent, **fields)


def reply(at, who, name, subject, parent, **fields):
    mail(at, who, name, "Re: " + subject, "> What it does, and why.\n\nThis is what I think.",
         parent, **fields)


def week1():
    patch(1, BO, "old", "[PATCH] demo: an old fence", "demo/fence.c", cc=JAN)
    patch(2, BO, "seen", "[PATCH] demo: a seen fence", "demo/fence.c", cc=JAN)
    reply(3, OLE, "seen-r", "[PATCH] demo: a seen fence", "seen")
    patch(4, OLE, "other", "[PATCH] demo: another fence", "demo/fence.c")
    patch(5, JAN, "mine", "[PATCH] demo: what Jan waits for", "demo/jan.c", cc=JAN)
    mail(6, IDA, "talk", "Is a goat a sheep?", "I would like to hear what demo@list.example thinks.")


def week2():
    at = 7 * 24
    # His, and what it is answered with.
    mail(at + 1, JAN, "c0", "[PATCH 0/2] demo: count goats", "Two patches that count goats.\n")
    patch(at + 1.1, JAN, "c1", "[PATCH 1/2] demo: one goat", "demo/sheep/goat.c", "c0")
    patch(at + 1.2, JAN, "c2", "[PATCH 2/2] demo: two goats", "demo/goat.h", "c0")
    reply(at + 2, OLE, "c1o", "[PATCH 1/2] demo: one goat", "c0 c1", to=JAN, cc=LIST)
    reply(at + 3, IDA, "c1i", "[PATCH 1/2] demo: one goat", "c0 c1 c1o")
    reply(at + 4, JAN, "c1j", "[PATCH 1/2] demo: one goat", "c0 c1 c1o c1i")
    mail(at + 5, LKP, "bot", "Re: [PATCH 2/2] demo: two goats", "Hi Jan,\n\nit does not build.\n",
         "c0 c2", to=JAN)
    # He answers somebody, and is answered; what the others say there is theirs.
    reply(at + 6, JAN, "talk-j", "Is a goat a sheep?", "talk")
    reply(at + 7, BO, "talk-b", "Is a goat a sheep?", "talk talk-j")
    reply(at + 8, OLE, "talk-o", "Is a goat a sheep?", "talk")
    # He is asked: by To, a trailer, another address of his, and an old one in the mailmap.
    patch(at + 9, BO, "ask2", "[PATCH v2] demo: mend the gate", "demo/gate.c", to=JAN, cc=LIST)
    patch(at + 10, OLE, "cc", "[PATCH] demo: paint the gate", "demo/gate.h",
          trailers="Cc: Jan <jan@home.example>\n")
    patch(at + 11, IDA, "s1", "[PATCH 1/2] demo: feed the sheep", "demo/sheep/feed.c",
          cc='"Ek, Jan" <JEK@old.example>, ' + LIST)
    patch(at + 11.1, IDA, "s2", "[PATCH 2/2] demo: feed the dog", "demo/dog.c", "s1", cc=LIST)
    reply(at + 12, BO, "s1b", "[PATCH 1/2] demo: feed the sheep", "s1")
    reply(at + 13, BO, "s2b", "[PATCH 2/2] demo: feed the dog", "s1 s2", cc="ole@alpha.example")
    # It is addressed to him, and is about no patch of his.
    reply(at + 14, BO, "s1c", "[PATCH 1/2] demo: feed the sheep", "s1 s1b", cc=JAN)
    mail(at + 15, OLE, "ask", "Where is the key of the gate?",
         "Hi,\n\nI would like to know where demo@list.example keeps the key.", to=JAN, cc=LIST)
    # Nothing of this.
    patch(at + 16, BO, "no", "[PATCH] demo: the pond", "demo/pond.c", cc="jan@other.example")


{"1": week1, "2": week2}[sys.argv[1]]()
