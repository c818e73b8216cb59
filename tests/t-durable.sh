#!/bin/bash
# Nothing is lost: the program dies, or the disk fails, at every call that touches the disk.
# What was acknowledged before is there afterwards, and the next delivery just works.
. "${srcdir:-.}/tests/lib.sh"

${CC:-cc} -shared -fPIC -o "$T/shim.so" "$tests/shim.c" -ldl 2>"$T/cc" ||
	skip_all "the shim does not compile: $(head -n 1 "$T/cc")"
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0

shimmed() # VARIABLE=VALUE… -- ARGUMENT…
{
	local settings=()
	while [ "$1" != -- ]; do
		settings+=("$1")
		shift
	done
	shift
	env "${settings[@]}" LD_PRELOAD="$T/shim.so" "$MLDIGEST" "$@"
}

# The homes to start from: none, one with three messages, one whose last user died.
template() # KIND
{
	local i
	[ "$1" = cold ] && return
	for i in 1 2 3; do
		patch_mail $i | "$MLDIGEST" -H "$T/template-$1" record || return
	done
	[ "$1" = warm ] && return
	patch_mail 4 | shimmed SHIM_CALLS=pwrite SHIM_KILL=2 -- -H "$T/template-$1" record 2>/dev/null
	grep -q busy "$T/template-$1/lock"
}

# The numbers of the calls of one undisturbed run.  Recovery fills the rest of the log with
# zeros in 2,000 writes: of more than eight equal calls in a row, the first and last four.
points_of() # KIND
{
	[ "$1" = cold ] || cp -a "$T/template-$1" "$T/points-$1"
	patch_mail 9 | shimmed SHIM_LOG="$T/points-$1.calls" -- -H "$T/points-$1" record
	sed -i '/^\(un\)\?lock /d' "$T/points-$1.calls"
	awk '{ line[NR] = $0 } END { for (i = 1; i <= NR; i++)
		if (line[i] != line[i - 4] || line[i] != line[i + 4]) print i }' "$T/points-$1.calls"
}

# One run for each call: prints what went wrong.
# $1 is the kind of home, $2 how the run ends: KILL, ENOSPC, EIO, or ENOSPC-on, from where
# on everything fails.
every_call() # KIND HOW
{
	local kind=$1 how=$2 home=$T/$1-$2 n status again settings before
	[ $kind = cold ] && before=0 || before=3
	for n in $(cat "$T/points.$kind"); do
		rm -rf "$home"
		[ $kind = cold ] || cp -a "$T/template-$kind" "$home"
		case $how in
		KILL) settings=(SHIM_KILL=$n) ;;
		*-on) settings=(SHIM_FAIL=$n:${how%-on} SHIM_STAY=1) ;;
		*) settings=(SHIM_FAIL=$n:$how) ;;
		esac
		rm -f "$home.calls"
		patch_mail 9 | shimmed SHIM_LOG="$home.calls" "${settings[@]}" -- -H "$home" record \
			>/dev/null 2>"$home.err"
		status=$?
		if [ $how = KILL ] && [ $status != 137 ] && [ $status != 0 ]; then
			echo "call $n: exit $status"
		elif [ $how != KILL ] && [ $status != 0 ] && [ $status != 75 ]; then
			echo "call $n: exit $status: $(tail -n 1 "$home.calls")"
		elif [ $how != KILL ] && [ $status = 75 ] && ! grep -q '^mldigest: ' "$home.err"; then
			# Nobody can be told where standard error itself is what fails.
			grep -q 'write.*\.err$' "$home.calls" || echo "call $n: 75 without a word"
		fi
		# What was acknowledged is there before anybody says it again.
		if [ $status = 0 ] &&
			[ "$("$MLDIGEST" -H "$home" log 2>&1 | grep -c 'number')" != $((before + 1)) ]; then
			echo "call $n ($(sed -n ${n}p "$home.calls")): acknowledged, and not in the log"
		fi
		patch_mail 9 | timeout 5 "$MLDIGEST" -H "$home" record 2>"$home.err"
		again=$?
		[ $again = 0 ] || echo "call $n ($(sed -n ${n}p "$home.calls")): the next record: exit $again: $(cat "$home.err")"
		[ "$("$MLDIGEST" -H "$home" log 2>&1 | grep -c 'number')" = $((before + 1)) ] ||
			echo "call $n ($(sed -n ${n}p "$home.calls")): the log has: $("$MLDIGEST" -H "$home" log 2>&1)"
	done
	rm -rf "$home"
}

# Recovery is slow, so the homes where it runs have fewer ways to fail.
declare -A ways=(
	[cold]="KILL ENOSPC EIO"
	[warm]="KILL ENOSPC EIO ENOSPC-on EIO-on"
	[dirty]="KILL ENOSPC-on"
)
for kind in cold warm dirty; do
	check "a $kind home to start from" template $kind
	points_of $kind >"$T/points.$kind"
	[ "$(wc -l <"$T/points.$kind")" -gt 20 ]
	point $? "the calls of a $kind home" "$(cat "$T/points-$kind.calls")"
	for how in ${ways[$kind]}; do
		every_call $kind "$how" >"$T/said.$kind-$how" 2>/dev/null &
	done
	wait
	for how in ${ways[$kind]}; do
		[ -s "$T/said.$kind-$how" ] && bad=1 || bad=0
		point $bad "$kind home, $how: at every one of $(wc -l <"$T/points-$kind.calls") calls" \
			"$(cat "$T/said.$kind-$how")"
	done
done

# The order of things.
order() # NAME HOME: of the calls in $T/calls
{
	local home unlock sync last
	home=$(realpath "$2")
	unlock=$(grep -n "^unlock $home/lock" "$T/calls" | tail -n 1 | cut -d: -f1)
	sync=$(grep -n "^fdatasync $home/db/log\\." "$T/calls" | tail -n 1 | cut -d: -f1)
	last=$(grep -nE "^p?write $home/db/log\\." "$T/calls" | tail -n 1 | cut -d: -f1)
	[ -n "$sync" ] && [ -n "$unlock" ] && [ "$sync" -gt "$unlock" ]
	point $? "$1: the log is synced after the lock is released" "$(cat "$T/calls")"
	[ -n "$sync" ] && [ "$sync" -gt "${last:-0}" ]
	point $? "$1: nothing is written to the log after its sync" "$(cat "$T/calls")"
}
for what in "the first message" "the second message"; do
	rm -f "$T/calls"
	patch_mail "${#what}" | shimmed SHIM_LOG="$T/calls" -- -H "$T/order" record
	order "$what" "$T/order"
done
is "a warm delivery: one sync, and none under the lock" "$(grep -c sync "$T/calls")" 1
grep -n 'lock\|open.*__db.001' "$T/calls" >"$T/marks"
busy=$(grep -n "^pwrite .*/order/lock" "$T/calls" | head -n 1 | cut -d: -f1)
open=$(grep -n "^open .*/db/__db" "$T/calls" | head -n 1 | cut -d: -f1)
[ "$busy" -lt "$open" ]
point $? "the busy mark is set before the environment is opened" "$(cat "$T/calls")"
rm -f "$T/calls"
patch_mail 17 | shimmed SHIM_LOG="$T/calls" -- -H "$T/order" record -v >"$T/out"
like "the same message again is Exist:" "$(cat "$T/out")" '^Exist'
order "an acknowledged duplicate" "$T/order"
rm -f "$T/calls"
patch_mail 1 | shimmed SHIM_LOG="$T/calls" -- -H "$T/newhome" record
first=$(grep -n "^fsync $T/newhome/db\$" "$T/calls" | tail -n 1 | cut -d: -f1)
point $((${first:-0} == 0)) "a new home: the directory of its databases is synced" "$(cat "$T/calls")"
check "a new home: the directory it stands in is synced" grep -qx "fsync $T" "$T/calls"

# A sync that failed: 75, and the next one writes what is in doubt anew before it says yes.
patch_mail 1 | "$MLDIGEST" -H "$T/sync" record
patch_mail 2 | shimmed SHIM_CALLS=fdatasync SHIM_FAIL=1:EIO -- -H "$T/sync" record 2>"$T/err"
status=$?
complained "the sync of the log fails" 75 'sync of the log: Input/output error'
check "it leaves the suspect mark" grep -q suspect "$T/sync/lock"
rm -f "$T/calls"
patch_mail 2 | shimmed SHIM_LOG="$T/calls" -- -H "$T/sync" record
is "the next one takes the message" $? 0
rewritten=$(grep -n "^pwrite $T/sync/db/log\\." "$T/calls" | head -n 1 | cut -d: -f1)
synced=$(grep -n "^fsync $T/sync/db/log\\." "$T/calls" | head -n 1 | cut -d: -f1)
released=$(grep -n "^unlock" "$T/calls" | tail -n 1 | cut -d: -f1)
[ -n "$rewritten" ] && [ -n "$synced" ] && [ "$rewritten" -lt "$synced" ] && [ "$synced" -lt "$released" ]
point $? "it writes and syncs the log anew, under the lock" "$(cat "$T/calls")"
check "the suspect mark is gone" grep -q 'idle trusted' "$T/sync/lock"
patch_mail 1 | "$MLDIGEST" -H "$T/sync2" record
patch_mail 2 | shimmed SHIM_CALLS=fdatasync SHIM_FAIL=1:EIO -- -H "$T/sync2" record 2>/dev/null
patch_mail 3 | shimmed SHIM_CALLS=fsync SHIM_FAIL=1:EIO -- -H "$T/sync2" record 2>/dev/null
is "healing that fails, too, is 75" $? 75
check "and the mark stays" grep -q suspect "$T/sync2/lock"

# A home that was made on another boot, or whose lock file is gone.
for how in "another boot" "a truncated lock file" "no lock file" "a lock file of zeros"; do
	rm -rf "$T/boot"
	cp -a "$T/template-warm" "$T/boot"
	case $how in
	"another boot") sed -i 's/[0-9a-f-]\{36\}$/00000000-0000-0000-0000-000000000000/' "$T/boot/lock" ;;
	"a truncated"*) : >"$T/boot/lock" ;;
	"no lock file") rm "$T/boot/lock" ;;
	*zeros) head -c 67 /dev/zero >"$T/boot/lock" ;;
	esac
	# As a restart leaves it: the regions hold nothing that can be used.
	for region in "$T/boot"/db/__db.*; do
		head -c "$(stat -c %s "$region")" /dev/zero >"$region"
	done
	patch_mail 9 | timeout 5 "$MLDIGEST" -H "$T/boot" record 2>"$T/err"
	status=$?
	silent "$how: the next delivery recovers"
	is "$how: nothing is lost" "$("$MLDIGEST" -H "$T/boot" log | wc -l)" 4
done

# Eight at once, and some of them die.
deliver() # FIRST STEP HOW
{
	local i
	for ((i = $1; i <= 200; i += $2)); do
		if [ $((i % 5)) = 0 ] && [ "$3" = kill ]; then
			patch_mail $i | shimmed SHIM_KILL=$((i % 32 + 1)) -- -H "$T/many-$3" record
		else
			patch_mail $i | "$MLDIGEST" -H "$T/many-$3" record
		fi && echo "number $i:"
	done
}
for how in live kill; do
	for first in 1 2 3 4 5 6 7 8; do
		deliver $first 8 $how >"$T/acknowledged.$first" 2>"$T/refused.$first" &
	done
	wait
	cat "$T"/acknowledged.* | sort >"$T/acknowledged"
	"$MLDIGEST" -H "$T/many-$how" log | grep -o 'number [0-9]*$' | sed 's/$/:/' | sort >"$T/kept"
	is "8 at once, $how: nothing is lost" "$(comm -23 "$T/acknowledged" "$T/kept")" ""
	is "8 at once, $how: nothing is twice" "$(uniq -d "$T/kept")" ""
	is "8 at once, $how: nobody was turned away" "$(cat "$T"/refused.* | grep '^mldigest')" ""
done
is "8 at once: all 200 are there" "$("$MLDIGEST" -H "$T/many-live" log | wc -l)" 200
is "8 at once: their numbers have no gap" \
	"$("$MLDIGEST" -H "$T/many-live" log | awk '{ print $1 }' | sort -n | tr '\n' ' ')" \
	"$(seq 200 | tr '\n' ' ')"
plan
