/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small values in the store: a name and version, then a line for each field.  Pure. */
#ifndef MLDIGEST_STORE_FIELDS_H
#define MLDIGEST_STORE_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/status.h"

/* What becomes of one field. */
enum fields_taken {
	FIELDS_TAKEN,
	FIELDS_UNKNOWN, /* of a later program: kept as it is */
	FIELDS_BAD,
};

/* One kind of value: "NAME-VERSION" is its first line. */
struct fields_kind {
	const char *name;
	unsigned version;
	enum fields_taken (*take)(void *data, const char *key, const char *value);
};

/* Reads the LENGTH bytes at BYTES as a value of KIND: gives every line "KEY VALUE" to its take()
 * with DATA, and adds those that it does not know to REST, whole lines.  STATUS_CONFIG for a
 * later version, STATUS_DATA for any other bytes, both silently.  Total. */
enum status fields_parse(const struct fields_kind *kind, const void *bytes, size_t length,
	void *data, GString *rest);

/* A value of KIND with no field yet; the caller frees. */
GString *fields_begin(const struct fields_kind *kind);

/* Adds the line "KEY VALUE"; controls in VALUE become U+FFFD. */
void fields_add(GString *value, const char *key, const char *text);
void fields_add_number(GString *value, const char *key, int64_t number);

/* WORD as a number from 0; false for anything else. */
gboolean fields_parse_number(const char *word, int64_t *number_r);

#endif
