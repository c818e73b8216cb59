#!/bin/bash
# A digest through the sendmail of Debian's Postfix into its reader's Maildir.  Postfix runs out of
# a configuration and a queue of this test's own and listens on no port.
. "$(dirname "$0")/lib.sh"

command -v postfix >/dev/null || PATH=$PATH:/usr/sbin
command -v postfix >/dev/null || skip_all "no postfix"
is_root || skip_all "postfix wants to be started by root"

etc=$T/postfix mail=$T/mail
chmod 755 "$T"
mkdir -p "$etc" "$T/spool" "$T/lib" "$mail"
chown postfix "$T/lib"
chown 65534:65534 "$mail"
cat >"$etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $T/spool
data_directory = $T/lib
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
myhostname = list.example
mydestination =
inet_interfaces = loopback-only
maillog_file = $T/postfix.log
maillog_file_prefixes = $T
alias_maps =
virtual_mailbox_domains = list.example
virtual_mailbox_base = $mail
virtual_mailbox_maps = inline:{reader@list.example=reader/,second@list.example=second/,third@list.example=third/}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
END
cat >"$etc/master.cf" <<END
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n -  0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n -  - trivial-rewrite
bounce    unix  - - n -  0 bounce
defer     unix  - - n -  0 bounce
trace     unix  - - n -  0 bounce
error     unix  - - n -  - error
retry     unix  - - n -  - error
virtual   unix  - n n -  - virtual
postlog   unix-dgram n - n - 1 postlogd
END
stop()
{
	postfix -c "$etc" stop >/dev/null 2>&1
	lib_end
}
trap stop EXIT
if ! postfix -c "$etc" start >"$T/start" 2>&1; then
	skip_all "postfix does not start here: $(tail -n 1 "$T/start")"
fi

# The one mail that is in READER's Maildir.
arrived() # READER COUNT
{
	[ "$(find "$mail/$1/new" -type f 2>/dev/null | wc -l)" = "$2" ]
}

home=$T/home
"$MLDIGEST" -H "$home" init --title Demo
cat >>"$home/config" <<END
from=digest@list.example
to=reader@list.example, second@list.example
sendmail=/usr/sbin/sendmail -C $etc
END
for i in 1 2 3; do
	patch_mail $i "[PATCH] demo: Gr=?utf-8?q?=C3=BC=C3=9Fe?= $i" | "$MLDIGEST" -H "$home" record
done
"$MLDIGEST" -H "$home" digest >"$T/digest"
run -H "$home" flush
complained "flush through Postfix's sendmail" 0 "$home/key: is not there, so digests are not signed"
wait_for arrived reader 1
point $? "it arrives" "$(tail -n 5 "$T/postfix.log")"
wait_for arrived second 1
point $? "at the second reader too" "$(tail -n 5 "$T/postfix.log")"
for reader in reader second; do
	mail_text "$mail/$reader/new/"* >"$T/text"
	same_files "$reader reads what digest printed" "$T/text" "$T/digest"
done
like "the envelope's sender is ours" "$(cat "$mail"/reader/new/*)" \
	'Return-Path: <digest@list.example>'
is "both got the same Message-ID" "$(cat "$mail"/*/new/* | grep -i '^Message-ID:' | sort -u | wc -l)" 1

run -H "$home" flush
patch_mail 4 | "$MLDIGEST" -H "$home" record
run -H "$home" flush
silent "the next digest"
wait_for arrived reader 2
point $? "is the second mail, there was none between" "$(ls "$mail/reader/new")"

# Postfix's queue is closed to us: kept, and sent when it is open again.
patch_mail 5 | "$MLDIGEST" -H "$home" record
mv "$etc/main.cf" "$etc/away"
run -H "$home" flush
is "without its configuration sendmail fails: 75" "$status" 75
mv "$etc/away" "$etc/main.cf"
run -H "$home" flush
silent "and the next flush sends what is owed"
wait_for arrived reader 3
point $? "which arrives once" "$(ls "$mail/reader/new")"

# Three subscribers and a key: signed, for each alone, and who is removed gets no more.
sed -i 's/^#batch=.*/batch=2/' "$home/config"
"$MLDIGEST" -H "$home" keygen >"$T/key" || point 1 keygen
run -H "$home" subscriber add reader@list.example third@list.example
run -H "$home" subscriber add --format mime second@list.example
patch_mail 6 | "$MLDIGEST" -H "$home" record
run -H "$home" flush
silent "a signed digest for three subscribers"
arrived_all() # READER COUNT…
{
	while [ $# -gt 0 ]; do
		arrived "$1" "$2" || return 1
		shift 2
	done
}
wait_for arrived_all reader 4 second 4 third 1
point $? "it arrives at all three" "$(tail -n 9 "$T/postfix.log")"
for reader in reader second third; do
	file=$(grep -l "issue 4," "$mail/$reader/new/"*)
	check "$reader: stock minisign verifies it" bash -c "mkdir '$T/$reader' && cd '$T/$reader' &&
		munpack -t -q <'$file' >/dev/null && minisign -Vm digest-4.txt -p '$home/key.pub'"
	check "$reader: verify does" "$MLDIGEST" verify --key "$home/key.pub" "$file"
	is "$reader: no other address stands in it" \
		"$(sed '1,/^To:/d' "$file" | grep -cE '(reader|second|third)@list\.example')" 0
	is "$reader: To: is the digest's own address" \
		"$(python3 "$tests/mail.py" header To <"$file")" digest@list.example
done
run -H "$home" subscriber remove second@list.example
patch_mail 7 | "$MLDIGEST" -H "$home" record
run -H "$home" flush
silent "one is removed"
wait_for arrived_all reader 5 third 2
point $? "the others get the next one" "$(tail -n 9 "$T/postfix.log")"
check "who was removed does not" arrived second 4
plan
