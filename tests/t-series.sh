#!/bin/bash
# Series, rerolls, resends, and what replies gave to them, from the delivery to log --json.
. "${srcdir:-.}/tests/lib.sh"

command -v jq >/dev/null || skip_all "no jq"

# A home and a clock of its own for each story.
story() # NAME
{
	story=$1 home=$T/home$points clock=1736157600
	"$MLDIGEST" -H "$home" init --title Demo
}

# Posts a mail a minute after the one before: see story_mail().
post() # ID SUBJECT [ANSWERED-ID…]
{
	clock=$((clock + 60))
	story_mail "$@" | "$MLDIGEST" -H "$home" record || echo "# $1 was not recorded"
}

# Every posting in order of arrival: its id, its series' root, how many of how many are here.
table()
{
	"$MLDIGEST" -H "$home" log --json --reverse |
		jq -r 'select(.series) | "\(.message_id) \(.series) \(.seen)/\(.total)"' |
		sed 's/@list\.example//g'
}

value() # ID FILTER
{
	"$MLDIGEST" -H "$home" log --json |
		jq -cr "select(.message_id == \"$1@list.example\") | $2" | sed 's/@list\.example//g'
}

past() # ID: the revision before, the evidence, whether it was only sent again
{
	value "$1" '"\(.previous) (\(.previous_why)) \(.resend_of_previous)"'
}

gave() # ID: the trailers that replies gave, `*` for those that the cover letter got
{
	value "$1" '[.tags_given[] | "\(.key): \(.value)\(if .to_cover then " *" else "" end)"] | sort | join(", ")'
}

reply() # ID WHOM TEXT ANSWERED-ID…
{
	local id=$1 from="$2 <${2%% *}@list.example>" body
	printf -v body '> Words.\n\n%s\n' "$3"
	shift 3
	post "$id" "Re: [PATCH] demo" "$@"
}

story "a cover letter and what is under it"
post a0 "[PATCH 0/3] demo: all"
post a1 "[PATCH 1/3] demo: one" a0
post a2 "[PATCH 2/3] demo: two" a0
is "$story: two of three" "$(table)" "a0 a0 2/3
a1 a0 2/3
a2 a0 2/3"
post a3 "[PATCH 3/3] demo: three" a0
is "$story: all of it" "$(table)" "a0 a0 3/3
a1 a0 3/3
a2 a0 3/3
a3 a0 3/3"

story "the cover letter comes last"
post a2 "[PATCH 2/2] demo: two" a0
post a1 "[PATCH 1/2] demo: one" a0
is "$story: its Message-ID is known before" "$(table)" "a2 a0 2/2
a1 a0 2/2"
at=1736157600 post a0 "[PATCH 0/2] demo: all"
is "$story: then it is here" "$(table)" "a2 a0 2/2
a1 a0 2/2
a0 a0 2/2"

story "no cover letter"
post a1 "[PATCH 1/3] demo: one"
post a2 "[PATCH 2/3] demo: two" a1
post a3 "[PATCH 3/3] demo: three" a1 a2
is "$story: patch 1 is the root" "$(table)" "a1 a1 3/3
a2 a1 3/3
a3 a1 3/3"

story "no threads"
post a0 "[PATCH 00/11] demo: all"
post a1 "[PATCH 1/11] demo: one"
post a2 "[PATCH 02/11] demo: two"
post a11 "[PATCH 11/11] demo: eleven"
is "$story, numbers of any width" "$(table)" "a0 a0 3/11
a1 a0 3/11
a2 a0 3/11
a11 a0 3/11"

story "4 of 21 seen"
for n in 04 07 11 20; do
	post "a$n" "[PATCH v2 $n/21] demo: part $n" a00
done
is "$story" "$(value a11 '"\(.seen) of \(.total), \(.series)"')" "4 of 21, a00"

story "the cover letter says another total"
post a0 "[PATCH 0/3] demo: all"
post a1 "[PATCH 1/2] demo: one" a0
post a2 "[PATCH 2/2] demo: two" a0
post b1 "[PATCH v2 1/3] test: one" b0
post b2 "[PATCH v2 2/3] test: two" b0 b1
post b3 "[PATCH v2 3/3] test: three" b0 b1 b2
post b0 "[PATCH v2 0/2] test: all"
is "$story: the patches are right" "$(table)" "a0 a0 2/3
a1 a0 2/2
a2 a0 2/2
b1 b0 3/3
b2 b0 3/3
b3 b0 3/3
b0 b0 3/2"
from="Bob Example <bob@list.example>" post x1 "[PATCH 1/4] demo: mine" a0
post c1 "[PATCH 1/3] demo: found at last" a0
is "$story: not to another sender's, nor beside its own" "$(table | tail -n 2)" "x1 x1 1/4
c1 a0 1/3"

story "two series at once"
post a0 "[PATCH 0/2] demo: all"
post b0 "[PATCH 0/2] test: all"
post a1 "[PATCH 1/2] demo: one" a0
post b1 "[PATCH 1/2] test: one" b0
from="Bob Example <bob@list.example>" post x2 "[PATCH 2/2] other: two"
is "$story, and another sender's" "$(table)" "a0 a0 1/2
b0 b0 1/2
a1 a0 1/2
b1 b0 1/2
x2 x2 1/2"

story "copies"
post a0 "[PATCH 0/2] demo: all"
post a1 "[PATCH 1/2] demo: one" a0
post a1 "[PATCH 1/2] demo: another under this Message-ID" a0
post a2 "[PATCH 2/2] demo: two" a0
is "$story: a place is taken once" "$(table)" "a0 a0 2/2
a1 a0 2/2
a1 a0 2/2
a2 a0 2/2"

story "two revisions in one thread"
post a0 "[PATCH 0/2] demo: all"
post a1 "[PATCH 1/2] demo: one" a0
post a2 "[PATCH 2/2] demo: two" a0
post b1 "[PATCH v2 1/2] demo: one" a0
line=new post b2 "[PATCH v2 2/2] demo: two" a0 b1
post c0 "[PATCH v3 0/2] demo: all of it" a0
line=newer post c1 "[PATCH v3 1/2] demo: one" a0 c0
is "$story" "$(table)" "a0 a0 2/2
a1 a0 2/2
a2 a0 2/2
b1 b1 2/2
b2 b1 2/2
c0 c0 1/2
c1 c0 1/2"
is "$story: v2 is a reroll" "$(past b2)" "a0 (it answers <a0>) false"
is "$story: v3 follows v2, not what it answers" "$(past c1)" "b1 (same author and title: demo: one) false"
is "$story: the first has no past" "$(past a1)" "null (null) false"

story "two revisions in one thread, whose first cover letter never came"
post a1 "[PATCH 1/2] demo: one" a0
post a2 "[PATCH 2/2] demo: two" a0
line=new post b1 "[PATCH v2 1/2] demo: one" a0
line=new post b2 "[PATCH v2 2/2] demo: two" a0
is "$story" "$(table)" "a1 a0 2/2
a2 a0 2/2
b1 b1 2/2
b2 b1 2/2"
is "$story: a reroll" "$(past b1)" "a0 (same author and title: demo: one) false"

story "the next revision"
body=$'Words.\n\n---\nchange-id: 20250106-demo-0123456789ab' post a0 "[PATCH 0/1] demo: old words"
post a1 "[PATCH 1/1] demo: old" a0
body=$'Words.\n\n---\nchange-id: 20250106-demo-0123456789ab' post b0 "[PATCH v2 0/1] test: new words"
post b1 "[PATCH v2 1/1] test: new" b0
is "$story by its change-id" "$(past b1)" "a0 (change-id: 20250106-demo-0123456789ab) false"
is "$story is known to all its parts" "$(past b0)" "$(past b1)"
body="v2: https://lore.kernel.org/r/b0@list.example
v1: https://lore.kernel.org/r/a0@list.example" post c0 "[PATCH v3 0/1] test: third"
line=new post c1 "[PATCH v3 1/1] test: new" c0
is "$story by the newest of its links" "$(past c1)" "b0 (its text links to <b0>) false"
line=more post d1 "[PATCH v4] test: newest" c1
line=most file=test:-new.c post e1 "[PATCH v5] test: newest name" c1
is "$story by nothing but what it answers, which has other titles and files" "$(past d1)" "null (null) false"
is "$story by what it answers, where a file is the same" "$(past e1)" "c0 (it answers <c1>) false"

story "the next revision, and a link to what it depends on"
post a1 "[PATCH] demo: one"
post x1 "[PATCH] base: it depends on this"
body="Depends on https://lore.kernel.org/r/x1@list.example" line=new post b1 "[PATCH v2] demo: one"
is "$story" "$(past b1)" "a1 (same author and title: demo: one) false"

story "the first revision comes last"
line=new post b1 "[PATCH v2] demo: one"
at=1736157000 post a1 "[PATCH] demo: one"
is "$story" "$(past b1)" "a1 (same author and title: demo: one) false"
at=1767693600 post c1 "[PATCH] demo: one"
is "$story: not what was sent a year later" "$(past b1)" "a1 (same author and title: demo: one) false"

story "an RFC"
post r0 "[RFC PATCH v3 0/1] demo: all"
post r1 "[RFC PATCH v3 1/1] demo: one" r0
line=new post a0 "[PATCH 0/1] demo: all"
line=new post a1 "[PATCH 1/1] demo: one" a0
line=newer post b1 "[PATCH v2] demo: one"
is "$story before v1" "$(past a1)" "r0 (same author and title: demo: all) false"
is "$story is not what v2 follows" "$(past b1)" "a0 (same author and title: demo: one) false"

story "the same again"
post a0 "[PATCH v2 0/2] demo: all"
post a1 "[PATCH v2 1/2] demo: one" a0
post a2 "[PATCH v2 2/2] demo: two" a0
post b0 "[PATCH v2 RESEND 0/2] demo: all"
post b1 "[PATCH v2 RESEND 1/2] demo: one" b0
post b2 "[PATCH v2 RESEND 2/2] demo: two" b0
is "$story, with the same diffs" "$(past b2)" "a0 (same author and title: demo: all) true"
is "$story: the digest says Exist" "$(value b2 '"\(.outcome) \(.first)"')" "exist a2"
post c1 "[PATCH v2 1/2] demo: one" a0
post c2 "[PATCH v2 2/2] demo: two" a0
is "$story, without a word, in the same thread" "$(past c2)" "a0 (the same change as <a1>) true"
is "$story is a series of its own" "$(value c2 '"\(.series) \(.seen)"')" "c1 2"
line=new post d0 "[PATCH v3 0/2] demo: all"
line=new post d1 "[PATCH v3 1/2] demo: one" d0
post d2 "[PATCH v3 2/2] demo: two" d0
is "$story in part is a reroll" "$(past d1)" "b0 (same author and title: demo: all) false"

story "the revision before, without its cover letter"
post a0 "[PATCH 0/2] demo: all"
post a1 "[PATCH 1/2] demo: one" a0
post a2 "[PATCH 2/2] demo: two" a0
post b1 "[PATCH v2 1/2] demo: one" lost
post b2 "[PATCH v2 2/2] demo: two" lost
post c0 "[PATCH v3 0/2] demo: all"
post c1 "[PATCH v3 1/2] demo: one" c0
is "$story, is nearer than the first one's" "$(past c0)" \
	"lost (same author and title: demo: one) false"

story "trailers"
post a0 "[PATCH 0/2] demo: all"
post a1 "[PATCH 1/2] demo: one" a0
post a2 "[PATCH 2/2] demo: two" a0
reply r0 Bob "Reviewed-by: Bob <bob@list.example>" a0
reply r1 Cay "Acked-by: Cay <cay@list.example>" a0 a1
reply r2 Ada "Thanks." a0 a1 r1
reply r3 Dan "Tested-by: Dan <dan@list.example>" a0 a1 r1 r2
reply r4 "kernel test robot" "Reported-by: kernel test robot <lkp@intel.com>" a0 a1
is "$story of replies to a patch are its own, those to the cover letter all patches'" "$(gave a1)" \
	"Acked-by: Cay <cay>, Reviewed-by: Bob <bob> *, Tested-by: Dan <dan>"
is "$story: another patch" "$(gave a2)" "Reviewed-by: Bob <bob> *"
is "$story: the cover letter" "$(gave a0)" "Reviewed-by: Bob <bob>"
post b0 "[PATCH v2 0/2] demo: all"
post b1 "[PATCH v2 1/2] demo: one" b0
is "$story of the revision before are its own" "$(gave b1)" ""

story "trailers for a cover letter that never came"
post a1 "[PATCH 1/2] demo: one" a0
post a2 "[PATCH 2/2] demo: two" a0
reply r0 Bob "Reviewed-by: Bob <bob@list.example>" a0
is "$story" "$(gave a2)" "Reviewed-by: Bob <bob> *"

story "trailers for patch 1, which is the root"
post a1 "[PATCH 1/2] demo: one"
post a2 "[PATCH 2/2] demo: two" a1
reply r1 Bob "Reviewed-by: Bob <bob@list.example>" a1
is "$story, are its own" "$(gave a1)/$(gave a2)" "Reviewed-by: Bob <bob>/"

# Stable trees: one sender, week after week, as many patches.  More parts than are looked at for one.
story "five series of 400 by one sender"
awk 'BEGIN { for (v = 0; v < 5; v++) for (n = 0; n <= 400; n++) {
	printf "From x@list.example Mon Jan  6 %02d:%02d:%02d 2025\n", 10 + v, n / 60, n % 60
	printf "From: Greg Example <greg@list.example>\nSubject: [PATCH 6.1 %03d/400] demo %d\n", n, v
	printf "Date: Mon, %d Jan 2025 10:%02d:%02d +0000\nMessage-ID: <%d.%d@list.example>\n",
		6 + v, n / 60, n % 60, v, n
	if (n > 0)
		printf "In-Reply-To: <%d.0@list.example>\n", v
	printf "\nWords.\n"
	if (n > 0)
		printf "\n---\n--- a/a.c\n+++ b/a.c\n@@ -1 +1,2 @@\n a\n+%d.%d\n", v, n
	print "" } }' >"$T/stable.mbox"
"$MLDIGEST" -H "$home" import "$T/stable.mbox" >/dev/null
is "$story: each is whole" "$(table | cut -d' ' -f2- | uniq -c | sed 's/^ *//')" "401 0.0 400/400
401 1.0 400/400
401 2.0 400/400
401 3.0 400/400
401 4.0 400/400"
plan
