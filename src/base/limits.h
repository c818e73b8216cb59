/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every bound on what a stranger can send, each with its reason. */
#ifndef MLDIGEST_BASE_LIMITS_H
#define MLDIGEST_BASE_LIMITS_H

enum {
	/* Of a message in memory.  The largest patch mail in the public archives we know
	 * is under 10 MB; what is beyond still counts for the hash of the raw message. */
	LIMIT_MESSAGE_BYTES = 16 * 1024 * 1024,
	/* Of the fields that GMime sees, and of one of them.  Postfix takes 100 kB in
	   all. */
	LIMIT_HEADER_BYTES = 256 * 1024,
	LIMIT_RAW_FIELD_BYTES = 32 * 1024,
	/* Of one unfolded field that we keep.  RFC 5322 2.1.1 allows 998 bytes a line. */
	LIMIT_FIELD_BYTES = 4096,
	/* Of a Message-ID used as a key: RFC 5322 2.1.1 leaves it under one line, and a
	 * line of a manifest shall stay readable. */
	LIMIT_MSGID_BYTES = 250,
	/* Of msg-ids kept from References and In-Reply-To; the root and the newest
	   matter. */
	LIMIT_REFERENCES = 100,
	/* Of List-Id fields and list ids kept of one message. */
	LIMIT_LIST_IDS = 16,
	/* Of MIME parts looked at and the depth of nesting; list mail has under ten of
	   either. */
	LIMIT_PARTS = 200,
	LIMIT_DELIMITERS = 2000,
	/* Of lines like `---` that repeat in a mail with parts: a log that is attached may have
	 * thousands, and GMime may have to take them for delimiters. */
	LIMIT_PATCH_LINES = 10000,
	LIMIT_DEPTH = 20,
	/* Of the fields of all parts, and of what looks like them; GMime takes half a kB for
	 * each.  A part has three. */
	LIMIT_PART_FIELDS = 20000,
	LIMIT_PART_FIELD_BYTES = 1024 * 1024,
	/* Of paths kept of one patch: tree-wide conversions touch some thousands. */
	LIMIT_PATHS = 20000,
	/* Of what is kept of the line that a rule saw. */
	LIMIT_EVIDENCE_BYTES = 400,
	/* Of people in To and Cc that are kept of one message, eight bytes each: get_maintainer.pl
	 * names some forty for a tree-wide patch. */
	LIMIT_ADDRESSEES = 250,
	/* Of trailers kept of one message: a merge of a merge window has a hundred. */
	LIMIT_TRAILERS = 500,
	/* Of trailers that one reply gives: who speaks for a team gives a dozen. */
	LIMIT_GIVEN = 50,
	/* Of trailers that replies give to one posting, and that count: each counts for every patch
	 * of a series.  The patches with the most have under a hundred. */
	LIMIT_POSTING_TAGS = 200,
	/* Of messages that a body links to, of commits that an applied notice names, and of
	 * prerequisites: a series has some hundred patches at the most. */
	LIMIT_LINKS = 64,
	LIMIT_COMMITS = 500,
	/* Of the shown text of one message, in bytes; a cover letter of 200 kB is a
	   mistake. */
	LIMIT_TEXT_BYTES = 256 * 1024,
	/* Of the messages that a digest's mail carries as mails of their own, and of their
	 * bytes: a busy week of the largest lists has some thousand, mail systems take some ten
	 * MB, and those that look into mails stop at some thousand parts. */
	LIMIT_STUBS = 1000,
	LIMIT_STUBS_BYTES = 4 * 1024 * 1024,
	/* Of one's text: an answer quotes it, the digest has it in full. */
	LIMIT_STUB_TEXT_BYTES = 4096,
	/* Of the msg-ids in its References: more than programs need to place it. */
	LIMIT_STUB_REFERENCES = 20,
	/* Of a value in <>, which cannot be folded: RFC 5322 2.1.1 allows 998 bytes a line. */
	LIMIT_STUB_VALUE_BYTES = 900,
	/* Of one line of a dump: the mail of an issue, of which every byte may take three. */
	LIMIT_DUMP_LINE_BYTES = 256 * 1024 * 1024,
	/* Of X-Developer-Signature fields of one message, of one of them (one of OpenPGP has
	 * some kB), and of the fields that it may sign: patatt signs three. */
	LIMIT_SIGNATURES = 16,
	LIMIT_SIGNATURE_BYTES = 16 * 1024,
	LIMIT_SIGNED_FIELDS = 32,
	/* Of a public key's file, which has 44 characters, and of a name in the keyring, which
	 * file systems leave at that. */
	LIMIT_PUBLIC_KEY_BYTES = 1024,
	LIMIT_KEY_NAME_BYTES = 255,
	/* Of HOME/config and HOME/mailmap, in bytes. */
	LIMIT_CONFIG_BYTES = 1024 * 1024,
	LIMIT_MAILMAP_BYTES = 8 * 1024 * 1024,
	/* Of rules in HOME/config: every delivery reads and may try them all. */
	LIMIT_RULES = 500,
	/* Of a rule's name, which stands in every record that it decided about. */
	LIMIT_RULE_NAME_BYTES = 100,
	/* Of what a regular expression of the user's may take at one place of a text, in
	 * PCRE's steps and its KiB of memory: strangers write the text.  A sensible one needs
	 * some hundred steps for a subject; these are half a millisecond. */
	LIMIT_REGEX_STEPS = 20000,
	LIMIT_REGEX_KIB = 32 * 1024,
	/* How long a delivery waits for the store before it gives the mail back, in
	   seconds. */
	LIMIT_LOCK_SECONDS = 60,
	/* How long a delivery may take until its main() begins, in seconds. */
	LIMIT_BEGIN_SECONDS = 60,
	/* Of a secret key's password: minisign takes no longer one.  What scrypt may need for
	 * it is what minisign's keys need, 1 GiB and some seconds: the one thing here that
	 * takes so much. */
	LIMIT_PASSWORD_BYTES = 1024,
	LIMIT_SCRYPT_BYTES = 1024 * 1024 * 1024,
	LIMIT_SCRYPT_STEPS = 32 * 1024 * 1024,
	/* Of a file that verify reads: a mail with a digest and a manifest, of which mail systems
	 * take some ten MB. */
	LIMIT_VERIFY_BYTES = 64 * 1024 * 1024,
	/* How long one sendmail run may take, in seconds, and after how many that take longer, one
	 * after the other, the rest stays owed: it is sendmail then, not an address. */
	LIMIT_SENDMAIL_SECONDS = 600,
	LIMIT_SENDMAIL_HANGS = 3,
	/* Of failures that one flush tells of, a line each; "flush --status" has all. */
	LIMIT_FAILURE_LINES = 20,
	/* Of pages of an issue that not all get: they are sealed in one transaction, with some
	 * 100 kB each.  And of the issues before it in which the last page of that name is looked
	 * for: three years of daily ones. */
	LIMIT_PAGES = 1000,
	LIMIT_PAGE_ISSUES = 1000,
	/* Of recipients of one sendmail run: with addresses of 254 bytes an eighth of what Linux
	 * takes as arguments. */
	LIMIT_BATCH_RECIPIENTS = 1000,
	/* Of HOME/sending, which has the lines of LIMIT_BATCH_MS or of one run. */
	LIMIT_JOURNAL_BYTES = 64 * 1024 * 1024,
	/* Of an address's parts: RFC 5321 4.5.3.1.1, RFC 1035 2.3.4. */
	LIMIT_LOCAL_PART_BYTES = 64,
	LIMIT_DOMAIN_LABEL_BYTES = 63,
	/* Of a file of subscribers: 50,000 of the longest addresses. */
	LIMIT_SUBSCRIBERS_BYTES = 16 * 1024 * 1024,
	/* Of a subscriber's filter: all of it stands in the trusted comment of what it chooses,
	 * where a byte may take three, and minisign reads 8,192.  And of the further addresses by
	 * which somebody's own part is found. */
	LIMIT_FILTER_WORDS = 32,
	LIMIT_FILTER_BYTES = 1024,
	LIMIT_OWN_ADDRESSES = 8,
	/* How long import and digest keep others from the store, in milliseconds. */
	LIMIT_BATCH_MS = 100,
};

#endif
