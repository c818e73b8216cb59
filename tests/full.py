"""Synthetic mail for t-full.sh: full.py N prints the mails of week N as an mbox.

A list's weeks: the first two have something for each section of layout full, the third is long,
the last two have the kinds of rows that the others have not.
"""
import sys
from email.utils import format_datetime
from datetime import datetime, timedelta, timezone

IDA = "Ida Holm <ida@alpha.example>"
JAN = "Jan Ek <jan@beta.example>"
OLE = "Ole Os <ole@alpha.example>"
BO = "Bo Lind <bo@gmail.com>"
UTE = "Ute Klein <ute@gmail.com>"
JAN2 = "Jan Ek <ek@home.example>"
EVA = '"Kovacs, Eva" <eva@delta.example>'
NORA = "Nora New <nora@delta.example>"
TARO = "山田太郎 <taro@gamma.example>"
PULL = """The following changes since commit 0123456789012345678901234567890123456789:

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
"""
LKP = "kernel test robot <lkp@intel.com>"
WEEK = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)
mails = []


def mail(at, who, name, subject, body, parent=None, sent=None, **fields):
    """One mail that came AT hours into the week, and was SENT then or so; NAME is the left of its
    Message-ID."""
    came = WEEK + timedelta(hours=at)
    date = came if sent is None else WEEK + timedelta(hours=sent)
    lines = ["From mboxrd@z " + came.strftime("%a %b %d %H:%M:%S %Y"),
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
          below="", parent=None, sent=None):
    body = """%s

%sSigned-off-by: %s
---
%s %s | 1 +
 1 file changed, 1 insertion(+)

%s""" % (text, trailers, who, below, path, diff(path, line))
    mail(at, who, name, subject, body, parent, sent)


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
    mail(at + 9, IDA, "pull", "[GIT PULL] demo changes for 2.0", PULL)
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
        who = NORA if n == 7 else BO
        patch(at + n / 60, who, "w%d" % n, "[PATCH] demo: lamb %d" % n, "demo/l%d.c" % n, str(n),
              text="Lamb %d is the first line of this.\n\n" % n +
              "\n".join("Line %d of lamb %d says nothing that is new." % (i, n) for i in range(8)) + "\n")
    reply(at + 1, JAN, "w3j", "[PATCH] demo: lamb 3", "w3", "Fine.\n")


def series(at, who, name, subject, count, came=None):
    """A cover letter, NAME0, and its patches, all or those that CAME; SUBJECT has %d for n."""
    mail(at, who, name + "0", subject % 0, "All of it.\n", None)
    for n in came or range(1, count + 1):
        patch(at + n / 60, who, "%s%d" % (name, n), subject % n, "demo/%s%d.c" % (name, n),
              "%s %d" % (name, n), parent=name + "0")


def week4():
    """What the fifth week has something to say of."""
    series(1, IDA, "barn", "[PATCH %d/4] demo: paint the barn", 4)
    series(2, IDA, "roof", "[PATCH %d/2] demo: mend the roof", 2)
    patch(3, BO, "hinge1", "[PATCH] demo: oil the hinge", "demo/hinge.c", "oil", sent=-2.5 * 24)
    patch(4, BO, "latch1", "[RFC PATCH] demo: a latch", "demo/latch.c", "latch")
    patch(5, BO, "other", "[PATCH] demo: a fence", "demo/other.c", "other")
    for n in (1, 2):
        patch(6 + n / 60, OLE, "late%d" % n, "[PATCH %d/4] demo: late %d" % (n, n),
              "demo/late%d.c" % n, "late", parent="late0")
    mail(7, UTE, "bug", "[BUG] demo: the gate does not close", "The gate of demo stays open.\n")
    patch(8, BO, "wrong", "[PATCH] demo: hay", "demo/hay.c", "hay")


def week5():
    """One of each kind of row that the second week has not."""
    at = 7 * 24
    # Versions.
    patch(at + 1, BO, "hinge2", "[PATCH v2] demo: oil the hinge", "demo/hinge.c", "more oil",
          below="v2: more oil, of a kind that does not freeze in winter, as was asked for by Jan\n\n")
    patch(at + 30, BO, "hinge3", "[PATCH v3] demo: oil the hinge", "demo/hinge.c", "more oil")
    patch(at + 2, BO, "latch2", "[PATCH] demo: a latch", "demo/latch.c", "latch, and a bolt")
    patch(at + 3, JAN, "gate1", "[PATCH] demo: a gate", "demo/gate.c", "gate")
    patch(at + 4, JAN, "gate2", "[PATCH RESEND] demo: a gate", "demo/gate.c", "gate")
    patch(at + 5, NORA, "part", "[PATCH 2/9] demo: hens", "demo/hens.c", "hens")
    series(at + 6, IDA, "silo", "[RFC PATCH %d/3] demo: a silo", 3, (1, 2))
    mail(at + 6.2, IDA, "empty0", "[PATCH 0/2] demo: a well", "All of it.\n")
    for n, title in ((2, "oats"), (3, "barley")):
        patch(at + 7 + n / 60, OLE, "stable%d" % n, "[PATCH AUTOSEL 6.1 %d/9] demo: %s" % (n, title),
              "demo/%s.c" % title, title, parent="stable0",
              trailers="Reviewed-by: Jan Ek <jan@beta.example>\n" if n == 2 else "")
    patch(at + 7.5, IDA, "inline", "Re: [PATCH] demo: a fence", "demo/other.c", "post", parent="other")
    # Who answers: a name with a comma, two addresses of one name, a tag with an address of its own.
    reply(at + 8, EVA, "e1", "[PATCH] demo: a gate", "gate1", "Nice.\n")
    reply(at + 8.1, JAN2, "e2", "[PATCH v2] demo: oil the hinge", "hinge2",
          "Nice.\n\nReviewed-by: Jan Ek <jan@work.example>\n")
    reply(at + 8.2, JAN, "e3", "[RFC PATCH 1/3] demo: a silo", "silo0 silo1",
          "Nice.\n\nAcked-by: Jan Ek <jan@beta,example>\n")
    mail(at + 8.3, LKP, "e4", "[linux-next:master] BUILD SUCCESS 0123456789ab", "All is well.\n",
         "silo0")
    # Applied.
    reply(at + 9, JAN, "a1", "[PATCH 0/4] demo: paint the barn", "barn0", "Queued 1-2 and 4, thanks.\n")
    reply(at + 9.1, JAN, "a2", "[PATCH 1/2] demo: mend the roof", "roof0 roof1", """Applied to demo/fixes.

[1/2] demo: mend the roof
      https://git.example/c/8123456789abcdef8123456789abcdef81234567
[2/2] demo: mend the roof
      https://git.example/c/9123456789abcdef9123456789abcdef91234567
""")
    reply(at + 9.2, JAN, "a3", "[PATCH] demo: a fence", "other",
          "Thanks, applied to my demo-next branch (with the headline fixed).\n")
    reply(at + 9.3, UTE, "a4", "[PATCH] demo: hay", "wrong", """I applied this, and tried to start it, and got

NIP:  c00800000f3ab678 LR: c00800000f3ab66c CTR: c000000000198210
""" + "Line.\n" * 12)
    mail(at + 9.4, "tip-bot2 for Bo Lind <tip-bot2@linutronix.de>", "a5",
         "[tip: demo/core] demo: a fence", """The following commit has been merged into the demo/core branch of tip:

Commit-ID:     a123456789ab
Author:        Bo Lind <bo@gmail.com>
Committer:     Jan Ek <jan@beta.example>
CommitterDate: Mon, 09 Mar 2026 10:00:00 +01:00

demo: a fence
""", "other")
    reply(at + 9.5, "patchwork-bot+demo@kernel.org", "a6", "[PATCH 1/4] demo: late 1", "late0 late1",
          """This patch was applied to demo/demo.git (main) by Eva Kovacs <eva@delta.example>:

  - [1/4] demo: late 1
    https://git.example/c/b123456789ab
""")
    # Threads.
    reply(at + 10, OLE, "bugo", "[BUG] demo: the gate does not close", "bug", "It is the hinge.\n")
    mail(at + 10.1, "Rose Gordon <rose@spam.example>", "x.1", "Hi there", "I have a business for you.\n",
         "x.1.ref")
    mail(at + 10.2, "syzbot <syzbot+1@syzkaller.appspotmail.com>", "syz2",
         "[syzbot] [demo?] KASAN: use-after-free in hen", "Hello,\n\nsyzbot found the following issue on:\n")
    reply(at + 10.3, EVA, "syz2e", "[syzbot] [demo?] KASAN: use-after-free in hen", "syz2", "Mine.\n")
    mail(at + 10.4, IDA, "pull2", "[GIT PULL] demo fixes", PULL)
    reply(at + 10.5, EVA, "pull2e", "[GIT PULL] demo fixes", "pull2", "Which branch?\n")
    # What comes late.
    mail(at + 11, OLE, "late0", "[PATCH 0/4] demo: all that is late", "All of it.\n")
    patch(at + 11.1, OLE, "late3", "[PATCH 3/4] demo: late 3", "demo/late3.c", "late", parent="late0")
    # More than ten wait.
    for n in range(8):
        patch(at + 12 + n, BO, "wait%d" % n, "[PATCH] demo: wait %d" % n, "demo/wait%d.c" % n, str(n))


def flood():
    """Of everything more than a page has room for, and strangers' longest words."""
    words = " ".join("sheep%d" % n for n in range(300))
    patch(1, NORA, "nora", "[PATCH] demo: a first post", "demo/nora.c", "nora")
    mail(2, IDA, "many0", "[PATCH 0/120] demo: very many changes", "All of it.\n")
    for n in range(1, 121):
        patch(2 + n / 1000, IDA, "many%d" % n, "[PATCH %d/120] demo: of very many changes one" % n,
              "demo/m%d.c" % n, str(n), parent="many0")
    for n in range(30):
        who = "%s %d <w%d@%s.example>" % (words[:900], n, n, "x" * 60)
        patch(3 + n / 100, who, "long%d" % n, "[PATCH] demo: %d %s" % (n, words), "demo/o%d.c" % n, str(n))
        reply(4 + n / 100, JAN, "ty%d" % n, "[PATCH] demo: %d" % n, "long%d" % n, "Applied, thanks.\n")
        mail(5 + n / 100, who, "talk%d" % n, "demo: %d %s" % (n, words),
             "I would like to hear what demo@list.example thinks of %d sheep.\n" % n)
        mail(6 + n / 100, who, "bug%d" % n, "[BUG] demo: %d %s" % (n, words), "It fails.\n")
        mail(7 + n / 100, who, "ann%d" % n, "[ANNOUNCE] demo %d %s" % (n, words), "It is out.\n")
        mail(8 + n / 100, IDA, "pull%d" % n, "[GIT PULL] demo %d %s" % (n, words), PULL)


{"1": week1, "2": week2, "3": week3, "4": week4, "5": week5, "flood": flood}[sys.argv[1]]()
sys.stdout.write("\n".join(mails))
