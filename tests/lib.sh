# What the shell tests share.  Sourced by tests/t-*.sh; prints TAP for automake's driver.
#
# From the environment: srcdir, the source tree's root; MLDIGEST, the program to test
# (./mldigest).  Here: $T, a directory of this test's own that goes away at its end, $top,
# the source tree, and no trace of the caller's own homes, locale and time zone.
set -u
# `mail | run record` leaves its status here.
shopt -s lastpipe

top=$(cd "${srcdir:-.}" && pwd) || exit 99
tests=$top/tests
shared=$top/../shared
MLDIGEST=${MLDIGEST:-$PWD/mldigest}
T=$(mktemp -d "${TMPDIR:-/tmp}/mldigest-test.XXXXXX") || exit 99
HOME=$T/user
LC_ALL=C.UTF-8
TZ=UTC0
export HOME LC_ALL TZ MLDIGEST
# With a sanitizer in it (clang has it in no library of its own) or under valgrind the program needs
# several times the memory and time, and has an allocator that is not ours to disturb.
sanitized=
if grep -qF __asan_init "$MLDIGEST" || head -c 200 "$MLDIGEST" | grep -aqF valgrind; then
	sanitized=1
fi
unset MLDIGEST_HOME MLDIGEST_NOW MLDIGEST_HOSTNAME LD_PRELOAD EMAIL
unset "${!GIT_@}" "${!SHIM_@}"
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@list.example
export GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@list.example
mkdir "$HOME"
umask 022

points=0 mounts=()

lib_end()
{
	local mount
	for mount in "${mounts[@]}"; do
		umount "$mount" 2>/dev/null
	done
	chmod -R u+rwX "$T" 2>/dev/null
	rm -rf "$T"
}
trap lib_end EXIT
trap 'exit 1' HUP INT TERM

# One point of TAP.  RESULT is 0 for ok; what follows is shown when it is not.
point() # RESULT NAME [NOTE…]
{
	local result=$1 name=$2
	shift 2
	points=$((points + 1))
	if [ "$result" = 0 ]; then
		echo "ok $points - $name"
	else
		echo "not ok $points - $name"
		printf '%s\n' "$@" | head -n 60 | sed 's/^/# /'
	fi
}

# Several at once would all be counted.
skip() # NAME REASON
{
	points=$((points + 1))
	echo "ok $points - $1 # SKIP $2"
}

skip_all() # REASON
{
	echo "1..0 # SKIP $1"
	exit 0
}

plan()
{
	echo "1..$points"
}

check() # NAME COMMAND…
{
	local name=$1 said
	shift
	said=$("$@" 2>&1)
	point $? "$name" "failed: $*" "$said"
}

is() # NAME GOT WANT
{
	if [ "$2" = "$3" ]; then
		point 0 "$1"
	else
		point 1 "$1" "$(diff <(printf '%s\n' "$3") <(printf '%s\n' "$2") |
			sed '1i wanted <, got >')"
	fi
}

like() # NAME TEXT EXTENDED-REGEX (anywhere in it)
{
	[[ $2 =~ $3 ]]
	point $? "$1" "got:    $2" "wanted: $3"
}

same_files() # NAME GOT WANT
{
	if cmp -s "$2" "$3"; then
		point 0 "$1"
	else
		point 1 "$1" "$(diff -u "$3" "$2" 2>&1)"
	fi
}

# Runs mldigest with standard input as it is; leaves its exit status in $status and what it
# said in $T/out and $T/err.
run() # ARGUMENT…
{
	"$MLDIGEST" "$@" >"$T/out" 2>"$T/err"
	status=$?
}

# After run: the documented exit, and exactly one line for people that says MATCH.
complained() # NAME STATUS EXTENDED-REGEX
{
	local lines bad=0
	lines=$(wc -l <"$T/err")
	[ "$status" = "$2" ] || bad=1
	[ "$lines" = 1 ] || bad=1
	grep -qE '^mldigest: ' "$T/err" || bad=1
	grep -qE -- "$3" "$T/err" || bad=1
	point $bad "$1" "exit $status, wanted $2" "$lines lines on stderr, wanted 1 like: $3" \
		"$(head -c 2000 "$T/err")"
}

# After run: all is well and nothing was said.
silent() # NAME
{
	local bad=0
	[ "$status" = 0 ] && [ ! -s "$T/err" ] || bad=1
	point $bad "$1" "exit $status" "$(head -c 2000 "$T/err")"
}

# Waits, 5 s at most, until COMMAND is true.
wait_for() # COMMAND…
{
	local i
	for ((i = 0; i < 250; i++)); do
		"$@" && return 0
		sleep 0.02
	done
	return 1
}

# A mail of the kind the tests need most: patch N with its own diff.
patch_mail() # N [SUBJECT]
{
	cat <<-END
		From: Ada Example <ada@list.example>
		To: kvm@list.example
		Subject: ${2:-[PATCH] demo: change number $1}
		Date: Mon, 6 Jan 2025 10:00:00 +0000
		Message-ID: <patch-$1@list.example>
		List-Id: <kvm.list.example>

		Change number $1 of the demo.

		Signed-off-by: Ada Example <ada@list.example>
		---
		 demo/file$1.c | 1 +
		 1 file changed, 1 insertion(+)

		diff --git a/demo/file$1.c b/demo/file$1.c
		index 1111111..2222222 100644
		--- a/demo/file$1.c
		+++ b/demo/file$1.c
		@@ -1,2 +1,3 @@
		 a
		+line $1
		 b
		-- 
		2.43.0
	END
}

# An mbox of COUNT such patches, PREFIX0 and on, of 18 kB each.  By one process: see t-backup.sh.
patch_mbox() # PREFIX COUNT
{
	patch_mail NUMBER | sed "/^Change/r $top/COPYING" | python3 -c 'import sys
mail = sys.stdin.read()
for number in range(int(sys.argv[2])):
    print("From a Mon Jan  6 10:00:00 2025\n" + mail.replace("NUMBER", sys.argv[1] + str(number)))' "$1" "$2"
}

# A mail to the list, as it tells a story: $clock is its Date, or $at; $body is what it says.  It comes from
# $from; a patch has a diff that adds $line to $file, a cover letter, a reply and what is $plain none.
story_mail() # ID SUBJECT [ANSWERED-ID…]
{
	local id=$1 subject=$2
	local title=${subject##*\] }
	local path=${file:-${title// /-}.c}
	shift 2
	printf 'From: %s\n' "${from:-Ada Example <ada@list.example>}"
	printf '%s\n' "To: demo@list.example" "List-Id: <demo.list.example>"
	printf 'Subject: %s\nDate: %s\n' "$subject" "$(date -u -R -d "@${at:-$clock}")"
	printf 'Message-ID: <%s@list.example>\n' "$id"
	if [ $# -gt 0 ]; then
		printf 'In-Reply-To: <%s@list.example>\nReferences:' "${!#}"
		printf ' <%s@list.example>' "$@"
		echo
	fi
	printf '\n%s\n' "${body:-Words.}"
	[[ $subject = Re:* || $subject =~ \ 0+/ || ${plain:-} ]] || {
		printf '%s\n' "" "Signed-off-by: Ada Example <ada@list.example>" ---
		printf ' %s | 1 +\n 1 file changed, 1 insertion(+)\n\n' "$path"
		printf 'diff --git a/%s b/%s\n' "$path" "$path"
		printf '%s\n' "--- a/$path" "+++ b/$path" "@@ -1 +1,2 @@" " a" "+${line:-line}"
	}
}

reply_mail() # N
{
	cat <<-END
		From: Rev Example <rev@list.example>
		Subject: Re: [PATCH] demo: change number $1
		Date: Mon, 6 Jan 2025 11:00:00 +0000
		Message-ID: <reply-$1@list.example>
		In-Reply-To: <patch-$1@list.example>

		> +line $1

		Looks good.
	END
}

# A home with a sendmail that takes all it gets: $1/sent.N has the mail, $1/args.N its
# arguments.  Nothing is signed, and nothing said about it, unless the test wants a key.
mail_home() # HOME
{
	"$MLDIGEST" -H "$1" init --title Demo || return
	sed -i 's/^#key=.*/key=none/' "$1/config"
	cat >"$1.sendmail" <<-END
		#!/bin/sh
		n=\$(ls "$1.mail" | grep -c sent)
		printf '%s\n' "\$@" >"$1.mail/args.\$n"
		cat >"$1.mail/part.\$n" && mv "$1.mail/part.\$n" "$1.mail/sent.\$n"
	END
	chmod +x "$1.sendmail"
	mkdir -p "$1.mail"
	cat >>"$1/config" <<-END
		from=digest@list.example
		to=reader@list.example
		sendmail=$1.sendmail
	END
}

# The number of mails in the default mailbox of a delivery test, $T/inbox.
inbox()
{
	grep -c '^Message-I[Dd]:' "$T/inbox" 2>/dev/null || true
}

# The number of mails in the home of the user that a delivery is for.
recorded()
{
	"$MLDIGEST" log 2>/dev/null | wc -l
}

# The number of mails that a mail_home() has sent.
sent() # HOME
{
	ls "$1.mail" | grep -c '^sent'
}

# The text of a digest mail.
mail_text() # FILE
{
	python3 "$tests/mail.py" text <"$1"
}

is_root()
{
	[ "$(id -u)" = 0 ]
}

# A command as an ordinary user, who owns nothing here.
as_nobody() # COMMAND…
{
	setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
}

# A small file system at DIRECTORY for as long as the test runs.
small_disk() # DIRECTORY SIZE
{
	mkdir -p "$1" && mount -t tmpfs -o "size=$2,mode=0755" mldigest-test "$1" &&
		mounts+=("$1")
}

# Compiles the shim; SHIM is where it is.
make_shim() # COMPILER-OPTION…
{
	SHIM=$T/shim.so
	"${CC:-cc}" -shared -fPIC "$@" -o "$SHIM" "$tests/shim.c" -ldl 2>"$T/cc" ||
		skip_all "the shim does not compile: $(head -n 1 "$T/cc")"
	export SHIM
}

# The test goes on in Python, standard input: what it prints is TAP.  See tests/safe.py.
python_test() # COMPILER-OPTION…
{
	make_shim "$@"
	T=$T PYTHONPATH=$tests PYTHONDONTWRITEBYTECODE=1 python3 -
}
