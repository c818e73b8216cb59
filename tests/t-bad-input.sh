#!/bin/bash
# Whatever comes in: record ends with 0 or 75, what it kept is there, what it refused is
# refused in one line, and nothing that was there before is lost.
. "${srcdir:-.}/tests/lib.sh"

chmod 711 "$T"
home=$T/home
patch_mail 0 | run -H "$home" record
silent "a home with one message"
kept=1

# What is kept, though odd: no line, one message more.
keeps() # NAME; the mail is standard input
{
	run -H "$home" record
	silent "$1: kept"
	kept=$((kept + 1))
	is "$1: one message more" "$("$MLDIGEST" -H "$home" log | wc -l)" $kept
}

run -H "$home" record </dev/null
complained "empty stdin" 75 'standard input.*empty'
printf 'just words\nwithout a header\n' | keeps "no header"
like "no header: has an id of ours" "$("$MLDIGEST" -H "$home" log -n 1)" '\(made-id\)'
printf '\n\nblank lines\n' | keeps "blank lines first"
printf 'x' | keeps "one byte"
patch_mail 1 | sed '/^Message-ID/d' | keeps "no Message-ID"
patch_mail 1 | sed '/^Message-ID/d' | run -H "$home" record -v
like "no Message-ID: the same again is known" "$(cat "$T/out")" '^Exist: '
patch_mail 2 | sed 's/^Message-ID.*/&\nMessage-ID: <second@list.example>/' | keeps "two Message-IDs"
check "two Message-IDs: the first one counts" "$MLDIGEST" -H "$home" explain patch-2@list.example
patch_mail 3 | sed 's/^Message-ID.*/Message-ID: <no at sign/' | keeps "an invalid Message-ID"
like "an invalid Message-ID: its raw form is kept" \
	"$("$MLDIGEST" -H "$home" log -n 1; patch_mail 3 | sed 's/^Message-ID.*/Message-ID: <no at sign/' |
		"$MLDIGEST" explain)" '\(made-id\).*was +<no at sign'
patch_mail 4 | sed "s/^Message-ID.*/Message-ID: <$(printf '%0300d' 0)@list.example>/" |
	keeps "a Message-ID of 300 bytes"
like "a Message-ID of 300 bytes: replaced" "$("$MLDIGEST" -H "$home" log -n 1)" '\(made-id\)'
{ printf 'From ada Mon Jan  6 10:00:00 2025\n'; patch_mail 0; } | run -H "$home" record -v
is "a From line first is no part of the message" "$(cat "$T/out")" "Exist: [PATCH] demo: change number 0"
patch_mail 0 | sed 's/$/\r/' | run -H "$home" record -v
is "CRLF: the same message" "$(cat "$T/out")" "Exist: [PATCH] demo: change number 0"
patch_mail 5 | sed 's/$/\r/' | keeps "CRLF"
is "CRLF: no CR in the digest" "$("$MLDIGEST" -H "$home" digest | grep -c $'\r')" 0
like "CRLF: the text ends where it should" "$("$MLDIGEST" -H "$home" digest | tail -n +1)" \
	'Change number 5 of the demo.

Signed-off-by: Ada Example <ada@list.example>
---
 demo/file5.c \| 1 \+
 1 file changed, 1 insertion\(\+\)

-----'
printf 'Subject: no final newline\nMessage-ID: <nonl@list.example>\n\nlast line' | keeps "no final newline"
printf 'Subject: no body\nMessage-ID: <nobody@list.example>\n' | keeps "a header and nothing else"
printf 'Subject: cut in its hea' | keeps "cut in the header"
patch_mail 6 | sed 's/^Change number/before\x00behind &/' | keeps "a NUL in the middle"
like "a NUL in the middle: what is behind it is there" "$("$MLDIGEST" -H "$home" digest)" \
	'before.?behind Change number 6 of the demo.*demo/file6.c'
patch_mail 7 | sed 's/^Subject: \[PATCH\] /&a\x00b/' | keeps "a NUL in the header"
cat <<-'END' | keeps "a truncated multipart"
	From: Ada Example <ada@list.example>
	Subject: [PATCH] demo: cut in the middle
	Message-ID: <cut@list.example>
	MIME-Version: 1.0
	Content-Type: multipart/mixed; boundary="b"

	--b
	Content-Type: text/plain

	What came is kept.
	---
	 cut.c | 1 +
	 1 file changed, 1 insertion(+)

	diff --git a/cut.c b/cut.c
	--- a/cut.c
	+++ b/cut.c
	@@ -1 +1,2 @@
	 a
	+b
	--b
	Content-Type: application/octet-stream
	Content-Transfer-Encoding: base64

	AAAA
END
like "a truncated multipart: its text is shown" "$("$MLDIGEST" -H "$home" digest)" \
	'New:  demo: cut in the middle.*What came is kept.*1 file changed'
printf 'Subject: no boundary\nMessage-ID: <nb@list.example>\nContent-Type: multipart/mixed\n\ntext\n' |
	keeps "a multipart without a boundary"
python3 -c 'import random, sys; random.seed(1)
sys.stdout.buffer.write(bytes(random.randrange(256) for i in range(30000)))' | keeps "binary garbage"
python3 -c 'import random, sys; random.seed(2); b = bytes(random.randrange(256) for i in range(30000))
sys.stdout.buffer.write(b"Subject: [PATCH] " + b[:200].replace(b"\n", b"") + b"\nMessage-ID: <garbage@list.example>\n\n" + b)' |
	keeps "binary garbage behind a header"
printf 'Subject: [PATCH] \033[31mred\342\200\256 \302\233 end\nFrom: \033]0;x\007 <a@b.example>\nMessage-ID: <esc@list.example>\n\n\033[2Jx\n---\n y | 1 +\n 1 file changed, 1 insertion(+)\n\n--- a/y\n+++ b/y\n@@ -0,0 +1 @@\n+y\n' |
	keeps "terminal controls"
for command in "log" "digest" "explain esc@list.example"; do
	# shellcheck disable=SC2086
	"$MLDIGEST" -H "$home" $command >"$T/shown"
	check "$command prints no controls, no bidi overrides and only UTF-8" python3 -c '
import sys, unicodedata
text = open(sys.argv[1], "rb").read().decode("utf-8")
bad = [c for c in text if (unicodedata.category(c) == "Cc" and c not in "\n\t") or
       0x202a <= ord(c) <= 0x202e or 0x2066 <= ord(c) <= 0x2069]
sys.exit("controls: %r" % bad if bad else 0)' "$T/shown"
done

# 100 MB, and nobody breaks the pipe.
many() # the head is standard input
{
	cat && head -c 100000000 /dev/zero | tr '\0' x
}
printf 'Subject: [PATCH] one line\nMessage-ID: <large@list.example>\n\n' | {
	(many; echo $? >"$T/writer") | run -H "$home" record
	silent "100 MB of one line: kept"
	is "100 MB of one line: all of it was read" "$(cat "$T/writer")" 0
}
kept=$((kept + 1))
like "100 MB of one line: a stub that says so" "$("$MLDIGEST" -H "$home" log -n 1)" \
	'one line \(limited\)'
(many </dev/null; echo $? >"$T/writer") | run -H "$home" record
silent "100 MB without even a header: kept"
is "100 MB without even a header: all of it was read" "$(cat "$T/writer")" 0
kept=$((kept + 1))
(printf 'Subject: x\nX: '; many </dev/null; echo $? >"$T/writer") | run -H "$home" record
silent "100 MB in a header field: kept"
kept=$((kept + 1))
{ printf 'Subject: fields\nMessage-ID: <fields@list.example>\n'; yes 'X-Field: x' | head -n 500000; printf '\nbody\n'; } |
	keeps "500,000 fields"

# Usage errors of record: its input is drained, and the mail comes again.
usage() # NAME REGEX ARGUMENT…
{
	local name=$1 regex=$2
	shift 2
	(head -c 3000000 /dev/zero; echo $? >"$T/writer") | run "$@"
	complained "$name" 75 "$regex"
	is "$name: all of stdin was read" "$(cat "$T/writer")" 0
}
usage "record: an unknown option" 'record.*--bogus' -H "$home" record --bogus
usage "record: a word too much" 'usage: mldigest record' -H "$home" record word
usage "record: an unknown option before it" 'bogus' --bogus record
usage "record: -H with an empty name" '-H' -H '' record
usage "record: an unknown command beside it" 'recrod' -H "$home" recrod record
run </dev/null
complained "no command" 64 'no command'
run nonsense </dev/null
complained "an unknown command" 64 'nonsense: no such command'
run -H "$home" digest --nonsense
complained "digest: an unknown option" 64 'digest.*nonsense'
run -H "$home" digest --range deadbeef
complained "digest: no range" 64 'deadbeef'
run -H "$home" digest --range ffffffff..fffffffe
complained "digest: ids that are not there" 66 'ffffffff'
run -H "$home" digest --since yesterdayish
complained "digest: no time" 64 'yesterdayish: not a time'
run -H "$home" digest --since 1d --range a..b
complained "digest: --since and --range" 64 '--range and --since'

# Standard files that are closed or full.
run -H "$home" record <&-
complained "stdin closed" 75 'standard input'
patch_mail 20 | "$MLDIGEST" -H "$home" record -v >&- 2>"$T/err"
status=$?
is "stdout closed: record keeps the mail" "$status" 0
patch_mail 21 | "$MLDIGEST" -H "$home" record 2>&-
is "stderr closed: record keeps the mail" $? 0
"$MLDIGEST" -H "$home" record 2>&- </dev/null
is "stderr closed: a refusal is still 75" $? 75
patch_mail 22 | "$MLDIGEST" -H "$home" record -v <&0 >&- 2>&-
is "stdout and stderr closed: record keeps the mail" $? 0
patch_mail 23 | "$MLDIGEST" -H "$home" record -v >/dev/full 2>"$T/err"
status=$?
complained "stdout full: record keeps the mail and says what it could not print" 0 'standard output'
kept=$((kept + 4))
"$MLDIGEST" -H "$home" digest >/dev/full 2>"$T/err"
status=$?
complained "stdout full: digest" 75 'standard output'
is "all of them are there" "$("$MLDIGEST" -H "$home" log | wc -l)" $kept

# Homes that are none.  BREAK and MEND are run on a copy of a good home.
bad_home() # NAME REGEX STATUS-OF-DIGEST HOME MEND [as_nobody]
{
	local name=$1 regex=$2 digest=$3 home=$4 mend=$5 command
	(patch_mail 90; head -c 300000 /dev/zero; echo $? >"$T/writer") |
		${6:-} "$bin" -H "$home" record >"$T/out" 2>"$T/err"
	status=$?
	complained "$name: record" 75 "$regex"
	is "$name: record reads all of stdin" "$(cat "$T/writer")" 0
	for command in digest log flush; do
		${6:-} "$bin" -H "$home" $command >"$T/out" 2>"$T/err" </dev/null
		status=$?
		complained "$name: $command" "$digest" "$regex"
	done
	eval "$mend"
	patch_mail 90 | ${6:-} "$bin" -H "$home" record >"$T/out" 2>"$T/err"
	status=$?
	silent "$name: mended, the mail goes in"
	is "$name: mended, nothing is lost" \
		"$(${6:-} "$bin" -H "$home" log | grep -oE 'number (0|90)$' | tr '\n' ' ')" \
		"number 90 number 0 "
}

# Where an ordinary user can run it.
mkdir "$T/bin"
cp "$MLDIGEST" "$T/bin/mldigest"
bin=$T/bin/mldigest
good() # HOME
{
	patch_mail 0 | "$MLDIGEST" -H "$1" record || point 1 "a good home"
}

good "$T/was"
echo text >"$T/file"
bad_home "a home that is a file" "$T/file: not a directory" 78 "$T/file" \
	'rm "$home"; mv "$T/was" "$home"'
good "$T/aside"
bad_home "a home in a missing directory" "$T/missing/home: No such file" 66 "$T/missing/home" \
	'mkdir "$T/missing"; mv "$T/aside" "$home"'
good "$T/real"
ln -s real "$T/link"
bad_home "a symlinked home" "$T/link: not a directory" 78 "$T/link" \
	'rm "$home"; mv "$T/real" "$home"'
good "$T/group"
chmod g+w "$T/group"
bad_home "a group-writable home" "$T/group: others may write" 77 "$T/group" 'chmod g-w "$home"'
good "$T/other"
chmod o+w "$T/other"
bad_home "a home that all may write to" "$T/other: others may write" 77 "$T/other" 'chmod o-w "$home"'
good "$T/dbconfig"
echo 'set_lg_dir /tmp' >"$T/dbconfig/db/DB_CONFIG"
bad_home "a DB_CONFIG" "$T/dbconfig/db/DB_CONFIG: not supported" 78 "$T/dbconfig" \
	'rm "$home/db/DB_CONFIG"'
good "$T/newer"
sed -i 's/^mldigest-lock-1/mldigest-lock-2/' "$T/newer/lock"
bad_home "a store of a newer version" "$T/newer/lock: .*newer version" 78 "$T/newer" \
	"sed -i s/^mldigest-lock-2/mldigest-lock-1/ \"\$home/lock\""
good "$T/lockdir"
mv "$T/lockdir/lock" "$T/lock.was"
mkdir "$T/lockdir/lock"
for command in record digest; do
	patch_mail 90 | run -H "$T/lockdir" $command
	[ $command = record ] && want=75 || want=73
	complained "a lock that is a directory: $command" $want "$T/lockdir/lock"
done
good "$T/dbfile"
mv "$T/dbfile/db" "$T/db.was"
echo >"$T/dbfile/db"
patch_mail 90 | run -H "$T/dbfile" record
complained "a database directory that is a file" 75 "$T/dbfile/db"
rm "$T/dbfile/db" && mv "$T/db.was" "$T/dbfile/db"
is "a database directory that is a file: mended, nothing is lost" "$("$MLDIGEST" -H "$T/dbfile" log | wc -l)" 1
good "$T/damaged"
for file in message arrival text; do
	head -c 16384 /dev/zero | tr '\0' x >"$T/damaged/db/$file.db"
done
patch_mail 90 | run -H "$T/damaged" record
complained "a database that is damaged" 75 "$T/damaged/db"
if is_root; then
	good "$T/closed"
	chown -R 65534:65534 "$T/closed"
	chmod 0 "$T/closed"
	bad_home "an unreadable home" "$T/closed.*Permission denied" 77 "$T/closed" \
		'chmod 700 "$home"' as_nobody
	good "$T/foreign"
	bad_home "another user's home" "$T/foreign: belongs to another user" 77 "$T/foreign" \
		'chown -R 65534:65534 "$home"' as_nobody
else
	good "$T/closed"
	chmod 0 "$T/closed"
	bad_home "an unreadable home" "$T/closed.*Permission denied" 77 "$T/closed" \
		'chmod 700 "$home"'
	skip "another user's home" "needs root"
fi

# Configs.
bad_config() # NAME REGEX (behind HOME/config:) CONFIG
{
	local name="config, $1" regex=$2
	printf "$3" >"$T/conf/config"
	patch_mail 91 | run -H "$T/conf" record
	complained "$name: record" 75 "$T/conf/config:$regex"
	run -H "$T/conf" flush
	complained "$name: flush" 78 "$T/conf/config:$regex"
	run -H "$T/conf" digest
	complained "$name: digest" 78 "$T/conf/config:$regex"
	run -H "$T/conf" import /dev/null
	complained "$name: import" 78 "$T/conf/config:$regex"
}
good "$T/conf"
cp "$T/conf/config" "$T/config.was"
bad_config "an unknown key" '3: colour: unknown key' '[digest]\ntitle=X\ncolour=red\n'
bad_config "an unknown section" '2: \[mial\]: unknown section' '# x\n[mial]\nto=a@b.example\n'
bad_config "a key of another section" '2: to: unknown key' '[digest]\nto=a@b.example\n'
bad_config "a line that is none" '3: ' '[digest]\ntitle=X\nnonsense here\n'
bad_config "a key before any section" '1: ' 'title=X\n'
bad_config "a bad number" '4: top: must be' '[digest]\n\n# rows\ntop=many\n'
bad_config "a number too large" '2: top: must be' '[digest]\ntop=1001\n'
bad_config "a number below the first" '2: top: must be' '[digest]\ntop=0\n'
bad_config "a bad layout" '2: layout: ' '[digest]\nlayout=baroque\n'
bad_config "an empty title" '2: title: ' '[digest]\ntitle=\n'
bad_config "a title with a line feed" '2: title: ' '[digest]\ntitle=a\\nb\n'
bad_config "a bad list id" '2: list-id: ' '[digest]\nlist-id=<kvm.list.example>\n'
bad_config "a bad archive" '2: archive: ' '[digest]\narchive=ftp://x.example/\n'
bad_config "a bad sender" '2: from: ' '[mail]\nfrom=-oQ/tmp@list.example\n'
bad_config "a bad recipient" '3: to: ' '[mail]\nfrom=a@b.example\nto=a@b.example, x;y\n'
bad_config "no recipient" '2: to: ' '[mail]\nto=,\n'
bad_config "a sendmail that is no path" '2: sendmail: ' '[mail]\nsendmail=sendmail -t\n'
bad_config "a sendmail with an open quote" '2: sendmail: ' "[mail]\nsendmail=/bin/sh '\n"
bad_config "no UTF-8" '2: ' '[digest]\ntitle=\377\n'
bad_config "a key set twice, the second time badly" '4: top: must be' '[digest]\ntop=3\n# again\ntop=none\n'
bad_config "blanks around the sign" '2: top *: must be' '[digest]\ntop = x\n'
cp "$T/config.was" "$T/conf/config"
patch_mail 91 | run -H "$T/conf" record
silent "config mended: the mail goes in"
is "config mended: nothing is lost" "$("$MLDIGEST" -H "$T/conf" log | wc -l)" 2
rm "$T/conf/config"
run -H "$T/conf" digest
silent "no config at all: defaults"
mkdir "$T/conf/config"
patch_mail 92 | run -H "$T/conf" record
complained "a config that is a directory" 75 "$T/conf/config"

# A full disk.
fill() # SIZE
{
	local size=$1 home=$T/disk$1/home i bad=0 acknowledged=0
	if ! small_disk "$T/disk$size" "$size" 2>/dev/null; then
		skip "a full disk of $size" "cannot mount a tmpfs"
		return
	fi
	for ((i = 1; i < 2000; i++)); do
		{ patch_mail $i | sed "/^Change/r $T/words"; } | run -H "$home" record
		[ $status = 0 ] || break
		acknowledged=$i
	done
	complained "a full disk of $size: after $acknowledged messages it is the sender's again" 75 \
		"$T/disk$size.*No space left"
	for i in $i $((i + 1)) $((i + 2)); do
		{ patch_mail $i | sed "/^Change/r $T/words"; } | run -H "$home" record
		[ $status = 75 ] && [ "$(wc -l <"$T/err")" = 1 ] || bad=1
	done
	point $bad "a full disk of $size: 75 and one line each time" "$(cat "$T/err")"
	mount -o remount,size=64m "$T/disk$size"
	for i in $((i - 2)) $((i - 1)) $i; do
		{ patch_mail $i | sed "/^Change/r $T/words"; } | run -H "$home" record
		silent "a full disk of $size: with room again, message $i goes in"
	done
	is "a full disk of $size: every acknowledged message is there once, and no half one" \
		"$("$MLDIGEST" -H "$home" log | grep -c 'change number')" $((acknowledged + 3))
	is "a full disk of $size: the digest has them all" \
		"$("$MLDIGEST" -H "$home" digest | grep -c '^New:')" $((acknowledged + 3))
}
yes 'Many words that make the commit message of this patch long enough' | head -n 200 >"$T/words"
for size in 1m 2m 4m; do
	if is_root; then
		fill $size
	else
		skip "a full disk of $size" "needs root"
	fi
done
plan
