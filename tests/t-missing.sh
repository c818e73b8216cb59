#!/bin/bash
# log --missing: what others refer to and never came.
. "${srcdir:-.}/tests/lib.sh"

command -v jq >/dev/null || skip_all "no jq"
home=$T/home
"$MLDIGEST" -H "$home" init --title Demo
clock=1736157600

post() # ID SUBJECT [ANSWERED-ID…]
{
	clock=$((clock + 60))
	story_mail "$@" | MLDIGEST_NOW=$clock "$MLDIGEST" -H "$home" record
}

missing() # OPTION…
{
	"$MLDIGEST" -H "$home" log --missing --json "$@" |
		jq -r '"\(.message_id) \(.count) \(.referrer) \(.cover_letter) \(.places)/\(.total)"' |
		sed 's/@list\.example//g'
}

run -H "$home" log --missing
is "nothing is missing where nothing is" "$(cat "$T/out")" ""
post a "[PATCH] demo: one"
post ra "Re: [PATCH] demo: one" a
is "nor where all came" "$(missing)" ""
post rb "Re: [PATCH] demo: two" b
post rb2 "Re: [PATCH] demo: two" b rb
is "what replies name is, once, with how often" "$(missing)" "b 2 rb2 false null/null"
post c1 "[PATCH 1/3] demo: one" c0
post c3 "[PATCH 3/3] demo: three" c0
is "the cover letter, and the patch that n/m implies" "$(missing)" \
	"null 2 c1 false 2/3
c0 2 c3 true null/null
b 2 rb2 false null/null"
run -H "$home" log --missing
is "for people" "$(cat "$T/out")" \
	"2025-01-06    2 Ada Example          [2 of 3 missing] demo: one <c0@list.example>
2025-01-06    2 Ada Example          <c0@list.example> [cover letter] named by <c3@list.example> demo: three
2025-01-06    2 Ada Example          <b@list.example> named by <rb2@list.example> demo: two"
is "-n: the newest" "$(missing -n 1)" "null 2 c1 false 2/3"
is "--range" "$(missing --range "..$("$MLDIGEST" -H "$home" log -n 3 --json | jq -r .id | tail -n 1)")" \
	"b 2 rb2 false null/null"
is "links" "$("$MLDIGEST" -H "$home" log --missing --json | jq -c .link | sort -u)" null
post c2 "[PATCH 2/3] demo: two" c0
post c0 "[PATCH 0/3] demo: all"
post b "[PATCH] demo: two"
is "what comes late is missing no more" "$(missing)" ""
check "check: all is well" "$MLDIGEST" -H "$home" check
run -H "$home" log --missing --class patch
complained "no other choice goes with it" 64 "missing"

plan
