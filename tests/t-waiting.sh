#!/bin/bash
# What waits for a review, told right in whatever order the mails come.
. "${srcdir:-.}/tests/lib.sh"

command -v jq >/dev/null || skip_all "no jq"
command -v python3 >/dev/null || skip_all "no python3"
mails=$tests/review_mails.py
export MLDIGEST_NOW=1737500000

# A home of its own for each story; mails are a minute apart.
story() # NAME
{
	story=$1 home=$T/home$points clock=1736157600
	"$MLDIGEST" -H "$home" init --title Demo
}

# A mail to the list: see story_mail().
post() # ID SUBJECT [ANSWERED-ID…]
{
	clock=$((clock + 60))
	story_mail "$@" | MLDIGEST_NOW=${at:-$clock} "$MLDIGEST" -H "$home" record || echo "# $1 was not recorded"
}

reply() # ID WHOM TEXT ANSWERED-ID…
{
	local id=$1 from="$2 <${2%% *}@list.example>" body
	printf -v body '> Words.\n\n%s\n' "$3"
	shift 3
	post "$id" "Re: [PATCH] demo" "$@"
}

# The roots of what waits, oldest first.
waiting()
{
	"$MLDIGEST" -H "$home" log --waiting --json | jq -r .message_id | sed 's/@list\.example//' | paste -sd' '
}

waits() # WHAT ID…
{
	local what=$1
	shift
	is "$story: $what" "$(waiting)" "$*"
}

story "a patch"
post a "[PATCH] demo: one"
waits "it waits" a
run -H "$home" log --waiting
is "$story: the line says how long, what, how much, who" "$(cat "$T/out")" \
	" 15d v1       1/1        +1 -0 Ada Example          demo: one"
is "$story: and so does the object" \
	"$("$MLDIGEST" -H "$home" log --waiting --json | jq -c 'del(.id)')" \
	'{"message_id":"a@list.example","title":"demo: one","author":{"name":"Ada Example","address":"ada@list.example"},"revision":1,"rfc":false,"seen":1,"total":1,"arrival":"2025-01-06T10:01:00Z","days":15,"added":1,"deleted":0,"resent":null,"link":null}'
reply r1 "Ada Example" "Ping?" a
waits "its author's ping is no review" a
reply r2 "kernel test robot" "It does not build." a
waits "nor is a robot's report" a
reply r3 "Ben Example" "Why?" a
waits "somebody's question is" ""

story "a series"
post b0 "[PATCH 0/2] demo: all"
post b1 "[PATCH 1/2] demo: one" b0
waits "it waits once, under its cover letter" b0
reply r "Ben Example" "Hm." b0 b1
waits "one part answered is enough" ""

story "a series without its cover letter"
echo "archive=https://lists.example/demo/" | sed -i '/^\[digest\]/r /dev/stdin' "$home/config"
post b2 "[PATCH 2/2] demo: two" b0
is "$story: its link is to a part that is here" \
	"$("$MLDIGEST" -H "$home" log --waiting --json | jq -c '[.message_id, .link, .added, .deleted]')" \
	'["b0@list.example","https://lists.example/demo/b2@list.example/",1,0]'
body="All of it.

 f.c | 9 +++++++--
 1 file changed, 7 insertions(+), 2 deletions(-)" post b0 "[PATCH 0/2] demo: all"
is "$story: with it, and it says how many lines there are" \
	"$("$MLDIGEST" -H "$home" log --waiting --json | jq -c '[.message_id, .link, .added, .deleted]')" \
	'["b0@list.example","https://lists.example/demo/b0@list.example/",7,2]'

story "a reply to a reply"
post a "[PATCH] demo: one"
reply r1 "Ada Example" "Any comments?" a
reply r2 "Ben Example" "Yes." a r1
waits "to the author's own counts" ""

story "a reply that names no message"
post a "[PATCH] demo: one"
from="Ben Example <ben@list.example>" body="> Words.

Why?" post r1 "Re: [PATCH] demo: one"
waits "is known by its title" ""

story "a cover letter without 0/2"
body="The following patches do all of it:

 f.c | 1 +
 1 file changed, 1 insertion(+)" plain=1 post b0 "demo: all of it"
post b1 "[PATCH 1/2] demo: one" b0
post b2 "[PATCH 2/2] demo: two" b0
is "$story: it is one" "$("$MLDIGEST" -H "$home" log --class cover-letter | wc -l)" 1
waits "its patches wait" b1
reply r "Ben Example" "Fine." b0
waits "an answer to it is one to them" ""

story "a patch under a patch"
post a "[PATCH] demo: one"
from="Ben Example <ben@list.example>" post b "[PATCH] demo: other" a
reply r "Cas Example" "Fine." a b
waits "what is said of the one is not said of the other" a

story "mailmap"
post a "[PATCH] demo: one"
reply r "A. E. Home" "Ping?" a
waits "another name is another person" ""
printf 'Ada Example <ada@list.example> <A.@list.example>\n' >"$home/mailmap"
waits "unless the mailmap says otherwise" a
rm "$home/mailmap"
waits "and as long as it does" ""

story "versions"
post a "[PATCH] demo: one"
reply r "Ben Example" "Why?" a
line=new post b "[PATCH v2] demo: one"
waits "a new version waits again" b
file=demo:-one.c line=newer post c "[PATCH v3] demo: uno" b
waits "under another title it is known by the file and what it answers" c
story "a new version of a part"
post b0 "[PATCH 0/2] demo: all"
post b1 "[PATCH 1/2] demo: one" b0
post b2 "[PATCH 2/2] demo: two" b0
line=new post c1 "[PATCH v2 1/2] demo: one" b0 b1
waits "stands for the series" c1
story "no number"
post a "[PATCH] demo: one"
line=new post b "[PATCH] demo: one"
waits "who forgets to count posts a new version all the same" b

story "RFC"
post a "[RFC PATCH] demo: one"
waits "it waits" a
post b "[PATCH] demo: one"
waits "until it is in earnest" b

story "a patch behind Re:"
post a "[PATCH] demo: one"
post b "[PATCH] demo: two"
diff() # FILE
{
	printf '%s\n' "$1" "" "Signed-off-by: Ben Example <ben@list.example>" --- \
		" $1 | 1 +" " 1 file changed, 1 insertion(+)" "" "diff --git a/$1 b/$1" \
		"--- a/$1" "+++ b/$1" "@@ -1 +1,2 @@" " a" "+b"
}
body=$(diff f.c) post p1 "Re: [PATCH] demo: one" a
from="Ben Example <ben@list.example>" body=$(diff g.c) post p2 "Re: [PATCH] demo: two" b
is "$story: that is one" "$("$MLDIGEST" -H "$home" log --class patch | wc -l)" 4
waits "it waits for nothing, and is an answer if it is another's" a
reply r "Cas Example" "Better." a p1
waits "what is said of it is said of what it answers" ""
story "carried on"
post a "[PATCH] demo: one"
from="Ben Example <ben@list.example>" body="From: Ada Example <ada@list.example>

Words." post b3 "[PATCH 3/9] demo: one" b0
waits "who takes a patch into a series has seen it" b0
story "a part replaced"
post b0 "[PATCH 0/2] demo: all"
post b1 "[PATCH 1/2] demo: one" b0
post b2 "[PATCH 2/2] demo: two" b0
line=new post b3 "[PATCH 2/2] demo: two" b0 b2
waits "it does not wait for itself" b0
reply r "Ben Example" "Fine." b0 b2 b3
waits "what is said of it is said of the series" ""

story "sent again"
post a "[PATCH] demo: one"
clock=$((clock + 86400))
post b "[PATCH RESEND] demo: one"
waits "it waits since the first time" a
is "$story: and the last is named" \
	"$("$MLDIGEST" -H "$home" log --waiting --json | jq -r .resent)" b@list.example
reply r "Ben Example" "Fine." b
waits "an answer to either is one" ""

story "withdrawn"
post a "[PATCH] demo: one"
reply r "Ben Example <x" "Please ignore this." x
waits "not by a mail about another one" a
reply q "Ada Example" "Can we ignore the warnings of checkpatch?" a
waits "not by a remark" a
reply w "Ada Example" "Sorry, please ignore this patch. v2 is coming." a
waits "by its author" ""
story "a part withdrawn"
post b0 "[PATCH 0/2] demo: all"
post b1 "[PATCH 1/2] demo: one" b0
reply w "Ada Example" "Please drop this patch." b0 b1
waits "the series is not" b0

story "applied"
post a "[PATCH] demo: one"
post b "[PATCH] demo: two"
post c "[PATCH] demo: three"
post d "[PATCH] demo: four"
post e "[PATCH] demo: five"
post f "[PATCH] demo: six"
reply r1 "Mae Tainer" "Applied to demo/next, thanks!" a
from="patchwork-bot+demo@kernel.org" body="This patch was applied to demo.git (main) by Mae." \
	post r2 "Re: [PATCH] demo: two" b
waits "by its maintainer, and by patchwork's robot" c d e f
from="tip-bot2 for Ada Example <tip-bot2@linutronix.de>" \
	body="The following commit has been merged into the x86/core branch of tip:" \
	post r3 "[tip: x86/core] demo: three"
waits "by the tip tree's, which names its title" d e f
from="gregkh@linuxfoundation.org" plain=1 \
	body="This is a note to let you know that I've just added the patch titled

    demo: four

to the 6.18-stable tree which can be found at:" \
	post r4 'Patch "demo: four" has been added to the 6.18-stable tree'
waits "by a stable tree's note" e f
from="tip-bot2 for Ada Example <tip-bot2@linutronix.de>" \
	body="The following commit has been merged into the x86/core branch of tip:

Link: https://lore.kernel.org/r/e@list.example" post r5 "[tip: x86/core] demo: cinq"
waits "by a link" f
from="Mae Tainer <mae@list.example>" body="From: Ada Example <ada@list.example>

Words." post p6 "[PULL 3/9] demo: six"
waits "by a pull request that has the patch" ""

story "what is nobody's to review"
post a "[PATCH AUTOSEL 6.1 1/2] demo: one"
from="kernel test robot <lkp@intel.com>" post b "[PATCH] demo: fix it"
post c "[PATCH 6.1.y] demo: two"
body="The following changes since commit 1:

  are available in the Git repository at:

  git://list.example/demo.git" plain=1 post d "[GIT PULL] demo: all"
from="Mae Tainer <mae@list.example>" post e "[PULL 1/9] demo: three"
waits "backports, robots' patches and pull requests" ""

story "old ones"
at=1720000000 post a "[PATCH] demo: one"
post b "[PATCH] demo: two"
waits "what nobody answered in half a year is not listed" b

story "late mails"
reply r "Ben Example" "Fine." a
post a "[PATCH] demo: one"
waits "a reply was here before the patch" ""
line=2 post b2 "[PATCH v2] demo: two"
at=1736157600 post b1 "[PATCH] demo: two"
waits "a version before the one it replaces" b2
reply s "Cas Example" "Fine." c0 c1
post c0 "[PATCH 0/1] demo: cover"
waits "what a reply seems to answer it answers" b2
from="Ben Example <ben@list.example>" post c1 "[PATCH] demo: other" c0
waits "until what it did answer is here" "b2 c0"

story "the options"
post a "[PATCH] demo: one"
"$MLDIGEST" -H "$home" log --waiting >/dev/null
check "$story: check agrees with the index" "$MLDIGEST" -H "$home" check
run -H "$home" log --waiting --class patch
complained "$story: no other choice goes with it" 64 "waiting"
run -H "$home" log --waiting --missing
complained "$story: nor another list" 64 "waiting"
run -H "$home" log --waiting -n 0
is "$story: -n says how many" "$(cat "$T/out")" ""

# 200 made-up mails of which it is known what waits, in fifty orders; some come in parts, with the
# question asked in between.
shuffled() # SEED FILE: its list in $T/list
{
	local seed=$1 parts=$(($1 % 4 + 1)) part
	rm -rf "$T/h"
	python3 "$mails" shuffle "$seed" "$2" "$parts" "$T/box" &&
		"$MLDIGEST" -H "$T/h" init --title Demo || return
	for ((part = 1; part <= parts; part++)); do
		"$MLDIGEST" -H "$T/h" import "$T/box.$part" >/dev/null &&
			"$MLDIGEST" -H "$T/h" log --waiting --json >"$T/list" || return
	done
	jq -c 'del(.id)' <"$T/list" >"$T/list.$seed"
}

orders() # NAME FILE
{
	local seed bad=""
	shuffled 0 "$2"
	cp "$T/list.0" "$T/first"
	for ((seed = 1; seed <= 50; seed++)); do
		shuffled "$seed" "$2" && cmp -s "$T/first" "$T/list.$seed" || bad+=" $seed"
		[ $((seed % 25)) != 1 ] || "$MLDIGEST" -H "$T/h" check >/dev/null || bad+=" $seed!"
	done
	is "$1: the same list in fifty orders" "$bad" ""
	[ -z "$bad" ] || diff "$T/first" "$T/list.${bad##* }" | head -n 20 | sed 's/^/# /'
}

python3 "$mails" make 7 200 "$T/made" >"$T/want"
orders "made-up mails" "$T/made"
is "made-up mails: it is what was meant to wait" \
	"$(jq -r .title "$T/first" | sed 's/, part .*//')" "$(cat "$T/want")"

if [ -e "$shared/corpus/kvm-ppc.bundle" ]; then
	git clone -q --bare "$shared/corpus/kvm-ppc.bundle" "$T/ppc.git"
	git -C "$T/ppc.git" log --reverse --format='%H %ct' | sed -n '2900,3100p' >"$T/commits"
	python3 "$mails" archive "$T/ppc.git" "$T/commits" "$T/real"
	MLDIGEST_NOW=$(tail -n 1 "$T/commits" | cut -d' ' -f2)
	orders "kvm-ppc" "$T/real"
	like "kvm-ppc: something waits" "$(cat "$T/first")" '"message_id"'
fi

plan
