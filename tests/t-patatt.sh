#!/bin/bash
# X-Developer-Signature: what Debian's patatt signs is good, and we never say so where it does not.
. "${srcdir:-.}/tests/lib.sh"

print=$(dirname "$MLDIGEST")/tests/unit/mailinfo-print
[ -x "$print" ] || skip_all "no tests/unit/mailinfo-print: make check builds it"
command -v patatt >/dev/null || skip_all "no patatt"
# The interpreter that patatt's modules are installed for.
python=/usr/bin/python3
"$python" -c 'import nacl, patatt' 2>/dev/null || skip_all "no Python modules of patatt"

make_shim
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
export XDG_DATA_HOME=$T/data GNUPGHOME=$T/gnupg
data=$XDG_DATA_HOME/patatt
mkdir -p "$XDG_DATA_HOME"
cd "$T" || exit 99
person() # NAME ADDRESS SELECTOR
{
	git config --global user.name "$1"
	git config --global user.email "$2"
	git config --global patatt.selector "$3"
	git config --global patatt.signingkey "ed25519:$3"
	export GIT_AUTHOR_NAME=$1 GIT_AUTHOR_EMAIL=$2 GIT_COMMITTER_NAME=$1 GIT_COMMITTER_EMAIL=$2
}
commit() # SUBJECT [BODY]: of a change to f in the repository
{
	echo "$1" >>f && git add f && git commit -qm "$1

${2:-A change.}

Signed-off-by: Somebody <s@list.example>"
}
verdict() # <MAIL: what explain says
{
	run -H "$T/home" explain
	sed -n 's/^signature  *\([a-z]* *[a-z]*:\)/\1/p' "$T/out"
}
json() # FILTER <MAIL
{
	"$MLDIGEST" -H "$T/home" explain --json | jq -rc "$1"
}
theirs() # <MAIL: patatt's exit status
{
	patatt validate >/dev/null 2>&1
	echo $?
}

# Keys.
person "Bob Example" bob@list.example bob1
patatt genkey -n bob1 2>/dev/null
person "Ada Lovelace" Ada@List.example 20260101
patatt genkey -n 20260101 2>/dev/null
check "patatt makes keys" test -e "$data/public/ed25519/list.example/ada/20260101"
git init -q repo && cd repo || exit 99
seq 9 >f && git add f && git commit -qm start
commit "demo: add ä" "Because it was missing: ÄÖÜ, «x».

[ Bob: a note ]
---
not a patch"
commit "demo: a subject that is so long that it has to be folded on its way, and even twice, since it goes on and on" 
commit "[core] Re: brackets: [x] stay out of what git am takes"
GIT_AUTHOR_NAME="Jörg O'Neill" GIT_AUTHOR_EMAIL=joerg@list.example commit "demo: of another"
GIT_AUTHOR_NAME="Bob Example" GIT_AUTHOR_EMAIL=bob@list.example commit "demo: of Bob" "From: is a word here

diff -u is one, too"
git format-patch -q -5 --from --thread --cover-letter --message-id -o ../series \
	--base=HEAD~5 --subject-prefix="PATCH demo v2" 2>/dev/null ||
	git format-patch -q -5 --from --thread --cover-letter -o ../series --base=HEAD~5
cp -R ../series ../unsigned
for mail in ../series/*; do
	check "patatt signs $(basename "$mail")" patatt sign "$mail"
done

# Without a keyring, with one, and with none named.
"$MLDIGEST" -H "$T/home" init --title Demo
mail=../series/0001-*
like "without a keyring: not checked" "$(verdict <$mail)" \
	'^unchecked: Ada@List.example, key 20260101, 20.* UTC; there is no keyring$'
cp -R "$data/public" "$T/home/keyring"
like "with one: good" "$(verdict <$mail)" \
	'^good: Ada@List.example, key 20260101, 20.* UTC; From, Subject and body are as signed$'
sed -i 's/^#keyring=.*/keyring=none/' "$T/home/config"
like "keyring=none" "$(verdict <$mail)" '^unchecked: .*; no keyring is configured$'
sed -i "s|^keyring=.*|keyring=$data/public|" "$T/home/config"
like "a keyring elsewhere" "$(verdict <$mail)" '^good: '
sed -i "s|^keyring=.*|keyring=none/such|" "$T/home/config"
like "a keyring that is not there" "$(verdict <$mail)" '^unchecked: .*; there is no keyring$'
sed -i 's|^keyring=.*|#keyring=keyring|' "$T/home/config"

# What patatt signs, recorded.
for mail in ../series/*; do
	"$MLDIGEST" -H "$T/home" record <"$mail" || point 1 "record $mail"
	is "patatt accepts $(basename "$mail")" "$(theirs <"$mail")" 0
done
"$MLDIGEST" -H "$T/home" log --reverse --json >"$T/log"
is "all are recorded as good" "$(jq -r .signature "$T/log" | uniq -c | tr -s ' ')" " 6 good"
is "whose they are: the author's, or not" \
	"$(jq -rc '[.patch_author.address, .signatures[0].by_author]' "$T/log")" \
	'["Ada@List.example",true]
["Ada@List.example",true]
["Ada@List.example",true]
["Ada@List.example",true]
["joerg@list.example",false]
["bob@list.example",false]'
is "the keys of a signature" "$(head -n 1 "$T/log" | jq -rc '.signatures[0] | del(.date)')" \
	'{"verdict":"good","identity":"Ada@List.example","selector":"20260101","algorithm":"ed25519-sha256","by_author":true,"why":null}'
like "its date" "$(head -n 1 "$T/log" | jq -r '.signatures[0].date')" '^20[0-9-]*T[0-9:]*Z$'
is "log says so" "$("$MLDIGEST" -H "$T/home" log | grep -o '([^(]*)$' | sort | uniq -c | tr -s ' ')" \
	" 2 (signed by Ada@List.example)
 4 (signed)"
id=$(jq -r .message_id "$T/log" | tail -n 1)
like "explain of a recorded one" "$("$MLDIGEST" -H "$T/home" explain "$id" | grep ^signature)" \
	'^signature    good: .*; as signed, but not by who it is from$'

# Import, and other ways into the store.
"$MLDIGEST" -H "$T/second" init && cp -R "$data/public" "$T/second/keyring"
mkdir -p "$T/maildir/cur" "$T/maildir/new" "$T/maildir/tmp" && cp ../series/* "$T/maildir/cur/"
"$MLDIGEST" -H "$T/second" import "$T/maildir" >/dev/null
is "import checks, too" \
	"$("$MLDIGEST" -H "$T/second" log --json | jq -r .signature | uniq -c | tr -s ' ')" " 6 good"
for mail in ../unsigned/*; do
	"$MLDIGEST" -H "$T/second" record <"$mail"
done
patch_mail 1 | json '[.signature, .signatures]' >"$T/none"
is "a mail without one" "$(cat "$T/none")" '[null,[]]'

# Other verdicts, recorded.
"$MLDIGEST" -H "$T/third" init && cp -R "$data/public" "$T/third/keyring"
mail=$(echo ../series/0001-*)
word() # NAME WANT <MAIL: how log ends
{
	rm -rf "$T/third/db" "$T/third/lock"
	"$MLDIGEST" -H "$T/third" record
	like "log: $1" "$("$MLDIGEST" -H "$T/third" log)" "$2"
}
sed 's/missing/there/' "$mail" | word "a bad one" ' \(bad signature\)$'
sed 's/i=Ada@/i=Eve@/' "$mail" | word "an unknown key" ' \(signed, unknown key\)$'
sed 's/a=ed25519-sha256/a=openpgp-sha256/' "$mail" | word "OpenPGP" ' \(signed, unsupported\)$'
mv "$T/third/keyring" "$T/third/away"
word "no keyring" ' \(signed, unchecked\)$' <"$mail"
mv "$T/third/away" "$T/third/keyring"
head -c 600 "$mail" | sed '/^$/q' | word "no body" ' \(bad signature\)'

# The keyring: links, files that are none, and what the system refuses.
ring=$T/home/keyring/ed25519/list.example/ada
like "the selector \`default' is a link to another" \
	"$(sed 's/s=20260101; //' "$mail" | json '.signatures[0] | .selector + " " + .why')" \
	'^default the header is not what was signed$'
key() # NAME WANT: what is said of the key that is there now
{
	like "$1" "$(json '.signature + ": " + .signatures[0].why' <"$mail")" "$2"
}
mv "$ring/20260101" "$ring/kept"
key "no such key" '^unknown-key: the keyring has no such key$'
mkfifo "$ring/20260101"
key "a pipe does not hang" '^unknown-key: .* no regular file$'
ln -sf 20260101 "$ring/loop" && rm "$ring/20260101" && ln -s loop "$ring/20260101"
key "a loop of links" '^unknown-key: .* cannot be opened$'
ln -sf /dev/zero "$ring/20260101"
key "a device" '^unknown-key: .* may write to |^unknown-key: .* no regular file$'
ln -sf kept "$ring/20260101"
key "a link to a key" '^good: $'
chmod g+w "$ring"
key "a directory that others may write to" '^unknown-key: others may write'
chmod g-w "$ring"
chmod o+w "$T/home/keyring"
key "a keyring that others may write to" '^unchecked: others may write'
chmod o-w "$T/home/keyring"
if [ "$(id -u)" = 0 ]; then
	chown -h nobody "$ring/20260101" && chown nobody "$ring/kept"
	key "a key of another user" '^unknown-key: .* belongs to another user$'
	chown root "$ring/kept"
fi
rm "$ring/20260101" "$ring/loop" && mv "$ring/kept" "$ring/20260101"
key "and as it was" '^good: $'
run -H "$T/home" explain <"$mail"
silent "whatever the keyring is, nothing is printed"

# A mail without a signature opens no key; where the system fails, the mail waits.
export SHIM_CALLS=open SHIM_PATH=/keyring/ SHIM_LOG=$T/opened
patch_mail 2 | LD_PRELOAD=$SHIM "$MLDIGEST" -H "$T/home" record
point $? "a mail without a signature is recorded"
is "and no key is opened" "$(grep -c ^open "$T/opened")" 0
LD_PRELOAD=$SHIM "$MLDIGEST" -H "$T/home" record <"$mail"
is "with a signature it is one" "$(grep -c ^open "$T/opened")" 1
export SHIM_FAIL=1:EIO LD_PRELOAD=$SHIM
run -H "$T/third" record <"$mail"
unset LD_PRELOAD
complained "a key that cannot be read: try again" 75 "keyring/ed25519/list.example/ada/20260101: "
unset SHIM_CALLS SHIM_PATH SHIM_LOG SHIM_FAIL

# Cut and limited mails.
like "a mail that is cut" "$( (cat "$mail"; head -c 17000000 /dev/zero | tr '\0' x) |
	json '.signature + ": " + .signatures[0].why')" '^unsupported: only a part of the mail is here$'

# Every change, held against patatt: the tables are in devsig.py.
cat >"$T/base.eml" <<END
From: Ada Lovelace <Ada@List.example>
Date: Sat, 21 Nov 2026 15:27:27 +0000
Subject: [PATCH] demo: add a line
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Message-ID: <p1@list.example>

Because it was missing. ÄÖ

Signed-off-by: Ada Lovelace <Ada@List.example>
---
 f | 1 +
 1 file changed, 1 insertion(+)

diff --git a/f b/f
index 422c2b7..4ba5f7a 100644
--- a/f
+++ b/f
@@ -1,2 +1,3 @@
 a
+x ä
 b
-- 
2.39.5

END
patatt sign "$T/base.eml" >/dev/null 2>&1
mkdir "$T/work"
KEYRING=$data/public SECRET=$data/private/20260101.key IDENTITY=Ada@List.example \
	SELECTOR=20260101 MAILINFO=$print "$python" "$tests/devsig.py" "$T/base.eml" "$T/work" 3 \
	>"$T/rows" 2>"$T/err"
point $? "devsig.py runs" "$(cat "$T/err")"
while IFS=$'\t' read -r name wrong; do
	point $((${#wrong} > 0)) "$name" "$wrong"
done <"$T/rows"

plan
