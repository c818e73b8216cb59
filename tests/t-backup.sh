#!/bin/bash
# backup: a copy that is a home, made while deliveries go on.
. "${srcdir:-.}/tests/lib.sh"

mail_home "$T/home"
printf 'Ada Other <ada@other.example> <ada@list.example>\n' >"$T/home/mailmap"
printf 'secret\n' >"$T/home/key"
printf 'public\n' >"$T/home/key.pub"
for i in 1 2 3; do patch_mail $i | "$MLDIGEST" -H "$T/home" record; done
run -H "$T/home" backup "$T/copy"
silent "a backup"
is "what is in it: the key is not" "$(cd "$T/copy" && echo *)" "config db key.pub mailmap"
is "it is its owner's alone" "$(stat -c %a "$T/copy" "$T/copy/db" "$T/copy/config" | tr '\n' ' ')" "700 700 600 "
is "it holds the same" "$("$MLDIGEST" -H "$T/copy" dump | b2sum)" "$("$MLDIGEST" -H "$T/home" dump | b2sum)"
is "it is good" "$("$MLDIGEST" -H "$T/copy" check)" "$("$MLDIGEST" -H "$T/home" check)"
patch_mail 4 | "$MLDIGEST" -H "$T/copy" record -v >"$T/out"
like "it takes messages" "$(cat "$T/out")" '^New'
is "the home does not have them" "$("$MLDIGEST" -H "$T/home" log | wc -l)" 3
run -H "$T/home" backup "$T/copy"
complained "where something is: refused" 73 'copy: is there already'
mkdir "$T/empty"
run -H "$T/home" backup "$T/empty/"
silent "into an empty directory"
is "nothing stands beside it" "$(ls -d "$T"/empty*)" "$T/empty"
mkdir -p "$T/died.new/db"
touch "$T/died.new/db/arrival.db"
run -H "$T/home" backup "$T/died"
silent "what a backup left that died does not disturb"
is "and is gone" "$(ls -d "$T"/died*)" "$T/died"
run -H "$T/none" backup "$T/x"
complained "no home" 66 'none: No such file'
run -H "$T/home" backup "$T/none/x"
complained "no place" 66 'none/x.new: No such file'

# Under load: import writes as much as it can, deliveries come, some of them are killed.
rounds=10
[ -z "${MLDIGEST_LONG:-}" ] || rounds=50
${CC:-cc} -shared -fPIC -o "$T/shim.so" "$tests/shim.c" -ldl 2>/dev/null || : >"$T/noshim"
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
# In Python: where process ids come around fast, bash takes an earlier process's end for that of one
# that has the same id now.
load() # WHO: acknowledged numbers go to $T/acknowledged.WHO
{
	patch_mail NUMBER >"$T/mail.$1"
	python3 - "$MLDIGEST" "$T" "$1" <<-'END'
		import os, subprocess, sys
		program, top, who = sys.argv[1:]
		with open(f"{top}/mail.{who}", "rb") as file:
		    mail = file.read()
		number = 0
		while os.path.exists(top + "/going"):
		    number += 1
		    name = f"{who}-{number}"
		    environment = dict(os.environ)
		    if number % 7 == 0 and not os.path.exists(top + "/noshim"):
		        environment.update(SHIM_KILL=str(number % 32 + 1), LD_PRELOAD=top + "/shim.so")
		    done = subprocess.run([program, "-H", top + "/home", "record"], env=environment,
		                          input=mail.replace(b"NUMBER", name.encode()), check=False)
		    if done.returncode == 0:
		        with open(f"{top}/acknowledged.{who}", "a", encoding="ascii") as file:
		            file.write(name + "\n")
	END
}
touch "$T/going"
for who in 1 2 3; do load $who 2>>"$T/refused" & done
bad= missing=
for ((round = 1; round <= rounds; round++)); do
	# Bulk beside the deliveries, of which the log files fill up and go.
	if [ $((round % 3)) = 1 ]; then
		patch_mbox "bulk-$round-" 300 >"$T/bulk.mbox"
		"$MLDIGEST" -H "$T/home" import --new "$T/bulk.mbox" >/dev/null 2>>"$T/refused" &
	fi
	cat "$T"/acknowledged.* 2>/dev/null | sort >"$T/before"
	rm -rf "$T/copy"
	run -H "$T/home" backup "$T/copy"
	[ "$status" = 0 ] || bad+="round $round: exit $status: $(cat "$T/err"); "
	"$MLDIGEST" -H "$T/copy" check >"$T/out" 2>&1 || bad+="round $round: $(cat "$T/out"); "
	"$MLDIGEST" -H "$T/copy" log 2>&1 | sed -n 's/.*change number \([0-9]*-[0-9]*\)$/\1/p' | sort >"$T/kept"
	missing+=$(comm -23 "$T/before" "$T/kept")
done
rm "$T/going"
wait
is "$rounds backups during deliveries: each is good" "$bad" ""
is "$rounds backups during deliveries: each has all that was acknowledged before it" "$missing" ""
is "$rounds backups during deliveries: nobody was turned away" "$(grep '^mldigest' "$T/refused")" ""
[ "$(cat "$T"/acknowledged.* | wc -l)" -gt "$rounds" ]
point $? "there were deliveries" "$(wc -l "$T"/acknowledged.*)"
like "the home is good" "$("$MLDIGEST" -H "$T/home" check 2>&1)" '^ok: '

# After expire has put new files in the place of the old, whose beginnings the log may still have.
"$MLDIGEST" -H "$T/home" flush || point 1 flush
"$MLDIGEST" -H "$T/home" expire --older-than 0d >/dev/null || point 1 expire
touch "$T/going"
for who in 4 5; do load $who 2>>"$T/refused" & done
bad=
for round in 1 2 3; do
	rm -rf "$T/copy"
	cat "$T"/acknowledged.[45] 2>/dev/null | sort >"$T/before"
	run -H "$T/home" backup "$T/copy"
	[ "$status" = 0 ] || bad+="exit $status: $(cat "$T/err"); "
	"$MLDIGEST" -H "$T/copy" check >"$T/out" 2>&1 || bad+="$(cat "$T/out"); "
	"$MLDIGEST" -H "$T/copy" log 2>&1 | sed -n 's/.*change number \([0-9]*-[0-9]*\)$/\1/p' | sort >"$T/kept"
	bad+=$(comm -23 "$T/before" "$T/kept")
done
rm "$T/going"
wait
is "backups after an expire: each is good and has all" "$bad" ""
like "the home is good then" "$("$MLDIGEST" -H "$T/home" check 2>&1)" '^ok: [0-9]+ messages and [0-9]+ expired'
plan
