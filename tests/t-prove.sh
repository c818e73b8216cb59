#!/bin/bash
# The proof programs, devel/prove: they agree where git and we agree, and say where not.
. "${srcdir:-.}/tests/lib.sh"

command -v git >/dev/null || skip_all "no git"
python3 -c 'import json, email.parser' 2>/dev/null || skip_all "no python3 with json and email"

prove=$top/devel/prove/prove
sample=$top/devel/prove/sample
archive=$T/archive.git
seconds=1736157600

# Adds the mail on standard input to the archive $archive, as public-inbox v2 does.
put()
{
	local tree commit parent
	[ -d "$archive" ] || git init -q --bare -b master "$archive"
	tree=$(printf '100644 blob %s\tm\n' "$(git -C "$archive" hash-object -w --stdin)" |
		git -C "$archive" mktree)
	parent=$(git -C "$archive" rev-parse -q --verify master)
	seconds=$((seconds + 60))
	commit=$(GIT_COMMITTER_DATE="$seconds +0000" GIT_AUTHOR_DATE="$seconds +0000" \
		git -C "$archive" commit-tree ${parent:+-p "$parent"} -m mail "$tree")
	git -C "$archive" update-ref refs/heads/master "$commit"
}

# A patch of a series; its diff is NAME's own.
series_mail() # NAME SUBJECT [PARENT]
{
	cat <<-END
		From: Ser Ies <${author:-series}@list.example>
		Subject: $2
		Date: $(LC_ALL=C date -u -d "@$seconds" '+%a, %d %b %Y %H:%M:%S +0000')
		Message-ID: <$1@list.example>
		${3:+In-Reply-To: <$3@list.example>
		References: <$3@list.example>
		}List-Id: <demo.list.example>

		What $1 is for.

		Signed-off-by: Ser Ies <series@list.example>
	END
	[[ $2 == *" 0/"* ]] || cat <<-END
		---
		 s/$1.c | 1 +
		 1 file changed, 1 insertion(+)

		diff --git a/s/$1.c b/s/$1.c
		--- a/s/$1.c
		+++ b/s/$1.c
		@@ -1,2 +1,3 @@
		 a
		+line of $1
		 b
		-- 
		2.43.0
	END
}

encoded_mail() # a name, a title and a text in other charsets; an in-body From; a rename
{
	cat <<-'END'
		From: =?utf-8?Q?Ren=C3=A9?= Relay <relay@list.example>
		Subject: [PATCH v2] =?iso-8859-1?Q?Gr=FC=DFe?= to the demo
		Date: Mon, 6 Jan 2025 10:00:00 +0000
		Message-ID: <encoded@list.example>
		MIME-Version: 1.0
		Content-Type: text/plain; charset=iso-8859-1
		Content-Transfer-Encoding: quoted-printable

		From: =3D?utf-8?Q?J=3DC3=3DBCrgen?=3D Author <author@list.example>

		Gr=FC=DFe, in a line that quoted-printable has to break because it is =
		longer than that.

		Fixes: 123456789012 ("demo")
		Signed-off-by: J=FCrgen Author <author@list.example>
		---
		v2: another name

		 demo/{old.c =3D> new.c} | 2 +-
		 1 file changed, 1 insertion(+), 1 deletion(-)
		 rename demo/{old.c =3D> new.c} (50%)

		diff --git a/demo/old.c b/demo/new.c
		similarity index 50%
		rename from demo/old.c
		rename to demo/new.c
		index 1111111..2222222 100644
		--- a/demo/old.c
		+++ b/demo/new.c
		@@ -1,3 +1,3 @@
		 a
		-b
		+c
		 d
	END
}

bare_mail() # a commit message of nothing but trailers; a whole mail pasted behind its `---`
{
	cat <<-'END'
		From: Ser Ies <series@list.example>
		Subject: [PATCH] demo: say it in the title
		Date: Mon, 6 Jan 2025 10:00:00 +0000
		Message-ID: <bare@list.example>

		Signed-off-by: Ser Ies <series@list.example>
		---
		From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
		From: Ser Ies <series@list.example>
		Subject: [PATCH] demo: say it in the title

		Twice.
		---
		 demo/bare.c | 2 +-
		 1 file changed, 1 insertion(+), 1 deletion(-)

		diff --git a/demo/bare.c b/demo/bare.c
		--- a/demo/bare.c
		+++ b/demo/bare.c
		@@ -1 +1 @@
		-b
		+c
	END
}

flowed_mail() # lines that the mail program wrapped and stuffed
{
	cat <<-'END'
		From: Ser Ies <series@list.example>
		Subject: [PATCH] demo: flow
		Date: Mon, 6 Jan 2025 10:00:00 +0000
		Message-ID: <flowed@list.example>
		MIME-Version: 1.0
		Content-Type: text/plain; charset=us-ascii; format=flowed

		The words go on 
		in the next line.

		Signed-off-by: Ser Ies 
		<series@list.example>
		---
		  demo/flowed.c | 2 +-
		  1 file changed, 1 insertion(+), 1 deletion(-)

		diff --git a/demo/flowed.c 
		b/demo/flowed.c
		--- a/demo/flowed.c
		+++ b/demo/flowed.c
		@@ -1,3 +1,3 @@
		  a
		-b is 
		long
		+c is 
		longer
		  d
	END
}

# Row CHECK of the table in $T/out: compared, agree, disagree, explained.
row() # CHECK
{
	sed -n "s/^$1  *\([0-9]*\) *\([0-9]*\) *[0-9.]* *\([0-9]*\) *\([0-9]*\) .*/\1 \2 \3 \4/p" "$T/out"
}

proves() # ARGUMENT…: leaves table and disagreements in $T/out
{
	"$prove" --mldigest "$MLDIGEST" --jobs 2 "$@" >"$T/out" 2>"$T/err"
	status=$?
}

python3 "$tests/archive.py" v2 1 5 >"$T/stream"
git init -q --bare -b master "$archive"
git -C "$archive" fast-import --quiet <"$T/stream"
encoded_mail | put
bare_mail | put
flowed_mail | put
series_mail c0 "[PATCH 0/2] with a cover" | put
series_mail c1 "[PATCH 1/2] one" c0 | put
series_mail c2 "[PATCH 2/2] two" c0 | put
series_mail l1 "[PATCH v2 1/2] late one" l0 | put
series_mail l2 "[PATCH v2 2/2] late two" l0 | put
series_mail l0 "[PATCH v2 0/2] with a late cover" | put
series_mail n1 "[PATCH 1/3] without, one" | put
series_mail n2 "[PATCH 2/3] without, two" n1 | put
series_mail n3 "[PATCH 3/3] without, three" n2 | put
series_mail u1 "[PATCH 1/4] loose one" | put
series_mail u2 "[PATCH 2/4] loose two" | put
series_mail u3 "[PATCH 3/4] loose three" | put
series_mail u4 "[PATCH 4/4] loose four" | put
author=mis series_mail m0 "[PATCH 0/3] one less" | put
author=mis series_mail m1 "[PATCH 1/2] one less, one" m0 | put
author=mis series_mail m2 "[PATCH 2/2] one less, two" m0 | put
series_mail p0 "[PATCH 0/3] in part" | put
series_mail p1 "[PATCH 1/3] in part, one" p0 | put
series_mail p3 "[PATCH 3/3] in part, three" p0 | put
reply_mail 1 | put

"$MLDIGEST" -H "$T/home" import "$archive" >/dev/null
"$MLDIGEST" -H "$T/home" log --json >"$T/log" || exit 99

proves "$archive"
silent "an archive: nothing to complain of"
for check in "author name" "author address" title "commit message" "patches found" numstat \
	"patch id"; do
	is "$check: every patch, and all agree" "$(row "$check")" "23 23 0 0"
done
is "trailers: those that have any" "$(row trailers)" "18 18 0 0"
is "a series with its cover" "$(row "series, with cover")" "1 1 0 0"
is "a series whose cover came late" "$(row "series, late cover")" "1 1 0 0"
is "a series without a cover, chained" "$(row "series, no cover")" "1 1 0 0"
is "a series without a thread" "$(row "series, not threaded")" "1 1 0 0"
is "a series whose cover says another total" "$(row "series, misnumbered")" "1 1 0 0"
is "a series that is here in part" "$(row "series, in part")" "1 1 0 0"

# What we say is not so: every check has to notice.
edit() # MESSAGE-ID PYTHON: the log with that record (r) changed; d is another's diff id
{
	python3 -c '
import json, sys
records = [json.loads(line) for line in open(sys.argv[1])]
for r in records:
    if r["message_id"] == sys.argv[2]:
        d = [o for o in records if o.get("diff_id") and o is not r][0]["diff_id"]
        exec(sys.argv[3])
    print(json.dumps(r))' "$T/log" "$1@list.example" "$2" >"$T/edited"
}

notices() # CHECK MESSAGE-ID PYTHON: with --only $only
{
	edit "$2" "$3"
	proves --log "$T/edited" --only "$only" "$archive"
	like "$1: a wrong one is noticed" "$(row "$1")" '^[0-9]+ [0-9]+ [1-9][0-9]* 0$'
	like "$1: and named" "$(cat "$T/out")" "==== $1 ====.*<$2@list.example>"
}
only=mailinfo
notices "author name" encoded 'r["patch_author"]["name"] = "Rene"'
notices "author address" encoded 'r["patch_author"]["address"] = "relay@list.example"'
notices "title" encoded 'r["title"] = "Gruesse to the demo"'
notices "commit message" encoded 'r["text"] = r["text"].replace("Gr\u00fc\u00dfe", "Gr??e")'
only=trailers
notices "trailers" encoded 'del r["trailers"][0]'
only=numstat
notices "patches found" encoded 'r["class"] = "other"'
notices "numstat" encoded 'r["paths"][0]["added"] += 1'
only=patchid
notices "patch id" c1 'r["diff_id"] = d'
only=series
notices "series, with cover" c2 'r["series"] = "c2@list.example"'
notices "series, late cover" l2 'r["series"] = None'
notices "series, no cover" n3 'r["series"] = "u1@list.example"'
notices "series, not threaded" u3 'r["series"] = "u3@list.example"'
notices "series, misnumbered" m0 'r["series"] = None'
notices "series, in part" p0 'r["seen"] = 3'
notices "series, with cover" c0 'r["seen"] = 1'
notices "series, no cover" n2 'r["seen"] = 4'

# The other options.
edit encoded 'r["title"] = "Other"'
printf '%s\ttitle\tread, and git is wrong\n' encoded@list.example >"$T/known"
proves --log "$T/edited" --known "$T/known" --only mailinfo --output "$T/list" "$archive"
is "--known: explained, and still a disagreement" "$(row title)" "23 22 1 1"
like "--known: with its reason" "$(cat "$T/list")" "explained: read, and git is wrong"
is "--only: no other check" "$(row numstat)" ""
proves --range "$(git -C "$archive" rev-parse master~27)..$(git -C "$archive" rev-parse master~22)" \
	--only mailinfo "$archive"
is "--range: these commits alone" "$(row title)" "5 5 0 0"

cat >"$T/labels" <<-'END'
	# the labels of this test
	<encoded@list.example>	patch	a remark
	c0@list.example	cover-letter
	c1@list.example	discussion	wrong
	reply-1@list.example	reply
END
proves --only classes "$archive" "$T/labels"
is "classes: overall" "$(row classes)" "4 3 1 0"
like "classes: the wrong one" "$(cat "$T/out")" "<c1@list.example>  patch, not discussion"

mkdir -p "$T/v2/git" && cp -r "$archive" "$T/v2/git/1.git"
git init -q --bare -b master "$T/v2/git/0.git"
python3 "$tests/archive.py" v2 6 8 | git -C "$T/v2/git/0.git" fast-import --quiet
proves --only numstat "$T/v2"
is "a directory of epochs" "$(row numstat)" "26 26 0 0"
mkdir -p "$T/later/git" && cp -r "$T/v2/git/1.git" "$T/later/git/7.git"
proves --only numstat "$T/later"
is "the newest epoch alone" "$(row "numstat")" "23 23 0 0"
git init -q --bare -b master "$T/v1.git"
python3 "$tests/archive.py" v1 1 4 | git -C "$T/v1.git" fast-import --quiet
proves --only patchid "$T/v1.git"
is "version 1" "$(row "patch id")" "4 4 0 0"

proves --only mailinfo "$T/v2/git"
is "epochs are found from git/, too" "$(row title)" "26 26 0 0"
proves "$T"
is "no archive: status" "$status" 1
is "no archive: one line" "$(cat "$T/err")" "prove: $T: not a public-inbox git directory"

# The hard mails of t-mails.sh: where git takes a charset at its word, we know better.
archive=$T/mails.git
for mail in "$tests"/mails/*.eml; do put <"$mail"; done
cat >"$T/known" <<-'END'
	mail-22@list.example	title	windows-1252 that is called iso-8859-1
	mail-22@list.example	commit message	the same
	mail-23@list.example	commit message	windows-1252 without a charset
	mail-75@list.example	commit message	the list's words around the message that it wrapped
END
proves --known "$T/known" "$archive"
for check in "author name" "author address" title "commit message" trailers "patches found" numstat \
	"patch id"; do
	like "hard mails: $check" "$(row "$check")" '^[1-9][0-9]+ [0-9]+ ([0-3]) \1$'
done
is "hard mails: no more is known than is so" "$(grep -c explained: "$T/out")" 6

# A git that refuses a mail closes its end before all of it is written.
archive=$T/refused.git
{
	series_mail big "[PATCH] big" | sed 's/^List-Id/Content-Type: text\/plain; charset=x-none\nContent-Transfer-Encoding: 8bit\n&/; s/^What/Gr\xc3\xbc\xc3\x9fe, what/'
	yes 'more of it' | head -c 500000
} | put
patch_mail 1 | put
proves --only mailinfo --output "$T/list" "$archive"
silent "what git refuses"
is "what git refuses is in a column of its own" \
	"$(row "commit message") $(grep -c "git refuses: error: cannot convert" "$T/list")" "1 1 0 0 1"

# Whose cover letter is elsewhere has that for its root, or patch 1.
archive=$T/chain.git
series_mail k1 "[PATCH 1/2] chained to what is elsewhere, one" k0 | put
series_mail k2 "[PATCH 2/2] chained to what is elsewhere, two" k1 | put
proves --only series "$archive"
is "a chain whose cover is elsewhere" "$(row "series, no cover")" "1 1 0 0"

# The sample.
archive=$T/archive.git
drawn()
{
	"$sample" --mldigest "$MLDIGEST" "$@"
}
drawn --total 10 --per-class 2 "$archive" >"$T/drawn"
is "sample: so many" "$(sort -u "$T/drawn" | wc -l)" 10
drawn --total 10 --per-class 2 "$T/log" >"$T/drawn2"
same_files "sample: the same from a log" "$T/drawn2" "$T/drawn"
tac "$T/log" | drawn --total 10 --per-class 2 /dev/stdin >"$T/drawn2"
same_files "sample: the same in any order" "$T/drawn2" "$T/drawn"
is "sample: of the rare classes, too" \
	"$(grep -cE '^(reply-1|[clmp]0)@' "$T/drawn")" 3
drawn --total 10 --per-class 2 --seed 2 "$archive" >"$T/drawn2"
check "sample: another seed, another choice" test "$(sort "$T/drawn")" != "$(sort "$T/drawn2")"
is "sample: all, where that is not more than asked" "$(drawn "$archive" | wc -l)" 28

plan
