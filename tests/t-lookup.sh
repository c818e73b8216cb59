#!/bin/bash
# log --author and --path: what the index gives is what a look at every message gives, no other message is
# read for it, and whatever happens to it, it is made anew.
. "${srcdir:-.}/tests/lib.sh"

${CC:-cc} -o "$T/dbtool" "$tests/dbtool.c" -ldb-5.3 2>/dev/null ||
	${CC:-cc} -o "$T/dbtool" "$tests/dbtool.c" -ldb 2>"$T/cc" ||
	skip_all "the tool does not compile: $(head -n 1 "$T/cc")"
export top shared
python_test <<'END'
import fnmatch
import json
import random
import unicodedata

from safe import *

top, shared = os.environ["top"], os.environ["shared"]
random.seed(6)


def fold(text):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def objects(home):
    ran = run(home, "log", "--json")
    return [json.loads(line) for line in ran.out.decode().splitlines()]


class Message:
    """What --author and --path look at in a message, by what --json tells of it."""

    def __init__(self, plain, mapped):
        self.id, self.number = plain["message_id"], plain["seq"]
        self.people = {fold(("%s <%s>" % (name, address)) if name else address)
                       for line in (plain, mapped)
                       for key in ("from", "author", "patch_author") if line[key]
                       for name, address in [(line[key]["name"] or "", line[key]["address"] or "")]}
        self.paths = {path["path"] for path in plain["paths"]}

    def by(self, words):
        return any(fold(word) in person for word in words for person in self.people)

    def on(self, globs):
        whole = [re.compile("(?s)" + "".join(
            {"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in glob) + r"\Z")
            for word in globs for glob in (word, word.rstrip("/") + "/*" if word[-1] != "/" else word + "*")]
        return any(glob.match(path) for glob in whole for path in self.paths)


def part(text):
    """Some of TEXT, in another case perhaps."""
    start = random.randrange(len(text))
    word = text[start:start + random.randint(1, 12)]
    return random.choice((word, word.upper(), word.lower())) or text


def glob(path):
    """One that fits PATH, or nearly."""
    parts = path.split("/")
    return random.choice((
        path, "/".join(parts[:random.randint(1, len(parts))]), parts[0] + "/",
        "*" + part(path) + "*", path[:random.randrange(1, len(path) + 1)] + "*",
        "*/" + parts[-1], path.replace("e", "?"), path + "x", "*" + path[-2:]))


def compare(home, count, mailmap):
    """COUNT random queries, each answered as a look at all messages answers it."""
    plain = objects(home)
    with open(home + "/mailmap", "w") as file:
        file.write(mailmap)
    messages = [Message(*pair) for pair in zip(plain, objects(home))]
    people = sorted({person for message in messages for person in message.people if person})
    paths = sorted({path for message in messages for path in message.paths})
    bad, found = [], 0
    for i in range(count):
        words = [part(random.choice(people)) for _ in range(random.choice((0, 1, 1, 2)))]
        globs = [glob(random.choice(paths)) for _ in range(random.choice((0, 1, 1, 2)))]
        globs = [word for word in globs if not word.startswith("/")]
        words = [word for word in words if word]
        if not words + globs:
            continue
        some = random.choice((None, None, 5))
        options = ["--author=" + word for word in words] + ["--path=" + word for word in globs]
        wanted = [message.number for message in messages
                  if (not words or message.by(words)) and (not globs or message.on(globs))]
        if some is not None:
            wanted, options = wanted[:some], options + ["-n", str(some)]
        ran = run(home, "log", *options)
        got = [int(line.split()[0]) for line in ran.out.splitlines()]
        found += len(got)
        if ran.status != 0 or ran.err or got != wanted:
            bad.append("%s: %r: %d, wanted %d: %s" % (options, ran, len(got), len(wanted),
                                                      sorted(set(got) ^ set(wanted))[:5]))
    return bad, found


def well(home, what):
    ran = run(home, "check")
    return [] if ran.status == 0 else ["%s: %r" % (what, ran)]


# Made-up mail, and what is unusual.
generated = subprocess.run([sys.executable, top + "/bench/generate.py", "--seed", "3", "1200"],
                           stdout=subprocess.PIPE, check=True).stdout
home = fresh("made")
run(home, "init", "--title", "Made")
run(home, "import", "-", mail=generated)
odd = ["Zo\N{LATIN SMALL LETTER E WITH DIAERESIS} \N{LATIN CAPITAL LETTER A WITH RING ABOVE}kesson",
       "Stra\N{LATIN SMALL LETTER SHARP S}e", "x" * 500, "", "A, B (C)"]
for i, name in enumerate(odd):
    mail = patch(9000 + i).decode().replace("demo/file", "p" * 450 * (i % 2) + "/d e/f\N{EURO SIGN}")
    mail = mail.replace("Ada Example <ada@list.example>", '"%s" <odd%d@list.example>' % (name, i), 1)
    run(home, "record", mail=("Content-Type: text/plain; charset=utf-8\nMIME-Version: 1.0\n" + mail).encode())
ran = run(home, "log", "--json", "-n", "5")
same("values that are too long for a key are there", b"x" * 500 in ran.out and b"p" * 450 in ran.out, True)
bad, found = compare(home, 150, "Mapped Name <mapped@list.example> <%s>\n" % re.search(
    rb"From: .*<(.*?)>", generated).group(1).decode())
point("made-up mail, 150 queries: what a look at each message gives", bad)
point("they find something", found < 1000, "found %d" % found)
point("check has nothing to say", well(home, "made-up mail"))
same("a mailmap that comes later counts for what is there", b"" != run(
    home, "log", "--author", "mapped@list.example").out, True)

# The real archive.
bundle = shared + "/corpus/kvm-ppc.bundle"
if os.path.exists(bundle) and shutil.which("git"):
    clone, real = fresh("kvm.git"), fresh("real")
    subprocess.run(["git", "clone", "-q", "--bare", bundle, clone], check=True)
    run(real, "import", clone, limit=300)
    bad, found = compare(real, 100, "")
    point("the kvm-ppc archive, 100 queries: what a look at each message gives", bad)
    point("they find something", found < 5000, "found %d" % found)
    ran = run(real, "log", "--author", "mpe@ellerman.id.au", "--path", "arch/powerpc/kvm", "--class", "patch")
    same("with another filter, too", sorted({line.split()[4] for line in ran.out.splitlines()}), [b"patch"])
else:
    skip("the kvm-ppc archive", "it is not here")


# Nothing is read but what may fit: of the other messages no byte is as it was.
def tool(home, *arguments):
    subprocess.run([T + "/dbtool", home + "/db", *arguments], check=True)


def reply(number):
    return ("From: Rev Example <rev@list.example>\nSubject: Re: change number %d\n"
            "Message-ID: <reply-%d@list.example>\n\nchange number %d\n" % ((number,) * 3)).encode()


home = warm("read", 12)
for i in range(13, 25):
    run(home, "record", mail=reply(i))
record(home, 25)
first = run(home, "log", "--author", "rev@")
for i in range(1, 12):
    tool(home, "arrival.db", "put", "n:%d" % i, "s:damaged")
same("a look at each message sees the damage", run(home, "log").status, 65)
ran = run(home, "log", "--author", "rev@")
same("--author reads no other message", (ran.status, ran.out, ran.err), (0, first.out, b""))
ran = run(home, "log", "--author", "REV", "--reverse", "-n", "3")
same("--author with -n and --reverse neither", (ran.status, len(ran.out.splitlines())), (0, 3))
ran = run(home, "log", "--path", "demo/file12.c", "--path", "demo/file2[5]*", "--path", "*le25.c")
same("--path reads no other message", (ran.status, re.findall(rb"number (\d+)", ran.out)), (0, [b"25", b"12"]))
ran = run(home, "log", "--path", "demo", "--author", "rev")
same("both read what fits both", (ran.status, ran.out), (0, b""))
same("and --path reads what fits", run(home, "log", "--path", "demo").status, 65)

# Who does not ask does not write it.
home = warm("lazy")
same("deliveries and other lists do not open it", os.path.exists(home + "/db/lookup.db"), False)
for arguments in (["log"], ["log", "--json"], ["digest"], ["log", "--class", "patch"]):
    run(home, *arguments)
same("nor do those who ask for something else", os.path.exists(home + "/db/lookup.db"), False)
run(home, "log", "--author", "ada")
same("who asks does", os.path.exists(home + "/db/lookup.db"), True)
lines = calls(copy(home, "again"), "record", mail=patch(9))
same("and then deliveries do not open it either", [line for line in lines if "lookup.db" in line], [])
record(home, 9)
same("what came since is found", re.findall(rb"number (\d+)", run(home, "log", "--path", "demo").out),
     [b"9", b"3", b"2", b"1"])


# It may be killed at any call.
def killed(start, name):
    arguments = ["log", "--author", "ada", "--path", "demo"]
    whole = run(copy(start, "whole"), *arguments).out
    lines = calls(copy(start, "calls"), *arguments)

    def kill(n):
        home = copy(start, "%s-%d" % (name, n))
        what = "call %d, %s" % (n, lines[n - 1])
        run(home, *arguments, kill=n)
        bad = well(home, what)
        ran = run(home, *arguments)
        if ran.status != 0 or ran.err or ran.out != whole:
            bad.append("%s: %r" % (what, ran))
        bad += well(home, what)
        shutil.rmtree(home)
        return bad

    some = sample(distinct(lines), 40)
    point("killed at %d of %d calls, %s: the next one is right" % (len(some), len(lines), name),
          each(kill, some))


killed(warm("new"), "no index yet")
killed(copy(home, "old"), "the index is there")

# What is damaged is said in one line, and made anew.
def renewed(name, change, *arguments):
    bad = copy(home, "bad")
    change(bad)
    wanted = run(home, "log", *arguments).out
    ran = run(bad, "log", *arguments)
    same(name, (ran.status, ran.out, ran.err.decode()),
         (0, wanted, "mldigest: %s/db/lookup.db: is damaged and is made anew\n" % bad))
    ran = run(bad, "log", *arguments)
    same(name + ": once", (ran.status, ran.out, ran.err), (0, wanted, b""))
    point(name + ": and all is well", well(bad, name))


renewed("the file is lost", lambda bad: os.unlink(bad + "/db/lookup.db"), "--author", "ada")
renewed("how far it goes is lost", lambda bad: tool(bad, "lookup.db", "delete", "x:00"), "--path", "demo")
renewed("an entry that is none", lambda bad: tool(bad, "lookup.db", "put", "s:pdemo/x", "s:"), "--path", "demo")
renewed("a person that is none", lambda bad: tool(bad, "lookup.db", "put", "x:61ff0000" + "00" * 7 + "01", "s:"),
        "--author", "ada")
renewed("a path that is no text", lambda bad: tool(bad, "lookup.db", "put", "x:70ff00" + "00" * 7 + "01", "s:"),
        "--path", "*")
renewed("an entry of no message", lambda bad: tool(bad, "lookup.db", "put", "x:706400" + "00" * 7 + "63", "s:"),
        "--path", "*")


def checked(name, wanted, *change):
    bad = copy(home, "bad")
    tool(bad, "lookup.db", *change)
    ran = run(bad, "check")
    lines = ran.err.decode().splitlines()
    same("check: " + name, (ran.status, [line.split("lookup.db: ")[-1] for line in lines]), (65, wanted))


entry = "x:70" + b"demo/file3.c".hex() + "00" + "00" * 7 + "03"
checked("an entry is missing", ["message 3 <patch-3@list.example> is missing"], "delete", entry)
checked("an entry that is none", ["pdemo: is no key"], "put", "s:pdemo", "s:")
checked("an entry that is another's", ["an entry points to message 1, which has it not"],
        "put", "x:706400" + "00" * 7 + "01", "s:")
checked("an entry of no message", ["an entry points to message 99, which is not there"],
        "put", "x:706400" + "00" * 7 + "63", "s:")
checked("how far it goes", ["it goes up to message 0, not 4"], "delete", "x:00")

# Other commands.
expired = copy(home, "expired")
run(expired, "reclass", "patch-3@list.example", "other")
point("a class that is corrected changes nothing", well(expired, "reclass"))
run(expired, "import", "-", mail=b"From a Mon Jan  6 10:00:00 2025\n" + patch(11))
same("what is history is found", run(expired, "log", "--path", "demo/file11.c").out.count(b"\n"), 1)
ran = run(expired, "expire", "--older-than", "0m")
same("and expires", ran.out, b"1 messages expired, 4 kept that no digest had yet\n", ran)
point("what expires is out of the index", well(expired, "expire"))
same("and not found any more", run(expired, "log", "--path", "demo/file11.c").out, b"")
dump = run(home, "dump").out
same("a dump has nothing of it", b"lookup" in dump, False)
again = fresh("restored")
run(again, "restore", "-", mail=dump)
same("and what is made of the dump answers alike", run(again, "log", "--path", "demo").out,
     run(home, "log", "--path", "demo").out)
point("and is well", well(again, "restore"))
plan()
END
