/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept of a message, as a value and as bytes. Pure. */
#ifndef MLDIGEST_MODEL_RECORD_H
#define MLDIGEST_MODEL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"
#include "base/status.h"
#include "mail/patch.h"
#include "mail/trailer.h"

/* The numbers are in the store: add at the end, never reuse. */
enum record_class {
	RECORD_CLASS_OTHER = 0,
	RECORD_CLASS_PATCH = 1,
	RECORD_CLASS_COVER_LETTER = 2,
	RECORD_CLASS_PULL_REQUEST = 3,
	RECORD_CLASS_REPLY = 4,
	RECORD_CLASS_REVIEW = 5,  /* a reply whose own words give trailers */
	RECORD_CLASS_APPLIED = 6, /* says that a posting went into a tree */
	RECORD_CLASS_BUG_REPORT = 7,
	RECORD_CLASS_BOT_REPORT = 8,
	RECORD_CLASS_ANNOUNCEMENT = 9,
	RECORD_CLASS_STABLE = 10,     /* backports and their traffic; may be a posting */
	RECORD_CLASS_DISCUSSION = 11, /* begins a thread that is about no patch */
	RECORD_CLASS_AUTO_REPLY = 12,
	RECORD_CLASS_COUNT
};

enum record_outcome {
	RECORD_OUTCOME_NEW = 0,
	RECORD_OUTCOME_EXIST =
		1, /* the same change was posted before, under another Message-ID */
	RECORD_OUTCOME_SKIP = 2, /* a rule of the user's kept it out */
};

enum record_flag {
	RECORD_FLAG_HISTORY = 1 << 0, /* came by import: counts as sent */
	RECORD_FLAG_PARTIAL = 1 << 1, /* the feeder went away before the end */
	RECORD_FLAG_LIMITED = 1 << 2, /* a limit cut it: see limit */
	RECORD_FLAG_CONFLICT = 1
			       << 3, /* other content under a Message-ID that was there */
	RECORD_FLAG_SUPERSEDES = 1 << 4, /* the whole of what was there in part */
	RECORD_FLAG_MADE_ID =
		1 << 5, /* the key was made: the sender's was missing or unfit */
	RECORD_FLAG_RFC = 1 << 6,        /* a tag of the subject says RFC */
	RECORD_FLAG_RESEND = 1 << 7,     /* or RESEND */
	RECORD_FLAG_WRONG_STAT = 1 << 8, /* the diffstat's total is not the diff's */
	RECORD_FLAG_DIFF = 1 << 9,       /* there is a diff */
	RECORD_FLAG_EXPIRED =
		1 << 10, /* all but what the chain and known copies need is gone */
	RECORD_FLAG_WITHDRAWS =
		1
		<< 11, /* a reply that takes back what it answers, if that is its sender's */
};

/* What an X-Developer-Signature is worth; in the store, as the classes are. */
enum record_verdict {
	RECORD_VERDICT_GOOD = 1, /* From, Subject and body are as its key signed them */
	RECORD_VERDICT_BAD = 2,  /* they are not, or cannot be told for sure */
	RECORD_VERDICT_UNKNOWN_KEY = 3, /* the keyring has no key for it */
	RECORD_VERDICT_UNSUPPORTED =
		4, /* other algorithms, and mails that are not checked */
	RECORD_VERDICT_UNCHECKED = 5, /* there was no keyring */
	RECORD_VERDICT_COUNT
};

/* One of them.  Strings are sanitised, owned, never NULL. */
struct record_signature {
	enum record_verdict verdict;
	bool by_author; /* GOOD: by whom the signed From names */
	int64_t time;   /* when it says that it was made; 0 where it does not */
	char *identity, *selector; /* of the key */
	char *algorithm;
	char *why; /* the verdict, or "" */
};

enum { RECORD_COMMIT_MAX = 32 };

/* Strings are sanitised UTF-8, owned, never NULL.  Times are seconds since 1970 UTC. */
struct record {
	uint64_t number; /* of arrival, from 1; 0 before it is stored */
	int64_t date;    /* the Date field, 0 when it cannot be read */
	int64_t arrival; /* when it came to us or to the archive it is from */
	int64_t latest;  /* the largest arrival of all numbers up to this one */
	uint32_t flags;  /* of enum record_flag */
	enum record_class class;
	enum record_outcome outcome;
	char *message_id;     /* the key */
	char *message_id_raw; /* what the field held where the key was made */
	char *subject;
	char *title;
	char *author_name, *author_address; /* of the From field */
	char *patch_name, *patch_address;   /* of the in-body From, else the same */
	/* Of the From field, with what relays and gateways did to it undone. */
	char *person_name, *person_address;
	char *rule;         /* that gave the class */
	char *evidence;     /* what that rule saw, in one line */
	char *skip_rule;    /* the user's rule that kept it out, for SKIP */
	char *base_commit;  /* git format-patch --base, or "" */
	char *b4_change_id; /* what b4 keeps over the revisions of a series, or "" */
	char *applied_to;   /* the tree or branch, for APPLIED, or "" */
	char *applied_by;   /* who put it there, where a robot says so, or "" */
	char *limit;        /* that was passed, or "" */
	char *first;        /* Message-ID of the first posting, for EXIST */
	GPtrArray *tags, *list_ids, *references;
	uint32_t revision;
	int32_t position, total; /* -1 where the subject has no n/m */
	uint32_t body_length;    /* of the normalised body */
	uint8_t body_hash[HASH_BYTES];
	uint8_t content_hash[HASH_BYTES]; /* of subject, from, date, normalised body */
	uint8_t diff_id[HASH_BYTES];      /* all 0 without a diff */
	uint8_t change_id
		[HASH_BYTES]; /* of author, title, version, diff; all 0 for none */
	uint8_t raw_hash[HASH_BYTES];      /* Dn */
	uint8_t link[HASH_BYTES];          /* Hn */
	uint8_t commit[RECORD_COMMIT_MAX]; /* of a public-inbox archive */
	uint8_t commit_length;             /* 20, 32, or 0 for none */
	GPtrArray *paths;                  /* struct patch_path */
	GPtrArray *trailers;               /* struct trailer: its own */
	GPtrArray *prerequisites; /* what stands behind `prerequisite-`, a line each */
	GPtrArray *links;         /* Message-IDs that the body links to */
	GPtrArray *commits;       /* what was applied, as hexadecimal digits */
	GPtrArray *signatures;    /* struct record_signature, in the mail's order */
	GArray *addressees; /* uint64_t: address_hash() of To and Cc, in their order */
	int32_t stat_files; /* of the diffstat's total; -1 without one */
	uint32_t stat_added, stat_deleted; /* of the same */
	unsigned shares; /* how many others hold it: see record_share() */
};

/* An empty record: strings "", arrays empty, no position. */
struct record *record_new(void);
void record_free(struct record *record);

/* RECORD for one more holder, each of whom frees it.  Nobody writes to it any more, and all are of
 * one thread. */
struct record *record_share(struct record *record);
typedef struct record record_auto; /* for g_autoptr() alone */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(record_auto, record_free)

/* Empties RECORD but for its number, times, Message-ID, commit, link and the hashes by which
 * a copy is known, and says so in its flags: what stays of a message that expires. */
void record_expire(struct record *record);

/* Makes *FIELD a copy of VALUE (NULL: ""). */
void record_set(char **field, const char *value);

/* For an array of signatures; takes one. */
void record_signature_free(void *signature);

/* The signature that stands for all of RECORD's: a bad one before a good one, and that before any
 * other.  NULL for none; borrowed. */
const struct record_signature *record_signature(const struct record *record);

/* RECORD as bytes: a version byte, then the fields in a fixed order, integers
 * little-endian, strings and lists with their lengths before them.  The caller frees with
 * g_byte_array_unref. */
GByteArray *record_encode(const struct record *record);

/* The same behind what is in OUT. */
void record_append(GByteArray *out, const struct record *record);

/* Reads what record_encode() wrote.  Total: STATUS_DATA for any other bytes,
 * STATUS_CONFIG for a version that a newer program wrote; nothing is printed.  The caller
 * frees *RECORD_R. */
enum status record_decode(const void *bytes, size_t length, struct record **record_r);

/* The parts that indexes need, read without decoding the rest.  False for bytes that are
 * no record of ours.  The results point into BYTES. */
struct record_key {
	uint64_t number;
	const uint8_t *message_id; /* no NUL behind it */
	size_t message_id_length;
	const uint8_t *id; /* the commit, else the link */
	size_t id_length;
	const uint8_t
		*change_id; /* NULL where a later posting shall not find this record */
	const uint8_t *raw_hash;
	int64_t arrival;
};
bool record_peek(const void *bytes, size_t length, struct record_key *key_r);

/* Sets the number, latest and link of the record in BYTES, which record_peek() takes. */
void record_set_place(
	void *bytes, uint64_t number, int64_t latest, const uint8_t link[HASH_BYTES]);

/* The id that a digest's range shows: the commit of an archive, else the link of the
 * chain. Borrowed; *LENGTH_R in bytes. */
const uint8_t *record_id(const struct record *record, size_t *length_r);

/* Names for people, static. */
const char *record_class_name(enum record_class class);
const char *record_outcome_name(enum record_outcome outcome);
const char *record_verdict_name(enum record_verdict verdict);

/* The names of those of RECORD's flags that people are told: static strings, in an array that the
 * caller unrefs. */
GPtrArray *record_flag_names(const struct record *record);

/* The class that NAME is the name of; false, and nothing set, for none. */
bool record_class_from_name(const char *name, enum record_class *class_r);

/* Who wrote the patch, with rewriting undone: the in-body From, else the person.  Borrowed. */
void record_patch_author(
	const struct record *record, const char **name_r, const char **address_r);

/* Whether the commit message section of a digest has an entry for RECORD: cover letters,
 * single patches and the first of a series (FORMAT.md). */
bool record_has_entry(const struct record *record);

/* Whether RECORD is a patch, cover letter or pull request, those for stable trees included. */
bool record_is_posting(const struct record *record);

#endif
