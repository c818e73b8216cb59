/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What waits for a review, what is missing, and what an earlier digest could not know. */
#ifndef MLDIGEST_STORE_REVIEW_H
#define MLDIGEST_STORE_REVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "model/record.h"

/* How long a series is listed, in days: what nobody answered in half a year nobody waits for. */
enum { REVIEW_DAYS = 180 };

/* A series that waits.  Strings are owned. */
struct review_series {
	char *message_id; /* of the root: the cover letter, here or not, or the first part */
	char *title;      /* the cover letter's, else the first part's */
	char *author_name, *author_address; /* who sent it, under the mailmap's name */
	uint32_t revision;
	bool rfc;
	unsigned seen, total; /* patches here, and how many there should be; 1 of 1 */
	int64_t arrival;      /* of the part that came first */
	unsigned days;        /* how long it waits */
	uint64_t added,
		deleted; /* lines: the cover letter's, else of all parts that are here */
	uint64_t number; /* of the first part by position */
	char *here;      /* and its Message-ID, which a link can show */
	char *id;        /* its commit in the archive, else its link, hexadecimal */
	char *resent;    /* the root of the newest resend, or NULL */
};

void review_series_free(struct review_series *series);

/* Lists the series of HOME that wait for a review at NOW, oldest first: posted in the last
 * REVIEW_DAYS days, with no reply of anybody but their author and robots, no newer version, neither
 * applied nor withdrawn.  What was sent again waits since the first time.  Brings the index up to
 * date before, in sessions of at most LIMIT_BATCH_MS.  The same whatever order the mails came in.
 * struct review_series in an array that owns them; the caller unrefs. */
enum status review_list_waiting(const char *home, int64_t now, GPtrArray **series_r);

/* What others refer to and never came. */
struct review_missing {
	char *message_id; /* NULL for patches whose Message-IDs nobody names */
	bool cover;       /* it is the cover letter of SERIES */
	char *series;     /* the root of the series that it is missing in, or NULL */
	char *title;      /* of that series, or of the newest mail that refers to it */
	char *places;     /* without a Message-ID: "3, 5-7", of TOTAL; else NULL */
	unsigned total;
	char *referrer; /* Message-ID of the newest mail that refers to it, or of a part */
	char *author_name, *author_address; /* who sent that */
	unsigned count;  /* how many mails refer to it, or parts of the series are here */
	int64_t arrival; /* of the referrer */
};

void review_missing_free(struct review_missing *missing);

/* Numbers (first, last], and how many are wanted at most. */
struct review_range {
	uint64_t first, last;
	unsigned limit;
};

/* Lists what the messages of RANGE refer to and the store of HOME has not, the newest referrer
 * first; Message-IDs, cover letters among them, and patches that n/m implies.  As
 * review_list_waiting() else. */
enum status review_list_missing(
	const char *home, const struct review_range *range, GPtrArray **missing_r);

enum review_correction_kind {
	REVIEW_LATE_COVER, /* came behind an issue that showed its patches */
	REVIEW_LATE_PARTS, /* patches came behind an issue that showed the series */
	REVIEW_RECLASSED,  /* a class that an issue showed was mended since */
};

/* What an earlier issue could not know, or had wrong. */
struct review_correction {
	enum review_correction_kind kind;
	char *message_id; /* the late cover letter's, the first late part's, the reclassed one's */
	char *series; /* the root of its series, or NULL */
	char *title;  /* of the series, or of the message */
	char *author_name, *author_address;
	char *places;                 /* LATE_PARTS: "3, 5-7", of TOTAL; else NULL */
	unsigned seen, total;         /* patches of the series, now */
	unsigned shown;               /* parts of it that came before */
	enum record_class class, was; /* RECLASSED */
	char *who, *why;              /* RECLASSED, else NULL */
	int64_t time;                 /* of arrival, or when it was reclassed */
};

void review_correction_free(struct review_correction *correction);

/* The issue that is made of (first, last], and when the one before was made. */
struct review_issue {
	uint64_t first, last;
	int64_t before;
};

/* Lists the corrections that an issue of HOME has to make to those before it: late parts in the
 * order in which they came, then what was reclassed, the latest first.  As review_list_waiting()
 * else. */
enum status review_list_corrections(
	const char *home, const struct review_issue *issue, GPtrArray **corrections_r);

/* "1, 3-5": those of the places 1 to TOTAL for which CHOSEN has a key (GINT_TO_POINTER), or where
 * WITHOUT those for which it has none.  NULL for no place; the caller frees. */
char *review_format_places(GHashTable *chosen, int total, bool without);

#endif
