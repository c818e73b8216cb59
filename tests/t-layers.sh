#!/bin/bash
# The sources keep to DESIGN.md's layers and to the bounds of HACKING.
. "${srcdir:-.}/tests/lib.sh"

cd "$top/src" || skip_all "no sources here"

# Each folder and what it may include from, beside itself.
declare -A may=(
	[base]=""
	[mail]="base"
	[model]="base mail"
	[store]="base mail model"
	[digest]="base mail model store"
	[post]="base mail model store digest"
	[cmd]="base mail model store digest post"
	[.]="base cmd"
)
bad= unknown=
for file in $(find . -name '*.[ch]' | sort); do
	folder=$(basename "$(dirname "$file")")
	if [ -z "${may[$folder]+x}" ]; then
		unknown+="$file"$'\n'
		continue
	fi
	for include in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$file"); do
		[ "$include" = config.h ] && continue
		case " $folder ${may[$folder]} " in
		*" ${include%%/*} "*) ;;
		*) bad+="$file: $include"$'\n' ;;
		esac
	done
done
is "every source stands in a folder of the table" "$unknown" ""
is "no folder includes from its right" "$bad" ""
is "every include names its folder" \
	"$(grep -rnE '^[ \t]*#[ \t]*include[ \t]*"' . | grep -vE '"(config\.h|[a-z]+/[a-z_]+\.h)"')" ""
missing=
for include in $(grep -rhoE '^#include "[a-z]+/[a-z_]+\.h"' . | cut -d'"' -f2 | sort -u); do
	[ -e "$include" ] || missing+="$include "
done
is "every include is there" "$missing" ""
is "config.h comes first, in .c files only" \
	"$(for file in $(find . -name '*.c'); do
		grep -m 1 '^#include' "$file" | grep -q '"config.h"' || echo "$file"
	done; grep -rl --include='*.h' config.h .)" ""

# A library has one owner.
owner() # LIBRARY-HEADER OWNER…
{
	local header=$1
	shift
	is "<$header> is included by its adapter alone" \
		"$(grep -rlE "^[ \t]*#[ \t]*include[ \t]*<$header" . | sed 's|^\./||' |
			grep -vxF "$(printf '%s\n' "$@")")" ""
}
owner gmime/ mail/message.c mail/body.c mail/files.c post/compose.c post/stubs.c
owner 'db\.h' store/env.c store/env_bulk.c store/env_care.c store/env_data.c store/env_rewrite.c store/env_tables.c
owner 'sodium\.h' base/hash.c base/pubkey.c post/sign.c
owner 'jansson' digest/json.c digest/json_digest.c
is "no header of ours shows GMime, Berkeley DB, libsodium or jansson" \
	"$(find . -name '*.h' -exec sed -s 's|/\*.*||; s|^ \*.*||; /^\t/d' {} + | grep -nE 'gmime/|<db\.h>|sodium\.h|jansson|\b(DB_ENV|DB_TXN|DBT|DBC|g_mime_[a-z_]+|json_t|crypto_[a-z_]+)\b')" ""
is "main.c includes no folder but base and cmd" \
	"$(grep -oE '^#include "[a-z]+/' main.c | sort -u | tr -d '\n')" '#include "base/#include "cmd/'

# Bounds.
is "no file has more than 500 lines" "$(find . -name '*.[ch]' -exec wc -l {} + | awk '$2 != "total" && $1 > 500')" ""
is "no function has more than 80 lines" "$(find . -name '*.c' -exec awk '
	FNR == 1 { start = 0 }
	/^{/ { start = FNR }
	/^}/ { if (start && FNR - start > 80) print FILENAME ":" start ": " FNR - start " lines"; start = 0 }
' {} +)" ""
is "no line is longer than 100 columns" "$(find . -name '*.[ch]' -exec awk '
	{ line = $0; gsub(/\t/, "        ", line) } length(line) > 100 { print FILENAME ":" FNR }' {} +)" ""
is "no trailing blanks" "$(grep -rnE --include='*.[ch]' '[ 	]+$' .)" ""

# Headers are what others read.
is "every header says in its first line what it is" \
	"$(for file in $(find . -name '*.h'); do head -n 1 "$file" | grep -q '^/\* ' || echo "$file"; done)" ""
is "every header has its guard" \
	"$(for file in $(find . -name '*.h' | sed 's|^\./||'); do
		guard=MLDIGEST_$(echo "$file" | tr 'a-z/.' 'A-Z__')
		[ "$(grep -c "^#\(ifndef\|define\) $guard\$" "$file")" = 2 ] || echo "$file"
	done)" ""
# A declaration has a comment right above it, or stands in a group that has, or is the
# counterpart of one that has: NAME_release(), NAME_free(), …_close().
is "every declaration in a header has a comment" "$(find . -name '*.h' -exec awk '
	FNR == 1 { commented = depth = continued = 0 }
	/^#/ { next }
	/^$/ { if (depth == 0) commented = 0; next }
	/^\/\*/ { commented = 1 }
	/\/\*/ { inside = 1 }
	inside { if (/\*\//) inside = 0; next }
	/{/ { depth++ }
	depth == 0 && !continued && /^[a-z].*\(/ && !/^(G_DEFINE|struct [a-z_]+ {|typedef)/ {
		if (!commented && !/_(release|free)\(/)
			print FILENAME ":" FNR ": " $0
	}
	depth == 0 { continued = !/;$/ }
	/}/ { depth-- }
' {} +)" ""

# What Makefile.am builds.
cd "$top" || exit 99
is "Makefile.am names every source" "$(for file in $(find src -name '*.[ch]'); do
	grep -qwF "$file" Makefile.am || echo "$file"
done)" ""
plan
