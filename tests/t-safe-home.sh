#!/bin/bash
# RELIABILITY 18: a hostile environment changes nothing; a home that is not what it should be is
# refused by name, and the mail given back.
. "${srcdir:-.}/tests/lib.sh"
chmod 711 "$T"
python_test <<'END'
import signal
import stat

from safe import *

MAILS = [patch(1, subject="=?iso-8859-2?q?=5BPATCH=5D_=B1=E9?= number 1").replace(
             b"Ada Example", b"=?iso-8859-1?q?Ad=E9?="),
         b"Subject: [PATCH] latin\nFrom: B <b@list.example>\nMessage-ID: <latin@list.example>\n"
         b"MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-15\n"
         b"Content-Transfer-Encoding: 8bit\n\n\xa4 \xe9\n---\n x | 1 +\n 1 file changed, "
         b"1 insertion(+)\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+y\n",
         b"Subject: [PATCH] no charset \xe9\nFrom: C <c@list.example>\n"
         b"Message-ID: <raw@list.example>\n\nraw \xe9 \xff\n---\n z | 1 +\n 1 file changed, "
         b"1 insertion(+)\n\ndiff --git a/z b/z\n--- a/z\n+++ b/z\n@@ -0,0 +1 @@\n+y\n",
         b"Subject: [PATCH] =?utf-7?q?+AGE?= =?x-unknown?q?=E9?=\nFrom: D <d@list.example>\n"
         b"Message-ID: <odd@list.example>\nContent-Type: text/plain; charset=koi8-r\n"
         b"Content-Transfer-Encoding: base64\n\n8NLJ18XUCi0tLQo=\n"]
FIXED = {"MLDIGEST_NOW": "1767225600", "MLDIGEST_HOSTNAME": "host.list.example"}


def whole(name, env, cwd=None):
    """All that a home can say, made under ENV."""
    home = mailing(name, count=0)
    env = dict(FIXED, **env)
    said = []
    for mail in MAILS + [b"\xff\xfe not a mail", b"Subject: x\nDate: x\n\n"]:
        ran = run(home, "record", "-v", mail=mail, env=env)
        said.append((ran.status, ran.out, ran.err))
    for arguments in (["digest"], ["log"], ["explain", "latin@list.example"],
                      ["digest", "--since", "1d"], ["flush"], ["log", "-n", "2"]):
        ran = run(home, *arguments, env=env)
        said.append((ran.status, ran.out, ran.err))
    said.append([(to, mail) for to, mail in sent(home)])
    said.append(sorted(os.listdir(home + "/db")))
    return said


plain = whole("plain", {})
trap = fresh("trap")
os.mkdir(trap)
# A module that iconv would load, and programs that a shell would run.
with open(trap + "/gconv-modules", "w") as file:
    for name in "ISO-8859-2", "ISO-8859-1", "ISO-8859-15", "KOI8-R", "UTF-7", "UTF-8":
        file.write("module %s// INTERNAL trap 1\nmodule INTERNAL %s// trap 1\n" % (name, name))
source = fresh("trap.c")
with open(source, "w") as file:
    file.write("#include <stdlib.h>\nint gconv_init(void *s){(void)s;abort();}\n"
               "int gconv(void){abort();}\n")
built = subprocess.run([os.environ.get("CC", "cc").split()[0], "-shared", "-fPIC", "-o",
                        trap + "/trap.so", source]).returncode
for name in "git", "sh", "sendmail", "cat", "mldigest":
    with open(trap + "/" + name, "w") as file:
        file.write("#!/bin/false\n")
    os.chmod(trap + "/" + name, 0o755)
with open(trap + "/DB_CONFIG", "w") as file:
    file.write("set_lg_dir /nowhere\n")
HOSTILE = [
    {"G_DEBUG": "fatal-warnings,fatal-criticals,gc-friendly"}, {"G_SLICE": "debug-blocks"},
    {"G_MESSAGES_DEBUG": "all"}, {"G_ENABLE_DIAGNOSTIC": "1"}, {"GCONV_PATH": trap},
    {"DB_HOME": trap}, {"TMPDIR": "/nowhere"}, {"TMPDIR": trap, "TMP": trap, "TEMP": trap},
    {"LC_ALL": "tr_TR.ISO-8859-9"}, {"LC_ALL": "C", "LANG": "C"}, {"LC_ALL": "de_DE.UTF-8"},
    {"LC_ALL": "no_such"}, {"LANGUAGE": "de:fr", "LANG": "de_DE.UTF-8"}, {"LC_CTYPE": "ja_JP.SJIS"},
    {"CHARSET": "KOI8-R"}, {"G_FILENAME_ENCODING": "UTF-16"}, {"G_BROKEN_FILENAMES": "1"},
    {"IFS": "/dm"}, {"ENV": trap + "/sh", "BASH_ENV": trap + "/sh"}, {"POSIXLY_CORRECT": "1"},
    {"CDPATH": trap, "SHELL": trap + "/sh"}, {"MALLOC_PERTURB_": "165"},
    {"OUTPUT_CHARSET": "UTF-16"}, {"XDG_DATA_DIRS": trap, "XDG_CONFIG_HOME": trap},
]
for env in HOSTILE:
    got = whole("hostile", env)
    point("%s changes nothing" % " ".join("%s=%s" % (key, value.replace(T, ""))
                                          for key, value in env.items()),
          [] if got == plain else ["%r\n%r" % pair for pair in zip(plain, got)
                                   if pair[0] != pair[1]][:3])

# PATH: sendmail stands in the config by its whole name; what it is itself is its own affair.
home = mailing("path", count=1)
sendmail(home, '#!/bin/sh\nPATH=/usr/bin:/bin\n/bin/cat >"%s.mail/sent.1.1.x"\n' % home)
ran = run(home, "flush", env={"PATH": trap})
same("PATH=/trap changes nothing", (ran.status, len(sent(home))), (0, 1), repr(ran))
# Nothing but what LD_… says: the environment is empty.
clean = subprocess.run(["env", "-i", PROGRAM, "-H", home, "record"], input=patch(2))
same("an empty environment: a home that is named", clean.returncode, 0)
clean = subprocess.run(["env", "-i", "HOME=" + fresh("elsewhere"), PROGRAM, "record"],
                       input=patch(2), stderr=subprocess.PIPE)
same("an environment without a home that is there: 75", clean.returncode, 75)


def refused(what, home, words, mend, user=(), statuses=(77, 78)):
    """Every command names the thing and refuses; record reads its input and says 75; once it is
    mended all is there."""
    bad = []
    ran = run(home, "record", mail=patch(50) + b"x" * 300000)
    if ran.status != 75 or not re.search(words, ran.err) or ran.err.count(b"\n") != 1:
        bad.append("record: %r" % ran)
    for command in "digest", "log", "flush":
        ran = run(home, command)
        if ran.status not in statuses or not re.search(words, ran.err) \
                or ran.err.count(b"\n") != 1:
            bad.append("%s: %r" % (command, ran))
    mend()
    ran = record(home, 51)
    if ran.status != 0:
        bad.append("mended: %r" % ran)
    bad += missing(home, [1, 2, 3, 51])
    point(what + ": refused by name", bad)


start = warm("start")


def broken(name):
    return copy(start, name)


def name_of(path):
    return re.escape(path).encode()


home = broken("group")
os.chmod(home, 0o770)
refused("a home the group may write to", home, name_of(home) + b": others may write",
        lambda: os.chmod(home, 0o700))
home = broken("world")
os.chmod(home, 0o702)
refused("a home all may write to", home, name_of(home) + b": others may write",
        lambda: os.chmod(home, 0o700))
home = broken("dbgroup")
os.chmod(home + "/db", 0o770)
refused("a db the group may write to", home, name_of(home) + b"/db: others may write",
        lambda: os.chmod(home + "/db", 0o700))
link = fresh("link")
os.symlink(start, link)


def unlink():
    os.unlink(link)
    shutil.copytree(start, link)


for way in link, link + "/", link + "//":
    if not os.path.islink(link):
        shutil.rmtree(link)
        os.symlink(start, link)
    refused("a symbolic link for a home, as LINK" + way[len(link):], way, name_of(link), unlink)
home = broken("dblink")
os.rename(home + "/db", home + "/real")
os.symlink("real", home + "/db")


def back():
    os.unlink(home + "/db")
    os.rename(home + "/real", home + "/db")


refused("a symbolic link for db", home, name_of(home) + b"/db", back)
home = broken("locklink")
os.unlink(home + "/lock")
os.symlink(trap + "/target", home + "/lock")
refused("a symbolic link for the lock", home, name_of(home) + b"/lock",
        lambda: os.unlink(home + "/lock"), statuses=(73, 77, 78))
point("and nothing was made where it leads", os.path.exists(trap + "/target"))
for what, make in (("a DB_CONFIG", lambda path: shutil.copy(trap + "/DB_CONFIG", path)),
                   ("a DB_CONFIG that leads nowhere", lambda path: os.symlink("/nowhere", path)),
                   ("a DB_CONFIG that is a directory", os.mkdir)):
    home = broken("dbconfig")
    path = home + "/db/DB_CONFIG"
    make(path)
    refused(what, home, name_of(path) + b": not supported",
            lambda: os.rmdir(path) if os.path.isdir(path) else os.unlink(path))
home = fresh("file")
with open(home, "w") as file:
    file.write("x")


def replace():
    os.unlink(home)
    shutil.copytree(start, home)


refused("a file for a home", home, name_of(home) + b": not a directory", replace)
if os.getuid() == 0:
    home = broken("foreign")
    os.chown(home, 65534, 65534)
    refused("a foreign home", home, name_of(home) + b": belongs to another",
            lambda: os.chown(home, 0, 0))
    home = broken("foreigndb")
    os.chown(home + "/db", 65534, 65534)
    refused("a foreign db", home, name_of(home) + b"/db",
            lambda: os.chown(home + "/db", 0, 0))
else:
    skip("a foreign home: refused by name", "not root")

# Network file systems: their locks and memory are not what is needed.
for name, magic in (("NFS", "6969"), ("SMB", "ff534d42"), ("SMB", "fe534d42"), ("AFS", "5346414f"),
                    ("9P", "1021997"), ("Ceph", "c36400"), ("Coda", "73757245")):
    home = broken("network")
    bad = []
    for ran in (record(home, 9, statfs=magic),
                run(home, "digest", statfs=magic), run(home, "log", statfs=magic),
                run(home, "flush", statfs=magic)):
        if ran.status not in (75, 78) or b"%s: on a network file system (%s)" % (
                home.encode(), name.encode()) not in ran.err or ran.err.count(b"\n") != 1:
            bad.append(repr(ran))
    point("a home on %s (%s): refused by name" % (name, magic), bad)
    point("and as it was", missing(home, [1, 2, 3]))
same("one that is to be made on NFS", record(fresh("new"), 1, statfs="6969").status, 75)
plan()
END
