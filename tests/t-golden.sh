#!/bin/bash
# The golden digests, byte for byte but for what FORMAT.md calls faults of the old ones.
# What is expected comes from golden.py, which shares nothing with the program.
. "${srcdir:-.}/tests/lib.sh"

[ -d "$shared/golden" ] || skip_all "no ../shared/golden"

for n in 001 004; do
	mbox=$shared/golden/$n.mbox
	mkdir "$T/$n"
	python3 "$tests/golden.py" split "$mbox" "$T/$n"
	python3 "$tests/golden.py" digest "$shared/golden/$n.txt" "$mbox" >"$T/$n.want"

	for how in record import; do
		home=$T/$n-$how
		mail_home "$home"
		sed -i 's/title=Demo/title=KVM/; s/^#layout=.*/layout=classic/' "$home/config"
		if [ $how = record ]; then
			bad=0
			for mail in "$T/$n"/*.eml; do
				"$MLDIGEST" -H "$home" record <"$mail" || bad=1
			done
			point $bad "$n: one record process a mail"
		else
			check "$n: import --new" "$MLDIGEST" -H "$home" import --new "$mbox"
		fi
		run -H "$home" digest
		silent "$n by $how: digest"
		same_files "$n by $how: the digest, its ids and its patch list" "$T/out" "$T/$n.want"
		for layout in classic full; do
			"$MLDIGEST" -H "$home" digest --format json --layout $layout >"$T/json"
			is "$n by $how: layout $layout as JSON has the entries, people and domains" \
				"$(python3 "$tests/golden.py" json "$T/json")" \
				"$(python3 "$tests/golden.py" json "$shared/golden/$n.json")"
		done
		cp "$T/out" "$T/printed"
		is "$n by $how: differs from the old one in nothing else" \
			"$(diff <(sed '/^=* Patch list/,/^=* Patch Commit/d' "$shared/golden/$n.txt") \
				<(sed '/^=* Patch list/,/^=* Patch Commit/d' "$T/printed") |
				grep '^[<>]' | grep -vE ' from [0-9a-f]+ to |^. From [0-9a-f]+ to |^. {5,}[0-9]+  ')" ""
		run -H "$home" flush
		silent "$n by $how: flush"
		mail_text "$home.mail/sent.0" >"$T/text"
		same_files "$n by $how: the mail's text is what digest printed" "$T/text" "$T/printed"
	done
	"$MLDIGEST" -H "$T/$n-record" digest --since 1970-01-01 >"$T/recorded"
	"$MLDIGEST" -H "$T/$n-import" digest --since 1970-01-01 >"$T/imported"
	same_files "$n: sent, both homes still say the same" "$T/recorded" "$T/imported"
done
plan
