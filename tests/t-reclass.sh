#!/bin/bash
# A class that somebody corrected: who reads it, and what keeps it.
. "${srcdir:-.}/tests/lib.sh"

command -v jq >/dev/null || skip_all "no jq"
export MLDIGEST_NOW=1736250000
home=$T/home
me=$(id -un)

class() # ID
{
	"$MLDIGEST" -H "$home" log --json | jq -r "select(.message_id == \"$1@list.example\").class"
}

"$MLDIGEST" -H "$home" init --title Demo
patch_mail 1 | run -H "$home" record
patch_mail 2 | run -H "$home" record
reply_mail 1 | run -H "$home" record
run -H "$home" log --waiting
like "one waits, one was answered" "$(cat "$T/out")" '^[^
]*change number 2$'

run -H "$home" reclass reply-1@list.example auto-reply --why "an absence, in words"
silent "a class is corrected"
is "log: the corrected class" "$(class reply-1)" auto-reply
run -H "$home" log --class auto-reply
like "log --class finds it" "$(cat "$T/out")" 'auto-reply .*Re: \[PATCH\]'
run -H "$home" log --class reply
is "and not under the other" "$(cat "$T/out")" ""
run -H "$home" log --waiting
is "log --waiting: the patch is not answered any more" "$(wc -l <"$T/out")" 2
run -H "$home" explain reply-1@list.example
like "explain: by whom, when and why, and what the rules said" "$(cat "$T/out")" \
	"class +auto-reply \(reclassed by $me on 2025-01-07: an absence, in words; the rules said reply: rule reply: "
is "explain --json too" \
	"$("$MLDIGEST" -H "$home" explain --json reply-1@list.example | jq -c .reclassed)" \
	'{"class":"auto-reply","was":"reply","who":"'"$me"'","time":"2025-01-07T11:40:00Z","why":"an absence, in words"}'
is "log --json has the key where it is so" \
	"$("$MLDIGEST" -H "$home" log --json | jq -c 'has("reclassed")' | sort | uniq -c | tr -s ' ' | paste -sd,)" \
	" 2 false, 1 true"
run -H "$home" log --reclassed
is "log --reclassed" "$(cat "$T/out")" \
	"2025-01-07 auto-reply was reply, by $me: <reply-1@list.example> an absence, in words"
is "log --reclassed --json" "$("$MLDIGEST" -H "$home" log --reclassed --json | jq -c '[.message_id, .was]')" \
	'["reply-1@list.example","reply"]'
check "check: all is well" "$MLDIGEST" -H "$home" check

reply_mail 1 | run -H "$home" record -v
like "a later copy" "$(cat "$T/out" "$T/err")" '^Exist'
is "changes nothing" "$(class reply-1)" auto-reply

"$MLDIGEST" -H "$home" reclass "<patch-2@list.example>" other
run -H "$home" digest
like "digest: what is a patch still" "$(cat "$T/out")" 'change number 1'
[[ "$(cat "$T/out")" != *"change number 2"* ]]
point $? "digest: not what is none any more" "$(cat "$T/out")"
run -H "$home" log --waiting
is "log --waiting: nor there" "$(wc -l <"$T/out")" 1
check "check: nor is it missed" "$MLDIGEST" -H "$home" check

"$MLDIGEST" -H "$home" dump >"$T/dump"
"$MLDIGEST" -H "$T/other" restore "$T/dump"
is "dump and restore: it is there" \
	"$("$MLDIGEST" -H "$T/other" log --reclassed)" "$("$MLDIGEST" -H "$home" log --reclassed)"
"$MLDIGEST" -H "$T/other" log --waiting >/dev/null
check "restore: the index is made with it" "$MLDIGEST" -H "$T/other" check
is "restore: the same waits" \
	"$("$MLDIGEST" -H "$T/other" log --waiting)" "$("$MLDIGEST" -H "$home" log --waiting)"
"$MLDIGEST" -H "$T/other" dump >"$T/again"
same_files "and dumped again it is the same" "$T/again" "$T/dump"
"$MLDIGEST" -H "$home" backup "$T/backup" >/dev/null
is "backup: it is there" \
	"$("$MLDIGEST" -H "$T/backup" log --reclassed)" "$("$MLDIGEST" -H "$home" log --reclassed)"

run -H "$home" reclass patch-2@list.example patch
silent "corrected to what the rules said"
run -H "$home" reclass patch-2@list.example --undo
silent "and taken back"
is "the rules count again" "$(class patch-2)" patch
run -H "$home" reclass reply-1@list.example --undo
silent "taken back"
is "and again" "$(class reply-1)" reply
run -H "$home" log --reclassed
is "nothing is left of it" "$(cat "$T/out")" ""
run -H "$home" log --waiting
is "log --waiting: as before" "$(wc -l <"$T/out")" 1
check "check: and so is the index" "$MLDIGEST" -H "$home" check

run -H "$home" reclass reply-1@list.example --undo
complained "nothing to take back" 66 'reply-1@list\.example: its class was not changed'
run -H "$home" reclass nobody@list.example patch
complained "no such message" 66 'nobody@list\.example: no message here'
run -H "$home" reclass reply-1@list.example rubbish
complained "no such class" 64 'rubbish: no such class'
run -H "$home" reclass reply-1@list.example reply
complained "the class that it has" 64 'is of class reply already'
run -H "$home" reclass reply-1@list.example
complained "no class" 64 'usage'
run -H "$home" reclass reply-1@list.example patch --undo
complained "a class and --undo" 64 'usage'
run -H "$home" reclass
complained "no message" 64 'usage'
run -H "$home" reclass reply-1@list.example patch --why "$(printf '%0500d' 0)"
complained "a reason without end" 64 'why'
run -H "$T/none" reclass reply-1@list.example patch
complained "no home" 66 'none'
run -H "$home" reclass reply-1@list.example other --why $'two\nlines\e[31m'
silent "a reason that is no line"
is "becomes one" "$("$MLDIGEST" -H "$home" log --reclassed | wc -l)" 1
run -H "$home" reclass reply-1@list.example --undo

# What was sent expires, and what was said of it goes with it.
mail_home "$T/sent"
patch_mail 1 | run -H "$T/sent" record
"$MLDIGEST" -H "$T/sent" flush >/dev/null
"$MLDIGEST" -H "$T/sent" reclass patch-1@list.example other
MLDIGEST_NOW=1799999999 run -H "$T/sent" expire --older-than 1d
like "a message expires" "$(cat "$T/out")" '^1 messages expired'
run -H "$T/sent" log --reclassed
is "and its class with it" "$(cat "$T/out")" ""
check "check: none is left over" "$MLDIGEST" -H "$T/sent" check

plan
