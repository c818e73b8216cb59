#!/bin/bash
# dump and restore: all of a home as text, and the same home out of it.
. "${srcdir:-.}/tests/lib.sh"

mail_home "$T/home"
printf '# people\nAda Other <ada@other.example> <ada@list.example>\n' >"$T/home/mailmap"
for i in 1 2 3 4 5 6; do
	patch_mail $i | "$MLDIGEST" -H "$T/home" record
	reply_mail $i | "$MLDIGEST" -H "$T/home" record
done
patch_mail 1 | sed 's/^List-Id: <kvm/List-Id: <other/' | "$MLDIGEST" -H "$T/home" record
printf '\xff\xfe no header %% %%41 \x01\n' | "$MLDIGEST" -H "$T/home" record
patch_mail 8 | sed "/^Change/r "<(yes 'Zoë says a lot' | head -n 30000) | "$MLDIGEST" -H "$T/home" record
# One issue is sent, of the other one delivery is owed.
"$MLDIGEST" -H "$T/home" flush || point 1 flush
patch_mail 7 | "$MLDIGEST" -H "$T/home" record
sed -i 's/^sendmail=.*/sendmail=\/bin\/false/' "$T/home/config"
"$MLDIGEST" -H "$T/home" flush 2>/dev/null && point 1 "flush fails"

"$MLDIGEST" -H "$T/home" subscriber add --format mime ada@list.example

run -H "$T/home" dump "$T/dump"
silent "dump to a file"
is "the file is its owner's alone" "$(stat -c %a "$T/dump")" 600
run -H "$T/home" dump
same_files "dump to standard output: the same" "$T/out" "$T/dump"
is "nothing is left in the home" "$(cd "$T/home" && echo *)" "config db lock mailmap"
is "b2sum checks it" "$(head -n -1 "$T/dump" | b2sum -l 256 | cut -d' ' -f1)" "$(sed -n 's/^b2sum //p' "$T/dump")"
is "it is printable ASCII" "$(LC_ALL=C grep -c '[^ -~]' "$T/dump")" 0
is "its kinds of lines" "$(cut -d' ' -f1 "$T/dump" | uniq | tr '\n' ' ')" \
	"mldigest-dump-1 file meta record text list issue sent owed subscriber b2sum "
check "a text can be read" grep -q '^text 1 Change number 1 of the demo.%0a%0aSigned-off-by: Ada Example <ada@list.example>%0a' "$T/dump"
check "the keys can be read" grep -qE '^owed 2/reader@list.example mldigest-owed-1%0aformat text%0aattempts 1%0a' "$T/dump"
check "subscribers can be read" grep -qE '^subscriber ada@list.example mldigest-subscriber-1%0aformat mime%0a' "$T/dump"

run -H "$T/copy" restore "$T/dump"
silent "restore"
run -H "$T/copy" dump
same_files "a dump of what was restored is the same" "$T/out" "$T/dump"
run -H "$T/copy" check
like "what was restored is good" "$(cat "$T/out" "$T/err")" '^ok: 15 messages, chain head'
is "it has the chain's head" "$(cat "$T/out")" "$("$MLDIGEST" -H "$T/home" check)"
for command in log "explain patch-3@list.example" digest "digest --since 2000-01-01" "flush -n"; do
	# shellcheck disable=SC2086
	is "$command says the same" "$("$MLDIGEST" -H "$T/copy" $command 2>&1)" "$("$MLDIGEST" -H "$T/home" $command 2>&1)"
done
is "the files are there" "$(cd "$T/copy" && echo *)" "config db lock mailmap"
same_files "the config is the same" "$T/copy/config" "$T/home/config"
is "the home is its owner's alone" "$(stat -c %a "$T/copy")" 700
patch_mail 3 | "$MLDIGEST" -H "$T/copy" record -v >"$T/out"
like "a known message is known" "$(cat "$T/out")" '^Exist'
patch_mail 50 | "$MLDIGEST" -H "$T/copy" record -v >"$T/out"
like "a new one is new" "$(cat "$T/out")" '^New'
like "the chain goes on" "$("$MLDIGEST" -H "$T/copy" check)" '^ok: 16 messages'
mkdir "$T/room"
"$MLDIGEST" -H "$T/home" dump | (run -H "$T/room/" restore - && exit $status)
is "from standard input, into an empty directory" "$? $("$MLDIGEST" -H "$T/room" dump | cmp - "$T/dump" && echo same)" "0 same"

# What is no dump, or not all of one, makes no home.
refused() # NAME STATUS EXTENDED-REGEX; the dump is $T/bad
{
	run -H "$T/none" restore "$T/bad"
	complained "$1" "$2" "$3"
	is "$1: there is no home" "$(ls -d "$T"/none* 2>/dev/null)" ""
}
size=$(wc -c <"$T/dump")
for at in 0 10 $((size / 2)) $((size - 72)) $((size - 1)); do
	head -c "$at" "$T/dump" >"$T/bad"
	refused "cut after $at of $size bytes" 65 ": line [0-9]+: the dump ends too early"
done
{ cat "$T/dump"; echo; } >"$T/bad"
refused "something behind its end" 65 "there is something behind the end"
sed 's/^text 1 Change/text 1 Chance/' "$T/dump" >"$T/bad"
refused "a letter is another" 65 "the sum is wrong"
sed '/^text 2 /d; /^text 1 /d' "$T/dump" >"$T/bad"
refused "a line is gone" 65 "the sum is wrong"
sed '2{h;d}; 3{G}' "$T/dump" >"$T/bad"
refused "two lines change places" 65 "the sum is wrong"
sed 's/^record 3 \(....\)/record 4 \1/' "$T/dump" >"$T/bad"
refused "a record under another number" 65 "line [0-9]+: no record of that number"
sed 's/^meta mark .*/&%4/' "$T/dump" >"$T/bad"
refused "a bad value" 65 "line [0-9]+: a bad value"
sed 's/^text 1 /text 1x /' "$T/dump" >"$T/bad"
refused "a bad key" 65 "line [0-9]+: a bad key"
sed 's/^file config /file ..\/config /' "$T/dump" >"$T/bad"
refused "a file of another place" 65 "line 2: no such file in a home"
sed 's/^meta mark/mate mark/' "$T/dump" >"$T/bad"
refused "an unknown word" 65 "no line of a dump"
echo 'From: somebody' >"$T/bad"
refused "a mail" 65 "line 1: no dump of mldigest"
head -c 100000 /dev/zero >"$T/bad"
refused "zeros" 65 "line 1: "
sed '1s/.*/mldigest-dump-2/' "$T/dump" >"$T/bad"
refused "of a newer version" 78 "a newer version of mldigest wrote it"
rm "$T/bad"
refused "no such file" 66 "bad: No such file"

# Where there is something nothing changes.
run -H "$T/home" restore "$T/dump"
complained "a home that is there" 73 "home: is there already"
touch "$T/file"
run -H "$T/file" restore "$T/dump"
complained "a file" 73 "file: is there already"
run -H "$T/none" dump
complained "dump of no home" 66 "none: No such file"
run -H "$T/home" dump "$T/nowhere/dump"
complained "dump to where no file can be made" 66 "nowhere/dump.*: No such file"
mkfifo "$T/fifo"
cat "$T/fifo" >"$T/out2" &
run -H "$T/home" dump "$T/fifo"
wait
same_files "dump to a pipe with a name" "$T/out2" "$T/dump"
check "which stays one" test -p "$T/fifo"
"$MLDIGEST" -H "$T/home" dump >/dev/full 2>"$T/err"
status=$?
complained "standard output is full" 75 "dump: No space left"

# What died before leaves nothing that disturbs.
mkdir -p "$T/again.new/db"
touch "$T/again.new/db/arrival.db" "$T/again.new/config"
run -H "$T/again" restore "$T/dump"
silent "what a restore left that died is removed"
is "and the home is the same" "$("$MLDIGEST" -H "$T/again" dump | cmp - "$T/dump" && echo same)" same
is "with nothing beside it" "$(ls -d "$T"/again*)" "$T/again"

# Memory does not grow with the store.
peak() # MESSAGES: of dump and restore, in MB
{
	python3 - "$MLDIGEST" "$T/many" "$1" <<'END'
import resource, subprocess, sys
program, home, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
subprocess.run(["rm", "-rf", home, home + "2"])
with open(home + ".mbox", "w") as mbox:
    for i in range(count):
        mbox.write("From a Mon Jan  6 10:00:00 2025\nFrom: A <a@list.example>\nSubject: [PATCH] x %d\n"
                   "Message-ID: <%d@list.example>\nDate: Mon, 6 Jan 2025 10:00:00 +0000\n\n%s\n---\n a | 1 +\n"
                   " 1 file changed, 1 insertion(+)\n\ndiff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1,2 @@\n a\n+%d\n\n"
                   % (i, i, "text of it\n" * 100, i))
subprocess.run([program, "-H", home, "import", home + ".mbox"], check=True, stdout=subprocess.DEVNULL)
before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
# The largest child so far was the import.
print(subprocess.run([sys.executable, "-c", """
import resource, subprocess, sys
p, h = sys.argv[1:]
subprocess.run([p, "-H", h, "dump", h + ".dump"], check=True)
subprocess.run([p, "-H", h + "2", "restore", h + ".dump"], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)""", program, home],
    stdout=subprocess.PIPE, text=True).stdout.strip())
END
}
small=$(peak 500) large=$(peak 8000)
[ -n "$sanitized" ] || [ "$large" -lt $((small + 12)) ]
point $? "memory does not grow with the store" "500 messages: $small MB, 8,000: $large MB"
is "8,000 messages: the same" "$("$MLDIGEST" -H "$T/many2" dump | cmp - "$T/many.dump" && echo same)" same
plan
