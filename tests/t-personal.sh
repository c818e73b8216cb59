#!/bin/bash
# Personal digests: who has a filter gets what it fits, and who wants it their own part first, each page
# made and signed once; a page cannot pass for the issue; and a kill loses and doubles no more than else.
. "${srcdir:-.}/tests/lib.sh"

value=$(dirname "$MLDIGEST")/tests/unit/store-value
[ -x "$value" ] || skip_all "no tests/unit/store-value: make check builds it"
export MLDIGEST_NOW=1773648000 MLDIGEST_HOSTNAME=host.example

# A home whose sendmail keeps each mail as mail.RECIPIENT.ISSUE, and the runs in log.
personal() # HOME
{
	"$MLDIGEST" -H "$1" init --title Demo || return
	sed -i 's/^#key=.*/key=none/; s/^#layout=.*/layout=full/' "$1/config"
	printf 'from=digest@list.example\nto=reader@list.example\nsendmail=%s\n' "$1.sendmail" >>"$1/config"
	mkdir -p "$1.mail"
	cat >"$1.sendmail" <<-END
		#!/bin/sh
		box=$1.mail
		while [ "\$1" != -- ]; do shift; done; shift
		cat >"\$box/part.\$\$"
		issue=\$(sed -n 's/^Message-I[dD]: <digest-\([0-9]*\).*/\1/p' "\$box/part.\$\$")
		echo "\$issue: \$*" >>"\$box/log"
		for to; do cp "\$box/part.\$\$" "\$box/mail.\$to.\$issue"; done
		rm "\$box/part.\$\$"
	END
	chmod +x "$1.sendmail"
}
runs() # HOME: "ISSUE: RECIPIENT…" a run, ';' between, sorted
{
	sed 's/@list\.example//g' "$1.mail/log" 2>/dev/null | sort | tr '\n' ';'
	: >"$1.mail/log"
}
subjects() # FILE: the patches that its list has
{
	sed -n '/^===== Patch list/,/^===== Patch Commit/s/^  \(.*\)  (.*/\1/p' "$1" | tr '\n' ';'
}
notice() # FILE: what it says that it is
{
	sed -n '/^\(A selection\|All [0-9]\)/,/^$/p' "$1" | sed 's/^  *//; /^$/d' | tr '\n' ' '
}
header() # FILE NAME
{
	python3 "$tests/mail.py" header "$2" <"$1"
}
week() # HOME N
{
	python3 "$tests/personal.py" "$2" >"$T/$2.mbox" && "$MLDIGEST" -H "$1" import --new "$T/$2.mbox" >/dev/null
}

# Bad input: one line, and nothing changes.
home=$T/bad
personal "$home"
"$MLDIGEST" -H "$home" subscriber add ada@list.example ben@list.example
"$MLDIGEST" -H "$home" subscriber set ada@list.example --path demo/ --my-part yes
before=$("$MLDIGEST" -H "$home" subscriber export)
bad() # NAME STATUS REGEX WORD…
{
	local name=$1 want=$2 regex=$3
	shift 3
	run -H "$home" subscriber "$@"
	complained "$name" "$want" "$regex"
	is "$name: nothing changed" "$("$MLDIGEST" -H "$home" subscriber export)" "$before"
}
bad "nothing to set" 64 'at least one option' set ada@list.example
bad "nobody to set it for" 64 'no address given' set --path x
bad "no subscriber" 66 'eve@list.example: is no subscriber' set --path x ada@list.example eve@list.example
bad "show of no subscriber" 66 'eve@list.example: is no subscriber' show eve@list.example
bad "an empty path" 64 -- '--path takes' set ada@list.example --path ''
bad "half an expression" 64 'stands between two slashes' set ada@list.example --path /demo
bad "a class that is none" 64 '"frog" is no class; there are' set ada@list.example --class patch,frog
bad "an empty class" 64 '"" is no class' set ada@list.example --class ''
bad "an empty author" 64 -- '--author takes' set ada@list.example --author ''
bad "a list that is none" 64 '"a b" is no List-Id' set ada@list.example --list 'a b'
bad "a control" 64 'no control' set ada@list.example --author $'Jan\nEk'
bad "33 words" 64 'at most 32 words' set ada@list.example $(printf -- '--path=%s ' {1..33})
bad "1,025 bytes" 64 'of 1024 bytes' set ada@list.example --path "$(printf 'a%.0s' {1..1025})"
bad "a filter and none" 64 'does not go with' set ada@list.example --path x --no-filter
bad "--my-part perhaps" 64 'must be yes or no' set ada@list.example --my-part perhaps
bad "another address alone" 64 -- '--also goes with' set ada@list.example --also b@list.example
bad "another address that is none" 64 'not an address' set ada@list.example --my-part yes --also 'Ada <a@b.c>'
bad "nine other addresses" 64 'at most 8' set ada@list.example --my-part yes $(printf -- '--also=a%s@b.c ' {1..9})
bad "a filter with add" 64 'go with set alone' add eve@list.example --path x
printf 'ada@list.example path=a%%0ab\n' >"$T/people"
bad "import of a control" 65 'people:1: ' import "$T/people"
printf 'ben@list.example\nada@list.example path=/x\n' >"$T/people"
bad "import of half an expression" 65 'people:2: .*slashes' import "$T/people"
run -H "$home" digest --for eve@list.example
complained "digest --for no subscriber" 66 'eve@list.example: is no subscriber'
run -H "$home" digest --for ''
complained "digest --for no address" 64 'not an address'

# What is shown, written and read again.
run -H "$home" subscriber set ben@list.example --path b --author 'Jan Ek' --path a --class reply,patch --list '<demo.list.example>'
silent "set"
run -H "$home" subscriber show ben@list.example
like "show" "$(cat "$T/out")" "gets +--class patch --class reply --author 'Jan Ek' --path a --path b --list '<demo.list.example>'\$"
like "list" "$("$MLDIGEST" -H "$home" subscriber list)" 'ada@list.example .*
    --path demo/ --my-part yes
ben@list.example'
"$MLDIGEST" -H "$home" subscriber export >"$T/people"
is "export" "$(cat "$T/people")" "ada@list.example format=text path=demo/ my-part=yes
ben@list.example format=text class=patch class=reply author=Jan%20Ek path=a path=b list=<demo.list.example>"
run -H "$home" subscriber set ben@list.example ada@list.example --no-filter --my-part no
is "and all is taken away" "$("$MLDIGEST" -H "$home" subscriber export)" "ada@list.example format=text
ben@list.example format=text"
run -H "$home" subscriber import "$T/people"
is "import" "$(cat "$T/out") $("$MLDIGEST" -H "$home" subscriber export | md5sum)" "2 subscribers: 0 added, 2 changed $(md5sum <"$T/people")"
run -H "$home" dump
cp "$T/out" "$T/dump"
run -H "$T/bad-again" restore "$T/dump"
is "dump and restore" "$("$MLDIGEST" -H "$T/bad-again" subscriber export)" "$(cat "$T/people")"
run -H "$home" backup "$T/bad-copy"
is "backup" "$("$MLDIGEST" -H "$T/bad-copy" subscriber export)" "$(cat "$T/people")"
printf 'mldigest-subscriber-1\nformat text\npaused no\nsince 5\nafter 0\n' | "$value" "$home" subscriber put - old@list.example
is "an older subscriber is one who gets all" "$("$MLDIGEST" -H "$home" subscriber export | tail -n 1)" "old@list.example format=text"
printf 'mldigest-subscriber-1\nformat text\npaused no\nsince 5\nafter 0\npath /x\n' | "$value" "$home" subscriber put - old@list.example
run -H "$home" check
like "check names a filter that is none" "$status $(cat "$T/out" "$T/err")" '^65 .*old@list.example: --path: /x'
"$MLDIGEST" -H "$home" subscriber remove old@list.example

# Two weeks.  Jan has another address, and the mailmap an old one.
home=$T/a
personal "$home"
sed -i 's|^#archive=.*|archive=https://lists.example/demo/|; s/^key=none/#key=key/' "$home/config"
key=$("$MLDIGEST" -H "$home" keygen | head -n 1)
echo 'Jan Ek <jan@beta.example> <jek@old.example>' >"$home/mailmap"
"$MLDIGEST" -H "$home" subscriber add all@list.example one@list.example two@list.example three@list.example \
	jan@beta.example none@list.example
"$MLDIGEST" -H "$home" subscriber set one@list.example two@list.example three@list.example --path demo/sheep
"$MLDIGEST" -H "$home" subscriber set three@list.example --format mime
"$MLDIGEST" -H "$home" subscriber set jan@beta.example --my-part yes --also jan@home.example
"$MLDIGEST" -H "$home" subscriber set none@list.example --path nowhere/
week "$home" 1
cp -a "$home" "$T/plain"
"$MLDIGEST" -H "$T/plain" subscriber remove one@list.example two@list.example three@list.example jan@beta.example none@list.example
run -H "$home" digest --layout full
cp "$T/out" "$T/first.txt"
run -H "$home" flush
silent "the first issue"
is "who has a filter that fits nothing gets no mail" "$(runs "$home")" "1: all;1: jan@beta.example;"
is "what all get is what it was" "$(mail_text "$home.mail/mail.all@list.example.1")" "$(cat "$T/first.txt")"
sed -i "s|$home|$T/plain|g" "$T/plain/config" && sed "s|$home|$T/plain|g" "$home.sendmail" >"$T/plain.sendmail"
chmod +x "$T/plain.sendmail" && mkdir "$T/plain.mail"
run -H "$T/plain" flush
same_files "to the byte, as without any filter in the home" "$home.mail/mail.all@list.example.1" "$T/plain.mail/mail.all@list.example.1"
is "--status says who had nothing" "$("$MLDIGEST" -H "$home" flush --status --issue 1 | cut -d' ' -f 2-3 | sed '1d; s/=sent/=s/')" \
"to=all@list.example state=s
to=jan@beta.example state=s
to=none@list.example state=nothing
to=one@list.example state=nothing
to=three@list.example state=nothing
to=two@list.example state=nothing"
like "and owes nothing" "$("$MLDIGEST" -H "$home" flush --status)" 'sent=2 owed=0 failed=0'
is "that is not their last issue" "$("$MLDIGEST" -H "$home" subscriber list | grep -c ' -$')" 4
run -H "$home" digest --issue 1 --for one@list.example
complained "digest --issue --for one who had nothing" 66 'issue 1 had nothing for one@list.example'
like "--class counts replies, when a filter is by class" "$("$MLDIGEST" -H "$home" subscriber set none@list.example --class reply
	"$MLDIGEST" -H "$home" digest --since 9999d --layout full --for none@list.example)" \
	'A selection: 1 of the 6 messages of this period, by --class reply\.'
"$MLDIGEST" -H "$home" subscriber set none@list.example --path nowhere/

week "$home" 2
run -H "$home" digest --for jan@beta.example
silent "digest --for, before it is sent"
awk '/^(A selection|All [0-9])/, /^$/; /^=====/ { on = /Your part/ } on && !/^Top 15/ && !done; /^Top 15/ { done = 1 }' "$T/out" >"$T/mine"
same_files "their part" "$T/mine" "$tests/personal/your-part.txt"
is "stands in front of the tables" "$(grep -nE '^(===== Your|Top 15)' "$T/out" | head -n 1 | cut -d: -f 2)" "===== Your part ====="
run -H "$home" digest --for jan@beta.example --layout classic
awk '/^(A selection|All [0-9])/, /^$/; /^=====/ { on = /Your part/ } on && !/^Top 15/ && !done; /^Top 15/ { done = 1 }' "$T/out" |
	sed 's/^All [0-9]* messages/All 19 messages/' >"$T/mine.classic"
is "the same in layout classic" "$(sed 1,4d "$T/mine.classic")" "$(sed 1,4d "$T/mine")"
run -H "$home" digest --for jan@beta.example --format json
is "as JSON" "$(python3 -c '
import json, sys
page = json.load(sys.stdin)
print(page["selection"]["filter"], page["selection"]["for"], page["selection"]["shown"], page["selection"]["all"],
      [(row["kind"], row["title"], row["version"], row["people"]) for row in page["your_part"]][4:6], len(page["your_part"]))' <"$T/out")" \
	"None jan@beta.example 19 19 [('asked', 'demo: mend the gate', 2, ['Bo Lind']), ('asked', 'demo: paint the gate', 1, ['Ole Os'])] 10"
run -H "$home" digest --format json
is "as JSON: of the whole nothing of it" "$(grep -cE '"(selection|your_part)"' "$T/out")" 0
run -H "$home" flush --dry-run
is "flush --dry-run" "$(head -n 1 "$T/out")" "To: 5 subscribers as text, 1 as mime; 5 of them a page of their own"
run -H "$home" digest --for one@list.example
is "a filter: what it is" "$(notice "$T/out")" "A selection: 8 of the 19 messages of this period, by --path demo/sheep. The whole, as all get it: $(
	sed -n 's/^  \(mldigest digest --range .*\)/\1/p' "$T/out") "
is "a filter: patches, and the cover letter of one" "$(subjects "$T/out")" \
	"[PATCH 1/2] demo: feed the sheep;[PATCH 1/2] demo: one goat;[PATCH 0/2] demo: count goats;"
is "a filter: nothing waits that it has not" "$(grep -c '^===== Waiting' "$T/out") $("$MLDIGEST" -H "$home" digest | grep -c '^===== Waiting')" "0 1"
like "a filter: answers have the paths of what they answer" "$(cat "$T/out")" \
	'demo: feed the sheep
    by Ida Holm, .*
    2 replies: Bo Lind'
run -H "$home" flush
silent "the second issue"
is "each mail once; batch= is 1" "$(runs "$home")" "2: all;2: jan@beta.example;2: one;2: three;2: two;"
mail=$home.mail/mail
same_files "who shares a filter gets the same bytes" "$mail.one@list.example.2" "$mail.two@list.example.2"
is "it is made once: three pages are kept, for four people" \
	"$("$MLDIGEST" -H "$home" dump | grep -cE '^sent 2//[0-9a-f]{16}(\.mime)? ')" 3
mail_text "$mail.one@list.example.2" >"$T/one.txt"
same_files "the page names the issue" <(sed -n '/^A selection/,/^$/p' "$T/one.txt") "$tests/personal/selection.txt"
is "nobody else's address stands in it" "$(grep -cE 'all@|one@|two@|three@|jan@home' "$T/one.txt" "$mail.one@list.example.2" | cut -d: -f 2 | tr '\n' ' ')" "0 0 "
is "Subject, To and References" "$(header "$mail.one@list.example.2" Subject | sed 's/, [0-9a-f]* to.*//'; header "$mail.one@list.example.2" To
	header "$mail.one@list.example.2" References)" "Demo mailing list update, issue 2 (a selection), 2026-03-09 to 2026-03-10
digest@list.example
$(header "$mail.all@list.example.1" Message-ID)"
is "who has a page goes on from their own" "$(header "$mail.jan@beta.example.2" References)" "$(header "$mail.jan@beta.example.1" Message-ID)"
is "files" "$(python3 "$tests/mail.py" parts <"$mail.one@list.example.2" | cut -d' ' -f 4 | sed 1d | tr '\n' ' ')" \
	"personal-2.txt personal-2.txt.minisig manifest-2.txt "
is "format=mime: the messages that were selected" "$(python3 -c '
import email, sys
mail = email.message_from_file(open(sys.argv[1]))
print(" ".join(part.get_payload(0)["Message-ID"] for part in mail.walk() if part.get_content_type() == "message/rfc822"))' \
	"$mail.three@list.example.2")" "<s1@mail.example> <c1@mail.example> <c0@mail.example>"
for who in one three jan; do
	address=$who@list.example
	[ $who = jan ] && address=jan@beta.example
	run -H "$home" digest --issue 2 --for $address
	same_files "digest --issue --for $who" "$T/out" <(mail_text "$mail.$address.2")
done
run -H "$home" digest --issue 2 --for one@list.example --format mail
same_files "digest --issue --for --format mail" "$T/out" "$mail.one@list.example.2"
run -H "$home" digest --issue 2 --for three@list.example --format mime
same_files "digest --issue --for --format mime" "$T/out" "$mail.three@list.example.2"
run -H "$home" digest --issue 2 --for all@list.example --format mail
same_files "digest --issue --for one who gets all" "$T/out" "$mail.all@list.example.2"
run -H "$home" digest --issue 2 --layout full --for jan@beta.example
is "digest --issue --for --layout: made anew, without what waits now" \
	"$(notice "$T/out" | cut -d. -f 1) $(grep -c 'to what you wrote' "$T/out") $(grep -c 'waits for your review' "$T/out")" \
	"All 19 messages of issue 2, the part of jan@beta 2 0"
run -H "$home" digest --issue 2 --for jan@beta.example --format mime
complained "digest --issue --for --format mime, of one who gets text" 66 'was not made in this form'
run -H "$home" digest --issue 2 --for eve@list.example
complained "digest --issue --for nobody" 66 'issue 2 did not go to eve@list.example'
run -H "$home" check
silent "check"

# What the signature says.
out() # NAME WANT: after run
{
	is "$1" "$(sed "s|$home.mail/mail.||" "$T/out")" "$2"
}
run verify --key "$key" "$mail.one@list.example.2"
silent "verify"
out "verify: it is a selection" "one@list.example.2: issue 2: good, a selection, 8 of the 19 messages by --path demo/sheep, from messages 7 to 25"
run verify --key "$key" "$mail".{jan@beta,all@list}.example.{1,2}
silent "verify: pages and issues"
out "verify: pages and issues hang together" "all@list.example.1: issue 1: good, messages 1 to 6, begins the chain
jan@beta.example.1: issue 1: good, the page of jan@beta.example, from messages 1 to 6, begins the chain, of the same issue
all@list.example.2: issue 2: good, messages 7 to 25, follows issue 1
jan@beta.example.2: issue 2: good, the page of jan@beta.example, from messages 7 to 25, of the same issue"
run verify --key "$key" "$mail.one@list.example.2" "$mail.two@list.example.2"
like "verify: the same page" "$(tail -n 1 "$T/out")" 'the same again$'
mkdir "$T/parts" && python3 "$tests/mail.py" save "$T/parts" <"$mail.one@list.example.2"
like "the trusted comment" "$(sed -n 3p "$T/parts/personal-2.txt.minisig")" \
	'^trusted comment: mldigest1-personal list= issue=2 seq=7-25 .* shown=8/19 before=0 for= filter=path:demo/sheep$'
for name in personal-2.txt personal-2.txt.minisig; do
	cp "$T/parts/$name" "$T/parts/${name/personal/digest}"
done
run verify --key "$key" "$T/parts/digest-2.txt"
like "another name makes no issue of it" "$(cat "$T/out")" 'issue 2: good, a selection, '
sed -i 's/mldigest1-personal/mldigest1/' "$T/parts/digest-2.txt.minisig"
run verify --key "$key" "$T/parts/digest-2.txt"
like "nor does another word" "$status $(cat "$T/out")" '^65 .*bad: its trusted comment was changed'
sed 's/demo: feed the sheep/demo: feed the wolf/' "$T/parts/personal-2.txt" >"$T/parts/digest-2.txt"
cp "$T/parts/personal-2.txt.minisig" "$T/parts/digest-2.txt.minisig"
run verify --key "$key" "$T/parts/digest-2.txt"
like "nor another text" "$status $(cat "$T/out")" '^65 .*bad: its signature is not of this text'
for n in 3 4 5; do
	patch_mail $n | sed "s|file$n|$([ $n = 4 ] || echo sheep/)f$n|g" | "$MLDIGEST" -H "$home" record
	"$MLDIGEST" -H "$home" flush
done
run verify --key "$key" "$mail".one@list.example.{2,3,5}
silent "verify: issue 4 had nothing for them"
like "and that is said" "$(tail -n 1 "$T/out")" ', none in issue 4$'
run verify --key "$key" "$mail".one@list.example.{2,5}
complained "verify: a page is missing" 65 '1 of 2 bad'
like "verify: which one" "$(tail -n 1 "$T/out")" 'issue 5: bad: the page of issue 3 before it is missing$'
run verify --key "$key" "$mail".one@list.example.3 "$mail".all@list.example.5
complained "verify: an issue is missing, whatever page is there" 65 '1 of 2 bad'

# What fails is sent again as it was, though the filter is another one since; batch= groups pages.
home=$T/retry
personal "$home"
echo batch=10 >>"$home/config"
"$MLDIGEST" -H "$home" subscriber add {a,b,c,d,e}@list.example
"$MLDIGEST" -H "$home" subscriber set {b,d}@list.example --path demo/file1.c
"$MLDIGEST" -H "$home" subscriber set c@list.example --path demo/file2.c
for n in 1 2; do patch_mail $n | "$MLDIGEST" -H "$home" record; done
cp "$home.sendmail" "$T/good" && sed -i '2i for to; do [ "$to" != d@list.example ] || exit 67; done' "$home.sendmail"
run -H "$home" flush
complained "one of a page fails" 75 'd@list.example: exit status 67'
is "who gets the same mail is one run; of a batch that failed each is tried" "$(runs "$home")" "1: a e;1: b;1: c;"
like "--status" "$("$MLDIGEST" -H "$home" flush --status)" 'issue=1 to=d@list.example state=failed page=[0-9a-f]{16} format=text attempts=2 '
run -H "$home" flush --dry-run
like "--dry-run" "$(cat "$T/out")" '^Issue 1 is still to be sent to d@list.example'
run -H "$home" digest --issue 1 --for d@list.example
same_files "what is owed can be seen" "$T/out" <(mail_text "$home.mail/mail.b@list.example.1")
"$MLDIGEST" -H "$home" subscriber set d@list.example --path demo/file2.c
"$MLDIGEST" -H "$home" dump >"$T/dump"
run -H "$T/retry-again" restore "$T/dump"
run -H "$T/retry-again" check
silent "dump and restore keep what is owed of a page"
cp "$T/good" "$home.sendmail"
run -H "$home" flush --retry
is "--retry" "$status $(runs "$home")" "0 1: d;"
same_files "the same bytes" "$home.mail/mail.d@list.example.1" "$home.mail/mail.b@list.example.1"
run -H "$home" check
silent "check"
sed -i '2i exit 75' "$home.sendmail"
patch_mail 1 "[PATCH v2] demo: change number 1" | sed 's/patch-1/patch-1v2/; s/+line/+other/' | "$MLDIGEST" -H "$home" record
run -H "$home" flush
"$MLDIGEST" -H "$home" subscriber pause b@list.example
run -H "$home" flush --status --issue 2
is "who pauses is owed no page" "$(grep -o 'to=.*page' "$T/out" | cut -d' ' -f 1 | tr '\n' ' ')" ""
run -H "$home" check
silent "check: and nothing is left of it"

# One who is nobody's: the page that is owed is damaged or gone, and check names it.
home=$T/damaged
personal "$home"
"$MLDIGEST" -H "$home" subscriber add a@list.example b@list.example
"$MLDIGEST" -H "$home" subscriber set a@list.example --path demo/
sed -i '2i exit 75' "$home.sendmail"
patch_mail 1 | "$MLDIGEST" -H "$home" record
run -H "$home" flush
page=$("$MLDIGEST" -H "$home" flush --status --issue 1 | sed -n 's/.*page=\([0-9a-f]*\).*/\1/p')
cp -a "$home" "$T/damaged-2"
echo nonsense | "$value" "$home" issue put 1 "/$page"
run -H "$home" flush
like "a damaged page is named" "$status $(cat "$T/err")" '^65 .*issue 1 is damaged$'
printf 'mldigest-owed-1\nformat text\n' | "$value" "$T/damaged-2" outbox put 1 a@list.example
run -H "$T/damaged-2" check
like "check: a page that is owed to nobody" "$status $(cat "$T/out" "$T/err")" "^65 .*issue 1 to /$page/a@list.example"
run -H "$T/damaged-2" flush
is "what the entry says counts: never twice" "$("$MLDIGEST" -H "$T/damaged-2" flush --status --issue 1 | grep -c 'to=a@')" 1

# Many pages, and a limit.
home=$T/many
personal "$home"
python3 -c 'for n in range(40): print("p%d@list.example path=demo/file%d.c" % (n, n))' |
	"$MLDIGEST" -H "$home" subscriber import >/dev/null
for n in 7 8 21; do patch_mail $n | "$MLDIGEST" -H "$home" record; done
run -H "$home" flush
silent "40 filters"
is "three fit" "$(runs "$home")" "1: p21;1: p7;1: p8;"
is "and all that are new count as sent" "$("$MLDIGEST" -H "$home" digest | grep -c '^New:')" 0
plan
