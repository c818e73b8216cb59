#!/bin/bash
# Five minutes of a new user.
. "${srcdir:-.}/tests/lib.sh"

modes() # HOME: what stands in it that others could look at
{
	find "$1" \( -type d ! -perm 0700 -o -type f ! -perm 0600 \) -printf '%m %p\n'
}

# No home: record makes one, whatever the umask says.
for mask in 022 000 077; do
	home=$T/mask$mask
	(umask $mask && patch_mail 1 | "$MLDIGEST" -H "$home" record >"$T/out" 2>"$T/err")
	status=$?
	silent "umask $mask: record makes a home"
	is "umask $mask: it prints nothing" "$(cat "$T/out")" ""
	is "umask $mask: nobody else may read it" "$(modes "$home")" ""
	check "umask $mask: there is a config" test -s "$home/config"
	check "umask $mask: there is a database" test -s "$home/db/message.db"
done
# Root may do everything, so an ordinary user has to show this one.
mkdir "$T/theirs" && cp "$MLDIGEST" "$T/theirs/mldigest" && chmod 711 "$T"
is_root && chown 65534:65534 "$T/theirs" && user=as_nobody || user=
for i in 1 2; do
	(umask 777 && patch_mail $i |
		$user "$T/theirs/mldigest" -H "$T/theirs/home" record) >"$T/out" 2>"$T/err"
	status=$?
	silent "umask 777: record number $i"
done
is "umask 777: nobody else may read it" "$(modes "$T/theirs/home")" ""

# Which home.
patch_mail 1 | run record
silent "without -H: record"
is "without -H: the home is ~/.mldigest" "$(cd "$HOME" && ls -A)" .mldigest
patch_mail 2 | MLDIGEST_HOME=$T/env run record
check "MLDIGEST_HOME names the home" test -s "$T/env/db/message.db"
patch_mail 2 | MLDIGEST_HOME=$T/env2 run -H "$T/opt" record
check "-H goes before MLDIGEST_HOME" test -s "$T/opt/db/message.db"
check "-H: MLDIGEST_HOME was left alone" test ! -e "$T/env2"
patch_mail 3 | MLDIGEST_HOME= run record
is "an empty MLDIGEST_HOME is none" "$("$MLDIGEST" log | wc -l)" 2

# -v.
home=$T/first
patch_mail 1 | run -H "$home" record -v
silent "-v: a new one"
is "-v: New:" "$(cat "$T/out")" "New:  [PATCH] demo: change number 1"
patch_mail 1 | run -H "$home" record -v
silent "-v: the same again"
is "-v: Exist:" "$(cat "$T/out")" "Exist: [PATCH] demo: change number 1"
patch_mail 1 | sed 's/^Message-ID: .*/Message-ID: <resent@list.example>/; s/\[PATCH\]/[PATCH RESEND]/' |
	run -H "$home" record --verbose
is "-v: the same change by another name is Exist:" "$(cat "$T/out")" \
	"Exist: [PATCH RESEND] demo: change number 1"
reply_mail 1 | run -H "$home" record -v
is "-v: a reply is New: too" "$(cat "$T/out")" "New:  Re: [PATCH] demo: change number 1"
patch_mail 1 | run -H "$home" record
is "without -v nothing is printed" "$(cat "$T/out" "$T/err")" ""

# log.
run -H "$home" log
silent "log"
is "log: newest first, the known one once" "$(sed -E 's/^ *([0-9]+) [0-9a-f]{8,} [0-9]{4}-[0-9]{2}-[0-9]{2} /\1 /; s/  +/ /g' "$T/out")" \
	"3 new reply Rev Example: Re: [PATCH] demo: change number 1
2 exist patch Ada Example: [PATCH RESEND] demo: change number 1
1 new patch Ada Example: [PATCH] demo: change number 1"
run -H "$home" log -n 1
is "log -n 1" "$(wc -l <"$T/out")" 1

# explain, of a recorded message and of one on standard input.
run -H "$home" explain patch-1@list.example
silent "explain by Message-ID"
like "explain: subject" "$(cat "$T/out")" 'subject +\[PATCH\] demo: change number 1'
like "explain: class, rule and reason" "$(cat "$T/out")" 'class +patch \(rule patch: '
like "explain: paths with their lines" "$(cat "$T/out")" 'path +demo/file1.c \+1 -0'
like "explain: the list" "$(cat "$T/out")" 'list +kvm.list.example'
cp "$T/out" "$T/plain"
run -H "$home" explain '<patch-1@list.example>'
same_files "explain takes the angle brackets too" "$T/out" "$T/plain"
run -H "$home" explain resent@list.example
like "explain: where the change was first shown" "$(cat "$T/out")" 'patch-1@list.example'
run -H "$home" explain nobody@list.example
complained "explain: a message that is not here" 66 'nobody@list.example'
reply_mail 9 | run -H "$T/nohome" explain
silent "explain of standard input"
like "explain of standard input: the evidence" "$(cat "$T/out")" \
	'reply +yes: .*Re: \[PATCH\] demo: change number 9'
check "explain of standard input makes no home" test ! -e "$T/nohome"
patch_mail 9 | run -H "$T/nohome" explain
like "explain of standard input: every rule tried" "$(cat "$T/out")" \
	'reply +no: .*pull-request +no: .*cover-letter +no: .*patch +yes: '

# digest changes nothing.
home=$T/digest
mail_home "$home"
for i in 1 2; do patch_mail $i | run -H "$home" record; done
reply_mail 1 | run -H "$home" record
"$MLDIGEST" -H "$home" log >"$T/log1"
run -H "$home" digest
silent "digest"
cp "$T/out" "$T/digest1"
like "digest: newest first" "$(cat "$T/digest1")" \
	'New:  demo: change number 2.*New:  demo: change number 1'
like "digest: its title" "$(sed -n 2p "$T/digest1")" '^Demo mailing list update from '
run -H "$home" digest
same_files "digest: a second one is the same" "$T/out" "$T/digest1"
"$MLDIGEST" -H "$home" log >"$T/log2"
same_files "digest: log is as before" "$T/log2" "$T/log1"
is "digest sends nothing" "$(sent "$home")" 0
run -H "$home" flush
silent "flush"
is "flush prints nothing" "$(cat "$T/out")" ""
mail_text "$home.mail/sent.0" >"$T/text"
same_files "flush sends what digest printed" "$T/text" "$T/digest1"
"$MLDIGEST" -H "$home" log >"$T/log2"
same_files "flush: log is as before" "$T/log2" "$T/log1"

# Nothing new.
find "$home" -type f -name '*.db' -exec md5sum {} + | sort -k2 >"$T/before"
run -H "$home" flush
silent "nothing new: flush"
is "nothing new: no mail" "$(sent "$home")" 1
find "$home" -type f -name '*.db' -exec md5sum {} + | sort -k2 >"$T/after"
same_files "nothing new: no change" "$T/after" "$T/before"
# Layout classic shows no replies.
sed -i 's/^#layout=.*/layout=classic/' "$home/config"
reply_mail 2 | run -H "$home" record
"$MLDIGEST" -H "$home" digest >"$T/replies"
run -H "$home" flush
silent "replies only: flush"
is "replies only: no mail" "$(sent "$home")" 1
"$MLDIGEST" -H "$home" digest >"$T/out"
same_files "replies only: the next digest begins where it would have" "$T/out" "$T/replies"
is "replies only: the digest is empty but for its head" \
	"$(sed -n '/^=/,$p' "$T/replies")" \
	"===== Patch list in this time period =====


===== Patch Commit Messages ===="

# A change that was shown and came again has nothing new in it, but is listed.
patch_mail 1 | sed 's/^Message-ID: .*/Message-ID: <again@list.example>/; s/\[PATCH\]/[PATCH RESEND]/' |
	run -H "$home" record
"$MLDIGEST" -H "$home" digest >"$T/out"
is "Exist: stands without dashes" "$(sed -n '/Patch Commit/,$p' "$T/out")" \
	"===== Patch Commit Messages ====

Exist: 
[PATCH RESEND] demo: change number 1"
is "Exist: is not counted" "$(sed -n '/^Top/,/^=/p' "$T/out" | grep -c @)" 0

# Two lists, two homes.
for list in one two; do
	"$MLDIGEST" -H "$T/$list" init --title "List $list" --list-id "$list.list.example" ||
		point 1 "init $list"
done
patch_mail 1 | run -H "$T/one" record
patch_mail 2 | run -H "$T/two" record
like "two homes: the first has its own" "$("$MLDIGEST" -H "$T/one" digest)" \
	'^From .*List one mailing list.*New:  demo: change number 1'
like "two homes: the second has its own" "$("$MLDIGEST" -H "$T/two" digest)" \
	'^From .*List two mailing list.*New:  demo: change number 2'
is "two homes: neither has the other's" "$("$MLDIGEST" -H "$T/one" log | wc -l)" 1
is "the chain begins with the list id (b2sum -l 256)" \
	"$("$MLDIGEST" -H "$T/one" digest | sed -n '1s/From \(........\) .*/\1/p')" \
	"$(printf 'mldigest-chain-v1 one.list.example\n' | b2sum -l 256 | cut -c1-8)"
is "init's title and list id are in the config" \
	"$(grep -E '^(title|list-id)=' "$T/one/config")" "title=List one
list-id=one.list.example"
run -H "$T/one" init
complained "init of a home that is there" 73 "$T/one"
is "init of a home that is there changes nothing" "$("$MLDIGEST" -H "$T/one" log | wc -l)" 1

# The title, when only the list is known.
printf '[digest]\nlist-id=netdev.list.example\n' >"$T/two/config"
like "no title: the first word of the list id" "$("$MLDIGEST" -H "$T/two" digest)" \
	'netdev mailing list update'
printf '[digest]\ntop=1\n' >"$T/two/config"
patch_mail 7 | sed 's/Ada Example/Bob Example/; s/ada@/bob@/; s/Message-ID: <p/Message-ID: <q/' |
	run -H "$T/two" record
like "top=1: the heading says so" "$("$MLDIGEST" -H "$T/two" digest)" \
	'Top 1 contributors \(Based on Email Body\)'
is "top=1: one row" "$("$MLDIGEST" -H "$T/two" digest | grep -c '^ \{6\}1  ')" 1
like "equal counts: by name, descending" "$("$MLDIGEST" -H "$T/two" digest)" '1  Bob Example'
printf 'Robert Example <robert@list.example> <bob@list.example>\n' >"$T/two/mailmap"
like "HOME/mailmap applies to the tables" "$("$MLDIGEST" -H "$T/two" digest)" \
	'1  Robert Example <robert@list.example>'

# Help.
run --help
silent "--help"
like "--help: usage" "$(cat "$T/out")" '^usage: mldigest \[-H DIR\] COMMAND'
run --version
like "--version" "$(cat "$T/out")" '^mldigest [0-9]'
for command in init record import digest flush log explain; do
	run -H "$T/nohome" $command --help </dev/null
	silent "$command --help"
done
check "--help makes no home" test ! -e "$T/nohome"
plan
