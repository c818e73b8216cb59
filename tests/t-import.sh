#!/bin/bash
# Archives: every kind, in arrival order, once.
. "${srcdir:-.}/tests/lib.sh"

command -v git >/dev/null || skip_all "no git"

archive()
{
	python3 "$tests/archive.py" "$@"
}

repository() # PATH KIND WORD…: makes it and adds what archive.py says
{
	local path=$1
	shift
	[ -d "$path" ] || git init -q --bare -b master "$path"
	ON_TOP=$(git -C "$path" rev-parse -q --verify master) archive "$@" |
		git -C "$path" fast-import --quiet
}

commit() # PATH N: the N-th commit from the start
{
	git -C "$1" rev-list --reverse --first-parent master | sed -n "$2p"
}

numbers() # HOME: what is recorded, oldest first
{
	"$MLDIGEST" -H "$1" log | grep -o 'number [0-9]*' | cut -d' ' -f2 | tac | tr '\n' ' '
}

imports() # NAME WANTED-COUNTS HOME ARGUMENT…
{
	local name=$1 want=$2 home=$3
	shift 3
	run -H "$home" import "$@"
	silent "$name"
	is "$name: counts" "$(cat "$T/out")" "$want"
}

# mbox.
archive mbox 1 5 >"$T/mbox"
imports "mbox" "5 messages: 5 added, 0 known, 0 removed" "$T/a" "$T/mbox"
is "mbox: in the file's order" "$(numbers "$T/a")" "1 2 3 4 5 "
is "mbox: arrival is the From line's date" \
	"$("$MLDIGEST" -H "$T/a" log | awk '{ print $3 }' | tac | tr '\n' ' ')" \
	"2025-01-07 2025-01-08 2025-01-09 2025-01-10 2025-01-11 "
imports "mbox: again" "5 messages: 0 added, 5 known, 0 removed" "$T/a" "$T/mbox"
archive mbox 6 7 >>"$T/mbox"
imports "mbox: grown" "7 messages: 2 added, 5 known, 0 removed" "$T/a" "$T/mbox"
is "mbox: grown, each once" "$(numbers "$T/a")" "1 2 3 4 5 6 7 "
run -H "$T/a2" import - <"$T/mbox"
is "mbox: from standard input" "$(cat "$T/out")" "7 messages: 7 added, 0 known, 0 removed"
: >"$T/empty"
imports "an empty file" "0 messages: 0 added, 0 known, 0 removed" "$T/a2" "$T/empty"
for n in 1 2 3 4 5 6 7; do archive one $n | "$MLDIGEST" -H "$T/a3" record; done
is "mbox: the same chain as by record" "$("$MLDIGEST" -H "$T/a" explain archive-7@list.example | grep ^link)" \
	"$("$MLDIGEST" -H "$T/a3" explain archive-7@list.example | grep ^link)"
imports "mbox: what record had is known" "7 messages: 0 added, 7 known, 0 removed" "$T/a3" "$T/mbox"

# mboxrd, and lines that only look like a separator.
cat >"$T/mboxrd" <<-'END'
	From ada@list.example Mon Jan  6 10:00:00 2025
	From: Ada Example <ada@list.example>
	Subject: [PATCH 0/2] demo: quoting
	Message-ID: <rd@list.example>

	Three of them:

	>From one
	>>From two
	>>>From three
	 >From four

	From here on it is prose, with a time of 10:00.

	> From five

	From: not a separator either
	-- 
	x

	From ada@list.example Tue Jan  7 10:00:00 2025
	From: Ada Example <ada@list.example>
	Subject: [PATCH 0/2] demo: the second
	Message-ID: <rd2@list.example>

	Second.
END
imports "mboxrd" "2 messages: 2 added, 0 known, 0 removed" "$T/rd" "$T/mboxrd"
"$MLDIGEST" -H "$T/rd" digest --since 2025-01-01 >"$T/digest"
is "mboxrd: one > less, and only where From follows" "$(sed -n '/^Three/,/^From:/p' "$T/digest")" \
	"Three of them:

From one
>From two
>>From three
 >From four

From here on it is prose, with a time of 10:00.

> From five

From: not a separator either"
sed 's/$/\r/' "$T/mboxrd" >"$T/mboxcrlf"
imports "an mbox with CRLF: the same messages" "2 messages: 0 added, 2 known, 0 removed" "$T/rd" "$T/mboxcrlf"

# Maildir.
mkdir -p "$T/md/cur" "$T/md/new" "$T/md/tmp"
i=0
for n in 3 1 2; do
	folder=cur
	[ $n = 3 ] && folder=new
	archive one $n >"$T/md/$folder/10$i.M1.host:2,S"
	touch -d "2025-02-0$n 10:00:00" "$T/md/$folder/10$i.M1.host:2,S"
	i=$((i + 1))
done
archive one 9 >"$T/md/tmp/half"
archive one 9 >"$T/md/cur/.hidden"
imports "Maildir" "3 messages: 3 added, 0 known, 0 removed" "$T/b" "$T/md"
is "Maildir: by time, not by name" "$(numbers "$T/b")" "1 2 3 "
is "Maildir: arrival is the file's time" "$("$MLDIGEST" -H "$T/b" log -n 1 | awk '{ print $3 }')" 2025-02-03
imports "Maildir: again" "3 messages: 0 added, 3 known, 0 removed" "$T/b" "$T/md/"

# public-inbox v2.
repository "$T/v2.git" v2 1 5
imports "v2" "5 messages: 5 added, 0 known, 0 removed" "$T/c" "$T/v2.git"
is "v2: oldest first" "$(numbers "$T/c")" "1 2 3 4 5 "
is "v2: the commit is the id" "$("$MLDIGEST" -H "$T/c" log -n 1 | awk '{ print $2 }')" \
	"$(commit "$T/v2.git" 5 | cut -c1-8)"
is "v2: arrival is the commit's time" "$("$MLDIGEST" -H "$T/c" log -n 1 | awk '{ print $3 }')" 2025-01-06
imports "v2: again" "0 messages: 0 added, 0 known, 0 removed" "$T/c" "$T/v2.git"
repository "$T/v2.git" v2 6 8
imports "v2: grown, only what is new is read" "3 messages: 3 added, 0 known, 0 removed" "$T/c" "$T/v2.git"
is "v2: grown" "$(numbers "$T/c")" "1 2 3 4 5 6 7 8 "
from=$(commit "$T/v2.git" 2) to=$(commit "$T/v2.git" 6)
run -H "$T/c" digest --range "$from..$to"
silent "v2: digest --range by commits"
is "v2: From A to B are the commits" "$(head -n 1 "$T/out")" \
	"From $(echo "$from" | cut -c1-8) to $(echo "$to" | cut -c1-8)"
is "v2: the range is behind A, up to B, newest first" \
	"$(grep '^New:' "$T/out" | grep -o '[0-9]*$' | tr '\n' ' ')" "6 5 4 3 "
run -H "$T/c" digest --range "$(echo "$from" | cut -c1-7)..$(echo "$to" | cut -c1-9)"
is "v2: abbreviated commits do" "$(grep -c '^New:' "$T/out")" 4
run -H "$T/c" digest --range "$from.."
is "v2: A.. goes to the last" "$(grep '^New:' "$T/out" | grep -o '[0-9]*$' | tr '\n' ' ')" "8 7 6 5 4 3 "

# import --range.
imports "v2 --range" "4 messages: 4 added, 0 known, 0 removed" "$T/r" --new --range "$from..$to" "$T/v2.git"
is "v2 --range: behind A, up to B" "$(numbers "$T/r")" "3 4 5 6 "
is "v2 --range: the digest is from A as given to B" "$("$MLDIGEST" -H "$T/r" digest | head -n 1)" \
	"From $(echo "$from" | cut -c1-8) to $(echo "$to" | cut -c1-8)"
run -H "$T/r" digest --range "$from..$to"
is "v2 --range: A names the start afterwards" "$(grep -c '^New:' "$T/out")" 4
imports "v2 --range: again" "4 messages: 0 added, 4 known, 0 removed" "$T/r" --range "$from..$to" "$T/v2.git"
imports "v2 --range: all of it after a part" "8 messages: 4 added, 4 known, 0 removed" "$T/r" "$T/v2.git"

# Deletions.
repository "$T/v2.git" v2 d7,9
imports "v2, d" "2 messages: 1 added, 0 known, 1 removed" "$T/c" "$T/v2.git"
run -H "$T/c" digest --range "$from.."
is "v2, d: the deleted message is in no digest" \
	"$(grep '^New:' "$T/out" | grep -o '[0-9]*$' | tr '\n' ' ')" "9 8 6 5 4 3 "
is "v2, d: nor in the patch list or the tables" "$(grep -c 'number 7\|^ .*ada0@' "$T/out")" 0
cp "$T/out" "$T/digest.c"
imports "v2, d: in a new home" "10 messages: 9 added, 0 known, 1 removed" "$T/c2" "$T/v2.git"
"$MLDIGEST" -H "$T/c2" digest --range "$from.." >"$T/digest.c2"
same_files "v2, d: a new home says the same" "$T/digest.c2" "$T/digest.c"

# Epochs.
mkdir -p "$T/epochs/git"
repository "$T/epochs/git/0.git" v2 1 3
repository "$T/epochs/git/1.git" v2 4 6
imports "v2, epochs" "6 messages: 6 added, 0 known, 0 removed" "$T/e" "$T/epochs"
is "v2, epochs: in their order" "$(numbers "$T/e")" "1 2 3 4 5 6 "
imports "v2, epochs: again" "0 messages: 0 added, 0 known, 0 removed" "$T/e" "$T/epochs"
repository "$T/epochs/git/1.git" v2 7,d2
repository "$T/epochs/git/2.git" v2 8,9
imports "v2, epochs: grown" "4 messages: 3 added, 0 known, 1 removed" "$T/e" "$T/epochs/"
is "v2, epochs: grown, in their order" "$(numbers "$T/e")" "1 2 3 4 5 6 7 8 9 "
run -H "$T/e" digest --since 2025-01-01
is "v2, epochs: a deletion in a later one" "$(grep -c 'number 2$' "$T/out")" 0
for n in 3 4 5 6 7 8 9 10; do repository "$T/epochs/git/$n.git" v2 $((n + 7)),$((n + 7)) 2>/dev/null; done
run -H "$T/e" import "$T/epochs"
is "v2, epochs: 10.git comes behind 9.git" "$(numbers "$T/e")" "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 "
mkdir -p "$T/later/git" && cp -r "$T/epochs/git/9.git" "$T/epochs/git/10.git" "$T/later/git"
imports "v2, the newest epochs alone" "2 messages: 2 added, 0 known, 0 removed" "$T/e2" "$T/later"
is "v2, the newest epochs alone: in their order" "$(numbers "$T/e2")" "16 17 "
imports "v2, one epoch alone" "3 messages: 3 added, 0 known, 0 removed" "$T/e1" "$T/epochs/git/0.git"

# A work tree is a git directory, too.
git clone -q "$T/v2.git" "$T/clone"
imports "v2: a clone with its work tree" "10 messages: 9 added, 0 known, 1 removed" "$T/w" "$T/clone"
imports "v2: the same archive elsewhere is known" "0 messages: 0 added, 0 known, 0 removed" "$T/c" "$T/clone"

# v1.
repository "$T/v1.git" v1 1 4
imports "v1" "4 messages: 4 added, 0 known, 0 removed" "$T/d" "$T/v1.git"
is "v1: oldest first" "$(numbers "$T/d")" "1 2 3 4 "
repository "$T/v1.git" v1 d3,5
imports "v1: grown, one removed" "2 messages: 1 added, 0 known, 1 removed" "$T/d" "$T/v1.git"
run -H "$T/d" digest --since 2025-01-01
is "v1: the removed one is in no digest" "$(grep '^New:' "$T/out" | grep -o '[0-9]*$' | tr '\n' ' ')" "5 4 2 1 "

# A rewritten history.
git init -q --bare -b master "$T/old.git"
archive v2 1,2,3,4 | git -C "$T/old.git" fast-import --quiet
imports "rewritten: before" "4 messages: 4 added, 0 known, 0 removed" "$T/f" "$T/old.git"
archive v2 1,2=77,3,4,5 | git -C "$T/old.git" fast-import --quiet --force
run -H "$T/f" import "$T/old.git"
complained "rewritten: one line says so" 0 "$T/old.git: .*rewritten"
is "rewritten: only what is new or other comes in" "$(cat "$T/out")" "5 messages: 2 added, 3 known, 0 removed"
is "rewritten: nothing twice" "$("$MLDIGEST" -H "$T/f" log | grep -v conflict | grep -o 'number [0-9]*' | sort | uniq -d)" ""
imports "rewritten: again" "0 messages: 0 added, 0 known, 0 removed" "$T/f" "$T/old.git"
archive v2 0,1,2=77,3,4,5 | git -C "$T/old.git" fast-import --quiet --force
run -H "$T/f" import "$T/old.git"
is "rewritten from its first commit on: nothing twice" "$(cat "$T/out")" "6 messages: 1 added, 5 known, 0 removed"

# History and news.
home=$T/g
mail_home "$home"
run -H "$home" import "$T/mbox"
run -H "$home" flush
silent "history: flush"
is "history: no mail" "$(sent "$home")" 0
is "history: not in the next digest" "$("$MLDIGEST" -H "$home" digest | grep -c '^New:')" 0
archive one 20 | "$MLDIGEST" -H "$home" record
archive mbox 30 33 >"$T/mbox2"
run -H "$home" import "$T/mbox2"
is "history beside an unsent delivery: the digest has the delivery alone" \
	"$("$MLDIGEST" -H "$home" digest | grep '^New:' | grep -o '[0-9]*$' | tr '\n' ' ')" "20 "
run -H "$home" flush
is "history beside an unsent delivery: it is mailed" "$(sent "$home")" 1
archive mbox 40 42 >"$T/mbox3"
run -H "$home" import --new "$T/mbox3"
is "--new: in the next digest" "$("$MLDIGEST" -H "$home" digest | grep -c '^New:')" 3
run -H "$home" flush
is "--new: mailed" "$(sent "$home")" 2
run -H "$home" import --new "$T/mbox3" "$T/mbox2" "$T/mbox"
run -H "$home" flush
is "--new of what is known: no mail" "$(sent "$home")" 2

# Interrupted, killed.
archive mbox 1 8000 >"$T/large"
repository "$T/large.git" v2 1 8000
busy() # HOME: a part of the messages is there
{
	# Berkeley DB makes the file as long as it may get; blocks tell what was written.
	[ "$(stat -c %b "$1/db/log.0000000001" 2>/dev/null || echo 0)" -gt 2000 ]
}
for source in large large.git; do
	"$MLDIGEST" -H "$T/$source-whole" import "$T/$source" >"$T/whole"
	is "$source: uninterrupted" "$(cat "$T/whole")" "8000 messages: 8000 added, 0 known, 0 removed"
	"$MLDIGEST" -H "$T/$source-whole" log >"$T/log.whole"
	for signal in INT TERM KILL; do
		home=$T/$source-$signal
		"$MLDIGEST" -H "$home" import "$T/$source" >"$T/out" 2>"$T/err" &
		wait_for busy "$home"
		kill -$signal $!
		wait $! 2>/dev/null
		status=$?
		[ $signal = KILL ] || complained "$source, $signal: says so" 75 interrupted
		count=$("$MLDIGEST" -H "$home" log | wc -l)
		[ "$count" -lt 8000 ] && { [ $signal = KILL ] || [ "$count" -gt 0 ]; }
		point $? "$source, $signal: a part is there ($count)" "$count"
		run -H "$home" import "$T/$source"
		silent "$source, $signal: run again"
		"$MLDIGEST" -H "$home" log >"$T/log"
		same_files "$source, $signal: all of it is there, as without" "$T/log" "$T/log.whole"
		run -H "$home" flush
		is "$source, $signal: it stays history" "$status $(cat "$T/err")" "0 "
	done
done

# Interrupted while it waits for its input.
mkfifo "$T/fifo"
"$MLDIGEST" -H "$T/waiting" import - <"$T/fifo" >"$T/out" 2>"$T/err" &
exec 9>"$T/fifo"
archive mbox 1 1000 >&9
wait_for test -s "$T/waiting/db/message.db"
patch_mail 1 | timeout 5 "$MLDIGEST" -H "$T/waiting" record
is "an import that waits for its input holds up no delivery" $? 0
kill -INT $!
gone()
{
	! kill -0 $! 2>/dev/null
}
wait_for gone
point $? "interrupted while it waits for its input: it stops"
exec 9>&-
wait $!

# A delivery gets in between.
archive mbox 1 20000 >"$T/largest"
"$MLDIGEST" -H "$T/between" import "$T/largest" >"$T/out" 2>"$T/err" &
wait_for test -s "$T/between/db/message.db"
patch_mail 1 | "$MLDIGEST" -H "$T/between" record
point $? "a delivery during an import"
wait $!
is "a delivery during an import: both are complete" "$("$MLDIGEST" -H "$T/between" log | wc -l)" 20001
number=$("$MLDIGEST" -H "$T/between" explain patch-1@list.example | sed -n 's/^number *//p')
[ "$number" -lt 20000 ]
point $? "a delivery during an import does not wait for its end" "its number is $number"
is "a delivery during an import is news" \
	"$("$MLDIGEST" -H "$T/between" digest | grep '^New:')" "New:  demo: change number 1"

# Progress, on a terminal only.
if command -v script >/dev/null; then
	script -qec "'$MLDIGEST' -H '$T/tty' import '$T/large'" /dev/null </dev/null >"$T/tty.out" 2>&1
	like "a terminal gets progress" "$(tr '\r' '\n' <"$T/tty.out")" '[0-9]+%, [0-9]+ messages'
else
	skip "a terminal gets progress" "no script(1)"
fi

# What is no archive.
run -H "$T/x" import "$T/missing"
complained "a path that is not there" 66 "$T/missing: No such file"
echo "no mbox" >"$T/text"
run -H "$T/x" import "$T/text"
complained "a file that is no mbox" 65 "$T/text: not an mbox"
mkdir "$T/dir"
run -H "$T/x" import "$T/dir"
complained "a directory that is no archive" 65 "$T/dir: neither"
git init -q --bare "$T/bare.git"
run -H "$T/x" import "$T/bare.git"
complained "a repository without commits" 66 "$T/bare.git"
run -H "$T/x" import
complained "no path" 64 'usage: mldigest import'
run -H "$T/x" import --range abc "$T/v2.git"
complained "a range that is none" 64 'abc: not a range'
run -H "$T/x" import --range "..$to" "$T/v2.git"
complained "a range without a start" 64 'not a range'
run -H "$T/x" import --range "$from..$to" "$T/mbox"
complained "--range of an mbox" 64 "$T/mbox: --range is for"
run -H "$T/x" import --range "nosuch..$to" "$T/v2.git"
complained "a commit that is not there" 66 'no commit nosuch'
run -H "$T/x" import --range "--output=$T/pwned..$to" "$T/v2.git"
complained "a commit that looks like an option" 66 'no commit --output'
check "a commit that looks like an option: is none" test ! -e "$T/pwned"
PATH=$T/dir run -H "$T/x" import "$T/v2.git"
complained "no git" 71 'git: '
archive mbox 1 2 >"$T/two"
run -H "$T/y" import "$T/two" "$T/missing"
complained "the second path is missing" 66 "$T/missing"
is "the second path is missing: the first is in" "$(numbers "$T/y")" "1 2 "
GIT_DIR=$T/elsewhere GIT_WORK_TREE=/ run -H "$T/z" import "$T/v2.git"
is "GIT_DIR of the caller's is not ours" "$(cat "$T/out")" "10 messages: 9 added, 0 known, 1 removed"

# The kvm-ppc list.
if [ -e "$shared/corpus/kvm-ppc.bundle" ]; then
	git clone -q --bare "$shared/corpus/kvm-ppc.bundle" "$T/ppc.git"
	home=$T/ppc
	"$MLDIGEST" -H "$home" init --title kvm-ppc --list-id kvm-ppc.vger.kernel.org
	sed -i 's/^#top=.*/top=1000/' "$home/config"
	run -H "$home" import "$T/ppc.git"
	silent "kvm-ppc"
	like "kvm-ppc: all of it is read" "$(cat "$T/out")" '^5965 messages: '
	run -H "$home" import "$T/ppc.git"
	like "kvm-ppc: again adds nothing" "$(cat "$T/out")" '^0 messages: 0 added'
	run -H "$home" import --range "$(commit "$T/ppc.git" 1)..HEAD" "$T/ppc.git"
	like "kvm-ppc: all of it again adds nothing" "$(cat "$T/out")" '^5964 messages: 0 added'
	git -C "$T/ppc.git" rev-list --reverse --first-parent HEAD >"$T/commits"
	for i in 0 1 2 3 4 5 6 7 8 9; do
		from=$(sed -n "$((i * 590 + 1))p" "$T/commits")
		to=$(sed -n "$((i * 590 + 400))p" "$T/commits")
		run -H "$home" digest --range "$from..$to"
		silent "kvm-ppc, range $i"
		is "kvm-ppc, range $i: its ids" "$(head -n 1 "$T/out")" \
			"From $(echo "$from" | cut -c1-8) to $(echo "$to" | cut -c1-8)"
		listed=$(sed -n '/^===== Patch list/,/^===== Patch Commit/p' "$T/out" | grep -c '^  ')
		for table in 'contributor Email domains' 'contributors'; do
			is "kvm-ppc, range $i: the patch list has as many as the $table" \
				"$(awk -v t="^Top 1000 $table " '$0 ~ t { on = 1; next }
					on && /^(Top|=)/ { exit } on && NF { n += $1 } END { print n + 0 }' "$T/out")" \
				"$listed"
		done
		is "kvm-ppc, range $i: no RFC 2047 words are left" "$(grep -ciE '=\?(utf-8|iso-8859-[0-9]+)\?[qb]\?' "$T/out")" 0
	done
else
	skip "kvm-ppc" "no ../shared/corpus"
fi
plan
