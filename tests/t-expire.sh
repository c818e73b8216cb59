#!/bin/bash
# expire: old messages go, the chain stays, room comes back.  And the log never grows large.
. "${srcdir:-.}/tests/lib.sh"

day=86400
now=1767225600
at() # DAYS-AGO COMMAND…
{
	local ago=$1
	shift
	MLDIGEST_NOW=$((now - ago * day)) "$@"
}
run_now()
{
	MLDIGEST_NOW=$now run "$@"
}
mail_home "$T/home"
for i in 1 2 3; do patch_mail $i | at 100 "$MLDIGEST" -H "$T/home" record; done
patch_mail 1 | sed 's/^List-Id: <kvm/List-Id: <other/' | at 100 "$MLDIGEST" -H "$T/home" record
reply_mail 1 | at 100 "$MLDIGEST" -H "$T/home" record
at 99 "$MLDIGEST" -H "$T/home" flush || point 1 flush
for i in 4 5; do patch_mail $i | at 50 "$MLDIGEST" -H "$T/home" record; done
at 49 "$MLDIGEST" -H "$T/home" flush || point 1 flush
for i in 6 7; do patch_mail $i | at 40 "$MLDIGEST" -H "$T/home" record; done
cp -a "$T/home" "$T/whole"
id() # PATCH
{
	"$MLDIGEST" -H "$T/whole" log | grep -v 'Re: ' | sed -n "s/^ *[0-9]* \([0-9a-f]*\) .*number $1\$/\1/p"
}
head=$("$MLDIGEST" -H "$T/home" check | sed 's/.*head //')

run_now -H "$T/home" expire --older-than 200d
is "nothing is so old" "$status $(cat "$T/out")" "0 0 messages expired, 0 kept that no digest had yet"
is "and nothing changes" "$("$MLDIGEST" -H "$T/home" check)" "ok: 8 messages, chain head $head"
run_now -H "$T/home" expire --older-than 60d
silent "what is older than 60 days"
is "is counted" "$(cat "$T/out")" "4 messages expired, 0 kept that no digest had yet"
is "the chain is whole" "$("$MLDIGEST" -H "$T/home" check 2>&1)" "ok: 4 messages and 4 expired, chain head $head"
run_now -H "$T/home" expire --older-than 60d
is "once is enough" "$(cat "$T/out")" "0 messages expired, 0 kept that no digest had yet"
run_now -H "$T/home" expire --older-than "$(date -u -d @$((now - 30 * day)) +%Y-%m-%d)"
is "what no digest had yet stays, and is counted" "$(cat "$T/out")" "2 messages expired, 2 kept that no digest had yet"
is "the chain is whole again" "$("$MLDIGEST" -H "$T/home" check 2>&1)" "ok: 2 messages and 6 expired, chain head $head"

# What one sees.
is "log has the rest" "$("$MLDIGEST" -H "$T/home" log)" "$("$MLDIGEST" -H "$T/whole" log -n 2)"
is "log of a range that has expired messages" "$("$MLDIGEST" -H "$T/home" log --range "$(id 2)..$(id 6)")" \
	"$("$MLDIGEST" -H "$T/whole" log --range "$(id 5)..$(id 6)")"
is "log of a time before" "$("$MLDIGEST" -H "$T/home" log --since 2000-01-01)" "$("$MLDIGEST" -H "$T/whole" log -n 2)"
# What expired waits for nobody any more.
to_be_sent()
{
	at 0 "$MLDIGEST" -H "$1" digest | sed '/^===== Waiting/,/^===== /{ /^===== Waiting/d; /^===== /!d; }'
}
is "the digest that is to be sent is the same" "$(to_be_sent "$T/home")" "$(to_be_sent "$T/whole")"
is "its range begins with an expired message" "$("$MLDIGEST" -H "$T/home" digest | head -n 1)" "From $(id 5) to $(id 7)"
run -H "$T/home" digest --range "$(id 1)..$(id 5)"
silent "a digest of expired messages alone"
is "names its ends" "$(head -n 1 "$T/out")" "From $(id 1) to $(id 5)"
is "and has none of them" "$(grep -c 'change number' "$T/out")" 0
run -H "$T/home" digest --since 2000-01-01
is "a digest of all" "$(grep -c '^New: ' "$T/out")" 2
run -H "$T/home" explain patch-1@list.example
complained "explain of an expired one" 66 'no message here has that Message-ID'
is "no word of them is left in the databases" "$(cat "$T/home"/db/*.db | grep -ac 'Change number [1-5] of')" \
	"$(cat "$T/home"/db/issue.db | grep -ac 'Change number [1-5] of')"

# What comes again.
patch_mail 1 | "$MLDIGEST" -H "$T/home" record -v >"$T/out"
like "an expired message does not come back as new" "$(cat "$T/out")" '^Exist: '
patch_mail 1 | sed 's/^List-Id: <kvm/List-Id: <third/' | "$MLDIGEST" -H "$T/home" record -v >"$T/out"
like "nor from another list" "$(cat "$T/out")" '^Exist: '
reply_mail 1 | "$MLDIGEST" -H "$T/home" record --filter >"$T/out"
is "the filter says that it is known" "$(sed -n 's/^X-Mldigest-//p' "$T/out")" "Status: known"
is "nothing was added" "$("$MLDIGEST" -H "$T/home" check)" "ok: 2 messages and 6 expired, chain head $head"
patch_mail 2 | sed 's/^Change/Another change/' | "$MLDIGEST" -H "$T/home" record -v >"$T/out"
like "another message under an expired Message-ID is kept" "$(cat "$T/out")" '^New: '
like "and flagged" "$("$MLDIGEST" -H "$T/home" log -n 1)" '\(conflict\)'
"$MLDIGEST" -H "$T/home" dump >"$T/dump"
"$MLDIGEST" -H "$T/copy" restore "$T/dump"
is "dump and restore keep it" "$("$MLDIGEST" -H "$T/copy" dump | cmp - "$T/dump" && "$MLDIGEST" -H "$T/copy" check)" \
	"$("$MLDIGEST" -H "$T/home" check)"
at 0 "$MLDIGEST" -H "$T/home" flush || point 1 flush
run_now -H "$T/home" expire --older-than 0d
is "all of it, the head too" "$(cat "$T/out")" "2 messages expired, 0 kept that no digest had yet"
patch_mail 8 | "$MLDIGEST" -H "$T/home" record
is "numbers and chain go on" "$("$MLDIGEST" -H "$T/home" check | cut -d, -f1)$("$MLDIGEST" -H "$T/home" log | cut -c1-6 | tr -d '\n')" \
	"ok: 2 messages and 8 expired    10     9"

run -H "$T/home" expire
complained "without --older-than" 64 '--older-than'
run -H "$T/home" expire --older-than soon
complained "a time that is none" 64 'soon: not a time'
run -H "$T/none" expire --older-than 1d
complained "no home" 66 'none: No such file'

# Room comes back, and the log stays small whatever is done.
limit=$((40 * 1024 * 1024))
log_bytes()
{
	stat -c %s "$1"/db/log.* 2>/dev/null | awk '{ sum += $1 } END { print sum + 0 }'
}
watched() # ARGUMENT…: the largest size of the log meanwhile goes to $T/peak
{
	local bytes peak=0
	"$MLDIGEST" -H "$T/large" "$@" >"$T/out" 2>"$T/err" &
	while kill -0 $! 2>/dev/null; do
		bytes=$(log_bytes "$T/large")
		[ "$bytes" -le $peak ] || peak=$bytes
	done
	wait $!
	status=$?
	[ $status = 0 ] && [ $peak -gt 0 ] && [ $peak -le $limit ]
	point $? "$1: the log files stay below 40 MB" "exit $status, $peak bytes" "$(cat "$T/err")"
}
patch_mbox "" 3000 >"$T/large.mbox"
watched import "$T/large.mbox"
before=$(du -sk "$T/large/db" | cut -f1)
patch_mail x | "$MLDIGEST" -H "$T/large" record
[ "$(log_bytes "$T/large")" -le $((24 * 1024 * 1024)) ]
point $? "after a delivery they are below 24 MB" "$(ls -l "$T/large/db")"
sed 's/<patch-/<again-/; s/Date: Mon, 6/Date: Mon, 13/; s/^+line/&&/' "$T/large.mbox" >"$T/again.mbox"
watched import "$T/again.mbox"
watched flush --dry-run
for ((i = 0; i < 40; i++)); do
	patch_mail "y$i" | sed "/^Change/r "<(yes "a line of it $i" | head -n 10000) | "$MLDIGEST" -H "$T/large" record
	[ "$(log_bytes "$T/large")" -le $((24 * 1024 * 1024)) ] || echo "$i: $(log_bytes "$T/large")"
done >"$T/grown"
is "after each of 40 large deliveries they are below 24 MB" "$(cat "$T/grown")" ""
full=$(cat "$T/large"/db/arrival.db "$T/large"/db/text.db | wc -c)
watched expire --older-than 0d
left=$(cat "$T/large"/db/arrival.db "$T/large"/db/text.db | wc -c)
[ "$left" -lt $((full / 4)) ]
point $? "room comes back: less than a quarter is left" "$full bytes before, $left after, the import took $before kB"
is "no other file is left" "$(cd "$T/large/db" && echo [a-z]*.db*)" "arrival.db change.db id.db issue.db message.db meta.db outbox.db relate.db removed.db subscriber.db text.db"
like "and all is well" "$("$MLDIGEST" -H "$T/large" check 2>&1)" '^ok: 41 messages and 6000 expired'

# While deliveries go on, and killed at any time.
${CC:-cc} -shared -fPIC -o "$T/shim.so" "$tests/shim.c" -ldl 2>/dev/null || {
	skip "killed" "the shim does not compile"
	plan
	exit
}
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
head -n 20000 "$T/large.mbox" >"$T/some.mbox"
"$MLDIGEST" -H "$T/some" import "$T/some.mbox" >/dev/null
cp -a "$T/some" "$T/bad"
LD_PRELOAD=$T/shim.so SHIM_LOG=$T/calls "$MLDIGEST" -H "$T/bad" expire --older-than 0d >/dev/null
calls=$(wc -l <"$T/calls")
wanted=$("$MLDIGEST" -H "$T/bad" check)
like "something to kill" "$wanted" '^ok: 0 messages and [0-9]+ expired'
rounds=25 bad=
[ -z "${MLDIGEST_LONG:-}" ] || rounds=400
for ((i = 1; i <= rounds; i++)); do
	n=$((calls * i / rounds))
	rm -rf "$T/bad" "$T/killed"
	cp -a "$T/some" "$T/bad"
	LD_PRELOAD=$T/shim.so SHIM_KILL=$n "$MLDIGEST" -H "$T/bad" expire --older-than 0d >/dev/null 2>&1
	patch_mail "z$i" | "$MLDIGEST" -H "$T/bad" record || bad+="call $n: a delivery fails; "
	said=$("$MLDIGEST" -H "$T/bad" check 2>&1) || bad+="call $n: $said; "
	"$MLDIGEST" -H "$T/bad" expire --older-than 0d >/dev/null 2>"$T/err" || bad+="call $n: again: $(cat "$T/err"); "
	said=$("$MLDIGEST" -H "$T/bad" check 2>&1)
	[ "${said%%,*}" = "$(sed 's/0 messages/1 messages/; s/,.*//' <<<"$wanted")" ] || bad+="call $n: $said; "
	[ "$(cat "$T/bad/db/text.db" | wc -c)" -lt 100000 ] || bad+="call $n: no room came back; "
done
is "killed at $rounds of $calls calls: nothing is lost, and the next one does it" "$bad" ""
touch "$T/going"
(i=0; while [ -e "$T/going" ]; do
	i=$((i + 1))
	patch_mail "live$i" | "$MLDIGEST" -H "$T/some" record && echo $i >>"$T/acknowledged"
done) 2>"$T/refused" &
run -H "$T/some" expire --older-than 0d
silent "while deliveries go on"
rm "$T/going"
wait
is "nobody was turned away" "$(cat "$T/refused")" ""
is "none of them is lost" "$("$MLDIGEST" -H "$T/some" log | grep -c live)" "$(wc -l <"$T/acknowledged")"
like "and all is well then" "$("$MLDIGEST" -H "$T/some" check 2>&1)" '^ok: '
exec 9<"$T/some/db"
if flock -s -n 9; then
	run -H "$T/some" expire --older-than 0d
	complained "not while a copy is made" 75 'a backup, check or dump'
fi
exec 9<&-
plan
