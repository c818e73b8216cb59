#!/bin/bash
# examples/maildroprc with the real maildrop.
. "${srcdir:-.}/tests/lib.sh"

command -v maildrop >/dev/null || skip_all "no maildrop"

mkdir "$T/bin"
cp "$MLDIGEST" "$T/bin/mldigest"
rc=$T/mailfilter
{
	printf 'PATH="%s/bin:/usr/bin:/bin"\nDEFAULT="%s/inbox"\n' "$T" "$T"
	printf 'HOME="%s"\n' "$HOME"
	sed 's/kvm\\.vger\\.kernel\\.org/kvm\\.list\\.example/' "$top/examples/maildroprc"
} >"$rc"
chmod 600 "$rc"
check "examples/maildroprc has the list in one place" grep -q 'kvm\\.list\\.example' "$rc"

deliver() # the mail is standard input
{
	(cd "$HOME" && exec maildrop "$rc") >"$T/out" 2>"$T/err"
	status=$?
}

patch_mail 1 | deliver
is "a list mail: delivered" "$status" 0
is "a list mail: recorded" "$("$MLDIGEST" log | grep -o 'change number.*')" "change number 1"
check "a list mail: nothing in the mailbox" test ! -s "$T/inbox"
patch_mail 2 | sed 's/^List-Id/X-Was/' | deliver
is "other mail: delivered" "$status" 0
is "other mail: in the mailbox" "$(inbox)" 1
is "other mail: not recorded" "$(recorded)" 1
patch_mail 2 | sed 's/kvm.list.example>$/kvmXlist.example>/' | deliver
is "a list whose name is only like it: in the mailbox" "$(inbox) $(recorded)" "2 1"

patch_mail 3 >"$T/mail"
mv "$HOME/.mldigest/config" "$T/config"
echo nonsense >"$HOME/.mldigest/config"
deliver <"$T/mail"
is "75: maildrop exits 75, the mail system keeps the mail" "$status" 75
is "75: nothing in the mailbox" "$(inbox)" 2
mv "$T/config" "$HOME/.mldigest/config"
deliver <"$T/mail"
is "75: mended, the same mail goes in" "$status $(recorded) $(inbox)" "0 2 2"

printf '#!/bin/sh\nkill -9 $$\n' >"$T/bin/mldigest"
patch_mail 4 | deliver
is "mldigest is killed: 75" "$status $(inbox)" "75 2"
printf '#!/bin/sh\nexit 75\n' >"$T/bin/mldigest"
{ patch_mail 4; yes 'a long mail' | head -n 100000; } | deliver
is "mldigest reads nothing of a long mail: 75" "$status $(inbox)" "75 2"
rm "$T/bin/mldigest"
patch_mail 4 | deliver
is "mldigest is not there: 75" "$status $(inbox)" "75 2"
cp "$MLDIGEST" "$T/bin/mldigest"
patch_mail 4 | deliver
is "it is there again: recorded" "$status $(recorded) $(inbox)" "0 3 2"
plan
