#!/bin/bash
# verify says what holds and what is missing; minisign and b2sum alone come to the same.
. "${srcdir:-.}/tests/lib.sh"

save() # MAIL DIRECTORY: its parts as files
{
	mkdir -p "$2" && python3 "$tests/mail.py" save "$2" <"$1"
}
issue() # HOME N…: one issue with these patches
{
	local home=$1 n
	shift
	for n; do
		patch_mail "$n" | "$MLDIGEST" -H "$home" record
	done
	"$MLDIGEST" -H "$home" flush
}
out() # NAME WANT: after run
{
	is "$1" "$(sed "s|$T/||" "$T/out")" "$2"
}

home=$T/a
mail_home "$home"
sed -i 's/^key=none/#key=key/' "$home/config"
key=$("$MLDIGEST" -H "$home" keygen | head -n 1)
issue "$home" 1 2
reply_mail 1 | "$MLDIGEST" -H "$home" record
issue "$home" 3
issue "$home" 4
issue "$home" 5
issue "$home" 6
for i in 1 2 3 4 5; do
	save "$home.mail/sent.$((i - 1))" "$T/saved"
	cp "$home.mail/sent.$((i - 1))" "$T/$i.eml"
done

# What holds.
run -H "$home" verify "$T/1.eml"
silent "a mail, with the home's key"
out "a mail" "1.eml: issue 1: good, messages 1 to 2, begins the chain"
run verify --key "$key" <"$T/2.eml"
silent "a mail on standard input, with a key and no home"
out "standard input" "standard input: issue 2: good, messages 3 to 4"
run verify --key "$home/key.pub" "$T/saved/digest-3.txt"
silent "a file, with the key in a file"
out "a file" "saved/digest-3.txt: issue 3: good, messages 5 to 5"
run verify --key "$key" "$T"/{3,1}.eml - "$T/saved/digest-4.txt" <"$T/2.eml"
silent "several"
out "several: in their order, each hangs on the one before" \
	"1.eml: issue 1: good, messages 1 to 2, begins the chain
standard input: issue 2: good, messages 3 to 4, follows issue 1
3.eml: issue 3: good, messages 5 to 5, follows issue 2
saved/digest-4.txt: issue 4: good, messages 6 to 6, follows issue 3"
run verify --key "$key" "$T"/{1,1}.eml
silent "one twice"
like "one twice: it is said" "$(tail -n 1 "$T/out")" "issue 1: good, .*, the same again\$"

# What is missing.
run verify --key "$key" "$T"/{1,3}.eml
complained "an issue is missing" 65 'verify: 1 of 2 bad'
is "which one" "$(tail -n 1 "$T/out")" "$T/3.eml: issue 3: bad: issue 2 before it is missing"
run verify --key "$key" "$T"/{5,1,2}.eml
complained "two are missing" 65 'verify: 1 of 3 bad'
is "which ones" "$(tail -n 1 "$T/out")" "$T/5.eml: issue 5: bad: issues 3 to 4 before it are missing"
mkdir "$T/alone" && cp "$T/saved/digest-3.txt" "$T/saved/digest-3.txt.minisig" "$T/alone"
run verify --key "$key" "$T/alone/digest-3.txt"
complained "no manifest" 65 'verify: 1 of 1 bad'
out "no manifest: it is said" "alone/digest-3.txt: issue 3: bad: there is no manifest-3.txt with it"
sed 1d "$T/saved/manifest-2.txt" >"$T/alone/manifest-2.txt"
cp "$T"/saved/digest-2.txt* "$T/alone"
run verify --key "$key" "$T/alone/digest-2.txt"
out "a message is missing in the manifest" "alone/digest-2.txt: issue 2: bad: its manifest has other numbers"
sed 's/ reply-1@/ reply-2@/' "$T/saved/manifest-2.txt" >"$T/alone/manifest-2.txt"
run verify --key "$key" "$T/alone/digest-2.txt"
out "another message in the manifest" \
	"alone/digest-2.txt: issue 2: bad: its manifest does not lead from prev to head"

# What is no digest of that key.
cp "$T/saved/manifest-3.txt" "$T/alone"
sed 's/ issue=3 / issue=4 /' "$T/saved/digest-3.txt.minisig" >"$T/alone/digest-3.txt.minisig"
run verify --key "$key" "$T/alone/digest-3.txt"
out "another trusted comment" "alone/digest-3.txt: bad: its trusted comment was changed"
patch_mail 1 >"$T/unsigned.eml"
run verify --key "$key" "$T/unsigned.eml"
complained "a mail without a signature" 65 'verify: 1 of 1 bad'
out "a mail without a signature: it is said" "unsigned.eml: bad: not signed"
for file in "" "x" $'\n' "From x" "$(head -c 3000 "$T/1.eml")"; do
	printf %s "$file" | run verify --key "$key"
	complained "no whole mail: ${#file} bytes" 65 'verify: 1 of 1 bad'
done
run -H "$T/b" init
other=$("$MLDIGEST" -H "$T/b" keygen | head -n 1)
run verify --key "$other" "$T/1.eml"
like "another key" "$(cat "$T/out")" '1.eml: bad: signed with key [0-9A-F]{1,16}, not with [0-9A-F]{1,16}$'
cp "$T/saved/digest-4.txt.minisig" "$T/alone/digest-3.txt.minisig"
run verify --key "$key" "$T/alone/digest-3.txt"
out "another issue's signature" "alone/digest-3.txt: bad: its signature is not of this text"

# Two that the owner signed under one number.
cp -a "$home" "$T/fork" && cp -a "$home.mail" "$T/fork.mail"
sed "s|$home|$T/fork|g" "$home.sendmail" >"$T/fork.sendmail" && chmod +x "$T/fork.sendmail"
sed -i "s|$home|$T/fork|g" "$T/fork/config"
issue "$home" 7
issue "$T/fork" 8
run verify --key "$key" "$home.mail/sent.5" "$T/fork.mail/sent.5"
like "two of one number" "$(tail -n 1 "$T/out")" 'issue 6: bad: there is another issue of this number'

# Every bit.
python3 - "$T/saved/digest-1.txt" "$T/flip" <<-'END'
	import os, random, shutil, sys
	source, to = sys.argv[1:]
	text = open(source, "rb").read()
	os.mkdir(to)
	shutil.copy(os.path.join(os.path.dirname(source), "manifest-1.txt"), to)
	random.seed(5)
	for i, bit in enumerate(random.sample(range(8 * len(text)), 1000)):
	    flipped = bytearray(text)
	    flipped[bit // 8] ^= 1 << bit % 8
	    open("%s/%d" % (to, i), "wb").write(flipped)
	    os.link(source + ".minisig", "%s/%d.minisig" % (to, i))
END
run verify --key "$key" $(seq -f "$T/flip/%g" 0 999)
is "1,000 bits turned over, one at a time: 1,000 times bad" \
	"$status $(grep -c ': bad: its signature is not of this text$' "$T/out") $(wc -l <"$T/out")" "65 1000 1000"

# In another mail; what else mail does on its way is t-transport.sh's.
{
	printf 'From: a@list.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: message/rfc822\n\n'
	cat "$T/1.eml"
	printf '\n--outer--\n'
} >"$T/forwarded.eml"
run verify --key "$key" "$T/forwarded.eml"
out "forwarded in another mail" "forwarded.eml: issue 1: good, messages 1 to 2, begins the chain"

# Several in one file, and what stands beside a signed text.
for i in 1 2 3; do
	echo "From digest@list.example Mon Jan  6 10:00:00 2025"
	sed 's/^>*From />&/' "$T/$i.eml"
	echo
done >"$T/box"
run verify --key "$key" "$T/box"
silent "an mbox"
out "an mbox: each mail in it" "box, mail 1: issue 1: good, messages 1 to 2, begins the chain
box, mail 2: issue 2: good, messages 3 to 4, follows issue 1
box, mail 3: issue 3: good, messages 5 to 5, follows issue 2"
sed 's/$/\r/' "$T/box" | run verify --key "$key"
like "an mbox with CRLF on standard input" "$status $(tail -n 1 "$T/out")" '^0 standard input, mail 3: issue 3: good, .*2$'
{ cat "$T/box"; echo "From a@list.example Mon Jan  6 10:00:00 2025"; cat "$T/unsigned.eml"; } >"$T/box2"
run verify --key "$key" "$T/box2"
complained "one in an mbox that is not signed" 65 'verify: 1 of 4 bad'
is "which one" "$(tail -n 1 "$T/out")" "$T/box2, mail 4: bad: not signed"
"$MLDIGEST" -H "$home" digest --issue 1 --format mime >"$T/mime.eml"
run -H "$home" verify "$T/mime.eml" "$T/1.eml"
like "both forms of an issue are the same" "$status $(cat "$T/out")" '^0 .*chain
.*1.eml: issue 1: good, .*, the same again$'
run -H "$home" verify "$T/saved/digest-1.txt" "$T/mime.eml"
silent "a text and a mail of one issue"

# Another list's issue of the same number, the key being the same, in one mail; and a text that
# stands before or behind the signed one under its name.
mail_home "$T/list"
rm -r "$T/list" && "$MLDIGEST" -H "$T/list" init --list-id other.list.example
printf 'from=digest@list.example\nto=reader@list.example\nsendmail=%s\n[sign]\nkey=%s\n' \
	"$T/list.sendmail" "$home/key" | sed 's/^from/[mail]\n&/' >>"$T/list/config"
issue "$T/list" 9
python3 - "$T" "$T/list.mail/sent.0" <<-'END'
	import email, email.message, sys
	directory, other = sys.argv[1:]
	def read(path):
	    return email.message_from_file(open(path))
	def write(name, parts):
	    mail = email.message.Message()
	    mail["From"], mail["MIME-Version"], mail["Content-Type"] = "a@list.example", "1.0", "multipart/mixed"
	    for part in parts:
	        mail.attach(part)
	    open("%s/%s.eml" % (directory, name), "w").write(mail.as_string())
	first, second = read(directory + "/1.eml"), read(other)
	write("two", [first, second])
	forged = read(directory + "/1.eml").get_payload(0)
	forged.set_payload("Zm9yZ2VkCg==\n")
	parts = read(directory + "/1.eml").get_payload()
	write("before", [forged] + parts)
	write("behind", parts + [forged])
	write("instead", [forged] + parts[1:])
END
run verify --key "$key" "$T/two.eml"
silent "digests of two lists in one mail"
is "both are good" "$(grep -c 'issue 1: good, messages .*, begins the chain$' "$T/out")" 2
for name in before behind instead; do
	run verify --key "$key" "$T/$name.eml"
	is "another text of its name $name: bad" "$status $(grep -c 'bad: its signature is not of this text$' "$T/out")" "65 1"
done

# Arguments.
run verify --key "$key" "$T/nowhere"
complained "no such file" 66 "$T/nowhere: No such file"
run verify --key "$T/nowhere" "$T/1.eml"
complained "no such key" 66 "$T/nowhere: neither a public key nor a file"
run verify --key "$T/1.eml" "$T/1.eml"
complained "a key that is none" 65 "$T/1.eml: "
run -H "$T/nowhere" verify "$T/1.eml"
complained "no home and no key" 66 "$T/nowhere: No such file"
run -H "$home" verify --key
complained "--key without a key" 64 'key'

minisign=$(command -v minisign)
# Stock minisign's signatures, and README's lines.
if [ -z "$minisign" ]; then
	skip "minisign" "no minisign"
	plan
	exit 0
fi
echo hello >"$T/hello"
minisign -GW -p "$T/stock.pub" -s "$T/stock.key" >/dev/null
minisign -Sm "$T/hello" -s "$T/stock.key" -t "by hand" >/dev/null
run verify --key "$T/stock.pub" "$T/hello"
silent "a signature of minisign's"
out "it is no issue" "hello: good, but not an issue: by hand"
minisign -Slm "$T/hello" -s "$T/stock.key" -t "by hand" >/dev/null
check "minisign made a legacy one" grep -q ^RW "$T/hello.minisig"
run verify --key "$T/stock.pub" "$T/hello"
silent "a legacy one"
minisign -Sm "$T/hello" -s "$home/key" -t "by hand" >/dev/null
run -H "$home" verify "$T/hello"
silent "one that minisign made with our key"

sed -n '/^Check a digest/,/^More/s/^    //p' "$top/README" >"$T/lines"
check "README has lines to run" grep -q b2sum "$T/lines"
readme() # DIRECTORY: README's lines there; the last one's status
{
	(cd "$1" && sh -c "$(sed '1s/$/ || exit 1/' "$T/lines")") >"$T/out" 2>"$T/err"
}
mkdir "$T/readme" && cp "$T"/saved/*-1.txt* "$home/key.pub" "$T/readme"
check "README's lines: an issue" readme "$T/readme"
is "README's lines: they print the head" "$(tail -n 1 "$T/out")" \
	"$(grep -o 'head=.*' "$T/saved/digest-1.txt.minisig")"
is "README's lines: the next issue begins there" "$(tail -n 1 "$T/out" | sed 's/head=//')" \
	"$(sed -n 's/.* prev=\([0-9a-f]*\).*/\1/p' "$T/saved/digest-2.txt.minisig")"
sed -i 's/patch-2@/patch-3@/' "$T/readme/manifest-1.txt"
readme "$T/readme"
is "README's lines: another manifest" "$?" 1
cp "$T/saved/manifest-1.txt" "$T/readme" && sed -i '1s/Fr/fr/; 1s/From/from/' "$T/readme/digest-1.txt"
readme "$T/readme"
is "README's lines: another text" "$?" 1
check "README's lines: in examples/signed" readme "$top/examples/signed"
man=$(sed -n '/^\.Ss Without mldigest/,/^\.Ed/p' "$top/man/mldigest-verify.1" | sed -n '/^\.Bd/,/^\.Ed/{/^\./d;s/\\e/\\/g;p}' |
	sed 's/12/1/g; 1s/-P K/-p key.pub/')
is "mldigest-verify(1) has the same lines" "$man" "$(sed '/^$/d' "$T/lines")"
plan
