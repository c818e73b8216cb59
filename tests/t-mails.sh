#!/bin/bash
# Real mail's habits, one mail each: tests/mails/NAME.eml gives the section that stands in
# NAME.txt, and, where there is one, the patch list in NAME.list.
. "${srcdir:-.}/tests/lib.sh"

section() # HEADING-REGEX: what stands under it up to the next heading
{
	awk -v heading="$1" '$0 ~ heading { on = 1; next } on && /^=====/ { exit } on'
}

for mail in "$tests"/mails/*.eml; do
	name=$(basename "$mail" .eml)
	home=$T/$name
	run -H "$home" record <"$mail"
	[ $status = 0 ] && [ ! -s "$T/err" ] || point 1 "$name: record" "exit $status" "$(cat "$T/err")"
	"$MLDIGEST" -H "$home" digest --layout classic >"$T/digest" || point 1 "$name: digest"
	sed '1,/^===== Patch Commit Messages ====$/d' "$T/digest" >"$T/entry"
	same_files "$name" "$T/entry" "$tests/mails/$name.txt"
	[ -e "$tests/mails/$name.list" ] || continue
	section '^===== Patch list' <"$T/digest" >"$T/list"
	{ echo; cat "$tests/mails/$name.list"; echo; } >"$T/wanted"
	same_files "$name: the patch list" "$T/list" "$T/wanted"
done

# The tables count whom the patch is by.
table() # NAME
{
	"$MLDIGEST" -H "$T/$1" digest --layout classic |
		sed -n '/^Top .* contributors /,/^=====/p' | grep '<\|@' || true
}
is "tables: the in-body From" "$(table in-body-from)" "      1  Bob Builder <bob@list.example>"
is "tables: the in-body From, encoded" "$(table in-body-from-encoded)" \
	"      1  Björn Builder <bjorn@list.example>"
is "tables: the in-body From, folded" "$(table in-body-from-folded)" \
	"      1  Bartholomäus Maximilian Builder von Beispiel <bartholomaeus.maximilian.builder@list.example>"
is "tables: a name is quoted as RFC 5322 asks" "$(table author-quoted)" \
	'      1  "Example, Ada (Dr.)" <ada@list.example>'
is "tables: a decoded name too" "$(table author-encoded-comma)" '      1  "Müller, Hans" <hans@list.example>'
is "tables: an address without a name" "$(table author-bare)" '      1  ada@list.example'
is "tables: [PATCH 2/N] is counted" "$(table second-of-a-series)" '      1  Ada Example <ada@list.example>'
is "tables: a pull request is counted" "$(table pull-request)" '      1  Ada Example <ada@list.example>'
is "tables: a cover letter is counted" "$(table cover-letter)" '      1  Ada Example <ada@list.example>'
for name in reply-quoting reply-unquoted-diff html-only discussion; do
	is "tables: not counted: $name" "$(table $name)" ""
done

# What explain says of them.
explained() # NAME FIELD
{
	"$MLDIGEST" explain <"$tests/mails/$1.eml" | sed -n "s/^$2  *//p"
}
like "explain: a reply with a diff in it" "$(explained reply-unquoted-diff class)" '^reply \(rule reply'
like "explain: a pull request" "$(explained pull-request class)" '^pull-request? \(rule pull-request|^pull request \(rule pull-request'
like "explain: a tag without a diff" "$(explained tag-without-diff class)" 'rule tag-without-diff'
is "explain: the attached diff's path" "$(explained attached-diff path)" 'demo/a.c +1 -0'
is "explain: the plain diff's path" "$(explained diff-without-git path)" 'demo/a.c +1 -0'
is "explain: base64 and plain are the same diff" "$(explained base64 diff)" "$(explained plain diff)"
is "explain: flowed and plain are the same diff" "$(explained format-flowed diff)" "$(explained plain diff)"
plan
