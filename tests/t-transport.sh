#!/bin/bash
# What mail does on its way, and who takes it apart then: the signed text comes out of all of it as
# it was signed, says minisign; and a text that is not as it was signed is bad.
. "${srcdir:-.}/tests/lib.sh"

PATH=$PATH:/usr/bin/mh
for program in minisign munpack reformime ripmime mhstore; do
	command -v "$program" >/dev/null || skip_all "no $program"
done
printf 'Path: %s\nmhstore-store-message/rfc822: inner%%P.eml\n' "$HOME/Mail" >"$HOME/.mh_profile"
mkdir -p "$HOME/Mail"

home=$T/a
mail_home "$home"
sed -i 's/^key=none/#key=key/; s|^#list-post=.*|list-post=mailto:kvm@list.example|' "$home/config"
key=$("$MLDIGEST" -H "$home" keygen | head -n 1)
patch_mail 1 | sed 's/^Change number 1.*/From here on the demo is as it was, grüßt >From.\n\nFrom here too.  /' |
	"$MLDIGEST" -H "$home" record
for i in $(seq 2 20); do
	patch_mail "$i" | "$MLDIGEST" -H "$home" record
done
"$MLDIGEST" -H "$home" flush
"$MLDIGEST" -H "$home" digest --issue 1 >"$T/page"
"$MLDIGEST" -H "$home" digest --issue 1 --format mail >"$T/text.eml"
"$MLDIGEST" -H "$home" digest --issue 1 --format mime >"$T/mime.eml"
same_files "the mail is what sendmail got" "$T/text.eml" "$home.mail/sent.0"
python3 "$tests/mail.py" save "$T" <"$T/text.eml"
same_files "the page is what was signed" "$T/page" "$T/digest-1.txt"

# Who takes mail apart: MAIL, into the current directory.
extract_python()
{
	python3 "$tests/mail.py" save . <"$1"
}
extract_reformime()
{
	local part name
	for part in $(reformime <"$1"); do
		name=$(reformime -s "$part" -i <"$1" | sed -n 's/^content-disposition-filename: //p')
		[ -z "$name" ] || reformime -s "$part" -e <"$1" >"$name"
	done
}
extract_munpack()
{
	munpack -q -t "$1"
}
extract_ripmime()
{
	ripmime -i "$1" -d .
}
# A mail inside of a mail is a file then, to be stored again.
extract_mhstore()
{
	mhstore -auto -clobber always -file "$1"
	[ -e digest-1.txt ] || mhstore -auto -clobber always -file "$(echo "$PWD"/inner*.eml)"
}

# What mail does: from standard input, to standard output.  Behind it $T/way.eml is taken apart.
way_as_it_is()
{
	cat
}
way_crlf()
{
	sed 's/$/\r/'
}
way_fields_on_top()
{
	printf 'Return-Path: <digest@list.example>\nReceived: from a by b;\n\tMon, 6 Jan 2025 10:00:00 +0000\n'
	cat
	printf '\n\n'
}
way_a_footer_part()
{
	python3 - <(cat) <<-'END'
		import re, sys
		mail = open(sys.argv[1], "rb").read()
		boundary = re.search(rb'^Content-Type: multipart/mixed;\s+boundary="(.*?)"', mail, re.M).group(1)
		end = b"\n--" + boundary + b"--\n"
		assert mail.endswith(end)
		sys.stdout.buffer.write(mail[:-len(end)] + b"\n--" + boundary
		    + b'\nContent-Type: text/plain; charset="us-ascii"\nMIME-Version: 1.0\n'
		      b"Content-Transfer-Encoding: 7bit\nContent-Disposition: inline\n\n"
		      b"_______________________________________________\nkvm mailing list\nkvm@list.example\n"
		    + end)
	END
}
way_an_outer_multipart()
{
	printf 'From: a@list.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\n'
	sed -n '/^Content-Type:/,$p'
	printf '\n--outer\nContent-Type: text/plain\n\nfooter\n--outer--\n'
}
way_forwarded()
{
	printf 'From: a@list.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\n'
	printf 'Content-Type: text/plain\n\nSee below.\n\n--outer\nContent-Type: message/rfc822\n\n'
	cat
	printf '\n--outer--\n'
}
# As a mail program that forwards shows it: the mail itself, the only part.
way_bounced_as_a_message()
{
	printf 'From: a@list.example\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n'
	cat
}
way_mbox()
{
	echo "From digest@list.example Mon Jan  6 10:00:00 2025"
	sed 's/^>*From />&/'
	echo
}
way_mbox_and_back()
{
	sed 's/^>*From />&/' | sed 's/^>\(>*From \)/\1/'
}
way_quoted_and_not_back()
{
	sed 's/^From />&/'
}
way_blanks_cut()
{
	sed 's/[ 	]*$//'
}
way_lines_wrapped()
{
	fold -w 998
}
way_blank_lines_doubled_at_the_end()
{
	cat
	printf '\n\n\n'
}
rewrap() # WIDTH: every base64 part
{
	python3 - "$1" <(cat) <<-'END'
		import re, sys
		mail = open(sys.argv[2], "rb").read()
		width = int(sys.argv[1])
		def wrap(found):
		    data = b"".join(found.group(2).split())
		    return found.group(1) + b"".join(data[i:i + width] + b"\n" for i in range(0, len(data), width))
		again = re.sub(rb"(Content-Transfer-Encoding: base64\n(?:\S.*\n)*\n)((?:[A-Za-z0-9+/=]+\n)+)", wrap, mail)
		assert again != mail
		sys.stdout.buffer.write(again)
	END
}
way_base64_at_60()
{
	rewrap 60
}
way_base64_at_996()
{
	rewrap 996
}
ways="as_it_is crlf fields_on_top a_footer_part an_outer_multipart forwarded bounced_as_a_message mbox
	mbox_and_back quoted_and_not_back blanks_cut lines_wrapped blank_lines_doubled_at_the_end base64_at_60
	base64_at_996"

good() # NAME TOOL MAIL
{
	rm -rf "$T/way" && mkdir "$T/way"
	(cd "$T/way" && "extract_$2" "$3") >"$T/said" 2>&1
	check "$1: minisign, out of $2" minisign -Vm "$T/way/digest-1.txt" -P "$key"
}
for format in text mime; do
	for way in $ways; do
		name="$format, ${way//_/ }"
		"way_$way" <"$T/$format.eml" >"$T/way.eml"
		run verify --key "$key" "$T/way.eml"
		silent "$name: verify"
		is "$name: verify says what it is" "$(sed "s|$T/||" "$T/out")" \
			"way.eml: issue 1: good, messages 1 to 20, begins the chain"
		for tool in python reformime ripmime munpack mhstore; do
			good "$name" "$tool" "$T/way.eml"
		done
	done
done

# A bit turned over anywhere in the text: decoded, changed, encoded again.
python3 - "$T" <<-'END'
	import base64, os, random, re, sys
	directory = sys.argv[1]
	random.seed(13)
	page = open(directory + "/page", "rb").read()
	bits = random.sample(range(8 * len(page)), 1000)
	for kind in "text", "mime":
	    mail = open("%s/%s.eml" % (directory, kind), "rb").read()
	    part = re.search(rb"Content-Transfer-Encoding: base64\n\n((?:[A-Za-z0-9+/=]+\n)+)", mail)
	    assert base64.b64decode(part.group(1)) == page
	    os.mkdir("%s/flip-%s" % (directory, kind))
	    for i, bit in enumerate(bits):
	        flipped = bytearray(page)
	        flipped[bit // 8] ^= 1 << bit % 8
	        with open("%s/flip-%s/%d.eml" % (directory, kind, i), "wb") as file:
	            file.write(mail[:part.start(1)] + base64.encodebytes(flipped) + mail[part.end(1):])
END
for format in text mime; do
	run verify --key "$key" $(seq -f "$T/flip-$format/%g.eml" 0 999)
	is "$format: 1,000 bits turned over, one at a time: 1,000 times bad" \
		"$status $(grep -c ': bad: its signature is not of this text$' "$T/out") $(wc -l <"$T/out")" "65 1000 1000"
	bad=0
	for i in $(seq 0 20 999); do
		rm -rf "$T/way" && mkdir "$T/way"
		(cd "$T/way" && extract_python "$T/flip-$format/$i.eml")
		minisign -Vm "$T/way/digest-1.txt" -P "$key" >"$T/said" 2>&1 || bad=$((bad + 1))
	done
	is "$format: 50 of them, by minisign" "$bad $(ls "$T/way" | grep -c '^digest-1.txt$')" "50 1"
done
plan
