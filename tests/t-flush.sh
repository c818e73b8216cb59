#!/bin/bash
# flush is an outbox: sealed first, sent then, remembered last.
. "${srcdir:-.}/tests/lib.sh"

sendmail() # HOME: standard input is the script that its sendmail will be
{
	cat >"$1.sendmail.new" && chmod +x "$1.sendmail.new" &&
		mv "$1.sendmail.new" "$1.sendmail"
}

header() # FILE NAME
{
	python3 "$tests/mail.py" header "$2" <"$1"
}

# What sendmail gets.
home=$T/a
mail_home "$home"
good=$(cat "$home.sendmail")
patch_mail 1 "[PATCH] demo: change number 1, größer" | run -H "$home" record
export MLDIGEST_NOW=1736200000 MLDIGEST_HOSTNAME=host.list.example
"$MLDIGEST" -H "$home" digest >"$T/digest"
run -H "$home" flush
silent "flush"
mail=$home.mail/sent.0
is "sendmail's arguments" "$(cat "$home.mail/args.0")" "-i
-f
digest@list.example
--
reader@list.example"
mail_text "$mail" >"$T/text"
same_files "the text is the digest" "$T/text" "$T/digest"
is "type, charset and encoding" "$(python3 "$tests/mail.py" encoding <"$mail")" "text/plain utf-8 base64"
is "From:" "$(header "$mail" From)" "Demo digest <digest@list.example>"
is "To:" "$(header "$mail" To)" "reader@list.example"
like "Subject: has the title and the range" "$(header "$mail" Subject)" \
	"^Demo mailing list update.* $(sed -n '1s/From \(.*\) to .*/\1/p' "$T/digest") to $(sed -n '1s/.* to //p' "$T/digest")\$"
is "Date: is the clock's" "$(header "$mail" Date)" "Mon, 06 Jan 2025 21:46:40 +0000"
like "Message-ID: is this host's" "$(header "$mail" Message-ID)" '^<[^<>@ ]+@host\.list\.example>$'
is "Auto-Submitted: no vacation notice" "$(header "$mail" Auto-Submitted)" auto-generated
for field in From To Subject Date Message-ID MIME-Version Content-Type Content-Transfer-Encoding; do
	is "$field: stands once" "$(header "$mail" $field | wc -l)" 1
done
is "no line is longer than RFC 5322 allows" "$(awk 'length > 998' "$mail" | wc -l)" 0
is "no line is other than ASCII" "$(LC_ALL=C grep -c '[^ -~	]' "$mail")" 0
is "no CR" "$(grep -c $'\r' "$mail")" 0
unset MLDIGEST_NOW MLDIGEST_HOSTNAME

# The next digest begins where this one stopped.
patch_mail 2 | run -H "$home" record
reply_mail 2 | run -H "$home" record
patch_mail 3 | run -H "$home" record
reply_mail 3 | run -H "$home" record
run -H "$home" flush
silent "the second flush"
mail_text "$home.mail/sent.1" >"$T/text2"
is "the second one's From is the first one's To" "$(sed -n '1s/From \(.*\) to .*/\1/p' "$T/text2")" \
	"$(sed -n '1s/.* to //p' "$T/text")"
is "the second one has what came since" "$(grep '^New:' "$T/text2" | grep -o '[0-9]*$' | tr '\n' ' ')" "3 2 "
first=$(sed -n '1s/From \(.*\) to .*/\1/p' "$T/text")
middle=$(sed -n '1s/.* to //p' "$T/text")
last=$(sed -n '1s/.* to //p' "$T/text2")
without_waiting() # What waited then is not known later.
{
	sed '/^===== Waiting for review/,/^===== /{ /^===== Waiting/d; /^===== /!d; }' "$1"
}
"$MLDIGEST" -H "$home" digest --range "$first..$middle" >"$T/again"
without_waiting "$T/text" >"$T/text1"
same_files "digest --range of the first one's ids gives it again" "$T/again" "$T/text1"
"$MLDIGEST" -H "$home" digest --range "$middle..$last" >"$T/again"
without_waiting "$T/text2" >"$T/text3"
same_files "digest --range of the second one's ids gives it again" "$T/again" "$T/text3"
is "two issues, two Message-IDs" "$(cat "$home.mail"/sent.* | grep -ic '^Message-ID')" \
	"$(cat "$home.mail"/sent.* | grep -i '^Message-ID' | sort -u | wc -l)"

# --dry-run.
patch_mail 4 | run -H "$home" record
"$MLDIGEST" -H "$home" digest >"$T/digest"
find "$home" -type f -name '*.db' -exec md5sum {} + | sort -k2 >"$T/before"
run -H "$home" flush --dry-run
silent "--dry-run"
is "--dry-run: to whom, and what" "$(cat "$T/out")" "To: reader@list.example

$(cat "$T/digest")"
is "--dry-run sends nothing" "$(sent "$home")" 2
find "$home" -type f -name '*.db' -exec md5sum {} + | sort -k2 >"$T/after"
same_files "--dry-run changes nothing" "$T/after" "$T/before"
run -H "$home" flush -n
is "-n is the same" "$(sent "$home") $(grep -c '^New:' "$T/out")" "2 1"
run -H "$home" flush
is "after it flush sends" "$(sent "$home")" 3
run -H "$home" flush --dry-run
is "--dry-run with nothing new prints nothing" "$(cat "$T/out")" ""

# sendmail fails: kept, and the same bytes next time.
fails() # NAME REGEX; the sendmail is standard input
{
	local name=$1 home=$T/fail$points
	mail_home "$home"
	sendmail "$home"
	patch_mail 1 | run -H "$home" record
	run -H "$home" flush
	complained "$name" 75 "$2"
	is "$name: nothing was sent" "$(sent "$home")" 0
	run -H "$home" flush
	complained "$name: again" 75 "$2"
	patch_mail 2 | run -H "$home" record
	good_sendmail "$home"
	MLDIGEST_NOW=1900000000 run -H "$home" flush
	silent "$name: mended"
	is "$name: mended, both issues go out" "$(sent "$home")" 2
	mail_text "$home.mail/sent.0" >"$T/first"
	is "$name: mended, first what waited" "$(grep '^New:' "$T/first")" "New:  demo: change number 1"
	if [ -e "$home.mail/tried" ]; then
		same_files "$name: mended, byte for byte what was tried first" \
			"$home.mail/sent.0" "$home.mail/tried"
	fi
	run -H "$home" flush
	is "$name: mended, then nothing" "$status $(sent "$home")" "0 2"
}
good_sendmail() # HOME
{
	printf '%s\n' "$good" | sed "s|$T/a\\.|$1.|g" | sendmail "$1"
}
fails "sendmail says 75" 'sendmail: reader@list.example: exit status 75' <<-'END'
	#!/bin/sh
	[ -e "${0%.sendmail}.mail/tried" ] || cat >"${0%.sendmail}.mail/tried"
	exit 75
END
fails "sendmail reads nothing and says 1" 'exit status 1' <<-'END'
	#!/bin/sh
	exit 1
END
fails "sendmail is killed midway" 'killed by signal 9' <<-'END'
	#!/bin/sh
	head -c 100 >/dev/null
	kill -9 $$
END
fails "sendmail cannot be run" 'sendmail' <<-'END'
	#!/no/such/interpreter
END

# It is not there.
home=$T/gone
mail_home "$home"
rm "$home.sendmail"
patch_mail 1 | run -H "$home" record
run -H "$home" flush
complained "sendmail does not exist" 75 "$home.sendmail: No such file"
patch_mail 2 | run -H "$home" record
run -H "$home" flush
complained "sendmail does not exist: again" 75 "$home.sendmail: No such file"
good_sendmail "$home"
run -H "$home" flush
silent "sendmail exists: flush"
mail_text "$home.mail/sent.0" >"$T/text"
is "sendmail exists: nothing is missing" "$(for i in 0 1; do mail_text "$home.mail/sent.$i" | grep '^New:'; done | grep -o '[0-9]*$' | tr '\n' ' ')" "1 2 "

# sendmail that does not read to the end has its mail whole all the same: a file, no pipe.
home=$T/seek
mail_home "$home"
sendmail "$home" <<-'END'
	#!/bin/sh
	readlink /proc/self/fd/0 >"${0%.sendmail}.mail/stdin"
	exec cat >"${0%.sendmail}.mail/sent.0"
END
patch_mail 1 | run -H "$home" record
run -H "$home" flush
like "sendmail reads from a file" "$(cat "$home.mail/stdin")" '^/'

# Several recipients: each alone, and only who failed gets it again.
home=$T/several
mail_home "$home"
sed -i 's/^to=.*/to=one@list.example, two@list.example, three@list.example/' "$home/config"
sendmail "$home" <<-'END'
	#!/bin/sh
	for recipient; do :; done
	[ "$recipient" = two@list.example ] && [ ! -e "${0%.sendmail}.mail/two" ] && exit 75
	cat >"${0%.sendmail}.mail/mail.$recipient"
	echo "$recipient" >>"${0%.sendmail}.mail/log"
END
patch_mail 1 | run -H "$home" record
run -H "$home" flush
complained "one of three fails" 75 'two@list.example'
is "one of three fails: the others have it" "$(tr '\n' ' ' <"$home.mail/log")" "one@list.example three@list.example "
touch "$home.mail/two"
run -H "$home" flush
silent "one of three fails: the next flush"
is "one of three fails: nobody gets it twice" "$(tr '\n' ' ' <"$home.mail/log")" \
	"one@list.example three@list.example two@list.example "
same_files "one of three fails: all have the same" "$home.mail/mail.two@list.example" "$home.mail/mail.one@list.example"

# flush itself is killed while sendmail runs.
home=$T/killed
mail_home "$home"
sendmail "$home" <<-'END'
	#!/bin/sh
	cat >"${0%.sendmail}.mail/tried"
	mkfifo "${0%.sendmail}.mail/fifo"
	cat "${0%.sendmail}.mail/fifo" >/dev/null
END
patch_mail 1 | run -H "$home" record
"$MLDIGEST" -H "$home" flush &
wait_for test -p "$home.mail/fifo"

# Meanwhile: a second flush and a delivery.
run -H "$home" flush
complained "two flushes at once: the second one says so" 75 'another flush is running'
is "two flushes at once: one mail" "$(ls "$home.mail")" "fifo
tried"
patch_mail 2 | timeout 5 "$MLDIGEST" -H "$home" record
is "a delivery does not wait for sendmail" $? 0
kill -9 $!
wait $! 2>/dev/null
: >"$home.mail/fifo"
good_sendmail "$home"
MLDIGEST_NOW=1900000000 run -H "$home" flush
silent "flush was killed: the next one"
same_files "flush was killed: the same mail, byte for byte" "$home.mail/sent.0" "$home.mail/tried"
is "flush was killed: and then the news" "$(mail_text "$home.mail/sent.1" | grep '^New:')" "New:  demo: change number 2"
run -H "$home" flush
is "flush was killed: then nothing" "$status $(sent "$home")" "0 2"

# A command line with arguments, no shell.
home=$T/words
mail_home "$home"
sed -i "s|^sendmail=.*|sendmail=\"$home.sendmail\" --config \"a b\" \$HOME;x|" "$home/config"
patch_mail 1 | run -H "$home" record
run -H "$home" flush
silent "sendmail= with words of its own"
is "sendmail= is words, no shell" "$(head -n 3 "$home.mail/args.0")" '--config
a b
$HOME;x'

# Names that need care in a header.
home=$T/names
"$MLDIGEST" -H "$home" init --title 'Démo, "der" <Test>' || point 1 "init"
cp "$T/a.sendmail" "$home.sendmail" && good_sendmail "$home" && mkdir "$home.mail"
printf '[sign]\nkey=none\n[mail]\nfrom=digest@list.example\nto=reader@list.example\nsendmail=%s\n' "$home.sendmail" >"$T/mail"
sed -i "/^\\[mail\\]/,\$d" "$home/config" && cat "$T/mail" >>"$home/config"
patch_mail 1 | run -H "$home" record
run -H "$home" flush
silent "a title with everything in it"
is "a title with everything in it: From:" "$(header "$home.mail/sent.0" From)" \
	'"Démo, \"der\" <Test> digest" <digest@list.example>'
like "a title with everything in it: Subject:" "$(header "$home.mail/sent.0" Subject)" \
	'^Démo, "der" <Test> mailing list update'
plan
