/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/diag.h"
#include "cmd/people.h"
#include "cmd/roster.h"

bool people_has_wish(const struct people *people)
{
	return people->no_filter || people->has_my_part || people->also != NULL ||
	       !filter_words_are_none(&people->words);
}

/* The choice that the options make by themselves. */
static enum status people_make_choice(
	const struct people *people, struct choice *choice_r)
{
	struct choice choice = {.my_part = people->my_part};

	filter_words_normalize(&people->words, &choice.words);
	for (char **also = people->also; also != NULL && *also != NULL; also++) {
		g_autofree char *address = subscriber_normalize(*also);

		if (address == NULL) {
			diag_error(
				"subscriber: --also: %s: %s", *also, ROSTER_BAD_ADDRESS);
			choice_release(&choice);
			return STATUS_USAGE;
		}
		choice_take(&choice, "also", address);
	}
	*choice_r = choice;
	return STATUS_OK;
}

enum status people_check_wish(const struct people *people)
{
	struct choice choice;
	/* As they were given: --class "" is none, and nothing is left of it. */
	const struct choice given = {.words = people->words};
	g_autofree char *why = choice_check(&given);
	enum status status;

	if (people->no_filter && !filter_words_are_none(&people->words)) {
		diag_error("subscriber: --no-filter does not go with a filter");
		return STATUS_USAGE;
	}
	if (people->also != NULL && !people->my_part) {
		diag_error("subscriber: --also goes with --my-part yes");
		return STATUS_USAGE;
	}
	status = people_make_choice(people, &choice);
	if (status != STATUS_OK)
		return status;
	if (why == NULL)
		why = choice_check(&choice);
	choice_release(&choice);
	if (why == NULL)
		return STATUS_OK;
	diag_error("subscriber: %s", why);
	return STATUS_USAGE;
}

enum status people_set(struct store *store, struct people *people, const char *address)
{
	bool filtered = people->no_filter || !filter_words_are_none(&people->words);
	struct subscriber subscriber;
	struct choice choice;
	enum status status = subscriber_get(store, address, &subscriber);

	if (status == STATUS_NOINPUT)
		diag_error("%s: is no subscriber", address);
	if (status == STATUS_OK)
		status = people_make_choice(people, &choice);
	if (status != STATUS_OK)
		return status;
	if (people->has_format)
		subscriber.format = people->format;
	if (filtered) {
		filter_words_release(&subscriber.choice.words);
		subscriber.choice.words = choice.words;
		choice.words = (struct filter_words){{NULL}};
	}
	if (people->has_my_part) {
		g_strfreev(subscriber.choice.also);
		subscriber.choice.also = g_steal_pointer(&choice.also);
		subscriber.choice.my_part = choice.my_part;
	}
	choice_release(&choice);
	status = subscriber_put(store, &subscriber);
	subscriber_release(&subscriber);
	return status;
}
