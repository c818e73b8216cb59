#!/bin/bash
# Layout full: what it says of two weeks of synthetic mail (tests/full.py), byte for byte.
# tests/full/ has what is expected; it was read line by line before it was kept.
. "${srcdir:-.}/tests/lib.sh"

export MLDIGEST_NOW=1773648000 MLDIGEST_HOSTNAME=host.example
golden=$tests/full
home=$T/home
mail_home "$home"
sed -i 's|^#archive=.*|archive=https://lists.example/demo/|' "$home/config"
cp "$home/config" "$T/config"
for week in 1 2 3 4 5; do
	python3 "$tests/full.py" $week >"$T/$week.mbox" || point 1 "tests/full.py $week"
done

check "the first week" "$MLDIGEST" -H "$home" import --new "$T/1.mbox"
run -H "$home" digest --layout full
silent "a first issue"
same_files "a first issue: nobody is new, nothing moved" "$T/out" "$golden/issue-1.txt"
check "it is sent" "$MLDIGEST" -H "$home" flush
run -H "$home" digest --layout full
silent "nothing at all"
is "nothing at all: no section" "$(grep -c =====  "$T/out")" 2
check "the second week" "$MLDIGEST" -H "$home" import --new "$T/2.mbox"
run -H "$home" digest --layout full
silent "a second issue"
same_files "a second issue: all sections" "$T/out" "$golden/issue-2.txt"
cp "$T/out" "$T/page"
run -H "$home" digest --layout full --format json
silent "as JSON"
same_files "as JSON: the same" "$T/out" "$golden/issue-2.json"
run -H "$home" digest
same_files "full is the default" "$T/out" "$T/page"
run -H "$home" digest --layout classic
same_files "classic has the same lines" "$T/out" <(
	awk '/^Issue /, /^$/ { next } /^===== / { out = !/Patch/ } !out' "$T/page" |
		grep -vE '^(Link|Message-ID|Previous|First post): ')

# One section at a time: the same lines, and no others.
for name in reviewers series applied pulls bugs announcements discussions; do
	{ cat "$T/config"; printf '[digest]\nlayout=full\nsections=%s\n' $name; } >"$home/config"
	run -H "$home" digest
	silent "sections=$name"
	sed -n '/^=====/,$p' "$T/out" | sed '/^===== Patch list/,$d' >"$T/section"
	heading=$(head -n 1 "$T/section")
	same_files "sections=$name: its lines" "$T/section" <(
		awk -v heading="$heading" '/^===== / { on = $0 == heading } on' "$golden/issue-2.txt")
	point "$(($(grep -c '^=====' "$T/section") != 1))" "sections=$name: one heading"
done
for names in waiting corrections; do
	{ cat "$T/config"; printf '[digest]\nlayout=full\nsections=%s\n' $names; } >"$home/config"
	run -H "$home" digest
	silent "sections=$names: nothing to show"
done
{ cat "$T/config"; printf '[digest]\nlayout=full\nsections=discussions, summary,bugs\n'; } >"$home/config"
run -H "$home" digest
is "sections= says the order; the summary's place is the head" \
	"$(grep -E '^(=====|Issue)' "$T/out")" "$(printf '%s\n' 'Issue 2: 2026-03-09 to 2026-03-10' \
		'===== Discussions =====' '===== Bugs and regressions =====' \
		'===== Patch list in this time period =====' '===== Patch Commit Messages ====')"
{ cat "$T/config"; printf '[digest]\nsections=series, sheep\n'; } >"$home/config"
run -H "$home" digest
complained "an unknown section" 78 'config:[1-9][0-9]*: sections: sheep is none'
{ cat "$T/config"; printf '[digest]\nsections= ,\n'; } >"$home/config"
run -H "$home" digest
complained "no section" 78 'config:[1-9][0-9]*: sections: names no section'
{ cat "$T/config"; printf '[digest]\nmax-bytes=99\n'; } >"$home/config"
run -H "$home" digest
complained "too few bytes" 78 'config:[1-9][0-9]*: max-bytes: must be'
{ cat "$T/config"; printf '[digest]\nlayout=fancy\n'; } >"$home/config"
run -H "$home" digest
complained "an unknown layout" 78 'config:[1-9][0-9]*: layout: must be classic or full'
cp "$T/config" "$home/config"
run -H "$home" digest --layout fancy
complained "--layout" 64 "fancy: neither classic nor full"
run -H "$home" digest --max-bytes 9
complained "--max-bytes" 64 "9: neither a number"
run -H "$home" digest --format fancy
complained "--format" 64 "fancy: none of text, json, mail, mime"

# The names of strangers make no headings.
is "no line of a stranger's begins as a heading does" "$(grep -c '^=====' "$T/page")" 9

# The byte budget.
check "the second issue is sent" "$MLDIGEST" -H "$home" flush
check "the third week" "$MLDIGEST" -H "$home" import --new "$T/3.mbox"
"$MLDIGEST" -H "$home" digest --layout full --max-bytes 0 >"$T/whole"
"$MLDIGEST" -H "$home" digest --layout full >"$T/default"
same_files "what is short enough is left as it is" "$T/default" "$T/whole"
point "$(($(wc -c <"$T/whole") < 30000))" "the third week is long"
for bytes in 25000 18000 14000 12000; do
	run -H "$home" digest --layout full --max-bytes $bytes
	silent "--max-bytes $bytes"
	point "$(($(wc -c <"$T/out") > bytes))" "--max-bytes $bytes: no more than that" "$(wc -c <"$T/out")"
	is "--max-bytes $bytes: no line is cut" \
		"$(grep -vxF -f "$T/whole" "$T/out" | grep -vE '^\[…\]$|^New:  \[PATCH\] demo: lamb [0-9]+  \(.*\)$')" \
		"$(sed -n '/^This page would have/,/--max-bytes 0/p' "$T/out" | grep -v '^$')"
	is "--max-bytes $bytes: it says how many are shortened, and how" \
		"$(sed -n '/^This page would have/,/^  mldigest/p' "$T/out" | tr '\n' ' ' |
			grep -oE '[0-9]+ to (their|a|nothing)' | awk '{ sum += $1 } END { print sum }')" \
		"$((40 - $(grep -cx 'Line 7 of lamb [0-9]* says nothing that is new.' "$T/out")))"
	check "--max-bytes $bytes: it says how to see all" grep -qx \
		'  mldigest digest --issue 3 --max-bytes 0' "$T/out"
done
run -H "$home" digest --layout full --max-bytes 19500
check "newcomers' first patches are the last to be shortened" \
	grep -qx 'Line 7 of lamb 7 says nothing that is new.' "$T/out"
run -H "$home" digest --layout full --max-bytes 20000
check "before them, what was answered" grep -qx 'Line 7 of lamb 3 says nothing that is new.' "$T/out"
check "an older one is shortened before a newer one" grep -qx 'Line 7 of lamb 39 says nothing that is new.' "$T/out"
is "the oldest is shortened" "$(grep -cx 'Line 7 of lamb 0 says nothing that is new.' "$T/out")" 0

# The notice of an issue names what gives the whole of it, whatever the config has become.
{ cat "$T/config"; printf '[digest]\nmax-bytes=14000\n'; } >"$home/config"
check "a page too long is sent" "$MLDIGEST" -H "$home" flush
cp "$T/config" "$home/config"
sed -i 's/^#layout=.*/layout=classic/' "$home/config"
mail_text "$home.mail/sent.2" >"$T/sent"
is "it names the command" "$(grep '^  mldigest' "$T/sent")" "  mldigest digest --issue 3 --max-bytes 0"
same_files "a shortened page" "$T/sent" "$golden/short.txt"
run -H "$home" digest --issue 3
same_files "--issue: the page as it was sent" "$T/out" "$T/sent"
run -H "$home" digest --issue 3 --max-bytes 0
silent "--issue --max-bytes 0"
same_files "--issue --max-bytes 0: all of it, but for what waited" "$T/out" <(
	sed '/^===== Waiting/,/^===== /{ /^===== Waiting/d; /^===== /!d; }' "$T/whole")
run -H "$home" digest --issue 3 --layout classic
is "--issue --layout classic: the page in that layout" \
	"$(grep -cE '^(Link|Issue|===== Series)' "$T/out")+$(grep -c '^New:' "$T/out")" 0+40
run -H "$home" digest --issue 3 --layout full --format json
is "--issue --layout --format json" "$(jq .summary.issue "$T/out")" 3
run -H "$home" digest --issue 3 --max-bytes 0 --format mail
complained "--issue --max-bytes --format mail" 64 "no mail"
check "a range that is no issue's is named by its ids" grep -qx \
	'  mldigest digest --layout full --max-bytes 0 --range [0-9a-f]*\.\.[0-9a-f]*' <(
	"$MLDIGEST" -H "$home" digest --since 2026-03-01 --max-bytes 20000)
run -H "$home" digest --issue 4 --max-bytes 0
complained "--issue --max-bytes of none" 66 "no issue 4"

# Each kind of row.
home=$T/rows
mail_home "$home"
cp "$T/config" "$home/config"
sed -i "s|$T/home.sendmail|$home.sendmail|" "$home/config"
check "the fourth week" "$MLDIGEST" -H "$home" import --new "$T/4.mbox"
check "it is sent" "$MLDIGEST" -H "$home" flush
check "a class is corrected" "$MLDIGEST" -H "$home" reclass wrong@mail.example reply --why "it is hay"
check "the fifth week" "$MLDIGEST" -H "$home" import --new "$T/5.mbox"
run -H "$home" digest
silent "each kind of row"
sed -i 's/is reply (.*: it is hay)/is reply (WHO: it is hay)/' "$T/out"
same_files "each kind of row: as expected" "$T/out" "$golden/rows.txt"

is "what waits, as JSON, is what log says" \
	"$("$MLDIGEST" -H "$home" digest --format json | jq -c '.waiting[]')" \
	"$("$MLDIGEST" -H "$home" log --waiting --json | jq -c .)"

# Replies are content, as all is that a section shows; what programs found in trees is not enough.
home=$T/replies
mail_home "$home"
patch_mail 1 | "$MLDIGEST" -H "$home" record
check "a patch is sent" "$MLDIGEST" -H "$home" flush
"$MLDIGEST" -H "$home" subscriber add text@list.example
"$MLDIGEST" -H "$home" subscriber add --format mime mime@list.example
sent()
{
	find "$home.mail" -name 'sent.*' | wc -l
}
sed 's/^From: .*/From: kernel test robot <lkp@intel.com>/; s/^Message-ID: .*/Message-ID: <lkp@x>/' \
	<(reply_mail 1) | "$MLDIGEST" -H "$home" record
run -H "$home" flush
silent "a robot's report alone"
is "a robot's report alone is no issue" "$(sent)" 1
reply_mail 1 | "$MLDIGEST" -H "$home" record
run -H "$home" flush --dry-run --min-messages 2
is "--min-messages counts it" "$(cat "$T/out")" "Not yet: 1 new, the first of them came at 2026-03-16 08:00 UTC"
printf '[digest]\nsections=summary, waiting, pulls, corrections\n' >"$T/sections"
cat "$home/config" "$T/sections" >"$T/config.new"
cp "$home/config" "$T/config.old" && cp "$T/config.new" "$home/config"
run -H "$home" flush
is "no issue where no section shows it" "$(sent)" 1
cp "$T/config.old" "$home/config"
run -H "$home" flush
silent "a reply alone"
is "a reply alone is an issue, for text and mime" "$(sent)" 3
mail_text "$home.mail/sent.1" >"$T/text"
is "a reply alone: it is counted" "$(sed -n '/^Issue/,/^$/p' "$T/text" | head -n 3)" \
	"Issue 2: 2026-03-16
2 messages
1 reply by 1 person"
like "a reply alone: in the subject, its day" "$(cat "$home.mail/sent.1")" 'issue 2, 2026-03-16'
run -H "$home" flush
is "and once" "$(sent)" 3
for subject in "[BUG] demo: it hangs" "[ANNOUNCE] demo 2.0" "demo: How many sheep are too many?"; do
	before=$(sent)
	plain=1 at=$MLDIGEST_NOW body="I would like to hear what demo@list.example thinks of sheep." \
		story_mail "n$before" "$subject" | "$MLDIGEST" -H "$home" record
	"$MLDIGEST" -H "$home" flush
	is "an issue of its own: $subject" "$(($(sent) - before))" 2
done

# A page is no longer than it shall be, whatever it is made of.
home=$T/many
"$MLDIGEST" -H "$home" init --title Demo
sed 's/^>*From mboxrd/From mboxrd/' "$T/1.mbox" >"$T/first.mbox"
"$MLDIGEST" -H "$home" import "$T/first.mbox"
python3 "$tests/full.py" flood >"$T/many.mbox"
check "a flood" "$MLDIGEST" -H "$home" import --new "$T/many.mbox"
"$MLDIGEST" -H "$home" digest --max-bytes 0 >"$T/whole"
for bytes in 400000 200000 100000 60000 30000 15000 10000; do
	run -H "$home" digest --max-bytes $bytes
	silent "a flood in $bytes"
	point "$(($(wc -c <"$T/out") > bytes))" "a flood in $bytes: no more than that" "$(wc -c <"$T/out")"
	is "a flood in $bytes: no line is cut" \
		"$(sed '/^This page would have/,/--max-bytes 0/d' "$T/out" | grep -vxF -f "$T/whole" |
			grep -vE '^\[…\]$|^New:  \[.*\)$|^  … and [0-9]+ more$|^Top [0-9]+ contributor')" ""
	is "a flood in $bytes: what is left out of the list is counted" \
		"$(sed -n '/^===== Patch list/,/^=====.*====$/s/^  … and \([0-9]*\) more$/\1/p' "$T/out")" \
		"$(tr '\n' ' ' <"$T/out" | grep -oE '[0-9]+ rows? of the patch list' | cut -d' ' -f1)"
	grep -q '^  \[PATCH [0-9]*/120\]' "$T/out" && ! grep -q '^  \[PATCH\] demo: a first post ' "$T/out"
	point $(($? == 0)) "a flood in $bytes: newcomers' rows are the last to go"
done
run -H "$home" digest --max-bytes 30000
like "a flood: it says what is left out" "$(tr '\n' ' ' <"$T/out")" \
	'Left out: [0-9]+ rows of the patch list, '

# A flood of trailers counts for so much, and no more.
home=$T/flood
"$MLDIGEST" -H "$home" init --title Demo
python3 - >"$T/flood.mbox" <<'END'
head = """From mboxrd@z Mon Mar  9 10:00:00 2026
From: %s <%s@list.example>
To: demo@list.example
Subject: %s
Date: Mon, 9 Mar 2026 10:00:00 +0000
Message-ID: <%s@list.example>
In-Reply-To: <c0@list.example>
References: <c0@list.example>

"""
for n in range(21):
    print(head % ("Ada", "ada", "[PATCH %d/20] demo: part %d" % (n, n), "c%d" % n) + "Words.\n")
    if n:
        print("---\n f%d | 1 +\n 1 file changed, 1 insertion(+)\n\ndiff --git a/f%d b/f%d\n--- a/f%d\n"
              "+++ b/f%d\n@@ -1 +1,2 @@\n a\n+b\n" % ((n,) * 5))
for n in range(60):
    print(head % ("Ben", "ben", "Re: [PATCH 0/20] demo: part 0", "r%d" % n) + "> Words.\n")
    for i in range(500):
        print("Reviewed-by: R%d E%d <r%d@r%d.example>" % (n, i, i, n))
    print()
END
check "a flood of trailers" "$MLDIGEST" -H "$home" import --new "$T/flood.mbox"
run -H "$home" digest --format json
is "a reply gives no more than 50, a posting gets no more than 200" "$(jq -c '[.series[0].tags["Reviewed-by"].count,
	(.reviewers | length), ([.reviewers[] | .["Reviewed-by"]] | add), .series[0].replies]' "$T/out")" \
	"[4000,201,4000,60]"

# What comes behind the issue that had its series.
rm -rf "$home" && mail_home "$home"
part() # N OF
{
	patch_mail "$1" "[PATCH $1/$2] demo: part $1" | sed "/^Subject/a In-Reply-To: <late-0@list.example>"
}
part 1 3 | "$MLDIGEST" -H "$home" record
patch_mail 9 | "$MLDIGEST" -H "$home" record
check "an issue with a part of a series" "$MLDIGEST" -H "$home" flush
part 3 3 | "$MLDIGEST" -H "$home" record
sed 's/^Subject:.*/Subject: [PATCH 0\/3] demo: the whole/; s/^Message-ID:.*/Message-ID: <late-0@list.example>/; /^diff/,$d' \
	< <(patch_mail 0) | "$MLDIGEST" -H "$home" record
check "a class is corrected" "$MLDIGEST" -H "$home" reclass patch-9@list.example reply --why "it answers"
"$MLDIGEST" -H "$home" digest --layout full >"$T/out"
is "corrections: what came late, and what was reclassed" \
	"$(sed -n '/^===== Corrections/,/^===== Patch list/p' "$T/out" | sed '$d; s/(.*: it/(WHO: it/')" \
	"===== Corrections =====

  demo: the whole
    its cover letter came now; 1 part was shown before
  demo: the whole
    patch 3 of 3 came now; 2 of 3 are here
  demo: change number 9
    was shown as patch, is reply (WHO: it answers)"
is "corrections as JSON" "$("$MLDIGEST" -H "$home" digest --layout full --format json | jq -r '.corrections[].kind' | tr '\n' ' ')" \
	"late-cover late-parts reclassed "
plan
