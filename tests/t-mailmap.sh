#!/bin/bash
# HOME/mailmap against `git check-mailmap`: the same people from the same file.
. "${srcdir:-.}/tests/lib.sh"

print=$(dirname "$MLDIGEST")/tests/unit/mailmap-print

command -v git >/dev/null || skip_all "no git"
[ -x "$print" ] || skip_all "no tests/unit/mailmap-print: make check builds it"

git init -q "$T/git" || exit 99
cd "$T/git" || exit 99

# Everybody whom the mailmaps below are asked about, so that each says what it does not map too.
cat >"$T/people" <<'END'
ida <ida@x.org>
Ida Holm <ida@x.org>
IDA <IDA@X.ORG>
jan <ida@x.org>
root <root@x.org>
Root <ROOT@x.org>
ida <root@x.org>
ida h. <root@x.org>
Jiří <root@x.org>
Jiri <root@x.org>
nobody <nobody@x.org>
<ida@x.org>
<root@x.org>
none <>
o'brien "pat" <pat@x.org>
# hash <hash@x.org>
blanks <bl anks@x.org>
no domain <ida>
END

agrees() # NAME; the mailmap is standard input
{
	local name=$1
	cat >.mailmap
	git check-mailmap --stdin <"$T/people" >"$T/git.out" || exit 99
	"$print" .mailmap <"$T/people" >"$T/our.out" || echo "status $?" >>"$T/our.out"
	same_files "$name" "$T/our.out" "$T/git.out"
}

agrees "the four forms: a name" <<'END'
Ida Holm <ida@x.org>
END
agrees "the four forms: an address" <<'END'
<ida@y.org> <ida@x.org>
END
agrees "the four forms: both, for an address" <<'END'
Ida Holm <ida@y.org> <ida@x.org>
END
agrees "the four forms: both, for a name and an address" <<'END'
Ida Holm <ida@y.org> ida <root@x.org>
END
agrees "all at once" <<'END'
Ida Holm <ida@x.org>
<ida@y.org> <ida@x.org>
Ida Root <ida@z.org> ida <root@x.org>
<admin@x.org> <root@x.org>
Administrator <root@x.org>
END
agrees "several for one address, the later wins" <<'END'
A <ida@x.org>
B <ida@y.org> <ida@x.org>
C <ida@x.org>
<ida@z.org> <ida@x.org>
END
agrees "several names for one address" <<'END'
Ida <ida@y.org> ida <root@x.org>
Jan <jan@y.org> Root <root@x.org>
<jiri@y.org> Jiří <root@x.org>
Everybody Else <root@x.org>
END
agrees "the same name for one address again" <<'END'
Ida <ida@y.org> ida <root@x.org>
<ida@z.org> ida <root@x.org>
END
agrees "entries lead no further" <<'END'
Root <root@x.org> <ida@x.org>
Nobody <nobody@x.org> <root@x.org>
END
agrees "case" <<'END'
Ida Holm <Ida@Y.org> <IDA@x.ORG>
Boss <boss@y.org> ROOT <Root@X.org>
END
agrees "letters beyond ASCII" <<'END'
Jiří Dvořák <jiri@y.cz> Jiří <root@x.org>
Ídá <ida@x.org>
END
agrees "comments" <<'END'
# Nobody <ida@x.org>
#Nobody <root@x.org>
Ida Holm <ida@x.org> # since 2020
Boss <root@x.org> Nobody
 # Blank <nobody@x.org>
END
agrees "a # in a name" <<'END'
Ida #1 <ida@x.org>
Number # One <boss@y.org> # hash <hash@x.org>
END
agrees "blanks" <<'END'
   Ida   Holm    <ida@y.org>     <ida@x.org>   
	Tab	<tab@y.org>	root	<root@x.org>	
Nobody<nobody@y.org><nobody@x.org>

     
END
agrees "blanks in the brackets" <<'END'
Ida Holm < ida@x.org >
Boss <boss@y.org> < root@x.org>
Blanks <bl anks@x.org>
END
agrees "names that are missing" <<'END'
<ida@x.org>
<boss@y.org> ida <root@x.org>
<nobody@y.org> <nobody@x.org>
END
agrees "addresses that are missing" <<'END'
Ida Holm <> <ida@x.org>
Boss <root@x.org> <>
Nobody <>
END
agrees "no address at all" <<'END'
Ida Holm <ida>
END
agrees "what is no entry" <<'END'
junk
<
>
><
Ida Holm <ida@x.org
Ida Holm ida@x.org>
<<root@x.org>>
Nobody <nobody@x.org> <
END
agrees "more than two mailboxes" <<'END'
Ida Holm <ida@y.org> <ida@x.org> <root@x.org>
END
agrees "quotes stay as they are" <<'END'
"Ida Holm" <ida@x.org>
Pat O'Brien <pat@y.org> o'brien "pat" <pat@x.org>
END
agrees "an empty file" </dev/null
printf 'Ida Holm <ida@y.org> <ida@x.org>\r\nBoss <root@x.org>\r\n\r\n# c\r\nN <n@y.org> nobody <nobody@x.org>\r\n' |
	agrees "CRLF"
printf 'Boss <root@x.org>\nIda Holm <ida@y.org> <ida@x.org>' |
	agrees "no line end at the end"
printf '\n\n\nBoss <root@x.org>\n\n' | agrees "empty lines"
{
	for ((i = 0; i < 2000; i++)); do
		echo "Name $i <n$i@y.org> name $((i % 7)) <root@x.org>"
	done
	echo "Ida <ida@y.org> ida <root@x.org>"
} | agrees "2,000 names for one address"

# Where ours says more: case and composition beyond ASCII, which git compares by bytes.
printf 'Boss <boss@y.org> JIR\xcc\x8cI\xcc\x81 <root@x.org>\n' >.mailmap
is "a name composed or not, in any case" \
	"$(echo 'Jiří <root@x.org>' | "$print" .mailmap)" "Boss <boss@y.org>"

# The whole way: HOME/mailmap in a digest's tables.
export MLDIGEST_HOME=$T/home
"$MLDIGEST" init --title Demo || exit 99
patch_mail 1 | "$MLDIGEST" record || exit 99
printf 'Ada Lovelace <ada@new.example> <ADA@list.example>\r\n' >"$MLDIGEST_HOME/mailmap"
like "the digest's tables take HOME/mailmap" "$("$MLDIGEST" digest)" \
	"      1  Ada Lovelace <ada@new.example>"

plan
