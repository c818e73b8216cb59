#!/bin/bash
# keygen makes keys that stock minisign takes, and never overwrites one.
. "${srcdir:-.}/tests/lib.sh"

home=$T/a
run -H "$home" keygen
complained "no home" 66 "$home: No such file"
"$MLDIGEST" -H "$home" init --title Demo
run -H "$home" keygen
silent "keygen"
line=$(head -n 1 "$T/out")
like "the public key is alone in the first line" "$line" '^RW[A-Za-z0-9+/]{54}$'
is "key.pub is that line under a comment" "$(tail -n +2 "$home/key.pub")" "$line"
is "key is its owner's alone" "$(stat -c %a "$home/key")" 600
is "no other file is left" "$(ls "$home" | tr '\n' ' ')" "config db key key.pub lock "
check "it says how minisign checks" grep -qF -- "minisign -Vm digest-1.txt -P $line" "$T/out"
check "it says how mldigest checks" grep -qF -- "mldigest verify --key $line MAIL" "$T/out"
is "the secret is nowhere in what it prints" "$(grep -cF -- "$(tail -n 1 "$home/key")" "$T/out" "$T/err")" \
	"$T/out:0
$T/err:0"

# It never overwrites.
cp "$home/key" "$T/key" && cp "$home/key.pub" "$T/key.pub"
run -H "$home" keygen
complained "again" 73 "$home/key.pub: is there already"
rm "$home/key.pub"
run -H "$home" keygen
complained "again, with the public key gone" 73 "$home/key: File exists"
same_files "the key is as it was" "$home/key" "$T/key"
is "no public key is made for it" "$(ls "$home" | tr '\n' ' ')" "config db key lock "
mv "$home/key" "$T/moved" && cp "$T/key.pub" "$home/key.pub"
run -H "$home" keygen
complained "with the secret key gone" 73 "$home/key.pub: is there already"
is "no secret key is made for it" "$(ls "$home" | tr '\n' ' ')" "config db key.pub lock "
ln -s nowhere "$home/key" && rm "$home/key.pub"
run -H "$home" keygen
complained "a symbolic link is as good as a key" 73 "$home/key: File exists"
rm "$home/key"

# The config says where, and whether.
sed -i "s|^#key=.*|key=other|" "$home/config"
run -H "$home" keygen
silent "key=other"
is "key=other: it is there" "$(ls "$home" | tr '\n' ' ')" "config db lock other other.pub "
sed -i "s|^key=.*|key=$T/outside|" "$home/config"
run -H "$home" keygen
check "key= with an absolute path" test -s "$T/outside" -a -s "$T/outside.pub"
sed -i "s|^key=.*|key=none|" "$home/config"
run -H "$home" keygen
complained "key=none" 78 'key=none'
run -H "$home" keygen now
complained "it takes no words" 64 'usage'
is "two keys are two keys" "$(cat "$home/other" "$T/outside" "$T/key" | grep -c '^RW')" \
	"$(cat "$home/other" "$T/outside" "$T/key" | grep '^RW' | sort -u | wc -l)"

# Stock minisign takes them.
if command -v minisign >/dev/null; then
	echo hello >"$T/text"
	check "minisign signs with our key" minisign -Sm "$T/text" -s "$T/key"
	check "minisign: our public key, as a file" minisign -Vm "$T/text" -p "$T/key.pub"
	check "minisign: our public key, as a line" minisign -Vm "$T/text" -P "$line"
	check "minisign makes the same public key again" minisign -R -s "$T/key" -p "$T/again.pub"
	is "minisign's public key is ours" "$(cat "$T/again.pub")" "$(cat "$T/key.pub")"
else
	skip "stock minisign" "no minisign"
fi
plan
