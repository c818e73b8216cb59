/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What layout `full` shows beside the classic page, as data.  Collected once (full_collect), then
 * summed up by the sections without the store (section.h).  Everything is owned by struct full. */
#ifndef MLDIGEST_DIGEST_FULL_H
#define MLDIGEST_DIGEST_FULL_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/hash.h"
#include "base/status.h"
#include "digest/digest.h"
#include "model/identity.h"
#include "model/record.h"

/* Somebody, by the mailmap; two addresses are two people, as in the contributors' tables. */
struct full_person {
	char *key; /* the address in lower case, or the name */
	char *name, *address;
	bool is_new; /* their first message here is in the window */
};

/* A posting that the window has, or has something about. */
struct full_posting {
	char *message_id, *title, *series; /* the Message-ID of the series' root */
	enum record_class class;
	unsigned revision, total;
	int position; /* -1 for no n/m */
	uint64_t number;
	struct full_person *author;
	GPtrArray *patches; /* uint64_t numbers (GSIZE_TO_POINTER): what is said of it is
			       for these */
	char *link;         /* or NULL */
};

/* What a thread that is about no posting begins with, if it is here. */
struct full_root {
	char *message_id, *title;
	bool known; /* it is here; if not, the title is an answer's */
	enum record_class class;
	uint64_t number;
	struct full_person *sender; /* NULL where it is not known */
	char *link;
};

/* A message of the window that is no posting. */
struct full_message {
	struct record *record;
	struct full_person *sender;
	struct full_posting *target; /* the nearest posting that it answers, or NULL */
	struct full_root *root;      /* where there is no target */
	bool human;                  /* a reply that a person wrote */
	char *link;
};

struct full_summary {
	uint64_t issue, last_issue; /* 0: not known, none */
	char *last_head; /* the chain's link where that one ended, hexadecimal */
	int64_t first_arrival, last_arrival; /* INT64_MAX, INT64_MIN for none */
	unsigned messages, patches, series, fresh, rerolled, resent;
	unsigned replies, repliers;
};

enum full_kind { FULL_REVIEWED, FULL_ACKED, FULL_TESTED, FULL_REPORTED, FULL_KINDS };

/* A row of the reviewers' table. */
struct full_reviewer {
	struct full_person *person;
	unsigned given[FULL_KINDS]; /* a patch each, by others of another domain */
	unsigned own;               /* the same for patches of one's own domain */
	unsigned replies;           /* a posting of others each */
	unsigned rank;              /* from 1; equals share theirs */
	unsigned was;               /* the rank in the last issue, 0 for none */
};

/* Trailers of one kind that a series has. */
struct full_tags {
	unsigned count;    /* a person and patch each */
	GPtrArray *people; /* struct full_person, borrowed, in order of appearance */
};

struct full_bot {
	char *name;
	bool fails; /* what it sends are failures */
	unsigned count;
};

enum full_state { FULL_FRESH, FULL_REROLLED, FULL_RESENT };

/* What became of the patches of the version before. */
struct full_changes {
	bool known;
	unsigned same, changed, added, dropped;
};

struct full_series {
	char *id;                       /* the root's Message-ID, which may not be here */
	const struct digest_item *item; /* its first part in the window, borrowed */
	struct full_person *author;
	struct full_person *sender; /* who posted it for them */
	enum full_state state;
	unsigned seen, total; /* as of the window's end; total is 0 for no n/m */
	unsigned patches;     /* in the window */
	bool superseded;      /* the window has a version after it */
	bool sent_again;      /* or the same once more */
	bool begun;           /* an earlier window has parts of it */
	char *old_id; /* the version before, or NULL; the rest is 0 where that one is not here */
	unsigned old_revision;
	bool old_is_rfc;
	int64_t old_arrival;
	unsigned
		old_days; /* how many days before this one it was posted, by their dates */
	uint64_t old_issue;
	struct full_changes changes;
	int32_t stat_files; /* -1: not known */
	uint64_t stat_added, stat_deleted;
	GHashTable *paths; /* of patches, where no cover letter has a diffstat */
	struct full_tags tags[FULL_KINDS];
	GHashTable *tagged;  /* of kind, person and patch */
	GHashTable *covered; /* numbers of patches that somebody reviewed or acked */
	unsigned replies;
	GPtrArray *repliers; /* struct full_person, borrowed */
	GPtrArray *bots;     /* struct full_bot */
	char *changelog;     /* the author's, or NULL */
	char *link;
};

/* What went into a tree: a row for each series, tree and who says so. */
struct full_applied {
	char *title, *tree;
	struct full_person *by; /* who put it there; NULL where a program does not say */
	struct full_person *sender;      /* who says so */
	unsigned revision, count, total; /* COUNT of TOTAL patches; 0: not known */
	GPtrArray *commits;              /* strings */
	bool robot;                      /* a program says so */
	char *link;
};

struct full_pull {
	const struct digest_item *item;
	struct full_person *author;
	unsigned replies;
	char *link;
};

/* A thread: a bug, an announcement, a discussion. */
struct full_thread {
	struct full_root *root;
	bool is_new;       /* it began in the window */
	unsigned messages; /* in the window, */
	unsigned replies;  /* those of them that people answered with */
	GPtrArray *people; /* struct full_person who wrote them, borrowed */
	uint64_t newest;   /* number */
};

struct full {
	const struct mailmap *mailmap; /* borrowed while it is filled in */
	char *archive;
	GHashTable *people;       /* key -> struct full_person */
	GHashTable *postings;     /* Message-ID -> struct full_posting */
	GHashTable *roots;        /* Message-ID -> struct full_root */
	GHashTable *series_by_id; /* -> struct full_series, borrowed */
	GHashTable *series_of; /* struct record of an item -> its series, both borrowed */
	GPtrArray *messages;   /* struct full_message, oldest first */
	GPtrArray *old_messages; /* those of the last issue's window */
	struct full_summary summary;
	GPtrArray *series;    /* struct full_series, newest first */
	GPtrArray *reviewers; /* struct full_reviewer */
	GPtrArray *applied;   /* struct full_applied */
	GPtrArray *pulls;     /* struct full_pull */
	GPtrArray *bugs, *announcements, *discussions; /* struct full_thread */
	GPtrArray *bots; /* struct full_bot: about no posting */
	/* Of the window that is still to be sent; NULL for one that is past. */
	GPtrArray *waiting; /* struct review_series, oldest first */
	GPtrArray *
		corrections; /* struct review_correction; NULL also without an issue before */
};

/* An empty one; the caller frees.  ARCHIVE is as url_of_record() takes it. */
struct full *full_new(const struct mailmap *mailmap, const char *archive);
void full_free(struct full *full);

/* Somebody under NAME and ADDRESS; borrowed from FULL. */
struct full_person *full_find_person(
	struct full *full, const char *name, const char *address);

/* The person whom a trailer's VALUE names.  Borrowed; NULL where it names none. */
struct full_person *full_find_giver(struct full *full, const char *value);

/* The kind of trailer that KEY is, in any case; FULL_KINDS for any other.  Static names. */
enum full_kind full_kind_of(const char *key);
const char *full_kind_name(enum full_kind kind);

/* Adds PERSON to PEOPLE unless they are there. */
void full_add_person(GPtrArray *people, struct full_person *person);

/* Whether RECORD, a posting, is a patch, not a cover letter or pull request; and whether it came
 * within a reply, whose subject says another's n/m. */
bool full_is_patch(const struct record *record);
bool full_is_inline(const struct record *record);

/* The values of TABLE, in no order; the caller unrefs. */
GPtrArray *full_values(GHashTable *table);

/* Counts a report of the robot that sent RECORD in BOTS (struct full_bot). */
void full_count_bot(GPtrArray *bots, const struct record *record);
void full_bot_free(void *bot);

/* Reads out of the store of HOME what DIGEST of WINDOW has beside its postings, in sessions of at
 * most LIMIT_BATCH_MS.  FULL was made by full_new(). */
enum status full_collect(const char *home, const struct digest_window *window,
	const struct digest *digest, struct full *full);

#endif
