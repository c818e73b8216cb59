/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of "subscriber" share: subscriber.c changes who there is, people_set.c what they
 * get, people_list.c shows them. */
#ifndef MLDIGEST_CMD_PEOPLE_H
#define MLDIGEST_CMD_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"
#include "model/filter.h"
#include "store/store.h"
#include "store/subscriber.h"

/* One run of the command. */
struct people {
	const char *home;
	char **addresses; /* as they were given, all of them good */
	bool has_format;
	enum subscriber_format format;
	struct filter_words words; /* of set, as they were given */
	gboolean no_filter;
	bool has_my_part, my_part;
	GStrv also;
	const GPtrArray *roster; /* of import */
	uint64_t newest;         /* issue */
	uint64_t added, changed;
	GString *said; /* printed when all is done */
};

/* Sets PEOPLE's newest. */
enum status people_find_newest(struct store *store, struct people *people);

/* Whether an option of PEOPLE says what is to be set of a choice. */
bool people_has_wish(const struct people *people);

/* STATUS_USAGE, printed, where these options cannot be meant. */
enum status people_check_wish(const struct people *people);

/* In the open transaction: gives the subscriber ADDRESS what PEOPLE's options say; and adds what is
 * known of one to what is said.  STATUS_NOINPUT, printed, for none. */
enum status people_set(struct store *store, struct people *people, const char *address);
enum status people_show(struct store *store, struct people *people, const char *address);

/* Prints them all: for people, and as roster_parse() reads it. */
enum status people_list(struct people *people);
enum status people_export(struct people *people);

#endif
