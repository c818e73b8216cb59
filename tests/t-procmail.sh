#!/bin/bash
# examples/procmailrc with the real procmail.
. "${srcdir:-.}/tests/lib.sh"

command -v procmail >/dev/null || skip_all "no procmail"

mkdir "$T/bin"
cp "$MLDIGEST" "$T/bin/mldigest"
# The list of the tests' mails, and the mailbox where the test can see it.
rc=$T/procmailrc
{
	# procmail takes HOME from the user database.
	printf 'HOME=%s\n' "$HOME"
	printf 'PATH=%s/bin:/usr/bin:/bin\nDEFAULT=%s/inbox\nORGMAIL=%s/inbox\nLOGFILE=%s/log\n' "$T" "$T" "$T" "$T"
	sed 's/kvm\\.vger\\.kernel\\.org/kvm\\.list\\.example/' "$top/examples/procmailrc"
} >"$rc"
chmod 600 "$rc"
check "examples/procmailrc has the list in one place" grep -q 'kvm\\.list\\.example' "$rc"

deliver() # the mail is standard input
{
	procmail "$rc" >"$T/out" 2>"$T/err"
	status=$?
}

patch_mail 1 | deliver
is "a list mail: delivered" "$status" 0
is "a list mail: recorded" "$("$MLDIGEST" log | grep -o 'change number.*')" "change number 1"
check "a list mail: nothing in the mailbox" test ! -s "$T/inbox"
{ printf 'From ada@list.example Mon Jan  6 10:00:00 2025\n'; patch_mail 1; } | deliver
is "a list mail with a From line: the same one" "$status $(recorded)" "0 1"
is "what is recorded is the mail as it came (Dn)" \
	"$("$MLDIGEST" explain patch-1@list.example | sed -n 's/^link *//p')" \
	"$(printf 'mldigest-rec-v1 %s 1 %s patch-1@list.example\n' \
		"$(printf 'mldigest-chain-v1 \n' | b2sum -l 256 | cut -d' ' -f1)" \
		"$(patch_mail 1 | b2sum -l 256 | cut -d' ' -f1)" | b2sum -l 256 | cut -d' ' -f1)"
patch_mail 2 | sed 's/^List-Id/X-Was/' | deliver
is "other mail: delivered" "$status" 0
is "other mail: in the mailbox" "$(inbox)" 1
is "other mail: not recorded" "$(recorded)" 1
patch_mail 2 | sed 's/kvm.list.example>$/kvmXlist.example>/' | deliver
is "a list whose name is only like it: in the mailbox" "$(inbox) $(recorded)" "2 1"

# mldigest cannot record it.
patch_mail 3 | sed 's/^Change/Later: &/' >"$T/mail"
mv "$HOME/.mldigest/config" "$T/config"
echo nonsense >"$HOME/.mldigest/config"
deliver <"$T/mail"
is "75: procmail exits 75, the mail system keeps the mail" "$status" 75
is "75: nothing in the mailbox" "$(inbox)" 2
patch_mail 2 | sed 's/^List-Id/X-Was/' | deliver
is "75: other mail is delivered all the same" "$status $(inbox)" "0 3"
mv "$T/config" "$HOME/.mldigest/config"
deliver <"$T/mail"
is "75: mended, the same mail goes in" "$status $(recorded) $(inbox)" "0 2 3"

printf '#!/bin/sh\nkill -9 $$\n' >"$T/bin/mldigest"
patch_mail 4 | deliver
is "mldigest is killed: 75" "$status $(inbox)" "75 3"
printf '#!/bin/sh\nexit 75\n' >"$T/bin/mldigest"
{ patch_mail 4; yes 'a long mail' | head -n 100000; } | deliver
is "mldigest reads nothing of a long mail: 75" "$status $(inbox)" "75 3"
rm "$T/bin/mldigest"
patch_mail 4 | deliver
is "mldigest is not there: 75" "$status $(inbox)" "75 3"
cp "$MLDIGEST" "$T/bin/mldigest"
patch_mail 4 | deliver
is "it is there again: recorded" "$status $(recorded) $(inbox)" "0 3 3"

# Many at once.
for i in 11 12 13 14 15 16 17 18; do
	{ patch_mail $i | procmail "$rc" || echo "$i" >>"$T/failed"; } &
done
wait
is "eight deliveries at once" "$(recorded) $(cat "$T/failed" 2>/dev/null)" "11 "
plan
