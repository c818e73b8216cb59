"""Synthetic mail for t-full.sh: full.py N prints the mails of week N as an mbox.

A list's two weeks, with something for each section of layout full.
"""
import sys
from email.utils import format_datetime
from datetime import datetime, timedelta, timezone

IDA = "Ida Holm <ida@alpha.example>"
JAN = "Jan Ek <jan@beta.example>"
OLE = "Ole Os <ole@alpha.example>"
BO = "Bo Lind <bo@gmail.com>"
UTE = "Ute Klein <ute@gmail.com>"
TARO = "山田太郎 <taro@gamma.example>"
LKP = "kernel test robot <lkp@intel.com>"
WEEK = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)
mails = []


def mail(at, who, name, subject, body, parent=None, **fields):
    """One mail, AT hours into the week; NAME is the left of its Message-ID."""
    date = WEEK + timedelta(hours=at)
    lines = ["From mboxrd@z " + date.strftime("%a %b %d %H:%M:%S %Y"),
             "From: " + who, "To: demo@list.example", "Subject: " + subject,
             "Date: " + format_datetime(date), "Message-ID: <%s@mail.example>" % name]
    if parent:
        lines.append("In-Reply-To: <%s@mail.example>" % parent.split()[-1])
        lines.append("References: " + " ".join("<%s@mail.example>" % p for p in parent.split()))
    lines += ["%s: %s" % (key.replace("_", "-"), value) for key, value in fields.items()]
    lines += ["List-Id: <demo.list.example>", "Content-Type: text/plain; charset=utf-8",
              "Content-Transfer-Encoding: 8bit", "", body.strip("\n"), ""]
    mails.append("\n".join(lines))


def diff(path, line):
    return """diff --git a/%s b/%s
index 1111111..2222222 100644
--- a/%s
+++ b/%s
@@ -1,2 +1,3 @@
 a
+%s
 b
-- 
2.43.0
""" % (path, path, path, path, line)


def patch(at, who, name, subject, path, line, text="What it does, and why.", trailers="",
          below="", parent=None):
    body = """%s

%sSigned-off-by: %s
---
%s %s | 1 +
 1 file changed, 1 insertion(+)

%s""" % (text, trailers, who, below, path, diff(path, line))
    mail(at, who, name, subject, body, parent)


def reply(at, who, name, subject, parent, text, **fields):
    mail(at, who, name, "Re: " + subject, "> What it does, and why.\n\n" + text, parent, **fields)


def week1():
    mail(1, IDA, "a0", "[PATCH 0/3] demo: count the sheep", """The three patches count sheep.

Ida Holm (3):
  demo: one sheep
  demo: two sheep
  demo: black sheep

 demo/a.c | 1 +
 demo/b.c | 1 +
 demo/c.c | 1 +
 3 files changed, 3 insertions(+)
""")
    for i, what in enumerate(("one", "two", "black"), 1):
        patch(1 + i / 60, IDA, "a%d" % i, "[PATCH %d/3] demo: %s sheep" % (i, what),
              "demo/%s.c" % "abc"[i - 1], what, parent="a0")
    reply(5, JAN, "a1j", "[PATCH 1/3] demo: one sheep", "a0 a1",
          "Fine.\n\nReviewed-by: Jan Ek <jan@beta.example>")
    reply(6, OLE, "a0o", "[PATCH 0/3] demo: count the sheep", "a0",
          "Why not goats?\n")
    patch(20, BO, "b", "[PATCH] demo: mend the fence", "demo/fence.c", "post")
    mail(30, UTE, "bug", "[BUG] demo: the gate does not close", """Since the last release the gate stays open,
and the sheep walk out.
""")
    mail(31, BO, "talk", "How many sheep are too many?", """I would like to hear what demo@list.example thinks of a limit on sheep.
""")


def week2():
    at = 7 * 24
    mail(at + 1, IDA, "v0", "[PATCH v2 0/3] demo: count the sheep", """The three patches count sheep.

Changes in v2:
- Count goats, too [Ole].
- A name of another kind for the second sheep, which takes more than one line
  to say.
- Link to v1: https://lists.example/demo/a0@mail.example/

Ida Holm (3):
  demo: one sheep
  demo: two sheep
  demo: goats

 demo/a.c | 1 +
 demo/b.c | 1 +
 demo/g.c | 1 +
 3 files changed, 3 insertions(+)
""")
    patch(at + 1.1, IDA, "v1", "[PATCH v2 1/3] demo: one sheep", "demo/a.c", "one",
          trailers="Reviewed-by: Jan Ek <jan@beta.example>\n", parent="v0")
    patch(at + 1.2, IDA, "v2", "[PATCH v2 2/3] demo: two sheep", "demo/b.c", "other", parent="v0")
    # 3/3 does not come.
    reply(at + 2, JAN, "v0j", "[PATCH v2 0/3] demo: count the sheep", "v0",
          "I ran it.\n\nTested-by: Jan Ek <jan@beta.example>")
    for n in range(2):  # twice, and counted once
        reply(at + 3 + n, OLE, "v2o%d" % n, "[PATCH v2 2/3] demo: two sheep", "v0 v2",
              "Well.\n\nReviewed-by: Ole Os <ole@alpha.example>")
        mail(at + 4 + n, LKP, "lkp%d" % n, "Re: [PATCH v2 2/3] demo: two sheep",
             "Hi Ida,\n\nkernel test robot noticed the following build errors:\n\n   x.c:1: error: no\n",
             "v0 v2")
    mail(at + 5, IDA, "v2i", "Re: [PATCH v2 2/3] demo: two sheep", "> Well.\n\nThanks.\n", "v0 v2 v2o0")
    patch(at + 6, TARO, "t", "[PATCH] demo: 羊の数を表示する", "demo/t.c", "print",
          text="The number is shown.\n\nReported-by: Ute Klein <ute@gmail.com>\n\n"
          "A second paragraph, which a short page leaves out.")
    reply(at + 7, BO, "tb", "[PATCH] demo: 羊の数を表示する", "t",
          "Nice.\n\nAcked-by: Bo Lind <bo@gmail.com>\nReported-by: Ute Klein <ute@gmail.com>")
    patch(at + 8, BO, "b2", "[PATCH RESEND] demo: mend the fence", "demo/fence.c", "post")
    mail(at + 9, IDA, "pull", "[GIT PULL] demo changes for 2.0", """The following changes since commit 0123456789012345678901234567890123456789:

  demo: 1.0 (2026-01-01 00:00:00 +0000)

are available in the Git repository at:

  https://git.example/demo.git tags/for-2.0

for you to fetch changes up to 1123456789012345678901234567890123456789:

  demo: two sheep

----------------------------------------------------------------
Ida Holm (2):
      demo: one sheep
      demo: two sheep

 demo/a.c | 1 +
 demo/b.c | 1 +
 2 files changed, 2 insertions(+)
""")
    mail(at + 10, "pr-tracker-bot@kernel.org", "prt", "Re: [GIT PULL] demo changes for 2.0", """The pull request you sent on Mon, 9 Mar 2026 17:00:00 +0000:

> https://git.example/demo.git tags/for-2.0

has been merged into torvalds/linux.git:
https://git.kernel.org/torvalds/c/2123456789012345678901234567890123456789

Thank you!
""", "pull")
    mail(at + 11, "patchwork-bot+demo@kernel.org", "pw", "Re: [PATCH 0/3] demo: count the sheep", """Hello:

This series was applied to demo/demo.git (next)
by Ole Os <ole@alpha.example>:

On Mon, 2 Mar 2026 09:00:00 +0000 you wrote:
> The three patches count sheep.

Here is the summary with links:
  - [1/3] demo: one sheep
    https://git.example/demo/c/3123456789ab
  - [2/3] demo: two sheep
    https://git.example/demo/c/4123456789ab
  - [3/3] demo: black sheep
    (no matching commit)

You are awesome, thank you!
""", "a0")
    mail(at + 12, JAN, "ty", "Re: [PATCH] demo: mend the fence", """On Mon, 02 Mar 2026 04:00:00 +0000, Bo Lind wrote:
> What it does, and why.

Applied to demo/fixes, thanks!

[1/1] demo: mend the fence
      commit: 5123456789abcdef5123456789abcdef51234567
""", "b")
    for n, commit in enumerate(("6123456789ab", "7123456789ab"), 1):
        mail(at + 12 + n / 10, "tip-bot2 for Ida Holm <tip-bot2@linutronix.de>", "tip%d" % n,
             "[tip: demo/core] demo: %s sheep" % ("", "one", "two")[n],
             """The following commit has been merged into the demo/core branch of tip:

Commit-ID:     %s
Gitweb:        https://git.kernel.org/tip/%s
Author:        Ida Holm <ida@alpha.example>

demo: sheep

What it does, and why.
""" % (commit, commit), "v0 v%d" % n)
    mail(at + 12.5, "gregkh@linuxfoundation.org", "stable",
         'Patch "demo: mend the fence" has been added to the 6.6-stable tree', """
This is a note to let you know that I've just added the patch titled

    demo: mend the fence

to the 6.6-stable tree which can be found at:
    http://www.kernel.org/git/?p=linux/kernel/git/stable/stable-queue.git;a=summary
""")
    mail(at + 13, OLE, "bugo", "Re: [BUG] demo: the gate does not close", "> Since the last release\n\nIt is the hinge.\n", "bug")
    mail(at + 14, "syzbot <syzbot+0123456789@syzkaller.appspotmail.com>", "syz",
         "[syzbot] [demo?] WARNING in sheep_count", """Hello,

syzbot found the following issue on:

HEAD commit:    0123456789ab
""")
    mail(at + 15, "bugzilla-daemon@kernel.org", "bz", "[Bug 4711] New: demo: too many goats", """https://bugzilla.example/show_bug.cgi?id=4711
""")
    mail(at + 16, LKP, "lkpt", "[demo:next 3/7] demo/x.c:3:1: warning: unused variable 'y'", """tree:   https://git.example/demo.git next
""")
    mail(at + 17, JAN, "ann", "[ANNOUNCE] demo 2.0", "demo 2.0 is out.\n")
    for n, who in enumerate((IDA, UTE, IDA)):
        reply(at + 18 + n, who, "talk%d" % n, "How many sheep are too many?", "talk", "Seven.\n")
    reply(at + 22, UTE, "forge", "===== Applied =====", "gone", "No heading of ours.\n")


def week3():
    """More than a short page has room for."""
    at = 14 * 24
    for n in range(40):
        who = "Nora New <nora@delta.example>" if n == 7 else BO
        patch(at + n / 60, who, "w%d" % n, "[PATCH] demo: lamb %d" % n, "demo/l%d.c" % n, str(n),
              text="Lamb %d is the first line of this.\n\n" % n +
              "\n".join("Line %d of lamb %d says nothing that is new." % (i, n) for i in range(8)) + "\n")
    reply(at + 1, JAN, "w3j", "[PATCH] demo: lamb 3", "w3", "Fine.\n")


{"1": week1, "2": week2, "3": week3}[sys.argv[1]]()
sys.stdout.write("\n".join(mails))
