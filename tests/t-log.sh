#!/bin/bash
# What log chooses, and what it and explain tell as JSON.
. "${srcdir:-.}/tests/lib.sh"

command -v jq >/dev/null || skip_all "no jq"
home=$T/home
"$MLDIGEST" -H "$home" init --title Demo
sed -i 's|^#archive=.*|archive=https://lore.example/demo/|' "$home/config"

# A patch of Zoë's series: n of 3, in its thread; 0 is the cover letter.
series_mail() # N
{
	patch_mail "$1" "[PATCH v2 $1/3] demo: part $1" |
		sed "s/^From: .*/From: =?UTF-8?Q?Zo=C3=AB_=C3=85kesson?= <zoe@arm.example>/
			s|demo/file|arch/demo/part|g
			s/^Message-ID: .*/Message-ID: <v2-$1@arm.example>\nIn-Reply-To: <v2-0@arm.example>/" |
		if [ "$1" = 0 ]; then sed '/^In-Reply-To/d; /^diff --git/,/^+line/d'; else cat; fi
}

# One mail a day, so that a day tells which; the last of a series comes first.
day=0
take() # a mail on standard input
{
	day=$((day + 1))
	MLDIGEST_NOW=$(date -u -d "2025-05-$((day + 9)) 12:00" +%s) run -H "$home" record
	silent "the mail of May $((day + 9)) is kept"
}
patch_mail 1 | take
series_mail 3 | take
series_mail 0 | take
series_mail 2 | take
series_mail 1 | take
reply_mail 1 | take
patch_mail 1 '[PATCH RESEND] demo: change number 1' | sed 's/^Message-ID: .*/Message-ID: <resent@list.example>/' | take
{
	printf '%s\n' 'Subject: Re: say "no" to \backslashes, =?UTF-8?Q?=1B[31mred=07?= and =?UTF-8?B?8J2Eng==?= / tabs'
	reply_mail 8 | grep -v ^Subject:
} | take

ids() # ARGUMENT…: the Message-IDs that log lists, in one line
{
	"$MLDIGEST" -H "$home" log --json "$@" | jq -r .message_id | tr '\n' ' '
}
all="reply-8@list.example resent@list.example reply-1@list.example v2-1@arm.example v2-2@arm.example v2-0@arm.example v2-3@arm.example patch-1@list.example "
reversed=$(tr ' ' '\n' <<<"$all" | grep . | tac | tr '\n' ' ')

# The lines.
run -H "$home" log --json
silent "log --json"
is "--json: one line a message" "$(wc -l <"$T/out")" 8
is "--json: each line is one object" "$(jq -c type "$T/out" | sort | uniq -c | tr -s ' ')" ' 8 "object"'
is "--json: every line is UTF-8 without controls" \
	"$(iconv -f UTF-8 -t UTF-8 "$T/out" | LC_ALL=C grep -c '[[:cntrl:]]')" 0
is "--json: newest first" "$(ids)" "$all"
is "the same messages as without --json" "$("$MLDIGEST" -H "$home" log | awk '{ print $1 }' | tr '\n' ' ')" \
	"$("$MLDIGEST" -H "$home" log --json | jq .seq | tr '\n' ' ')"
keys=$(sed -n '/^\.Ss Keys/,/^\.S[sh] [^K]/s/^\.It Va //p' "$top/man/mldigest-log.1" | awk '{ print $1 }')
is "--json: the keys of every line are the manual's, in its order" \
	"$(jq -c keys_unsorted "$T/out" | sort -u)" "$(printf '%s\n' "$keys" | jq -Rnc '[inputs]')"

# What they say.
value() # MESSAGE-ID FILTER
{
	"$MLDIGEST" -H "$home" log --json | jq -c "select(.message_id == \"$1\") | $2"
}
is "seq, class, rule and outcome" "$(value patch-1@list.example '[.seq, .class, .rule, .outcome, .first]')" \
	'[1,"patch","patch","new",null]'
is "outcome and first of what was posted again" "$(value resent@list.example '[.outcome, .first]')" \
	'["exist","patch-1@list.example"]'
is "date is the field's, arrival ours, both UTC" "$(value patch-1@list.example '[.date, .arrival]')" \
	'["2025-01-06T10:00:00Z","2025-05-10T12:00:00Z"]'
is "subject, title, tags and place" "$(value v2-2@arm.example '[.subject, .title, .tags, .revision, .position, .total]')" \
	'["[PATCH v2 2/3] demo: part 2","demo: part 2",["PATCH","v2","2/3"],2,2,3]'
is "no place without n/m" "$(value patch-1@list.example '[.position, .total]')" '[null,null]'
is "people are decoded" "$(value v2-2@arm.example '[.author, .patch_author, .from] | unique')" \
	'[{"name":"Zoë Åkesson","address":"zoe@arm.example"}]'
is "quotes, backslashes, controls and what is beyond the BMP" "$(value reply-8@list.example .subject)" \
	"$(printf '"Re: say \\"no\\" to \\\\backslashes, \357\277\275[31mred\357\277\275 and \360\235\204\236 / tabs"')"
is "paths with their lines" "$(value v2-1@arm.example .paths)" \
	'[{"path":"arch/demo/part1.c","added":1,"deleted":0}]'
is "a cover letter without a diff has no diff_id" "$(value v2-0@arm.example .diff_id)" null
is "link: the archive's address" "$(value patch-1@list.example .link)" \
	'"https://lore.example/demo/patch-1@list.example/"'
is "references" "$(value v2-1@arm.example .references)" '["v2-0@arm.example"]'
is "text: what a digest shows" "$(value v2-1@arm.example .text | jq -r . | sed -n '1p;$p')" \
	"$(printf 'Change number 1 of the demo.\n 1 file changed, 1 insertion(+)')"
is "text: none of what no digest shows" "$(value reply-1@list.example .text)" '""'
is "id: log's begins with it" "$(value patch-1@list.example .id | cut -c 2-9)" \
	"$("$MLDIGEST" -H "$home" log | awk '$1 == 1 { print $2 }')"

# What comes later.
patch_mail 1 | sed 's/^List-Id: .*/List-Id: <other.list.example>/' | run -H "$home" record
is "lists: that of a later copy too" "$(value patch-1@list.example .lists)" \
	'["kvm.list.example","other.list.example"]'
printf 'Zoe A. <zoe@home.example> <zoe@arm.example>\n' >"$home/mailmap"
is "author: as HOME/mailmap has it" "$(value v2-2@arm.example '[.author.address, .patch_author.address, .from.address]')" \
	'["zoe@home.example","zoe@home.example","zoe@arm.example"]'

# Each filter.
is "--class" "$(ids --class reply)" "reply-8@list.example reply-1@list.example "
is "--class: several" "$(ids --class cover-letter,reply)" \
	"reply-8@list.example reply-1@list.example v2-0@arm.example "
is "--author: a part of the address, in any case" "$(ids --author ARM.Example)" \
	"v2-1@arm.example v2-2@arm.example v2-0@arm.example v2-3@arm.example "
is "--author: a part of the name" "$(ids --author 'zoë å' -n 1)" "v2-1@arm.example "
is "--author: decomposed" "$(ids --author "$(printf 'zoe\314\210')" -n 1)" "v2-1@arm.example "
is "--author: mapped" "$(ids --author zoe@home -n 1)" "v2-1@arm.example "
is "--author: of two" "$(ids --author zoe --author rev@ --since 2025-05-14 --until 2025-05-16)" \
	"reply-1@list.example v2-1@arm.example "
is "--path: a file" "$(ids --path arch/demo/part2.c)" "v2-2@arm.example "
is "--path: a directory, in the cover letter's diffstat too" "$(ids --path arch/demo)" \
	"v2-1@arm.example v2-2@arm.example v2-0@arm.example v2-3@arm.example "
is "--path: a directory with its slash" "$(ids --path arch/ --class patch)" \
	"v2-1@arm.example v2-2@arm.example v2-3@arm.example "
is "--path: no part of a name" "$(ids --path arch/dem)" ""
is "--path: a glob" "$(ids --path '*/part[13].c' --path '*part?.c' -n 1)" "v2-1@arm.example "
is "--path: an expression" "$(ids --path '/part[13]\.c$/' -n 1)" "v2-1@arm.example "
is "--path: of two" "$(ids --path '*part3.c' --path '*part2.c')" "v2-2@arm.example v2-3@arm.example "
is "--outcome" "$(ids --outcome exist)" "resent@list.example "
is "--outcome: nothing is no failure" "$(ids --outcome skip)" ""
is "--since" "$(ids --since 2025-05-16)" "reply-8@list.example resent@list.example "
is "--until" "$(ids --until 2025-05-12)" "v2-3@arm.example patch-1@list.example "
is "--since and --until: a day" "$(ids --since 2025-05-12 --until 2025-05-13)" "v2-0@arm.example "
from=$(value patch-1@list.example .id | jq -r .) to=$(value v2-2@arm.example .id | jq -r .)
is "--range" "$(ids --range "$from..$to")" "v2-2@arm.example v2-0@arm.example v2-3@arm.example "
is "--range with --since" "$(ids --range "$from..$to" --since 2025-05-12)" "v2-2@arm.example v2-0@arm.example "
is "all have to fit" "$(ids --class patch --author zoe --path arch/ --until 2025-05-14 --since 2025-05-11 --range "$from..")" \
	"v2-2@arm.example v2-3@arm.example "
is "-n counts what fits" "$(ids --class patch --author zoe -n 2)" "v2-1@arm.example v2-2@arm.example "
is "-n 0" "$(ids -n 0)" ""
is "--reverse: oldest first" "$(ids --reverse)" "$reversed"
is "--reverse with -n: the same ones, the other way round" "$(ids --class patch -n 2 --reverse)" \
	"v2-1@arm.example resent@list.example "
is "--reverse with a larger -n" "$(ids --reverse -n 99)" "$reversed"
is "--reverse with --since" "$(ids --reverse --since 2025-05-16)" "resent@list.example reply-8@list.example "
is "a filter without --json" "$("$MLDIGEST" -H "$home" log --class cover-letter | sed 's/.* cover-letter *//')" \
	"Zoë Åkesson: [PATCH v2 0/3] demo: part 0"

# Series.
whole="v2-0@arm.example v2-1@arm.example v2-2@arm.example v2-3@arm.example "
for id in v2-0@arm.example v2-2@arm.example '<v2-3@arm.example>'; do
	is "--series $id: by position" "$(ids --series "$id")" "$whole"
done
is "--series with a filter" "$(ids --series v2-0@arm.example --class patch --since 2025-05-12)" \
	"v2-1@arm.example v2-2@arm.example "
is "--series with -n" "$(ids --series v2-0@arm.example -n 2)" "v2-0@arm.example v2-1@arm.example "
is "--series with --reverse" "$(ids --series v2-0@arm.example -n 2 --reverse)" "v2-1@arm.example v2-0@arm.example "
is "--series of a single patch" "$(ids --series patch-1@list.example)" "patch-1@list.example "
is "series and seen" "$(value v2-2@arm.example '[.series, .seen]')" '["v2-0@arm.example",3]'
is "a reply has no series" "$(value reply-1@list.example '[.series, .seen]')" '[null,null]'
run -H "$home" log --series reply-1@list.example
complained "--series of a reply" 66 'reply-1@list.example: a message of class reply'
run -H "$home" log --series nobody@list.example
complained "--series: a message that is not here" 66 'nobody@list.example'

# Explain.
run -H "$home" explain --json v2-2@arm.example
silent "explain --json"
is "explain --json: one line" "$(wc -l <"$T/out")" 1
is "explain --json: log's object, and the rules" "$(jq -c 'del(.rules)' "$T/out")" "$(value v2-2@arm.example .)"
is "explain --json: the rules up to the one that decided" \
	"$(jq -c '[(.rules[0] | keys_unsorted), (.rules | map(.fits) | unique), .rules[-1].fits, .rules[-1].name == .rule]' "$T/out")" \
	'[["name","fits","reason"],[false,true],true,true]'
run -H "$home" explain v2-2@arm.example
like "explain: the rules of a stored message" "$(cat "$T/out")" 'reply +no: .*cover-letter +no: .*patch +yes: '
like "explain: and what was seen" "$(cat "$T/out")" 'patch +yes: [^
]*
 +\(.*diff'
like "explain: the author, mapped" "$(cat "$T/out")" 'author +Zoe A\. <zoe@home.example>'
like "explain: and as the mail has it" "$(cat "$T/out")" 'from +Zoë Åkesson <zoe@arm.example>'
like "explain: place in the series" "$(cat "$T/out")" 'position +2 of 3, 3 of 3 seen'
like "explain: the series" "$(cat "$T/out")" 'series +v2-0@arm.example'
like "explain: the archive" "$(cat "$T/out")" 'archived at +https://lore.example/demo/v2-2@arm.example/'
run -H "$home" explain patch-1@list.example
like "explain: the list of a later copy" "$(cat "$T/out")" 'list +other.list.example'
series_mail 2 >"$T/mail"
run -H "$home" explain --json <"$T/mail"
silent "explain --json of standard input"
is "explain --json of standard input: what only the store knows is null" \
	"$(jq -c '[.message_id, .class, .seq, .id, .series, .seen, .previous, .tags_given]' "$T/out")" \
	'["v2-2@arm.example","patch",null,null,null,null,null,[]]'
is "explain of standard input: the home's mailmap" "$(jq -r .author.address "$T/out")" zoe@home.example
run -H "$T/nohome" explain --json <"$T/mail"
is "explain of standard input: no home is needed" "$status $(jq -r .author.address "$T/out")" "0 zoe@arm.example"
check "explain of standard input makes none" test ! -e "$T/nohome"
"$MLDIGEST" -H "$T/wrong" init && echo 'nonsense=1' >>"$T/wrong/config"
run -H "$T/wrong" explain <"$T/mail"
complained "explain of standard input: a wrong config is told" 78 'nonsense'

# What cannot be meant.
wrong() # NAME REGEX ARGUMENT…
{
	local name=$1 regex=$2
	shift 2
	run -H "$home" log "$@"
	complained "$name" 64 "$regex"
}
wrong "--class: none that is known" '"patches" is no class; .*other, patch, cover-letter,.*auto-reply' --class patches
wrong "--class: one of several is not known" '"x" is no class' --class patch,x
wrong "--class: nothing" '"" is no class' --class ''
wrong "--class: nothing behind a comma" '"" is no class' --class patch,
wrong "--outcome" '"old" is none of new, exist, skip' --outcome old
wrong "--author: nothing" '--author takes' --author ''
wrong "--path: nothing" '--path takes' --path ''
wrong "--since" '--since: yesterdayish: not a time' --since yesterdayish
wrong "--until" '--until: tomorrow: not a time' --until tomorrow
wrong "--until before --since" '--until 2025-01-01 is not after --since 2025-01-02' --since 2025-01-02 --until 2025-01-01
wrong "--range" 'not a range' --range abc
wrong "-n" '-n takes' -n -2
wrong "-n: no number" 'integer value .*-n' -n x
wrong "a word too many" 'usage: mldigest log' patch-1@list.example
wrong "an option that is none" '--subject' --subject x
run -H "$T/nohome" log --json
complained "--json: no home" 66 nohome

# What should not come, but does.
odd=$T/odd
cp -R "$home" "$odd" && rm -r "$odd/db"
patch_mail 1 | run -H "$odd" record
patch_mail 1 | sed 's/^Change number/Another change, number/' | run -H "$odd" record
patch_mail 2 | sed '/^Message-ID/d' | run -H "$odd" record
printf 'Subject: [PATCH] caf\351 \302\205 \377\376 \0 \033]0;x\007\nFrom: "a\\"b\\\\c" <q@list.example>\nMessage-ID: <bytes@list.example>\n\n\001\377\0\n---\n x | 1 +\n 1 file changed, 1 insertion(+)\n' |
	run -H "$odd" record
python3 -c 'import random, sys; random.seed(3)
sys.stdout.buffer.write(b"Subject: [PATCH 1/2] " + bytes(random.randrange(256) for i in range(30000)))' |
	run -H "$odd" record
"$MLDIGEST" -H "$odd" log --json >"$T/odd.json"
is "odd mails: each is one object in one line" "$(jq -c type "$T/odd.json" | tr '\n' ' ') $(wc -l <"$T/odd.json")" \
	'"object" "object" "object" "object" "object"  5'
is "odd mails: UTF-8 without controls" \
	"$(iconv -f UTF-8 -t UTF-8 "$T/odd.json" | LC_ALL=C grep -c '[[:cntrl:]]')" 0
is "odd mails: the same keys" "$(jq -c keys_unsorted "$T/odd.json" | sort -u | wc -l)" 1
is "flags: another message under one Message-ID" "$(jq -c 'select(.message_id == "patch-1@list.example") | .flags' "$T/odd.json")" \
	'["conflict"]
[]'
is "flags: a Message-ID that was made, which no archive has" \
	"$(jq -c 'select(.title == "demo: change number 2") | [.flags, .link]' "$T/odd.json")" '[["made-id"],null]'
is "a name with quotes and backslashes" "$(jq -c 'select(.message_id == "bytes@list.example") | .from.name' "$T/odd.json")" \
	'"a\"b\\c"'

# A reader that waits holds nobody up: more than a pipe takes, in a pipe that nobody reads.
{ head -c 40000 /dev/zero | tr '\0' x | fold -w 70; echo; } >"$T/long"
for i in 1 2 3 4 5 6; do
	patch_mail "20$i" | sed "/^Change number/r $T/long" | run -H "$home" record
done
mkfifo "$T/pipe"
"$MLDIGEST" -H "$home" log --json >"$T/pipe" &
exec 7<"$T/pipe"
IFS= read -r first <&7
patch_mail 9 | run -H "$home" record
silent "record while log waits for its reader"
rest=$(wc -l <&7)
exec 7<&-
wait $!
is "and log has told what was there" "$? $rest" "0 13"
is "its first line was whole" "$(jq -r .message_id <<<"$first")" patch-206@list.example
plan
