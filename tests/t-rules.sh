#!/bin/bash
# The user's own rules: [rule NAME] in HOME/config.
. "${srcdir:-.}/tests/lib.sh"

robot_mail() # N SUBJECT
{
	cat <<-END
		From: "Nightly Robot" <robot@ci.example>
		Subject: $2
		Date: Mon, 6 Jan 2025 12:00:00 +0000
		Message-ID: <robot-$1@ci.example>
		List-Id: <kvm.list.example>

		All is well.
	END
}

rules() # HOME: adds the rules of most tests
{
	cat >>"$1/config" <<-'END'

		[rule not ours]
		path=demo/file[0-9].c; demo/file2.c; /^demo/file[34]\.c$/
		skip=true

		[rule no talk]
		subject=/^re:/
		list-id=talk.list.example
		skip=true

		[rule robot]
		from=nightly robot <*
		class=bot-report

		[rule robot, second]
		from=*@ci.example
		class=announcement
	END
}

lines() # of log, without number, id and day
{
	"$MLDIGEST" -H "$1" log | sed -E 's/^ *[0-9]+ [0-9a-f]{8,} [0-9-]{10} //; s/  +/ /g'
}

home=$T/home
mail_home "$home"
rules "$home"

# record.
patch_mail 1 | run -H "$home" record -v
silent "a patch that no rule fits"
is "a patch that no rule fits is New:" "$(cat "$T/out")" "New:  [PATCH] demo: change number 1"
patch_mail 2 | run -H "$home" record -v
silent "a patch that a rule keeps out, by a glob"
is "record -v says Skip: for it" "$(cat "$T/out")" " Skip: [PATCH] demo: change number 2"
patch_mail 3 | run -H "$home" record -v
is "by a regular expression too" "$(cat "$T/out")" " Skip: [PATCH] demo: change number 3"
patch_mail 2 | run -H "$home" record -v
is "the same message again is Exist:" "$(cat "$T/out")" "Exist: [PATCH] demo: change number 2"
patch_mail 4 | run -H "$home" record
is "without -v nothing is said" "$(cat "$T/out" "$T/err")" ""
reply_mail 1 | sed 's/^Message-ID/List-Id: Talk <talk.list.example>\n&/' | run -H "$home" record -v
is "a reply that a rule keeps out" "$(cat "$T/out")" " Skip: Re: [PATCH] demo: change number 1"
reply_mail 2 | run -H "$home" record -v
is "one condition of two is not enough" "$(cat "$T/out")" "New:  Re: [PATCH] demo: change number 2"
robot_mail 1 "Results for 6.13" | run -H "$home" record -v
is "class= alone keeps nothing out" "$(cat "$T/out")" "New:  Results for 6.13"

# log.
is "log: outcome and class" "$(lines "$home")" "new bot-report Nightly Robot: Results for 6.13
new reply Rev Example: Re: [PATCH] demo: change number 2
skip reply Rev Example: Re: [PATCH] demo: change number 1
skip patch Ada Example: [PATCH] demo: change number 4
skip patch Ada Example: [PATCH] demo: change number 3
skip patch Ada Example: [PATCH] demo: change number 2
new patch Ada Example: [PATCH] demo: change number 1"

# explain.
run -H "$home" explain robot-1@ci.example
silent "explain of what is recorded"
like "explain: class and rule" "$(cat "$T/out")" 'class +bot-report \(rule robot[:)]'
like "explain: what the rule saw" "$(cat "$T/out")" \
	'from = nightly robot <\*: Nightly Robot <robot@ci\.example>'
run -H "$home" explain patch-2@list.example
like "explain: the rule that kept it out" "$(cat "$T/out")" 'skip.*rule not ours'
like "explain: its class is the program's" "$(cat "$T/out")" 'class +patch \(rule patch: '
robot_mail 9 "Results for 6.14" | run -H "$home" explain
silent "explain of standard input"
like "explain of standard input: the rule of the home's config" "$(cat "$T/out")" 'rule robot\b'
like "explain of standard input: the class" "$(cat "$T/out")" 'class +bot-report '
patch_mail 3 | sed 's/<patch-3/<other-3/' | run -H "$home" explain
like "explain of standard input: the rule that would keep it out" "$(cat "$T/out")" \
	'rule not ours'
robot_mail 9 "Results for 6.14" | run -H "$T/nohome" explain
silent "explain of standard input without a home"
is "explain of standard input without a home: no rule of the user's" \
	"$(grep -c 'rule robot' "$T/out")" 0

# digest and flush.
run -H "$home" digest
silent "digest"
is "digest: what is kept out stands before the next entry, newest first, and no reply" \
	"$(grep -E '^( Skip|Exist|New):' "$T/out")" " Skip: [PATCH] demo: change number 4
 Skip: [PATCH] demo: change number 3
 Skip: [PATCH] demo: change number 2
New:  demo: change number 1"
is "digest: it is not counted" "$(grep -E '^ +[0-9]+  Ada Example' "$T/out" | sed 's/^ *//' | sort -u)" \
	"1  Ada Example <ada@list.example>"
is "digest: nothing else of it is shown" \
	"$(grep -c 'change number [234]' "$T/out") $(grep -c 'Change number [234]' "$T/out")" "3 0"
cp "$T/out" "$T/digest"
run -H "$home" flush
silent "flush"
mail_text "$home.mail/sent.0" >"$T/text"
same_files "flush sends what digest printed" "$T/text" "$T/digest"

# Both of them in one rule, and a class that has an entry.
home=$T/both
mail_home "$home"
cat >>"$home/config" <<-'END'
	[rule both]
	from=*@ci.example
	class=cover-letter
	skip=true
END
robot_mail 1 "Results for 6.13" | run -H "$home" record -v
is "class= and skip=: kept out" "$(cat "$T/out")" " Skip: Results for 6.13"
is "class= and skip=: and of the class" "$(lines "$home")" \
	"skip cover-letter Nightly Robot: Results for 6.13"
run -H "$home" digest
like "class= and skip=: listed, as it would have had an entry" "$(cat "$T/out")" \
	' Skip: Results for 6\.13'

# Rules are about what comes; what is there stays as it is.
home=$T/later
mail_home "$home"
cp "$home/config" "$T/config"
rules "$home"
patch_mail 2 | run -H "$home" record
robot_mail 1 "Results for 6.13" | run -H "$home" record
lines "$home" >"$T/before"
cp "$T/config" "$home/config"
lines "$home" >"$T/after"
same_files "without the rules: what was recorded stays" "$T/after" "$T/before"
patch_mail 2 | sed 's/^Message-ID: .*/Message-ID: <again-2@list.example>/' |
	run -H "$home" record -v
is "without the rules: a change that was never shown is New:" "$(cat "$T/out")" \
	"New:  [PATCH] demo: change number 2"

# import.
home=$T/import
mail_home "$home"
rules "$home"
for i in 1 2; do
	echo "From ada@list.example Mon Jan  6 10:00:00 2025"
	patch_mail $i
	echo
done >"$T/mbox"
run -H "$home" import --new "$T/mbox"
is "import tries the rules too" "$status $(lines "$home")" \
	"0 skip patch Ada Example: [PATCH] demo: change number 2
new patch Ada Example: [PATCH] demo: change number 1"

# A config that is wrong: the mail waits, and comes in when it is mended.
home=$T/bad
mail_home "$home"
cp "$home/config" "$T/config"
bad() # NAME RULES MATCH
{
	{ cat "$T/config" && printf '\n%b' "$2"; } >"$home/config"
	patch_mail 1 | run -H "$home" record
	complained "$1: record" 75 "$3"
	run -H "$home" flush
	complained "$1: flush" 78 "$3"
}
bad "no condition" '[rule a]\nskip=true\n' 'config:[0-9]+: \[rule a\]: '
bad "neither class nor skip" '[rule a]\nfrom=*\n' 'config:[0-9]+: \[rule a\]: .*class'
bad "an unknown key" '[rule a]\nfrom=*\nskip=true\nsubjects=x\n' 'config:[0-9]+: subjects: unknown key'
bad "a bad expression" '[rule a]\nsubject=/(/\nskip=true\n' 'config:[0-9]+: subject: '
bad "two rules of one name" '[rule a]\nfrom=*\nskip=true\n[rule a]\nfrom=x\n' \
	'config:[0-9]+: \[rule a\]: .*second'
bad "a class that is none" '[rule a]\nfrom=*\nclass=robot\n' 'config:[0-9]+: .*robot'
cp "$T/config" "$home/config"
is "nothing was recorded meanwhile" "$(lines "$home")" ""
patch_mail 1 | run -H "$home" record -v
is "mended: the mail comes in" "$(cat "$T/out")" "New:  [PATCH] demo: change number 1"

# An expression that would never end, on a subject that is made for it.
home=$T/slow
mail_home "$home"
printf '\n[rule slow]\nsubject=/^\\[PATCH\\] (([a-z])+.)+[A-Z]([a-z])+$/\nskip=true\n' >>"$home/config"
robot_mail 1 "[PATCH] $(printf 'a%.0s' {1..900})!" >"$T/slow.eml"
timeout -k 1 30 "$MLDIGEST" -H "$home" record -v <"$T/slow.eml" >"$T/out" 2>"$T/err"
status=$?
silent "an expression that gives up"
like "an expression that gives up does not fit" "$(cat "$T/out")" '^New:  '
plan
