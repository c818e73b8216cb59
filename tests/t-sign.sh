#!/bin/bash
# flush signs: stock minisign says good, the manifest is the chain, and no key is no secret.
. "${srcdir:-.}/tests/lib.sh"

header() # FILE NAME
{
	python3 "$tests/mail.py" header "$2" <"$1"
}
save() # MAIL DIRECTORY: its parts as files
{
	mkdir -p "$2" && python3 "$tests/mail.py" save "$2" <"$1"
}
signed_home() # HOME
{
	mail_home "$1"
	sed -i 's/^key=none/#key=key/' "$1/config"
}
comment() # MINISIG
{
	sed -n 's/^trusted comment: //p' "$1"
}
b2()
{
	b2sum -l 256 | cut -d' ' -f1
}
minisign=$(command -v minisign)
good() # NAME FILE PUBLIC-KEY: by stock minisign, or by nobody
{
	if [ -n "$minisign" ]; then
		check "$1" minisign -Vm "$2" -P "$3"
	else
		skip "$1" "no minisign"
	fi
}

# Without a key: today's mail, and one line, once.
home=$T/none
signed_home "$home"
patch_mail 1 | run -H "$home" record
run -H "$home" flush
complained "no key: it is said" 0 "$home/key: is not there, so digests are not signed"
is "no key: the text alone" "$(python3 "$tests/mail.py" parts <"$home.mail/sent.0")" \
	"text/plain utf-8 inline digest-1.txt base64"
patch_mail 2 | run -H "$home" record
run -H "$home" flush
silent "no key: not said again"
patch_mail 3 | run -H "$home" record
run -H "$home" flush --dry-run
silent "no key: --dry-run does not say it"

# A key comes.
home=$T/a
signed_home "$home"
sed -i -e 's|^#list-help=.*|list-help=https://list.example/help|' \
	-e 's|^#list-unsubscribe=.*|list-unsubscribe=mailto:owner@list.example?subject=unsubscribe|' \
	-e 's|^#list-post=.*|list-post=mailto:kvm@list.example|' "$home/config"
run -H "$home" keygen
public=$(head -n 1 "$T/out")
export MLDIGEST_NOW=1736200000 MLDIGEST_HOSTNAME=host.list.example
n=0
for mail in "patch_mail 1" "reply_mail 1" "patch_mail 2"; do
	$mail >"$T/mail.$((++n))"
	run -H "$home" record <"$T/mail.$n"
done
MLDIGEST_NOW=1736300000 "$MLDIGEST" -H "$home" digest >"$T/digest"
MLDIGEST_NOW=1736300000 run -H "$home" flush
silent "a signed flush"
mail=$home.mail/sent.0
is "its parts" "$(python3 "$tests/mail.py" parts <"$mail")" "multipart/mixed None None None None
text/plain utf-8 inline digest-1.txt base64
application/octet-stream None attachment digest-1.txt.minisig base64
application/octet-stream None attachment manifest-1.txt base64"
save "$mail" "$T/one"
same_files "the text is the digest" "$T/one/digest-1.txt" "$T/digest"
good "minisign says good" "$T/one/digest-1.txt" "$public"

# The chain, by hand.
h0=$(printf 'mldigest-chain-v1 \n' | b2)
link=$h0
for i in 1 2 3; do
	d=$(b2 <"$T/mail.$i")
	id=$(sed -n 's/^Message-ID: <\(.*\)>/\1/p' "$T/mail.$i")
	echo "$i $d $id" >>"$T/manifest"
	link=$(printf 'mldigest-rec-v1 %s %s %s %s\n' "$link" "$i" "$d" "$id" | b2)
done
same_files "the manifest: every message, replies too, as it came" "$T/one/manifest-1.txt" "$T/manifest"
is "the trusted comment" "$(comment "$T/one/digest-1.txt.minisig")" \
	"mldigest1 list= issue=1 seq=1-3 from=${h0:0:8} to=${link:0:8} prev=$h0 head=$link"

# The header.
is "From:" "$(header "$mail" From)" "Demo digest <digest@list.example>"
is "Subject: list, number, period, range" "$(header "$mail" Subject)" \
	"Demo mailing list update, issue 1, 2025-01-06, ${h0:0:8} to ${link:0:8}"
is "Date:" "$(header "$mail" Date)" "Wed, 08 Jan 2025 01:33:20 +0000"
like "Message-ID:" "$(header "$mail" Message-ID)" '^<digest-1\.1736300000\.[0-9a-f]{16}@host\.list\.example>$'
is "Auto-Submitted:" "$(header "$mail" Auto-Submitted)" auto-generated
is "Precedence:" "$(header "$mail" Precedence)" list
is "List-Id: is the digest's, not the list's" "$(header "$mail" List-Id)" "<digest.list.example>"
is "List-Help:" "$(header "$mail" List-Help)" "<https://list.example/help>"
is "List-Unsubscribe:" "$(header "$mail" List-Unsubscribe)" "<mailto:owner@list.example?subject=unsubscribe>"
is "List-Post:" "$(header "$mail" List-Post)" "<mailto:kvm@list.example>"
is "the first issue has no References:" "$(header "$mail" References)" ""
for field in From To Subject Date Message-ID MIME-Version Content-Type List-Id; do
	is "$field: stands once" "$(header "$mail" $field | wc -l)" 1
done
is "no line is longer than RFC 5322 allows, none but ASCII, no CR" \
	"$(awk 'length > 998' "$mail" | wc -l) $(LC_ALL=C grep -c '[^ -~	]' "$mail") $(grep -c $'\r' "$mail")" "0 0 0"

# The second issue hangs on the first, history that came between included.
patch_mail 7 | sed '1i From a@list.example Mon Jan  6 10:00:00 2025' >"$T/history"
run -H "$home" import "$T/history"
patch_mail 3 | run -H "$home" record
MLDIGEST_NOW=1736400000 run -H "$home" flush
silent "the second signed flush"
save "$home.mail/sent.1" "$T/two"
good "minisign says good to the second" "$T/two/digest-2.txt" "$public"
like "it begins where the first ended" "$(comment "$T/two/digest-2.txt.minisig")" \
	"^mldigest1 list= issue=2 seq=4-5 from=[0-9a-f]{8} to=[0-9a-f]{8} prev=$link head=[0-9a-f]{64}\$"
is "its manifest has the history too" "$(cut -d' ' -f1,3 "$T/two/manifest-2.txt")" "4 patch-7@list.example
5 patch-3@list.example"
is "References: the first one's Message-ID" "$(header "$home.mail/sent.1" References)" \
	"$(header "$mail" Message-ID)"

# The first issue of a home that began with an archive.
home=$T/archive
signed_home "$home"
run -H "$home" keygen
for i in 1 2 3; do patch_mail $i; echo; done |
	sed 's/^From: Ada/From a@list.example Mon Jan  6 10:00:00 2025\n&/' >"$T/history"
patch_mail 9 | run -H "$home" record
run -H "$home" import "$T/history"
run -H "$home" flush
save "$home.mail/sent.0" "$T/mixed"
is "behind a message, history is in the manifest" "$(cut -d' ' -f1 "$T/mixed/manifest-1.txt" | tr '\n' ' ')" "1 2 3 4 "
home=$T/archive2
signed_home "$home"
run -H "$home" keygen
run -H "$home" import "$T/history"
patch_mail 9 | run -H "$home" record
run -H "$home" flush
save "$home.mail/sent.0" "$T/behind"
is "before the first message, it is not" "$(cut -d' ' -f1 "$T/behind/manifest-1.txt" | tr '\n' ' ')" "4 "
like "and the comment says so" "$(comment "$T/behind/digest-1.txt.minisig")" ' seq=4-4 '
unset MLDIGEST_NOW MLDIGEST_HOSTNAME

# sendmail fails: the signed bytes are what goes out later.
home=$T/late
signed_home "$home"
run -H "$home" keygen
cp "$home.sendmail" "$T/good"
printf '#!/bin/sh\ncat >"%s/tried"\nexit 75\n' "$T" >"$home.sendmail"
patch_mail 1 | run -H "$home" record
run -H "$home" flush
complained "sendmail fails" 75 'exit status 75'
mv "$home/key" "$T/away" && cp "$T/good" "$home.sendmail" && chmod +x "$home.sendmail"
run -H "$home" flush
silent "what was signed is sent without the key"
same_files "and is the same, byte for byte" "$home.mail/sent.0" "$T/tried"

# A key that is gone, or that others could have.
patch_mail 2 | run -H "$home" record
run -H "$home" flush
complained "the key is gone" 66 "$home/key: is gone, and the last digest was signed"
is "the key is gone: nothing is sent" "$(sent "$home")" 1
mv "$T/away" "$home/key"
chmod 640 "$home/key"
run -H "$home" flush
complained "others may read it" 77 "$home/key: others may read"
chmod 600 "$home/key" && mv "$home/key" "$T/away" && ln -s "$T/away" "$home/key"
run -H "$home" flush
complained "a symbolic link" 77 "$home/key: a symbolic link"
rm "$home/key" && mkdir "$home/key"
run -H "$home" flush
complained "a directory" 77 "$home/key: not a regular file"
rmdir "$home/key" && (umask 077 && echo nonsense >"$home/key")
run -H "$home" flush
complained "not a key" 65 "$home/key: not a secret key"
python3 - "$T/away" "$home/key" <<-'END'
	import base64, sys
	lines = open(sys.argv[1]).read().split("\n")
	blob = bytearray(base64.b64decode(lines[1]))
	blob[100] ^= 1
	open(sys.argv[2], "w").write(lines[0] + "\n" + base64.b64encode(blob).decode() + "\n")
END
run -H "$home" flush
complained "a damaged key" 65 "$home/key: damaged"
sed -i "s|^#key=.*|key=$T/nowhere|" "$home/config"
run -H "$home" flush
complained "key= names what is not there" 66 "$T/nowhere: No such file"
is "nothing is lost meanwhile" "$(sent "$home")" 1
sed -i "s|^key=.*|key=$T/away|" "$home/config"
run -H "$home" flush
silent "key= names it"
save "$home.mail/sent.1" "$T/found"
good "what waited is signed" "$T/found/digest-2.txt" "$(tail -n 1 "$home/key.pub")"
sed -i "s|^key=.*|key=none|" "$home/config"
patch_mail 3 | run -H "$home" record
run -H "$home" flush
silent "key=none: nothing is said"
is "key=none: nothing is signed" "$(python3 "$tests/mail.py" parts <"$home.mail/sent.2" | wc -l)" 1

# Keys of minisign's.
if [ -z "$minisign" ]; then
	skip "keys of minisign's" "no minisign"
	plan
	exit 0
fi
home=$T/stock
signed_home "$home"
minisign -GW -p "$T/stock.pub" -s "$T/stock.key" >/dev/null
sed -i "s|^#key=.*|key=$T/stock.key|" "$home/config"
patch_mail 1 | run -H "$home" record
run -H "$home" flush
silent "a key of minisign's without a password"
save "$home.mail/sent.0" "$T/stock"
good "minisign says good" "$T/stock/digest-1.txt" "$(tail -n 1 "$T/stock.pub")"

if [ "$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)" -lt 2000 ]; then
	skip "keys with a password" "less than 2 GB of memory are free"
	plan
	exit 0
fi
# minisign and flush ask the terminal.
at_terminal() # ANSWER COMMAND…
{
	python3 - "$@" <<-'END'
		import os, pty, signal, sys
		signal.alarm(120)
		answer, command = sys.argv[1].encode(), sys.argv[2:]
		pid, fd = pty.fork()
		if pid == 0:
		    os.execvp(command[0], command)
		said, answered = b"", 0
		while True:
		    try:
		        data = os.read(fd, 4096)
		    except OSError:
		        break
		    if not data:
		        break
		    said += data
		    while said.lower().count(b"password") > answered and said.rstrip().endswith(b":"):
		        answered += 1
		        os.write(fd, answer + b"\n")
		sys.stdout.write(said.decode())
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
}
home=$T/locked
signed_home "$home"
at_terminal "open sesame" minisign -G -p "$T/locked.pub" -s "$home/key" >"$T/said"
check "minisign makes a key with a password" test -s "$home/key"
patch_mail 1 | run -H "$home" record
setsid -w "$MLDIGEST" -H "$home" flush >"$T/out" 2>"$T/err" </dev/null
status=$?
complained "no terminal and no password-file=" 78 "$home/key: is encrypted: "
is "nothing is sent" "$(sent "$home")" 0
at_terminal "wrong" "$MLDIGEST" -H "$home" flush >"$T/said"
is "a wrong password" $? 77
check "it says so" grep -q "$home/key: wrong password" "$T/said"
at_terminal "open sesame" "$MLDIGEST" -H "$home" flush >"$T/said"
is "the password at the terminal" $? 0
check "it is not shown" test "$(grep -c sesame "$T/said")" = 0
save "$home.mail/sent.0" "$T/locked"
good "minisign says good" "$T/locked/digest-1.txt" "$(tail -n 1 "$T/locked.pub")"
sed -i 's|^#password-file=.*|password-file=password|' "$home/config"
patch_mail 2 | run -H "$home" record
run -H "$home" flush
complained "password-file= names what is not there" 66 "$home/password: No such file"
echo "open sesame" >"$home/password"
run -H "$home" flush
complained "others may read the password" 77 "$home/password: others may read"
chmod 600 "$home/password"
run -H "$home" flush
silent "the password in a file"
save "$home.mail/sent.1" "$T/locked"
good "minisign says good to this one too" "$T/locked/digest-2.txt" "$(tail -n 1 "$T/locked.pub")"
plan
