#!/bin/bash
# The pages say what the program does, and what they show works.
. "${srcdir:-.}/tests/lib.sh"

cd "$top" || exit 99
commands=$("$MLDIGEST" --help | sed -n 's/^  \([a-z]*\) .*/\1/p')

# The pages as plain text, without overstrikes.
if command -v mandoc >/dev/null; then
	for page in man/*.[15]; do
		is "mandoc has nothing to say about $page" "$(mandoc -Tlint -Wwarning "$page" 2>&1)" ""
		mandoc -Tascii "$page" | sed 's/.\x08//g' >"$T/$(basename "$page").txt"
	done
else
	skip "mandoc" "no mandoc"
	for page in man/*.[15]; do cp "$page" "$T/$(basename "$page").txt"; done
fi

# Commands.
for command in $commands; do
	check "$command is in mldigest(1)" grep -qw "$command" "$T/mldigest.1.txt"
	check "$command is in README" grep -qw "$command" README
done
is "mldigest(1) has no command that is none" \
	"$(sed -n 's/^\.It Cm \([a-z]*\).*/\1/p' man/mldigest.1 | sort -u | grep -vxF "$commands" | tr '\n' ' ')" ""

# Options, both ways.
options() # COMMAND: those that its --help prints
{
	"$MLDIGEST" "$1" --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+|-[a-zA-Z]\b' |
		grep -vxE -- '--help|-h|--home|-H|--version|-V' | sort -u
}
pages() # COMMAND: the sources of the pages that tell of it
{
	echo man/mldigest.1
	[ ! -e "man/mldigest-$1.1" ] || echo "man/mldigest-$1.1"
}
documented() # FILE…: the options in them
{
	grep -hoE '\.?(Fl|It Fl|Op Fl) -?[a-zA-Z][a-z-]*( , Fl -[a-z-]+)*' "$@" |
		grep -oE 'Fl -?[a-zA-Z][a-z-]*' | sed 's/^Fl /-/' | sort -u
}
all=
for command in $commands; do
	for option in $(options "$command"); do
		all+="$option"$'\n'
		# shellcheck disable=SC2046
		check "$command $option is in its page" \
			grep -qxF -e "$option" <<<"$(documented $(pages "$command"))"
	done
done
all+=$'-H\n--home\n-h\n--help\n-V\n--version\n-i\n-f\n--'
is "the pages have no option that is none" "$(documented man/*.1 | grep -vxF -e "$all" | tr '\n' ' ')" ""
for command in $commands; do
	[ -e "man/mldigest-$command.1" ] || continue
	is "mldigest-$command(1) has the options of $command, no other" \
		"$(documented "man/mldigest-$command.1" | grep -vxF -e "$(options "$command")" | grep -vxE -- '-[Hif]' | tr '\n' ' ')" ""
done

# Keys, both ways.
keys=$(sed -n 's/^\t{"\([a-z]*\)", "\([a-z-]*\)", conf_take.*/\2/p' src/base/conf.c)
check "the keys are found in base/conf.c" test -n "$keys"
rule_keys=$(sed -n 's/^\t{"\([a-z-]*\)", conf_take.*/\1/p' src/base/conf_rules.c)
check "the keys of rules are found in base/conf_rules.c" test -n "$rule_keys"
for key in $rule_keys; do
	check "$key= of a rule is in mldigest.conf(5)" grep -qE "^\.It Ic $key\b" \
		<(sed -n '/^\.Ss \[rule/,/^\.Sh/p' man/mldigest.conf.5)
	check "$key= of a rule is in examples/config" grep -qE "^#$key=" \
		<(sed -n '/^#\[rule/,$p' examples/config)
done
keys+=$'\n'$rule_keys
classes=$(sed -n 's/^\t\[RECORD_CLASS_[A-Z_]*\] = "\(.*\)",$/\1/p' src/model/record.c)
check "the classes are found in model/record.c" test -n "$classes"
is "class= of a rule has each class in mldigest.conf(5), no other" \
	"$(sed -n '/^\.It Ic class/,/^\.It Ic skip/s/^\.Ql \([a-z-]*\).*/\1/p' man/mldigest.conf.5 | sort)" \
	"$(sort <<<"$classes")"
for key in $keys; do
	check "$key= is in mldigest.conf(5)" grep -qE "^\.It (Cm|Ic|Va|Sy|Li|Ar) $key\b" man/mldigest.conf.5
	check "$key= is in examples/config" grep -qE "^#?$key=" examples/config
done
is "mldigest.conf(5) has no key that is none" \
	"$(sed -nE 's/^\.It (Cm|Ic|Va|Sy|Li) ([a-z-]+)( .*)?$/\2/p' man/mldigest.conf.5 | grep -vxF "$keys" | tr '\n' ' ')" ""
is "examples/config has no key that is none" \
	"$(sed -nE 's/^#?([a-z-]+)=.*/\1/p' examples/config | grep -vxF "$keys" | tr '\n' ' ')" ""
is "the config that init writes has every key" "$("$MLDIGEST" -H "$T/init" init &&
	sed -nE 's/^#?([a-z-]+)=.*/\1/p' "$T/init/config")" "$keys"

# examples/config loads, as it is and with every key set.
for how in "as it is" "with every key set"; do
	rm -rf "$T/home"
	"$MLDIGEST" -H "$T/home" init || point 1 init
	if [ "$how" = "as it is" ]; then
		cp examples/config "$T/home/config"
	else
		sed -E 's/^#([a-z-]+=|\[rule)/\1/' examples/config >"$T/home/config"
	fi
	run -H "$T/home" digest
	silent "examples/config loads $how"
done
sed -E 's/^#([a-z-]+=|\[rule)/\1/' "$T/init/config" >"$T/home/config"
run -H "$T/home" digest
silent "the config that init writes loads with every key set"

# What stands behind `$ ' in EXAMPLES.
mkdir "$T/bin"
cp "$MLDIGEST" "$T/bin/mldigest"
cp -R examples "$T/examples"
chmod -R u+w "$T/examples"
printf '#!/bin/sh\ncat >/dev/null\n' >"$T/bin/sendmail" && chmod +x "$T/bin/sendmail"
for page in man/mldigest.1 man/mldigest-*.1 man/mldigest.conf.5; do
	awk '/^\.Sh/ { on = /EXAMPLES/ } on && /^\$ / { sub(/^\$ /, ""); gsub(/\\e/, "\\"); gsub(/\\&/, ""); print }' \
		"$page" >"$T/commands"
	if [ ! -s "$T/commands" ]; then
		point 1 "$page has EXAMPLES that can be run"
		continue
	fi
	while IFS= read -r line <&3; do
		said=$(cd "$T/examples" && PATH=$T/bin:$PATH bash -o pipefail -c "$line" 2>&1 </dev/null)
		point $? "$page: \$ $line" "$said"
	done 3<"$T/commands"
done

# The sample digest is what the program says to the example mails, on the day after the last.
"$MLDIGEST" -H "$T/sample" init --title KVM --list-id kvm.vger.kernel.org
sed -i 's|^#archive=.*|archive=https://lists.example/kvm/|' "$T/sample/config"
for mail in examples/mails/*.eml; do
	MLDIGEST_NOW=$(date -d "$(sed -n 's/^Date: //p' "$mail")" +%s) \
		"$MLDIGEST" -H "$T/sample" record <"$mail" || point 1 "record $mail"
done
MLDIGEST_NOW=$(date -d 2025-11-08T06:00Z +%s) "$MLDIGEST" -H "$T/sample" digest >"$T/digest"
same_files "examples/sample-digest.txt" "$T/digest" examples/sample-digest.txt
# mldigest-digest(5) shows what tests/full/ and tests/personal/ expect.
is "mldigest-digest(5): every line of a sample is expected by a test" \
	"$(awk '/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { on = 0 } on' man/mldigest-digest.5 |
		grep -vxF -f <(cat tests/full/*.txt tests/personal/*.txt))" ""
# README has lines of it, in their order.
sed -n '/^From examples\/sample-digest/,/^Try it/s/^    //p' README | grep -vx ' *\.\.\.' >"$T/shown"
point "$(($(wc -l <"$T/shown") < 30))" "README shows some of it"
is "README: every line is in examples/sample-digest.txt, in its order" \
	"$(diff examples/sample-digest.txt "$T/shown" | grep '^>')" ""
plan
