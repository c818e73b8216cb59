#!/bin/bash
# The mail of an issue as its readers have it: its fields, the page in it, the messages in it, and
# "digest --issue", which prints each again.
. "${srcdir:-.}/tests/lib.sh"

export MLDIGEST_NOW=1762600000 MLDIGEST_HOSTNAME=host.example.org
issue_home() # HOME
{
	mail_home "$1"
	sed -i "s|^#archive=.*|archive=https://archive.example/kvm/|
s|^#list-help=.*|list-help=https://example.org/digest.html|
s|^#list-unsubscribe=.*|list-unsubscribe=mailto:owner@example.org?subject=unsubscribe%20from%20the%20digest%20of%20a%20list%20with%20a%20long%20name|
s|^#list-post=.*|list-post=mailto:kvm@list.example|" "$1/config"
}
home=$T/a
issue_home "$home"
sed -i 's/^key=none/#key=key/; s/^title=.*/title=Künstliche Leute: KVM/' "$home/config"
run -H "$home" keygen
for mail in "$top"/examples/mails/*.eml; do
	"$MLDIGEST" -H "$home" record <"$mail"
done
run -H "$home" flush
silent "an issue"
patch_mail 1 | "$MLDIGEST" -H "$home" record
MLDIGEST_NOW=1762700000 "$MLDIGEST" -H "$home" flush
unsigned=$T/b
issue_home "$unsigned"
for mail in "$top"/examples/mails/*.eml; do
	"$MLDIGEST" -H "$unsigned" record <"$mail"
done
"$MLDIGEST" -H "$unsigned" flush

# The fields.
field() # MAIL NAME WANT RULE
{
	is "$4: $2" "$(python3 "$tests/mail.py" header "$2" <"$1")" "$3"
}
first=$home.mail/sent.0 second=$home.mail/sent.1
first_id=$(python3 "$tests/mail.py" header Message-ID <"$first")
like "RFC 5322 3.6.4: Message-ID" "$first_id" '^<digest-1\.1762600000\.[0-9a-f]{16}@host\.example\.org>$'
field "$first" From "\"Künstliche Leute: KVM digest\" <digest@list.example>" "RFC 5322 3.6.2, RFC 2047"
field "$first" To "reader@list.example" "RFC 5322 3.6.3"
field "$first" Date "Sat, 08 Nov 2025 11:06:40 +0000" "RFC 5322 3.6.1"
like "the list, the issue's number and the days: Subject" "$(python3 "$tests/mail.py" header Subject <"$first")" \
	'^Künstliche Leute: KVM mailing list update, issue 1, 20[0-9-]{8}( to 20[0-9-]{8})?, [0-9a-f]+ to [0-9a-f]+$'
field "$first" Auto-Submitted "auto-generated" "RFC 3834 5"
field "$first" Precedence "list" "for the programs that know only that"
field "$first" List-Id "<digest.list.example>" "RFC 2919"
field "$first" List-Help "<https://example.org/digest.html>" "RFC 2369 3.1"
field "$first" List-Unsubscribe \
	"<mailto:owner@example.org?subject=unsubscribe%20from%20the%20digest%20of%20a%20list%20with%20a%20long%20name>" \
	"RFC 2369 3.2, and it is no text to encode"
field "$first" List-Post "<mailto:kvm@list.example>" "RFC 2369 3.4"
field "$first" References "" "the first one has none before it"
field "$second" References "$first_id" "RFC 5322 3.6.4: the issue before"
field "$first" MIME-Version "1.0" "RFC 2045 4"
field "$first" List-Unsubscribe-Post "" "RFC 8058 is not offered"
for mail in "$first" "$second" "$unsigned.mail/sent.0"; do
	said=$(python3 - "$mail" <<-'END'
		import email, email.policy, sys
		data = open(sys.argv[1], "rb").read()
		mail = email.message_from_bytes(data, policy=email.policy.default)
		names = [name.lower() for name in mail.keys()]
		for name in set(names):
		    if names.count(name) > 1:
		        print("twice:", name)
		for part in mail.walk():
		    if part.defects:
		        print("defects:", part.defects)
		for name, value in mail.items():
		    if value.defects:
		        print("defects:", name, value.defects)
		for line in data.split(b"\n"):
		    if len(line) > 998 or any(c > 126 or c < 32 and c != 9 for c in line):
		        print("line:", line)
		if sum(1 for name in names if name in ("from", "date", "message-id", "subject", "to")) != 5:
		    print("fields:", names)
	END
	)
	is "RFC 5322 2.1.1, 3.6: ASCII, lines of 998, each field once: ${mail##*/}" "$said" ""
done

# digest --issue.
for n in 1 2; do
	mkdir -p "$T/saved" && python3 "$tests/mail.py" save "$T/saved" <"$home.mail/sent.$((n - 1))"
	run -H "$home" digest --issue "$n"
	silent "digest --issue $n"
	same_files "issue $n: the text as it was signed" "$T/out" "$T/saved/digest-$n.txt"
	run -H "$home" digest --issue "$n" --format text
	same_files "issue $n: --format text says so" "$T/out" "$T/saved/digest-$n.txt"
	run -H "$home" digest --issue "$n" --format mail
	same_files "issue $n: the mail as sendmail got it" "$T/out" "$home.mail/sent.$((n - 1))"
done
python3 "$tests/mail.py" text <"$unsigned.mail/sent.0" >"$T/text"
run -H "$unsigned" digest --issue 1
same_files "not signed: the text" "$T/out" "$T/text"
run -H "$unsigned" digest --issue 1 --format mail
same_files "not signed: the mail" "$T/out" "$unsigned.mail/sent.0"
run -H "$home" digest --issue 3
complained "an issue that is not there" 66 "$home: there is no issue 3"
for n in 0 -1 x 1x "" 18446744073709551616; do
	run -H "$home" digest "--issue=$n"
	complained "--issue '$n'" 64 'not the number of an issue'
done
run -H "$home" digest --issue 1 --since 7d
complained "--issue and --since" 64 'does not go with'
run -H "$home" digest --issue 1 --format html
complained "--format html" 64 'none of text, json, mail, mime'
for format in mail mime; do
	run -H "$home" digest --format "$format"
	complained "--format $format of no issue" 64 'only what was sent'
done
run -H "$home" digest --format text --since 7d
silent "--format text of a range"
run -H "$T/none" digest --issue 1
complained "no home" 66 "$T/none: "

# The mail with its messages.
run -H "$home" digest --issue 1 --format mime
silent "--format mime"
mv "$T/out" "$T/mime"
TZ=Asia/Tokyo LC_ALL=C MLDIGEST_NOW=1800000000 MLDIGEST_HOSTNAME=other run -H "$home" digest --issue 1 --format mime
same_files "the same bytes at another time, in another place" "$T/out" "$T/mime"
lines=$(($(wc -l <"$first") - 1))
check "the signed parts and the fields above them are the mail's, to the byte" \
	cmp <(head -n "$lines" "$T/mime") <(head -n "$lines" "$first")
run verify --key "$home/key.pub" "$T/mime"
like "verify: good" "$status $(cat "$T/out")" '^0 .*issue 1: good'
run -H "$unsigned" digest --issue 1 --format mime
mv "$T/out" "$T/mime2"
body=$(grep -n -m 1 '^Content-Type' "$unsigned.mail/sent.0" | cut -d: -f1)
check "not signed: the fields are the mail's too" \
	cmp <(head -n $((body - 1)) "$T/mime2") <(head -n $((body - 1)) "$unsigned.mail/sent.0")
check "not signed: the text is the first part" cmp <(mail_text "$T/mime2") "$T/text"
is "not signed: what it is made of" "$(python3 "$tests/mail.py" parts <"$T/mime2" | cut -d' ' -f1 | head -n 5 | tr '\n' ' ')" \
	"multipart/mixed text/plain multipart/digest message/rfc822 text/plain "
for mime in mime mime2; do
	said=$(python3 - "$T/$mime" "$top/examples/mails" <<-'END'
		import email, email.policy, glob, os, sys
		def read(path):
		    return email.message_from_bytes(open(path, "rb").read(), policy=email.policy.default)
		def say(mail):
		    people = [(a.display_name, a.addr_spec) for a in mail["From"].addresses]
		    ids = ((mail["References"] or "") + (mail["In-Reply-To"] or "")).split()
		    return (mail["Message-ID"], people, " ".join(mail["Subject"].split()), mail["Date"].datetime,
		            (ids or [None])[-1], mail["List-Id"])
		mail = read(sys.argv[1])
		digest = [part for part in mail.walk() if part.get_content_type() == "multipart/digest"]
		assert len(digest) == 1, mail.as_string()
		stubs = [part.get_content() for part in digest[0].iter_parts()]
		sent = {m["Message-ID"]: m for m in map(read, glob.glob(sys.argv[2] + "/*.eml"))}
		for stub in stubs:
		    if say(stub) != say(sent[stub["Message-ID"]]):
		        print("not as it was sent:", say(stub), say(sent[stub["Message-ID"]]))
		    if stub["To"] != "kvm@list.example":
		        print("to:", stub["To"])
		    if stub["Archived-At"] != "<https://archive.example/kvm/%s/>" % stub["Message-ID"][1:-1]:
		        print("archived at:", stub["Archived-At"])
		    if stub.defects or any(value.defects for value in stub.values()):
		        print("defects:", stub["Message-ID"])
		text = next(part for part in mail.walk() if part.get_content_type() == "text/plain").get_content()
		listed = text.split("===== Patch list in this time period =====\n\n")[1].split("\n\n")[0].split("\n")
		want = [line[2:line.rindex("  (")] for line in listed]
		got = [" ".join(stub["Subject"].split()) for stub in stubs]
		if [subject for subject in got if subject in want] != want:
		    print("order:", got, want)
		if len(stubs) != 11:
		    print("%d messages" % len(stubs))
		if "The numbers 0 to 2 say nothing" not in "".join(stub.get_content() for stub in stubs):
		    print("no text")
	END
	)
	is "each message with its true fields, in the digest's order: $mime" "$said" ""
done

# A mail program that bursts it, and answers.
PATH=$PATH:/usr/bin/mh
if command -v burst >/dev/null; then
	mkdir -p "$HOME/Mail/inbox" && echo "Path: $HOME/Mail" >"$HOME/.mh_profile"
	cp "$T/mime" "$HOME/Mail/inbox/1"
	burst 1 >"$T/said" 2>&1
	is "burst makes mails of them" "$(ls "$HOME/Mail/inbox" | wc -l)" 12
	rm "$HOME/Mail/inbox/1"
	one=$(cd "$HOME/Mail/inbox" && grep -l '^Message-ID: <20251103081600.4127-2-zoe@arm.example>' [0-9]*)
	repl -build -cc to "$one" >>"$T/said" 2>&1
	is "an answer goes into the thread, to author and list" \
		"$(grep -hE '^(In-reply-to|To|cc):' "$HOME/Mail/reply" | tr 'A-Z' 'a-z' | sort)" \
		"cc: kvm@list.example
in-reply-to: <20251103081600.4127-2-zoe@arm.example>
to: $(sed -n 's/^From: //p' "$HOME/Mail/inbox/$one" | tr 'A-Z' 'a-z')"
else
	skip "burst and repl" "no nmh"
fi
plan
