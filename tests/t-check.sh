#!/bin/bash
# check: each kind of damage is found and named, and nothing else is.
. "${srcdir:-.}/tests/lib.sh"

${CC:-cc} -o "$T/dbtool" "$tests/dbtool.c" -ldb-5.3 2>/dev/null ||
	${CC:-cc} -o "$T/dbtool" "$tests/dbtool.c" -ldb 2>"$T/cc" ||
	skip_all "the tool does not compile: $(head -n 1 "$T/cc")"

mail_home "$T/good"
# A flush in layout full would ask what waits, and close it in the index.
sed -i 's/^#layout=.*/layout=classic/' "$T/good/config"
for i in 1 2 3 4 5 6; do
	patch_mail $i | "$MLDIGEST" -H "$T/good" record
	reply_mail $i | "$MLDIGEST" -H "$T/good" record
done
patch_mail 1 | sed 's/^List-Id: <kvm/List-Id: <other/' | "$MLDIGEST" -H "$T/good" record
patch_mail 2 | sed 's/^Message-ID: </&again-/' | "$MLDIGEST" -H "$T/good" record
"$MLDIGEST" -H "$T/good" flush || point 1 flush
patch_mail 7 | "$MLDIGEST" -H "$T/good" record
"$MLDIGEST" -H "$T/good" log --json >"$T/out"
"$MLDIGEST" -H "$T/good" log --author rev >"$T/out"
head=$("$MLDIGEST" -H "$T/good" explain patch-7@list.example | sed -n 's/^link *//p')

run -H "$T/good" check
silent "a good home"
is "a good home: one line" "$(cat "$T/out")" "ok: 14 messages, chain head $head"
is "nothing is left in it" "$(cd "$T/good" && echo *)" "config db lock"
cp -a "$T/good" "$T/before"
run -H "$T/good" check
is "it changes no database" "$(cd "$T/good" && cat db/*.db | b2sum)" "$(cd "$T/before" && cat db/*.db | b2sum)"
run -H "$T/none" check
complained "no home" 66 "No such file"
"$MLDIGEST" -H "$T/empty" init --list-id kvm.list.example
run -H "$T/empty" check
is "an empty home" "$(cat "$T/out")" \
	"ok: 0 messages, chain head $(printf 'mldigest-chain-v1 kvm.list.example\n' | b2sum -l 256 | cut -d' ' -f1)"

damaged() # NAME EXTENDED-REGEX: of a fault; $T/bad is checked
{
	run -H "$T/bad" check
	if [ "$status" = 65 ] && grep -qE "^mldigest: $T/bad/db/$2" "$T/err" && [ ! -s "$T/out" ] &&
		! grep -qv '^mldigest: ' "$T/err"; then
		point 0 "$1"
	else
		point 1 "$1" "exit $status, wanted 65 and $2" "$(cat "$T/out" "$T/err")"
	fi
}
damage() # FILE ACTION…
{
	rm -rf "$T/bad"
	cp -a "$T/good" "$T/bad"
	"$T/dbtool" "$T/bad/db" "$@" || point 1 "dbtool $*"
}
damage message.db delete s:patch-3@list.example
damaged "message index: an entry is missing" "message.db: message 5 <patch-3@list.example> is missing$"
damage message.db put s:nobody@list.example n:5
damaged "message index: an entry that is another's" "message.db: nobody@list.example points to message 5, which is another$"
damage message.db put s:nobody@list.example n:99
damaged "message index: an entry of no message" "message.db: nobody@list.example points to message 99, which is not there$"
damage id.db put s:abcd n:3
damaged "id index: an entry that is another's" "id.db: abcd points to message 3, which is another$"
damage change.db put s:abcd n:3
damaged "change index: an entry that is another's" "change.db: abcd points to message 3"
damage arrival.db flip n:4 100
damaged "a record that is not what was written" "arrival.db: 4: is not what was written$"
damage arrival.db delete n:4
damaged "a record is missing" "arrival.db: 4 to 4: missing$"
is "a record is missing: so its index entries point nowhere" \
	"$(grep -c 'points to message 4, which is not there' "$T/err")" 6
damage text.db flip n:3 5
damaged "a text that is not what was written" "text.db: 3: is not what was written$"
damage text.db put n:77 s:abcdefghijklmn
damaged "a text of no message" "text.db: 77: no message has that number$"
damage meta.db flip s:mark 0
damaged "a mark that is not what was written" "meta.db: mark: is not what was written$"
damage relate.db put s:abcd s:
damaged "relations: an entry that is none" "relate.db: abcd: is no key$"
damage relate.db delete first
damaged "relations: an entry is missing" "relate.db: message [0-9]* <.*@list.example> is missing$"
# The key of a review: a letter, 32 bytes of no hash, and a number, here of the message 3.
no_hash=$(printf '%064d' 0) three=0000000000000003
damage relate.db delete "x:6f$no_hash$three"
damaged "relations: a posting that neither waits nor does not" \
	"relate.db: message 3 <patch-2@list.example> is missing$"
damage relate.db put "x:7a$no_hash$three" s:
damaged "relations: a posting that does both" \
	"relate.db: message 3 both waits for a review and does not$"
rm -rf "$T/bad"
cp -a "$T/good" "$T/bad"
"$MLDIGEST" -H "$T/bad" reclass patch-3@list.example other
"$T/dbtool" "$T/bad/db" message.db delete s:patch-3@list.example
damaged "a corrected class of no message" "meta.db: class.patch-3@list.example: there is no such message$"
damage relate.db move first
damaged "relations: an entry of no message" "relate.db: an entry points to message 255, which is not there$"
damage list.db flip s:patch-1@list.example 1
damaged "a list" "list.db: patch-1@list.example: is not what was written$"
damage issue.db flip n:1 50
damaged "an issue" "issue.db: issue 1: is not what was written$"

# Values that were written by the program, but wrongly: by way of a dump.
altered() # NAME SED-SCRIPT EXTENDED-REGEX
{
	"$MLDIGEST" -H "$T/good" dump | sed '$d' | sed "$2" >"$T/dump"
	printf 'b2sum %s\n' "$(b2sum -l 256 <"$T/dump" | cut -d' ' -f1)" >>"$T/dump"
	rm -rf "$T/bad"
	"$MLDIGEST" -H "$T/bad" restore "$T/dump" || point 1 "$1: restore"
	damaged "$1" "$3"
}
altered "a record changed: the chain breaks" '/^record 5 /s/patch-3@list/patch-0@list/' \
	"arrival.db: 5: <patch-0@list.example>: the chain breaks here$"
is "the chain: it breaks at one place" "$(grep -c chain "$T/err")" 1
altered "another list id: the chain breaks at its start" '$s/$/\nmeta list-id other/' \
	"arrival.db: 1: <patch-1@list.example>: the chain breaks here$"
altered "a record gone" '/^record 5 /d; /^text 5 /d' "arrival.db: 5 to 5: missing$"
altered "a mark beyond the head" 's/^meta mark .*/meta mark 999/' "meta.db: mark: 999: there is no such message$"
altered "owed to somebody, but no issue" '$s/$/\nowed 7\/reader@list.example /' \
	"outbox.db: issue 7 to reader@list.example: there is no such issue$"
altered "a delivery that is none" '$s/$/\nowed 1\/reader@list.example mldigest-owed-1%0aformat html%0a/' \
	"outbox.db: issue 1 to reader@list.example: is damaged$"
altered "a subscriber that is none" '$s/$/\nsubscriber ada@list.example mldigest-subscriber-1%0apaused perhaps%0a/' \
	"subscriber.db: ada@list.example: is damaged$"
altered "a subscriber of a later version" '$s/$/\nsubscriber ada@list.example mldigest-subscriber-2%0a/' \
	"subscriber.db: ada@list.example: a newer version of mldigest wrote it$"
altered "an issue of no messages" 's/^\(issue 1 .*%0alast \)[0-9]*/\1 99/' "issue.db: issue 1: there are no such messages$"

# A bit flipped anywhere in a file: it is found, or nothing that is kept has changed.
"$MLDIGEST" -H "$T/good" dump >"$T/dump"
unnoticed= crashed= noticed=0
tries=40
[ -z "${MLDIGEST_LONG:-}" ] || tries=600
python3 - "$T/good/db" "$tries" >"$T/places" <<'END'
import os, random, sys
random.seed(7)
files = sorted(name for name in os.listdir(sys.argv[1]) if name.endswith(".db"))
for i in range(int(sys.argv[2])):
    name = files[i % len(files)]
    with open(os.path.join(sys.argv[1], name), "rb") as f:
        content = f.read()
    # Most of a small file is free, and 0.
    used = [at for at, byte in enumerate(content) if byte]
    print(name, random.choice(used) if i % 8 else random.randrange(len(content)), 1 << random.randrange(8))
END
while read -r file at bit; do
	rm -rf "$T/bad"
	cp -a "$T/good" "$T/bad"
	python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2])); byte = f.read(1)[0]
    f.seek(int(sys.argv[2])); f.write(bytes([byte ^ int(sys.argv[3])]))' "$T/bad/db/$file" "$at" "$bit"
	run -H "$T/bad" check
	if [ "$status" = 65 ] && [ -s "$T/err" ]; then
		noticed=$((noticed + 1))
		grep -q "db/$file: " "$T/err" || grep -q 'the log does not lead' "$T/err" || crashed+="$file $at $bit: another is named; "
	elif [ "$status" != 0 ]; then
		crashed+="$file $at $bit: exit $status; "
	elif ! "$MLDIGEST" -H "$T/bad" dump 2>&1 | cmp -s - "$T/dump"; then
		unnoticed+="$file $at $bit; "
	fi
done <"$T/places"
is "a bit flipped at $tries places: check comes to its end" "$crashed" ""
is "a bit flipped at $tries places: none that matters goes unnoticed" "$unnoticed" ""
[ $noticed -gt $((tries / 2)) ]
point $? "a bit flipped at $tries places: $noticed matter"
rm -rf "$T/bad"
cp -a "$T/good" "$T/bad"
truncate -s 4096 "$T/bad/db/arrival.db"
damaged "a file cut short" "arrival.db: "
rm -rf "$T/bad"
cp -a "$T/good" "$T/bad"
rm "$T/bad/db/message.db"
damaged "a file is gone" "message.db: message 1 "

# Others work meanwhile, and what dies leaves nothing that disturbs.
mkdir -p "$T/good/copy.tmp/db"
: >"$T/good/copy.tmp/db/left"
for i in 1 2 3 4; do

	(for j in 1 2 3 4 5; do patch_mail "10$i$j" | "$MLDIGEST" -H "$T/good" record || echo "$i$j" >>"$T/failed"; done) &
done
bad=
for i in 1 2 3 4 5; do
	run -H "$T/good" check
	[ "$status" = 0 ] || bad+=$(cat "$T/err")
done
wait
is "deliveries at the same time: all is well, each time" "$bad$(cat "$T/failed" 2>/dev/null)" ""
is "what another left is gone" "$(cd "$T/good" && echo *)" "config db lock"
mkdir "$T/good/copy.tmp"
exec 9<"$T/good/copy.tmp"
if flock -n 9; then
	run -H "$T/good" check
	complained "one at a time" 75 'another process is at work'
else
	skip "one at a time" "no flock"
fi
exec 9<&-
plan
