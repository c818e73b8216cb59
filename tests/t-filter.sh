#!/bin/bash
# record --filter: the message goes on byte for byte, with fields of ours on top of it.
. "${srcdir:-.}/tests/lib.sh"

# What the output has to be: argument 1 is the input, 2 the output.  Ours on top, the rest as it was.
cat >"$T/compare.py" <<'END'
import re, sys
mail, out = (open(name, "rb").read() for name in sys.argv[1:3])
start = re.match(rb"From [^\n]*\n", mail)
start = start.group(0) if start else b""
head, empty, body = re.match(rb"(.*?)((?:^\r?\n)|\Z)(.*)", mail[len(start):], re.S | re.M).groups()
head = re.sub(rb"(?im)^X-Mldigest-[!-9;-~]*[ \t]*:[^\n]*(\n|\Z)([ \t][^\n]*(\n|\Z))*", b"", head)
end = b"\r\n" if re.match(rb"[^\n]*\r\n", mail[len(start):]) else b"\n"
if not out.startswith(start):
    sys.exit("the From line is not at the start")
ours = re.match(rb"(X-Mldigest-[A-Za-z-]+: [ -~]*" + end + rb")+", out[len(start):])
if not ours:
    sys.exit("no fields of ours: %r" % out[len(start):len(start) + 100])
if out[len(start) + ours.end():] != head + empty + body:
    sys.exit("the rest is not what it was")
print(ours.group(0).replace(b"\r", b"").decode(), end="")
END

# Standard input through the filter: the fields are in $fields, the exit status in $status.
filter() # NAME STATUS ARGUMENT…
{
	local name=$1 want=$2 bad=0
	shift 2
	cat >"$T/mail"
	# A pipe, as delivery agents have it.
	cat "$T/mail" | "$MLDIGEST" "$@" >"$T/out" 2>"$T/err"
	status=$?
	fields=$(python3 "$T/compare.py" "$T/mail" "$T/out" 2>&1) || bad=1
	[ "$status" = "$want" ] || bad=1
	[ "$want" != 0 ] || [ ! -s "$T/err" ] || bad=1
	point $bad "$name" "exit $status, wanted $want" "$fields" "$(head -c 1000 "$T/err")"
}
passes() # NAME
{
	filter "$1" 0 -H "$T/home" record --filter
}

# What the fields say.
patch_mail 1 | passes "a patch"
is "a patch: its fields" "$fields" "X-Mldigest-Status: recorded
X-Mldigest-Number: 1
X-Mldigest-Outcome: new
X-Mldigest-Class: patch
X-Mldigest-Rule: patch
X-Mldigest-Revision: 1"
patch_mail 2 '[PATCH v3 2/5] demo: change number 2' | passes "part of a series"
like "part of a series: its place" "$fields" $'Revision: 3\nX-Mldigest-Position: 2/5$'
patch_mail 1 | passes "the same again"
is "the same again: what is recorded of it" "$(head -n 3 <<<"$fields")" "X-Mldigest-Status: known
X-Mldigest-Number: 1
X-Mldigest-Outcome: new"
patch_mail 1 | sed 's/^Message-ID: </&again-/; s/^Date: Mon, 6/Date: Tue, 7/' | passes "posted again"
like "posted again: the first posting" "$fields" \
	$'Number: 3\nX-Mldigest-Outcome: exist\nX-Mldigest-First: patch-1@list.example\n'
reply_mail 1 | passes "a reply"
like "a reply: its class" "$fields" 'Class: re'
printf '[rule nö „x“]\nfrom=*@noise.example\nskip=true\n' >>"$T/home/config"
patch_mail 3 | sed 's/^From: .*/From: Bot <bot@noise.example>/' | passes "what a rule keeps out"
like "what a rule keeps out: the rule, in ASCII" "$fields" $'Outcome: skip\nX-Mldigest-Skip-Rule: n\\?\\? \\?\\?\\?x\\?\\?\\?\n'
patch_mail 4 >"$T/mail"
"$MLDIGEST" -H "$T/home" record --filter -v <"$T/mail" >"$T/out" 2>"$T/err"
is "-v: the line goes to standard error" "$(cat "$T/err")" "New:  [PATCH] demo: change number 4"
check "-v: the message alone goes to standard output" python3 "$T/compare.py" "$T/mail" "$T/out"

# Any bytes.
{ patch_mail 5; python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 3)'; } |
	passes "all 256 values in the body"
python3 -c 'import sys; sys.stdout.buffer.write(b"Subject: " + bytes(c for c in range(256) if c != 10) +
	b"\nX-A: b\r\n" + bytes(c for c in range(256)) + b": c\n\nbody")' | passes "all 256 values in the header"
{ patch_mail 6; head -c 3000000 /dev/zero | tr '\0' x; } | passes "a line over 1 MB, no line end at the end"
{ printf 'X-Long: '; head -c 3000000 /dev/zero | tr '\0' x; echo; patch_mail 7; } |
	passes "a field over 1 MB"
patch_mail 8 | sed 's/$/\r/' | passes "CRLF"
check "CRLF: our fields have it, too" grep -qx $'X-Mldigest-Class: patch\r' "$T/out"
{ printf 'From ada@list.example Mon Jan  6 10:00:00 2025\n'; patch_mail 9; } | passes "a From line"
is "a From line stays the first" "$(head -n 2 "$T/out" | cut -d' ' -f1 | tr '\n' ' ')" "From X-Mldigest-Status: "
{ printf 'From ada@list.example Mon Jan  6 10:00:00 2025\r\n'; patch_mail 9 | sed 's/$/\r/'; } |
	passes "a From line with CRLF"
{ printf 'From '; head -c 3000 /dev/zero | tr '\0' x; echo; patch_mail 9; } | passes "a From line of 3 kB"
patch_mail 9 | sed '/^$/,$d' | passes "a header and nothing else"
printf 'Subject: x' | passes "half a line"
printf '\nX-Mldigest-Class: patch\n' | passes "no header"
printf '\0\0\n\0' | passes "NULs"
printf ' folded\nSubject: x\n\nbody\n' | "$MLDIGEST" -H "$T/home" record --filter >"$T/out"
is "a blank at the start: a field of ours would end in it, so there is none" \
	"$(cat "$T/out")" "$(printf ' folded\nSubject: x\n\nbody\n')"

# Fields that only look like ours.
{
	printf 'X-Mldigest-Class: forged\nx-MLDIGEST-status : forged\n folded\n\t\n'
	patch_mail 10 | sed '3i X-Mldigest-Number: 12\nX-Mldigest-: 1\nX-Mldigest: stays\nX-Mldigest-is no field\nX-MldigestZ: stays'
	echo 'X-Mldigest-Class: in the body'
} | passes "forged fields go"
is "forged fields: none is left" "$(sed '/^$/q' "$T/out" | grep -ciE 'forged|folded|Number: 12')" 0
is "forged fields: others stay" "$(grep -cE 'stays|is no field|in the body' "$T/out")" 4
"$MLDIGEST" -H "$T/home" record --filter <"$T/out" >"$T/out2"
is "filtered twice: the second's fields alone" "$(sed 's/Status: known/Status: recorded/' "$T/out2")" "$(cat "$T/out")"

# More than is kept in memory.
{ patch_mail 11; head -c 40000000 /dev/urandom; } >"$T/large"
passes "a mail of 40 MB" <"$T/large"
like "a mail of 40 MB: recorded" "$fields" 'Status: recorded'
"$MLDIGEST" -H "$T/home" record --filter <"$T/large" >"$T/out"
check "a mail of 40 MB from a file" python3 "$T/compare.py" "$T/large" "$T/out"
{ patch_mail 11; head -c 17000000 /dev/zero | tr '\0' x; printf '\nX-Mldigest-Class: forged'; } |
	sed '/^$/d' | passes "a header of 17 MB"
is "a header of 17 MB: a forged field at its end goes" "$(tail -c 100 "$T/out" | grep -c forged)" 0
is "no file is left" "$(cd "$T/home" && echo *)" "config db lock"
peak() # BYTES: the memory that a mail of so many takes, in MB
{
	{ patch_mail 12; head -c "$1" /dev/zero | tr '\0' x; } | python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' "$MLDIGEST" -H "$T/home" record --filter
}
small=$(peak 20000000) large=$(peak 200000000)
[ -n "$sanitized" ] || [ "$large" -lt $((small + 20)) ]
point $? "memory does not grow with the mail" "20 MB: $small MB, 200 MB: $large MB"

# Recording fails: the message goes out whole all the same.
fails() # NAME
{
	filter "$1" 75 -H "$T/home" record --filter
	is "$1: the field" "$fields" "X-Mldigest-Status: failed"
}
mv "$T/home/config" "$T/config"
echo nonsense >"$T/home/config"
patch_mail 20 | fails "a wrong config"
fails "a wrong config, a mail of 40 MB" <"$T/large"
mv "$T/config" "$T/home/config"
patch_mail 20 | filter "a wrong option" 75 -H "$T/home" record --filter --nonsense
patch_mail 20 | filter "a home that is a file" 75 -H "$T/mail" record --filter
filter "a home that is a file, a mail of 40 MB" 75 -H "$T/mail" record --filter <"$T/large"
is "a home that is a file, a mail of 40 MB: the field" "$fields" "X-Mldigest-Status: failed"
patch_mail 20 | passes "and mended"
like "and mended: recorded" "$fields" 'Status: recorded'
: | "$MLDIGEST" -H "$T/home" record --filter >"$T/out" 2>"$T/err"
is "nothing in, nothing out" "$? $(wc -c <"$T/out")" "75 0"
if ${CC:-cc} -shared -fPIC -o "$T/shim.so" "$tests/shim.c" -ldl 2>/dev/null; then
	# Its own process is killed, at a write to the log.
	patch_mail 21 >"$T/mail"
	SHIM_CALLS=pwrite SHIM_KILL=3 LD_PRELOAD=$T/shim.so ASAN_OPTIONS=verify_asan_link_order=0 \
		"$MLDIGEST" -H "$T/home" record --filter <"$T/mail" >"$T/out" 2>"$T/err"
	status=$?
	complained "killed while it records: 75" 75 'killed by signal 9'
	is "killed while it records: the message goes out" \
		"$(python3 "$T/compare.py" "$T/mail" "$T/out")" "X-Mldigest-Status: failed"
else
	skip "killed while it records" "the shim does not compile"
fi
if is_root && small_disk "$T/disk" 8m 2>/dev/null; then
	patch_mail 1 | "$MLDIGEST" -H "$T/disk/home" record
	filter "no room to keep a large mail" 75 -H "$T/disk/home" record --filter <"$T/large"
	is "no room: the field" "$fields" "X-Mldigest-Status: failed"
	head -c 100000000 /dev/zero >"$T/disk/full" 2>/dev/null
	patch_mail 2 | sed "/^Change/r "<(yes 'a long text' | head -n 20000) |
		filter "a full disk" 75 -H "$T/disk/home" record --filter
	is "a full disk: the field" "$fields" "X-Mldigest-Status: failed"
	rm "$T/disk/full"
	filter "some room: still none for a large mail" 75 -H "$T/disk/home" record --filter <"$T/large"
else
	skip "a full disk" "needs root and tmpfs"
fi

# Standard output takes nothing: not filtered, but recorded.
patch_mail 30 | { "$MLDIGEST" -H "$T/home" record --filter 2>"$T/err"; echo $? >"$T/status"; } | :
status=$(cat "$T/status")
[ "$status" = 0 ] || [ "$status" = 75 ]
point $? "a reader that is gone: 0 or 75" "$status"
patch_mail 31 | "$MLDIGEST" -H "$T/home" record --filter >/dev/full 2>"$T/err"
status=$?
complained "standard output is full" 75 'standard output: No space left'
patch_mail 31 | "$MLDIGEST" -H "$T/home" record --filter 2>"$T/err" >&-
is "standard output is closed: the mail is recorded" "$("$MLDIGEST" -H "$T/home" log | grep -c 'number 31')" 1

# The recipes of mldigest-record(1).
recipe() # WORD: the literal block that has it
{
	awk -v word="$1" '/^\.Ed/ { if (on && index(block, word)) printf "%s", block; on = 0 }
		on { block = block $0 "\n" } /^\.Bd -literal/ { on = 1; block = "" }' \
		"$top/man/mldigest-record.1" |
		sed 's/\\e/\\/g; s/\\&//g; s/kvm\\.vger\\.kernel\\.org/kvm\\.list\\.example/'
}
boxes() # those with mails in them
{
	local box
	for box in inbox kvm kvm-patches; do
		[ ! -s "$T/mail.d/$box" ] || printf '%s:%s ' $box "$(grep -c '^Subject:' "$T/mail.d/$box")"
	done
}
mkdir "$T/bin"
# Unlinked first: a program that runs cannot be written to.
program() # SOURCE
{
	rm -f "$T/bin/mldigest"
	[ -z "$1" ] || cp "$1" "$T/bin/mldigest"
}
printf '#!/bin/sh\nkill -9 $$\n' >"$T/killed" && chmod +x "$T/killed"
printf '#!/bin/sh\nhead -c 10\nkill -9 $$\n' >"$T/half" && chmod +x "$T/half"
delivers() # AGENT
{
	rm -rf "$HOME/.mldigest" "$T/mail.d"
	mkdir "$T/mail.d"
	program "$MLDIGEST"
	patch_mail 1 | deliver
	reply_mail 1 | sed '1i List-Id: <kvm.list.example>' | deliver
	patch_mail 2 | sed 's/^List-Id/X-Was/; 1i X-Mldigest-Class: patch' | deliver
	is "$1: patches, the rest of the list, and other mail" "$status $(boxes)" "0 inbox:1 kvm:1 kvm-patches:1 "
	is "$1: the list is recorded" "$(recorded)" 2
	is "$1: the fields are on top" "$(grep -v '^From \|^Return-Path' "$T/mail.d/kvm" | head -n 1)" "X-Mldigest-Status: recorded"
	patch_mail 3 | deliver
	is "$1: Dn is of the mail as it came" "$("$MLDIGEST" explain patch-3@list.example | sed -n 's/^link *//p')" \
		"$(printf 'mldigest-rec-v1 %s 3 %s patch-3@list.example\n' \
			"$("$MLDIGEST" explain reply-1@list.example | sed -n 's/^link *//p')" \
			"$(patch_mail 3 | b2sum -l 256 | cut -d' ' -f1)" | b2sum -l 256 | cut -d' ' -f1)"
	for how in "a wrong config" "killed" "half" "not there"; do
		case $how in
		"a wrong config") echo nonsense >>"$HOME/.mldigest/config" ;;
		"not there") program "" ;;
		*) program "$T/$how" ;;
		esac
		patch_mail 4 | deliver
		is "$1, $how: 75, and in no mailbox" "$status $(boxes)" "75 inbox:1 kvm:1 kvm-patches:2 "
		sed -i '/^nonsense$/d' "$HOME/.mldigest/config"
	done
	program "$MLDIGEST"
	patch_mail 4 | deliver
	is "$1: mended, the mail comes once" "$status $(boxes)$(recorded)" "0 inbox:1 kvm:1 kvm-patches:3 4"
}
if command -v procmail >/dev/null; then
	{
		printf 'HOME=%s\nPATH=%s/bin:/usr/bin:/bin\nMAILDIR=%s/mail.d\n' "$HOME" "$T" "$T"
		printf 'DEFAULT=%s/mail.d/inbox\nORGMAIL=%s/mail.d/inbox\nLOGFILE=%s/log\n' "$T" "$T" "$T"
		recipe '| mldigest record --filter'
	} >"$T/procmailrc"
	chmod 600 "$T/procmailrc"
	deliver()
	{
		procmail "$T/procmailrc" >"$T/out" 2>"$T/err"
		status=$?
	}
	delivers procmail
else
	skip procmail "no procmail"
fi
if command -v maildrop >/dev/null; then
	{
		printf 'PATH="%s/bin:/usr/bin:/bin"\nHOME="%s"\nDEFAULT="%s/mail.d/inbox"\n' "$T" "$HOME" "$T"
		recipe 'xfilter "mldigest' | sed "s|to \"Mail/|to \"$T/mail.d/|"
	} >"$T/mailfilter"
	chmod 600 "$T/mailfilter"
	deliver()
	{
		(cd "$HOME" && exec maildrop "$T/mailfilter") >"$T/out" 2>"$T/err"
		status=$?
	}
	delivers maildrop
else
	skip maildrop "no maildrop"
fi
plan
