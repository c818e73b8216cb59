#!/bin/bash
# The outbox: who got an issue is remembered, an interrupted flush goes on with the rest and the same
# bytes, and what fails for one is tried again for that one.
. "${srcdir:-.}/tests/lib.sh"

value=$(dirname "$MLDIGEST")/tests/unit/store-value
[ -x "$value" ] || skip_all "no tests/unit/store-value: make check builds it"
export MLDIGEST_NOW=1736200000

header() # FILE NAME
{
	python3 "$tests/mail.py" header "$2" <"$1"
}

# A home whose sendmail runs the script on standard input first, with $box and the recipients as
# arguments; what that does not end keeps the mail as mail.RECIPIENT.ISSUE and notes the run in log.
outbox() # HOME COUNT: of its subscribers, one@… and so on
{
	local home=$1 count=$2 names=(one two three four five six seven eight)
	"$MLDIGEST" -H "$home" init --title Demo || return
	sed -i 's/^#key=.*/key=none/' "$home/config"
	printf 'from=digest@list.example\nto=reader@list.example\nsendmail=%s\n' "$home.sendmail" >>"$home/config"
	mkdir -p "$home.mail"
	mailer "$home"
	local i
	for ((i = 0; i < count; i++)); do
		"$MLDIGEST" -H "$home" subscriber add "${names[i]}@list.example"
	done
}
mailer() # HOME: standard input as above
{
	{
		echo '#!/bin/sh'
		echo "box=$1.mail"
		echo 'while [ "$1" != -- ]; do shift; done; shift'
		cat
		cat <<-'END_OF_MAILER'
			cat >"$box/part.$$"
			issue=$(sed -n 's/^Message-I[dD]: <digest-\([0-9]*\).*/\1/p' "$box/part.$$")
			echo "$issue: $*" >>"$box/log"
			for to; do
				cp "$box/part.$$" "$box/mail.$to.$issue"
			done
			rm "$box/part.$$"
		END_OF_MAILER
	} >"$1.sendmail.new"
	chmod +x "$1.sendmail.new" && mv "$1.sendmail.new" "$1.sendmail"
}
runs() # HOME: "ISSUE: RECIPIENT…" a run, ';' between
{
	sed 's/@list\.example//g' "$1.mail/log" 2>/dev/null | tr '\n' ';'
	: >"$1.mail/log"
}
same_mails() # NAME HOME ISSUE
{
	local files=("$2.mail"/mail.*."$3")
	is "$1" "$(cat "${files[@]}" | md5sum)" \
		"$(for file in "${files[@]}"; do cat "${files[0]}"; done | md5sum)"
}
status_of() # HOME: of its issues, from sent= on
{
	"$MLDIGEST" -H "$1" flush --status | sed -n 's/^\(issue=[0-9]*\) date=[^ ]* range=[^ ]* /\1 /p' | tr '\n' ';'
}

# Who fails keeps nobody from theirs, and is the only one to get it again.
home=$T/one
outbox "$home" 4 </dev/null
mailer "$home" <<<'[ "$1" = two@list.example ] && exit 67'
patch_mail 1 | run -H "$home" record
run -H "$home" flush
complained "one address fails" 75 'two@list.example: exit status 67; kept for the next flush'
is "the others have it" "$(runs "$home")" "1: four;1: one;1: three;"
run -H "$home" flush --status
silent "--status"
like "--status: the issue" "$(sed -n 1p "$T/out")" \
	'^issue=1 date=2025-01-06T21:46:40Z range=[0-9a-f]{8}\.\.[0-9a-f]{8} sent=3 owed=1 failed=1$'
is "--status: who failed, why and how often" "$(sed -n '2,$p' "$T/out")" \
	"issue=1 to=two@list.example state=failed format=text attempts=1 begun=2025-01-06T21:46:40Z error=exit status 67"
patch_mail 2 | run -H "$home" record
MLDIGEST_NOW=1736300000 run -H "$home" flush
is "the next issue goes to all but that one" "$(runs "$home")" "2: four;2: one;2: three;"
is "which is owed both" "$(status_of "$home")" "issue=1 sent=3 owed=1 failed=1;issue=2 sent=3 owed=1 failed=1;"
like "tried twice" "$("$MLDIGEST" -H "$home" flush --status)" 'issue=1 to=two@list.example .* attempts=2 begun=2025-01-08T01:33:20Z'
run -H "$home" flush --status --issue 1
is "--status --issue: every recipient" "$(sed -n '2,$p' "$T/out" | cut -d' ' -f 2-4)" \
	"to=four@list.example state=sent time=2025-01-06T21:46:40Z
to=one@list.example state=sent time=2025-01-06T21:46:40Z
to=three@list.example state=sent time=2025-01-06T21:46:40Z
to=two@list.example state=failed format=text"
run -H "$home" flush --status --issue 3
complained "--status of an issue that is none" 66 'there is no issue 3'
run -H "$home" flush --dry-run
is "--dry-run shows what is owed" "$(cat "$T/out")" "Issue 1 is still to be sent to two@list.example
Issue 2 is still to be sent to two@list.example"

# --retry makes no new issue.
patch_mail 3 | run -H "$home" record
run -H "$home" flush --retry
is "--retry that fails" "$status $(wc -l <"$T/err")" "75 2"
mailer "$home" </dev/null
run -H "$home" flush --retry --dry-run
is "--retry --dry-run shows what is owed, not what is new" "$(cut -d' ' -f 1-3 "$T/out" | tr '\n' ' ')" "Issue 1 is Issue 2 is "
run -H "$home" flush --retry
silent "--retry"
is "--retry: the oldest first, and nothing new" "$(runs "$home")" "1: two;2: two;"
same_mails "issue 1 is the same to all" "$home" 1
same_mails "issue 2 is the same to all" "$home" 2
run -H "$home" flush --retry
silent "--retry with nothing owed"
is "sends nothing" "$(runs "$home")" ""
is "--status when all is well shows the newest" "$(status_of "$home")" "issue=2 sent=4 owed=0 failed=0;"
run -H "$home" flush
is "then what is new" "$(runs "$home")" "3: four;3: one;3: three;3: two;"
for words in "--status --retry" "--status --dry-run" "--status --max-age 1d" "--retry --min-messages 2" \
	"--issue 1" "--retry --issue 1" "--min-messages 0" "--min-messages -1" "--min-messages x" \
	"--min-messages 99999999999" "--max-age 6" "--max-age 1d12h" "--max-age -6h" "--status --issue 0"; do
	# shellcheck disable=SC2086
	run -H "$home" flush $words
	complained "flush $words" 64 '.'
done

# Without any issue.
home=$T/none
outbox "$home" 1 </dev/null
run -H "$home" flush --status
silent "--status without an issue"
is "prints nothing" "$(cat "$T/out")" ""

# flush is killed before, while and after sendmail works for the third of five; it goes on there.
for when in before after; do
	home=$T/killed-$when
	outbox "$home" 5 </dev/null
	if [ $when = before ]; then
		mailer "$home" <<<'[ "$1" = one@list.example ] && [ ! -e "$box/killed" ] && touch "$box/killed" && kill -9 $PPID && exit'
	else
		mailer "$home" </dev/null
		echo '[ "$1" = one@list.example ] && [ ! -e "$box/killed" ] && touch "$box/killed" && kill -9 $PPID; exit 0' >>"$home.sendmail"
	fi
	patch_mail 1 | run -H "$home" record
	run -H "$home" flush
	is "killed $when the third got it" "$status" 137
	is "killed $when: who has it is remembered" "$(status_of "$home")" "issue=1 sent=2 owed=3 failed=0;"
	like "killed $when: that it was begun, too" "$("$MLDIGEST" -H "$home" flush --status --issue 1)" \
		'to=one@list.example state=owed format=text attempts=1 begun=2025-01-06T21:46:40Z'
	patch_mail 2 | run -H "$home" record
	MLDIGEST_NOW=1736300000 run -H "$home" flush
	silent "killed $when: the next flush"
	if [ $when = before ]; then
		is "killed $when: goes on with the rest" "$(runs "$home")" \
			"1: five;1: four;1: one;1: three;1: two;2: five;2: four;2: one;2: three;2: two;"
	else
		is "killed $when: one may get it twice, and nobody else" "$(runs "$home")" \
			"1: five;1: four;1: one;1: one;1: three;1: two;2: five;2: four;2: one;2: three;2: two;"
	fi
	same_mails "killed $when: the same bytes" "$home" 1
done

# What a flush that was killed left behind counts, but for another issue's lines and one that was cut.
home=$T/left
outbox "$home" 5 </dev/null
mailer "$home" <<<'exit 75'
patch_mail 1 | run -H "$home" record
run -H "$home" flush
id=$("$value" "$home" issue get 1 "" | sed -n 's/^message-id //p')
printf '%s\n' "s 1 $id 1736200001 one@list.example " "b 1 $id 1736200002 two@list.example " \
	"f 1 $id 1736200002 two@list.example exit status 9" "s 1 other-$id 1736200003 three@list.example " \
	"s 2 $id 1736200003 three@list.example " "x 1 $id 1736200003 three@list.example " \
	"s 1 $id later three@list.example " "" "s" "s 1 $id 1736200003 nobody@list.example " \
	$'\xff\x01 1' >"$home/sending"
printf '%s' "s 1 $id 1736200004 four@list.example" >>"$home/sending"
run -H "$home" flush --status --issue 1
silent "what was left behind"
is "is noted" "$(sed -n '2,$p' "$T/out" | cut -d' ' -f 2- | sed 's/ format=text//; s/list.example/x/; s/begun=[^ ]*\(...\)Z/\1/')" \
	"to=nobody@x state=sent time=2025-01-06T21:46:43Z
to=one@x state=sent time=2025-01-06T21:46:41Z
to=five@x state=failed attempts=1 :40 error=exit status 75
to=four@x state=failed attempts=1 :40 error=exit status 75
to=three@x state=failed attempts=1 :40 error=exit status 75
to=two@x state=failed attempts=2 :42 error=exit status 9"
is "and the file is gone" "$(ls "$home")" "config
db
lock"
mailer "$home" </dev/null
run -H "$home" flush
is "the others get it" "$(runs "$home")" "1: five;1: four;1: three;1: two;"
ln -s "$T/elsewhere" "$home/sending"
patch_mail 2 | run -H "$home" record
run -H "$home" flush
is "a symbolic link in its place is not followed" "$(ls "$T/elsewhere" 2>&1 | grep -c 'No such')" 1
rm -f "$home/sending"

# batch.
home=$T/batch
outbox "$home" 7 </dev/null
sed -i 's/^#batch=.*/batch=3/' "$home/config"
patch_mail 1 | run -H "$home" record
run -H "$home" flush
silent "batch=3"
is "three at a time" "$(runs "$home")" "1: five four one;1: seven six three;1: two;"
is "all have it" "$(status_of "$home")" "issue=1 sent=7 owed=0 failed=0;"
mailer "$home" <<<'for to; do [ "$to" = six@list.example ] && exit 67; done'
patch_mail 2 | run -H "$home" record
run -H "$home" flush
complained "one of a batch fails" 75 'six@list.example: exit status 67'
is "each of that batch is tried alone" "$(runs "$home")" "2: five four one;2: seven;2: three;2: two;"
is "and one is owed it" "$(status_of "$home")" "issue=2 sent=6 owed=1 failed=1;"
mailer "$home" <<<'[ $# -gt 1 ] && exit 75'
patch_mail 3 | run -H "$home" record
run -H "$home" flush
silent "every batch fails, no single one"
is "all get it one by one" "$(runs "$home")" "2: six;3: five;3: four;3: one;3: seven;3: six;3: three;3: two;"
mailer "$home" <<<'[ "$2" = six@list.example ] && kill -9 $PPID && exit'
patch_mail 4 | run -H "$home" record
run -H "$home" flush
mailer "$home" </dev/null
is "killed at the second batch" "$status $(runs "$home")" "137 4: five four one;"
run -H "$home" flush
is "goes on with that one" "$(runs "$home")" "4: seven six three;4: two;"
sed -i 's/^batch=.*/batch=1001/' "$home/config"
run -H "$home" flush
complained "batch=1001" 78 'batch: must be a number from 1 to 1000'

# sendmail is not there, or hangs: the rest is not tried.
home=$T/gone
outbox "$home" 5 </dev/null
mv "$home.sendmail" "$home.away"
patch_mail 1 | run -H "$home" record
run -H "$home" flush
complained "no sendmail: one line for five" 75 'gone.sendmail: No such file'
like "--status has it" "$("$MLDIGEST" -H "$home" flush --status)" 'sent=0 owed=5 failed=1.*error=No such file'
mv "$home.away" "$home.sendmail"
run -H "$home" flush
silent "it is back"
is "all get it" "$(runs "$home")" "1: five;1: four;1: one;1: three;1: two;"

# No more lines than a person reads.
home=$T/many
outbox "$home" 0 </dev/null
mailer "$home" <<<'exit 69'
for i in {1..50}; do echo "many$i@list.example"; done | run -H "$home" subscriber import
patch_mail 1 | run -H "$home" record
run -H "$home" flush
is "50 failures are 21 lines" "$status $(wc -l <"$T/err") $(tail -n 1 "$T/err")" \
	"75 21 mldigest: 30 more like these: mldigest flush --status"
is "--status has them all" "$("$MLDIGEST" -H "$home" flush --status | grep -c 'error=exit status 69')" 50
patch_mail 2 | run -H "$home" record
run -H "$home" flush
is "while it fails for all no issue is made" "$(status_of "$home")" "issue=1 sent=0 owed=50 failed=50;"
run -H "$home" subscriber add new@list.example
mailer "$home" <<<'case $1 in many*) exit 69; esac'
run -H "$home" flush
is "with one who is owed nothing it is" "$(runs "$home")" "2: new;"

# --min-messages and --max-age.
home=$T/wait
outbox "$home" 1 </dev/null
sed -i 's/^#layout=.*/layout=classic/' "$home/config"
flushed() # NAME WANT OPTION…: WANT is what is sent
{
	local name=$1 want=$2
	shift 2
	run -H "$home" flush "$@"
	silent "$name"
	is "$name: what is sent" "$(runs "$home")" "$want"
}
flushed "--min-messages with nothing new" "" --min-messages 1
patch_mail 1 | MLDIGEST_NOW=1736200000 run -H "$home" record
patch_mail 2 | MLDIGEST_NOW=1736203600 run -H "$home" record
reply_mail 2 | MLDIGEST_NOW=1736203601 run -H "$home" record
patch_mail 2 | MLDIGEST_NOW=1736203602 run -H "$home" record
export MLDIGEST_NOW=1736207199
flushed "two of three, a reply and a copy do not count" "" --min-messages 3
run -H "$home" flush --dry-run --min-messages 3
is "--dry-run says what there is" "$(cat "$T/out")" "Not yet: 2 new, the first of them came at 2025-01-06 21:46 UTC"
flushed "a second too young" "" --max-age 2h
flushed "neither" "" --min-messages 3 --max-age 2h
run -H "$home" flush --dry-run --min-messages 2 --max-age 2h
like "--dry-run: enough messages" "$(cat "$T/out")" 'To: 1 subscribers as text, 0 as mime'
export MLDIGEST_NOW=1736207200
run -H "$home" flush --dry-run --min-messages 3 --max-age 120m
like "--dry-run: old enough" "$(cat "$T/out")" 'New:  demo: change number 1'
flushed "old enough, to the second" "1: one;" --min-messages 3 --max-age 2h
flushed "and then nothing" "" --max-age 0m
patch_mail 3 | run -H "$home" record
flushed "one of two" "" --min-messages 2
patch_mail 4 | run -H "$home" record
flushed "two of two" "2: one;" --min-messages 2
patch_mail 5 | run -H "$home" record
MLDIGEST_NOW=1736200000 flushed "a clock that went back" "" --max-age 1m
flushed "without options at once" "3: one;"
mailer "$home" <<<'exit 75'
patch_mail 6 | run -H "$home" record
run -H "$home" flush
mailer "$home" </dev/null
patch_mail 7 | run -H "$home" record
flushed "what is owed does not wait" "4: one;" --min-messages 5

# Two formats: the mime one is sealed for who wants it, and each gets the same one again.
home=$T/format
outbox "$home" 2 </dev/null
run -H "$home" subscriber add --format mime mia@list.example
mailer "$home" <<<'[ "$1" = mia@list.example ] && cat >"$box/tried" && exit 75'
patch_mail 1 | run -H "$home" record
run -H "$home" flush
complained "the one with mime fails" 75 'mia@list.example'
check "issue 1 is sealed as mime" "$value" "$home" issue get 1 /mime
run -H "$home" subscriber add --format text mia@list.example
mailer "$home" </dev/null
MLDIGEST_NOW=1900000000 run -H "$home" flush
silent "the format changes meanwhile"
same_files "what was sealed for her is what she gets" "$home.mail/mail.mia@list.example.1" "$home.mail/tried"
check "it has the message in it" grep -q '^Message-I[Dd]: <patch-1@list.example>' "$home.mail/tried"
check "the others' has not" test "$(grep -c 'patch-1@list.example' "$home.mail/mail.one@list.example.1")" = 0
is "it is the same issue" "$(header "$home.mail/tried" Message-ID)" "$(header "$home.mail/mail.one@list.example.1" Message-ID)"
sed -i 's|^#archive=.*|archive=https://other.example/|; s/^#list-post=.*/list-post=mailto:kvm@list.example/' "$home/config"
"$MLDIGEST" -H "$home" digest --issue 1 --format mime >"$T/again"
same_files "digest --issue --format mime prints what she got" "$T/again" "$home.mail/tried"
patch_mail 2 | run -H "$home" record
run -H "$home" flush
is "nobody wants mime: it is not sealed" "$("$value" "$home" issue get 2 /mime; echo $?)" 1
run -H "$home" subscriber add --format mime mia@list.example
mailer "$home" <<<'exit 75'
patch_mail 3 | run -H "$home" record
run -H "$home" flush
echo junk | "$value" "$home" issue put 3 /mime
mailer "$home" </dev/null
run -H "$home" flush
complained "a sealed mail that is damaged" 65 'issue 3 is damaged'
is "after those who can get theirs" "$(runs "$home")" "1: one;1: two;1: mia;2: mia;2: one;2: two;3: one;3: two;"
run -H "$home" flush
is "who are not sent it again" "$(runs "$home")" ""

# A damaged or a later delivery is named, and who got it before is not sent it again.
home=$T/damaged
outbox "$home" 3 </dev/null
mailer "$home" <<<'exit 75'
patch_mail 1 | run -H "$home" record
run -H "$home" flush
mailer "$home" </dev/null
printf 'mldigest-owed-1\nformat html\n' | "$value" "$home" outbox put 1 three@list.example
run -H "$home" flush
complained "a damaged delivery" 65 'of issue 1 to three@list.example: is damaged'
run -H "$home" flush
is "the one before it has it once" "$(runs "$home")" "1: one;"
printf 'mldigest-owed-3\n' | "$value" "$home" outbox put 1 three@list.example
run -H "$home" flush
complained "a delivery of a later version" 78 'of issue 1 to three@list.example: a newer version'
run -H "$home" subscriber remove three@list.example
run -H "$home" flush
silent "removed with its subscriber"
is "the rest goes on" "$(runs "$home")" "1: two;"

# What older programs sealed: two heads, and deliveries without a value.
home=$T/older
outbox "$home" 0 </dev/null
mailer "$home" <<<'exit 75'
for i in 1 2; do
	patch_mail $i | run -H "$home" record
	run -H "$home" flush
	run -H "$home" subscriber add new$i@list.example
done
for i in 1 2; do
	"$value" "$home" issue get $i "" >"$T/issue"
	sed '1,/^$/d' "$T/issue" >"$T/mail.$i"
	sed "s/^mldigest-issue-3/mldigest-issue-$i/; /^date /d; /^range /d; $([ $i = 2 ] || echo '/^message-id /d'); /^\$/,\$d" \
		"$T/issue" | { cat && echo && cat "$T/mail.$i"; } | "$value" "$home" issue put $i ""
done
: | "$value" "$home" outbox put 1 reader@list.example
is "older issues: --status" "$("$MLDIGEST" -H "$home" flush --status | sed -n 1p)" \
	"issue=1 date=- range=- sent=0 owed=1 failed=0"
mailer "$home" </dev/null
patch_mail 3 | run -H "$home" record
run -H "$home" flush
silent "older issues: flush"
is "older issues: all go out" "$(runs "$home")" "1: reader;2: new1;3: new1;3: new2;"
for i in 1 2; do
	same_files "older issues: the bytes of issue $i" "$(ls "$home.mail"/mail.*.$i)" "$T/mail.$i"
done
like "older issues: the next one names the last" "$(header "$home.mail/mail.new1@list.example.3" References)" '^<digest-2\.'
printf 'mldigest-issue-4\nfirst 1\n\nx' | "$value" "$home" issue put 3 ""
run -H "$home" flush --status --issue 3
complained "an issue of a later version" 65 'issue 3 is damaged'

# Progress where there is a terminal, and nowhere else.
home=$T/terminal
outbox "$home" 3 </dev/null
patch_mail 1 | run -H "$home" record
python3 -c '
import os, pty, sys
pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 4096))' "$MLDIGEST" -H "$home" flush >"$T/shown" </dev/null
like "progress on a terminal" "$(cat "$T/shown")" 'issue 1: 1 of 3 sent, 0 failed'
patch_mail 2 | run -H "$home" record
run -H "$home" flush
silent "none elsewhere"

# Memory does not grow with the subscribers: what flush has of its own, as each sendmail sees it.
home=$T/crowd
outbox "$home" 0 </dev/null
printf '#!/bin/sh\nsed -n "s/^RssAnon:[^0-9]*\\([0-9]*\\).*/\\1/p" /proc/$PPID/status >>%s.mail/memory\n' "$home" >"$home.sendmail"
sed -i 's/^#batch=.*/batch=100/' "$home/config"
most() # COUNT NUMBER: in kB, of a flush to so many subscribers
{
	local i
	for ((i = 0; i < $1; i++)); do echo "subscriber-$i@host$((i % 97)).list.example"; done |
		"$MLDIGEST" -H "$home" subscriber import >/dev/null
	patch_mail "$2" | "$MLDIGEST" -H "$home" record
	: >"$home.mail/memory"
	"$MLDIGEST" -H "$home" flush
	sort -n "$home.mail/memory" | tail -n 1
}
few=$(most 1000 1)
many=$(most 10000 2)
is "10,000 subscribers: the state of each is kept" "$(status_of "$home")" "issue=2 sent=10000 owed=0 failed=0;"
[ -n "$sanitized" ] || [ "$((many - few))" -lt 512 ]
point $? "10,000 subscribers need as much memory as 1,000" "$few kB, then $many kB"
"$MLDIGEST" -H "$home" subscriber list >"$T/list"
echo "# $few kB, then $many kB"
is "list has them all" "$(grep -c ' active  2025-01-.* 2$' "$T/list")" 10000
plan
