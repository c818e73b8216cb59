#!/bin/bash
# Patches that git makes: their paths and counts as `git apply --numstat` has them, and the same
# diff id exactly where `git patch-id --stable` is the same, but where we differ on purpose.
. "${srcdir:-.}/tests/lib.sh"

command -v git >/dev/null || skip_all "no git here"
repo=$T/repo
export GIT_AUTHOR_DATE='2026-02-01T10:00:00Z' GIT_COMMITTER_DATE='2026-02-01T10:00:00Z'
git init -q -b main "$repo" && cd "$repo" || exit 99

lines() # FIRST LAST [WORD]
{
	local i
	for ((i = $1; i <= $2; i++)); do echo "${3:-line} $i"; done
}

lines 1 60 >a.c
lines 1 40 word >b.c
mkdir -p lib
lines 1 30 lib >lib/old.c
lines 1 5 gone >gone.c
echo 'echo run' >run.sh
printf '\0\1\2\3' >logo.bin
lines 1 20 blank >'with blank.txt'
lines 1 20 gruen >'grün.rst'
printf 'no newline' >tail.txt
lines 1 30 sparse | sed 's/$/\n/' >sparse.c
git add -A && git commit -q -m base || exit 99

# A patch mail $T/NAME.mail out of what the commands on standard input do to the base.
change() # NAME [FORMAT-PATCH-OPTION…]
{
	local name=$1
	shift
	git checkout -q -f main && git clean -qfd || return
	bash -e || return
	git add -A && git -c commit.gpgSign=false commit -q -m "$name" -m "Change $name." &&
		git format-patch -q --stdout -1 "$@" >"$T/$name.mbox" &&
		git reset -q --hard HEAD^ && mail "$name"
}

# The mail of an mbox file, and what git and we say of it.
mail() # NAME
{
	sed '1{/^From /d}' "$T/$1.mbox" >"$T/$1.mail"
	run explain <"$T/$1.mail"
	[ "$status" = 0 ] || return
	sed -n 's/^diff  *//p' "$T/out" >"$T/$1.ours"
	sed -n 's/^path  *//p' "$T/out" >"$T/$1.paths"
	git patch-id --stable <"$T/$1.mbox" | cut -d' ' -f1 >"$T/$1.git"
}

# `git apply --numstat` in the words of "explain"; of a binary file it counts no lines.
numstat() # NAME
{
	git apply --numstat -z "$T/$1.mbox" | tr '\0' '\n' |
		sed -E 's/^-\t-\t/0\t0\t/; s/^([0-9]+)\t([0-9]+)\t(.*)$/\3 +\1 -\2/'
}

same_paths() # NAME
{
	local wanted
	wanted=$(numstat "$1")
	[ -n "$wanted" ] || wanted="nothing from git"
	is "paths: $1" "$(cat "$T/$1.paths")" "$wanted"
}

verdict() # ONE OTHER
{
	if [ ! -s "$1" ] || [ ! -s "$2" ]; then echo none
	elif cmp -s "$1" "$2"; then echo same
	else echo different; fi
}

# Both have to say what is wanted; a third word is for where git says something else.
pair() # NAME ONE OTHER same|different [GIT]
{
	is "id: $1" \
		"$(verdict "$T/$2.ours" "$T/$3.ours"), git: $(verdict "$T/$2.git" "$T/$3.git")" \
		"$4, git: ${5:-$4}"
}

change modify <<'END'
sed -i 's/^line 30$/line thirty/' a.c
END
change modify-other <<'END'
sed -i 's/^line 30$/line 30 and more/' a.c
END
change two-files <<'END'
sed -i 's/^line 30$/line thirty/; 50d' a.c
sed -i '1i word 0' b.c
END
change rename <<'END'
git mv lib/old.c lib/new.c && sed -i 's/^lib 3$/lib three/' lib/new.c
END
change rename-elsewhere <<'END'
git mv lib/old.c lib/newer.c && sed -i 's/^lib 3$/lib three/' lib/newer.c
END
change rename-only <<'END'
git mv lib/old.c moved.c
END
change rename-as-two --no-renames <<'END'
git mv lib/old.c lib/new.c && sed -i 's/^lib 3$/lib three/' lib/new.c
END
change copy -C --find-copies-harder <<'END'
cp lib/old.c lib/copy.c && echo more >>lib/copy.c
END
change new <<'END'
printf 'one\ntwo\n' >new.c
END
change new-empty <<'END'
: >new.c
END
change delete <<'END'
git rm -q gone.c
END
change mode <<'END'
chmod +x run.sh
END
change mode-back <<'END'
git update-index --chmod=+x run.sh && chmod +x run.sh && echo 'echo more' >>run.sh
END
change binary <<'END'
printf '\0\1\2\4' >logo.bin
END
change binary-other <<'END'
printf '\0\1\2\5' >logo.bin
END
change binary-short --no-binary <<'END'
printf '\0\1\2\4' >logo.bin
END
change blank <<'END'
sed -i 's/^blank 3$/blank three/' 'with blank.txt'
END
change umlaut <<'END'
sed -i 's/^gruen 3$/grün three/' 'grün.rst'
END
change no-newline <<'END'
printf 'no newline yet' >tail.txt
END
change newline <<'END'
printf 'no newline yet\n' >tail.txt
END
for name in modify modify-other two-files rename rename-elsewhere rename-only rename-as-two copy \
	new new-empty delete mode mode-back binary binary-other blank umlaut no-newline newline; do
	same_paths "$name"
done

# The same change, made or shown in another way.
change white-space <<'END'
sed -i 's/^line 30$/  line	thirty /' a.c
END
pair "only white space is different" modify white-space same
change order <<'END'
sed -i 's/^line 30$/line thirty/; 50d' a.c
sed -i '1i word 0' b.c
END
printf 'b.c\na.c\n' >"$T/order"
git config diff.orderFile "$T/order"
change ordered <<'END'
sed -i 's/^line 30$/line thirty/; 50d' a.c
sed -i '1i word 0' b.c
END
git config --unset diff.orderFile
is "the order of the files is another" "$(sort "$T/ordered.paths"; cat "$T/ordered.paths")" \
	"$(cat "$T/order.paths"; tac "$T/order.paths")"
pair "the files' order" order ordered same
change wide -U5 <<'END'
sed -i 's/^line 30$/line thirty/' a.c
END
same_paths wide
pair "more context" modify wide different
change full-index --full-index <<'END'
sed -i 's/^line 30$/line thirty/' a.c
END
pair "longer index lines" modify full-index same
sed -i '1i line 0\nline 0a' a.c && git commit -q -a -m 'Move everything down.' || exit 99
change shifted <<'END'
sed -i 's/^line 30$/line thirty/' a.c
END
git reset -q --hard HEAD^
is "the lines' numbers are others" "$(grep -c '^@@ -29,' "$T/shifted.mail")" 1
pair "line numbers" modify shifted same

sed -i '30a\\n' a.c && git commit -q -a -m 'Add empty lines.' || exit 99
change spaced <<'END'
sed -i 's/^line 30$/line thirty/' a.c
END
git reset -q --hard HEAD^
is "the context has empty lines" "$(grep -c '^ $' "$T/spaced.mail")" 2
pair "empty lines of the context, with others the other way" modify spaced different
change joined <<'END'
sed -i 's/^line 30$/line\nthirty/' a.c
END
change joined-marks <<'END'
sed -i 's/^line 30$/line+thirty/' a.c
END
pair "where a line ends" joined joined-marks same

# Other changes.
pair "another line" modify modify-other different
pair "one file more" modify two-files different
pair "another new name" rename rename-elsewhere different
pair "a rename shown as two files" rename rename-as-two different
pair "an empty new file" new new-empty different
pair "a mode alone and with a line" mode mode-back different
pair "another binary" binary binary-other different
pair "a binary that is not shown" binary binary-short different
pair "a file that comes or goes" new delete different
pair "only the last newline" no-newline newline same

# What a mail goes through on its way.
variant() # NAME OF SED-SCRIPT
{
	sed -E "$3" "$T/$2.mbox" >"$T/$1.mbox" && mail "$1"
}
variant crlf two-files 's/$/\r/'
pair "line ends" two-files crlf same
same_paths two-files
variant signature two-files 's/^[0-9]+\.[0-9.]+$/0.99/'
pair "another git's version" two-files signature same
variant no-mode-blank mode 's/^-- $/--/'
pair "the signature's blank, behind a mode" mode no-mode-blank same
variant based new-empty 's/^-- $/\nbase-commit: 0123456789012345678901234567890123456789\n-- /'
is "there is a base" "$(grep -c '^base-commit: 0' "$T/based.mail")" 1
pair "git format-patch --base, behind an empty file" new-empty based same
variant emptied modify 's|^@@ -27,7 [+]27,7 @@|@@ -27,8 +27,8 @@|; s|^ line 31$| line 31\n |'
is "the context has an empty line" "$(grep -c '^ $' "$T/emptied.mail")" 1
pair "an empty line of the context more" modify emptied same

# On purpose otherwise than git.
variant plain two-files '/^(diff --git|index) /d'
pair "plain headers: git patch-id sees no diff" two-files plain same none
change no-prefix --no-prefix <<'END'
sed -i 's/^lib 3$/lib three/' lib/old.c
END
change prefix <<'END'
sed -i 's/^lib 3$/lib three/' lib/old.c
END
pair "prefixes: git patch-id counts them" prefix no-prefix same different
is "paths: without prefixes the folder stays" "$(cat "$T/no-prefix.paths")" "$(cat "$T/prefix.paths")"
change empty-context <<'END'
sed -i 's/^sparse 15$/sparse fifteen/' sparse.c
END
variant cut-blanks empty-context 's/^ $//; s/^-- $/--/'
pair "an empty line without its blank: git reads on below the diff" empty-context cut-blanks \
	same different
same_paths empty-context
same_paths cut-blanks
git config core.quotePath false
change umlaut-plain <<'END'
sed -i 's/^gruen 3$/grün three/' 'grün.rst'
END
git config --unset core.quotePath
same_paths umlaut-plain
pair "a name in quotes: git patch-id counts them" umlaut umlaut-plain same different
plan
