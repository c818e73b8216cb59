#!/bin/bash
# Who gets the digests: add, remove, pause, resume, list, import, export, and what flush makes of it.
. "${srcdir:-.}/tests/lib.sh"

value=$(dirname "$MLDIGEST")/tests/unit/store-value
[ -x "$value" ] || skip_all "no tests/unit/store-value: make check builds it"

header() # FILE NAME
{
	python3 "$tests/mail.py" header "$2" <"$1"
}
recipients() # HOME: of all mails, in the order they went
{
	local file
	for file in $(ls -v "$1.mail"/args.* 2>/dev/null); do sed '1,/^--$/d' "$file"; done | tr '\n' ' '
}
people() # HOME: as export has them, on one line
{
	"$MLDIGEST" -H "$1" subscriber export | tr '\n' ';'
}
forget() # HOME: what was sent so far
{
	rm -f "$1.mail"/*
}

home=$T/a
mail_home "$home"
export MLDIGEST_NOW=1736200000

# None.
run -H "$home" subscriber list
silent "list without any"
is "list without any says who gets it" "$(cat "$T/out")" \
	"no subscribers; to= in $home/config gets the digest: reader@list.example"
run -H "$home" subscriber export
silent "export without any"
is "export without any is empty" "$(cat "$T/out")" ""
patch_mail 1 | run -H "$home" record
run -H "$home" flush
is "to= is the first subscriber" "$(recipients "$home")" "reader@list.example "

# add.
run -H "$home" subscriber add Ada@Example.ORG ben@list.example
silent "add"
is "add says nothing" "$(cat "$T/out")" ""
run -H "$home" subscriber add cai@list.example --format mime
silent "add --format mime"
is "the domain is in lower case, the name as it was" "$(people "$home")" \
	"Ada@example.org format=text;ben@list.example format=text;cai@list.example format=mime;"
run -H "$home" subscriber add ben@LIST.example
silent "add of a known one"
is "add of a known one says so" "$(cat "$T/out")" "ben@list.example: is a subscriber already"
run -H "$home" subscriber add --format mime ben@list.example dan@list.example
silent "add of a known one with another format"
is "which is taken" "$(cat "$T/out")" "ben@list.example: is a subscriber already; from now on as mime"
is "and the new one beside it is added" "$(people "$home")" \
	"Ada@example.org format=text;ben@list.example format=mime;cai@list.example format=mime;dan@list.example format=mime;"
run -H "$home" subscriber add cai@list.example
is "add without --format leaves the format" "$(people "$home" | grep -o 'cai[^;]*')" "cai@list.example format=mime"
run -H "$home" subscriber add --format text ben@list.example dan@list.example

# Bad input changes nothing, not even for the good ones beside it.
before=$(people "$home")
bad() # NAME STATUS REGEX WORD…
{
	local name=$1 want=$2 regex=$3
	shift 3
	run -H "$home" subscriber "$@"
	complained "$name" "$want" "$regex"
	is "$name: nothing changed" "$(people "$home")" "$before"
}
bad "a display name" 64 'Eve <eve@list.example>: not an address' add eve2@list.example 'Eve <eve@list.example>'
bad "an option of sendmail's" 64 'not an address' add -- -oQ/tmp@list.example
bad "a control" 64 'not an address' add $'eve@list.example\n.'
bad "an empty address" 64 'not an address' add ''
bad "255 bytes" 64 'not an address' add "$(printf 'a%.0s' {1..60})@$(printf 'b%.0s' {1..60}).$(printf 'b%.0s' {1..60}).$(printf 'b%.0s' {1..60}).$(printf 'b%.0s' {1..11})"
bad "no address" 64 'no address given' add
bad "a format that is none" 64 'html: must be text or mime' add --format html eve@list.example
bad "--format with another word" 64 'goes with add and set alone' pause --format mime ben@list.example
bad "a word that is none" 64 'not: frobnicate' frobnicate
bad "no word" 64 'usage: ' -- 
bad "too many words" 64 'not: list' list all
bad "remove of an unknown one" 66 'eve@list.example: is no subscriber' remove ben@list.example eve@list.example
bad "pause of an unknown one" 66 'eve@list.example: is no subscriber' pause ben@list.example eve@list.example
bad "resume of an unknown one" 66 'eve@list.example: is no subscriber' resume eve@list.example
bad "import of no file" 66 'nofile: No such file' import "$T/nofile"
printf 'eve@list.example\n# a comment\nfay@list.example format=text html\n' >"$T/people"
bad "import of a bad line" 65 "people:3: behind the address" import "$T/people"
printf 'ben@list.example paused\neve@list.example\nben@list.example\n' >"$T/people"
bad "import of one address with two states" 65 "people:3: the address stands above" import "$T/people"
printf 'eve@list.example\nfay@\n' >"$T/people"
bad "import of a bad address, standard input" 65 "standard input:2: not an address" import <"$T/people"
run -H "$T/nohome" subscriber add ben@list.example
complained "no home" 66 "nohome"
is "and none is made" "$(ls -d "$T/nohome" 2>&1 | grep -c 'No such')" 1

# list.
patch_mail 2 | run -H "$home" record
forget "$home"
run -H "$home" subscriber pause cai@list.example
silent "pause"
run -H "$home" flush
silent "flush"
is "subscribers get it who are not paused, to= does not" "$(recipients "$home")" \
	"Ada@example.org ben@list.example dan@list.example "
MLDIGEST_NOW=1737000000 run -H "$home" subscriber add eva-with-a-longer-name@list.example
run -H "$home" subscriber list
is "list" "$(cat "$T/out")" \
"ADDRESS                              FORMAT  STATE   SINCE       LAST ISSUE
Ada@example.org                      text    active  2025-01-06  2
ben@list.example                     text    active  2025-01-06  2
cai@list.example                     mime    paused  2025-01-06  -
dan@list.example                     text    active  2025-01-06  2
eva-with-a-longer-name@list.example  text    active  2025-01-16  -"

# Privacy.
for number in 0 1 2; do
	mail=$home.mail/sent.$number
	is "mail $number: To: is the digest's own address" "$(header "$mail" To)" "digest@list.example"
	is "mail $number: no subscriber stands in it" "$(grep -cE 'Ada@|ben@|dan@|cai@' "$mail")" 0
done
is "all three are the same" "$(cat "$home.mail"/sent.* | md5sum)" \
	"$(cat "$home.mail/sent.0" "$home.mail/sent.0" "$home.mail/sent.0" | md5sum)"

# pause, resume: what is made meanwhile is not sent later.
forget "$home"
run -H "$home" subscriber resume cai@list.example
silent "resume"
run -H "$home" flush
is "resume: what was missed does not come" "$(sent "$home")" 0
patch_mail 3 | run -H "$home" record
run -H "$home" subscriber pause Ada@example.org ben@list.example dan@list.example eva-with-a-longer-name@list.example
run -H "$home" flush
is "resume: the next one does" "$(recipients "$home")" "cai@list.example "
run -H "$home" subscriber pause cai@list.example
patch_mail 4 | run -H "$home" record
forget "$home"
run -H "$home" flush
silent "all are paused"
is "all are paused: nobody gets it, to= neither" "$(sent "$home")" 0
run -H "$home" flush --dry-run
is "all are paused: --dry-run has nothing" "$(cat "$T/out")" ""
run -H "$home" subscriber resume dan@list.example
run -H "$home" flush
is "all were paused: what is new has waited" "$(recipients "$home") $(mail_text "$home.mail/sent.0" | grep '^New:')" \
	"dan@list.example  New:  demo: change number 4"

# remove, until there is none.
run -H "$home" subscriber remove ben@LIST.EXAMPLE Ada@example.org cai@list.example eva-with-a-longer-name@list.example
silent "remove"
is "remove: the others stay" "$(people "$home")" "dan@list.example format=text;"
run -H "$home" subscriber remove dan@list.example
forget "$home"
patch_mail 5 | run -H "$home" record
run -H "$home" flush
is "without any again, to= gets it again" "$(recipients "$home") $(header "$home.mail/sent.0" To)" \
	"reader@list.example  reader@list.example"

# What is owed: removed or paused, it is not sent.
home=$T/owed
mail_home "$home"
good=$(cat "$home.sendmail")
printf '#!/bin/sh\nexit 75\n' >"$home.sendmail"
for who in one two three; do run -H "$home" subscriber add $who@list.example; done
patch_mail 1 | run -H "$home" record
run -H "$home" flush
is "sendmail fails for all three" "$status" 75
is "and all three are owed it" "$("$MLDIGEST" -H "$home" flush --status | head -n 1 | grep -o 'sent=.*')" "sent=0 owed=3 failed=3"
run -H "$home" subscriber remove one@list.example
silent "remove of one who is owed it"
run -H "$home" subscriber pause two@list.example
silent "pause of one who is owed it"
run -H "$home" subscriber resume two@list.example
printf '%s\n' "$good" >"$home.sendmail"
run -H "$home" flush
silent "mended"
is "only the third gets it" "$(recipients "$home")" "three@list.example "

# Somebody of to= who cannot be reached can be removed from what is owed.
home=$T/to
mail_home "$home"
printf '#!/bin/sh\nexit 67\n' >"$home.sendmail"
patch_mail 1 | run -H "$home" record
run -H "$home" flush
run -H "$home" subscriber remove reader@list.example
silent "remove of an address of to= that is owed an issue"
run -H "$home" flush
silent "is owed no longer"
run -H "$home" subscriber remove reader@list.example
complained "and then is no subscriber" 66 'is no subscriber'

# export, import.
home=$T/import
mail_home "$home"
cat >"$T/people" <<-END_OF_PEOPLE
	# all of them
	ada@Example.org   format=text

	ben@list.example format=mime paused  # on holiday
	cai@list.example
END_OF_PEOPLE
run -H "$home" subscriber import "$T/people"
silent "import"
is "import says what it did" "$(cat "$T/out")" "3 subscribers: 3 added, 0 changed"
"$MLDIGEST" -H "$home" subscriber export >"$T/exported"
is "export" "$(cat "$T/exported")" "ada@example.org format=text
ben@list.example format=mime paused
cai@list.example format=text"
run -H "$home" subscriber import - <"$T/exported"
is "import of what was exported changes nothing" "$(cat "$T/out")" "3 subscribers: 0 added, 0 changed"
printf 'ben@list.example format=mime\ndan@list.example\n' | run -H "$home" subscriber import
is "import of some" "$(cat "$T/out")" "2 subscribers: 1 added, 1 changed"
is "import leaves the others alone" "$(people "$home")" \
	"ada@example.org format=text;ben@list.example format=mime;cai@list.example format=text;dan@list.example format=text;"
: | run -H "$home" subscriber import
is "import of nothing" "$status $(cat "$T/out")" "0 0 subscribers: 0 added, 0 changed"

# What a later program wrote, and what is damaged.
printf 'mldigest-subscriber-1\nformat mime\nfilter arch/s390\nbounced 2\n' |
	"$value" "$home" subscriber put - cai@list.example
run -H "$home" subscriber pause cai@list.example
silent "a value with fields of a later program"
is "they are kept" "$("$value" "$home" subscriber get - cai@list.example)" \
	"mldigest-subscriber-1
format mime
paused yes
since 0
after 0
filter arch/s390
bounced 2"
refused() # NAME STATUS REGEX
{
	run -H "$home" subscriber list
	complained "$1: list" "$2" "$3"
	patch_mail 9 | run -H "$home" record
	run -H "$home" flush
	complained "$1: flush" "$2" "$3"
	is "$1: nothing is sent" "$(sent "$home")" 0
	run -H "$home" subscriber pause ben@list.example cai@list.example
	complained "$1: pause" "$2" "$3"
	is "$1: pause: nothing changed" "$("$value" "$home" subscriber get - ben@list.example | grep paused)" "paused no"
}
printf 'mldigest-subscriber-2\nformat mime\n' | "$value" "$home" subscriber put - cai@list.example
refused "a value of a later version" 78 'subscriber cai@list.example: a newer version'
printf 'mldigest-subscriber-1\nformat mi' | "$value" "$home" subscriber put - cai@list.example
refused "a damaged value" 65 'subscriber cai@list.example: is damaged'
run -H "$home" subscriber remove cai@list.example
silent "a damaged one can be removed"
run -H "$home" flush
is "and the others get theirs" "$(recipients "$home")" "ada@example.org dan@list.example ben@list.example "
plan
