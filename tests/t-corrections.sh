#!/bin/bash
# What an issue has to correct in those before it.
. "${srcdir:-.}/tests/lib.sh"

print=$PWD/tests/unit/corrections-print
home=$T/home
"$MLDIGEST" -H "$home" init --title Demo
clock=1736157600

post() # ID SUBJECT [ANSWERED-ID…]
{
	clock=$((clock + 60))
	story_mail "$@" | MLDIGEST_NOW=$clock "$MLDIGEST" -H "$home" record
}

corrections() # FIRST LAST [BEFORE]
{
	"$print" "$home" "$1" "$2" "${3:-0}" | sed 's/@list\.example//g'
}

post a1 "[PATCH 1/4] demo: one" a0
post a2 "[PATCH 2/4] demo: two" a0
post b "[PATCH] demo: alone"
is "the first issue has nothing to correct" "$(corrections 0 3)" ""
post a0 "[PATCH 0/4] demo: all"
post c1 "[PATCH 1/2] demo: new" c0
post c0 "[PATCH 0/2] demo: cover"
is "a cover letter that came late, not one that came in its time" "$(corrections 3 6)" \
	"cover a0 of a0: demo: all (-), 2 of 4, 2 before"
post a3 "[PATCH 3/4] demo: three" a0
post a4 "[PATCH 4/4] demo: four" a0
post c2 "[PATCH 2/2] demo: late" c0
is "patches that came late, those of a series once" "$(corrections 6 9)" \
	"parts a3 of a0: demo: all (3-4), 4 of 4, 3 before
parts c2 of c0: demo: cover (2), 2 of 2, 2 before"
is "both at once" "$(corrections 2 9)" "cover a0 of a0: demo: all (-), 4 of 4, 2 before
parts a3 of a0: demo: all (3-4), 4 of 4, 2 before"
is "an issue without a correction" "$(corrections 9 9)" ""
is "what came behind the issue is the next one's" "$(corrections 3 4)" \
	"cover a0 of a0: demo: all (-), 4 of 4, 2 before"

MLDIGEST_NOW=1736160000 "$MLDIGEST" -H "$home" reclass b@list.example other --why "a test"
MLDIGEST_NOW=1736160001 "$MLDIGEST" -H "$home" reclass c2@list.example other
is "a class that was corrected since" "$(corrections 8 8 1736160000)" \
	"class b of -: demo: alone (-), 0 of 0, 0 before; other was patch: a test"
is "not one that the issue before knew" "$(corrections 8 8 1736160001)" ""
is "the latest first" "$(corrections 9 9 0 | cut -c1-9)" "class c2 
class b o"
"$MLDIGEST" -H "$home" reclass b@list.example --undo
is "not one that was taken back" "$(corrections 8 8 0)" ""

plan
