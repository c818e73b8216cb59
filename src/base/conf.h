/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HOME/config: the keys of mldigest.conf(5). */
#ifndef MLDIGEST_BASE_CONF_H
#define MLDIGEST_BASE_CONF_H

#include <stdbool.h>

#include <glib.h>

#include "base/status.h"

/* [rule NAME]: a message that fits every condition that is set is of CLASS, or is skipped. */
struct conf_rule {
	char *name;
	/* struct pattern, NULL where the key is not set; several are alternatives.  A path
	 * condition looks at the paths of a diff: one of them has to fit, or for all_paths
	 * every one. */
	GPtrArray *list_id, *from, *subject, *path, *all_paths;
	char *class; /* its name, or NULL: what the rules of the program say */
	bool skip;
	unsigned line; /* where the section begins in HOME/config */
};

struct conf {
	char *title;            /* [digest] title, else made from list_id */
	char *list_id;          /* [digest] list-id, "" when not set */
	char *archive;          /* [digest] archive, "" when not set */
	char *layout;           /* [digest] layout: "classic" or "full" */
	GStrv sections;         /* [digest] sections: of layout full; NULL when not set */
	unsigned sections_line; /* where that stands in HOME/config */
	unsigned max_bytes;     /* [digest] max-bytes: of layout full; 0 for any number */
	unsigned top;           /* [digest] top: rows in a table, 1 to 1000 */
	char *from;             /* [mail] from: an address; "" when not set */
	GStrv to;               /* [mail] to: addresses; NULL when not set */
	GStrv sendmail;         /* [mail] sendmail: the command's words */
	unsigned batch;         /* [mail] batch: recipients of one sendmail run */
	char *list_help, *list_unsubscribe,
		*list_post;  /* [mail]: URLs; "" when not set */
	char *sign_key;      /* [sign] key: a file, or "none"; "" when not set */
	char *password_file; /* [sign] password-file; "" when not set */
	char *keyring;    /* [patatt] keyring: a directory, or "none"; "" when not set */
	GPtrArray *rules; /* struct conf_rule, in the file's order */
};

/* Reads HOME/config into *CONF_R, which the caller releases.  No such file: defaults.  A
 * file that cannot be read, a key that is not known or a value that is not good is
 * STATUS_CONFIG, printed with its line. */
enum status conf_load(const char *home, struct conf *conf_r);
void conf_release(struct conf *conf);

/* Fills in the user where from or to are not set.  Apart, since asking for the user's
 * name costs a delivery more than its commit. */
void conf_complete_people(struct conf *conf);

/* The file of the secret key: [sign] key, in HOME where it is no absolute path; without a word,
 * HOME/key.  NULL for "none".  The caller frees. */
char *conf_key_path(const struct conf *conf, const char *home);

/* [sign] password-file in the same way; NULL when not set. */
char *conf_password_path(const struct conf *conf, const char *home);

/* The directory of developers' keys: [patatt] keyring, in HOME where it is no absolute path;
 * without a word, HOME/keyring, there or not.  NULL for "none".  The caller frees. */
char *conf_keyring_path(const struct conf *conf, const char *home);

/* Writes HOME/config with TITLE and LIST_ID (NULL: commented out) and every other key
 * commented, unless there is one. */
enum status conf_create(const char *home, const char *title, const char *list_id);

/* Whether VALUE can be a title or list id: one line, no control, not empty. */
gboolean conf_value_is_good(const char *value);

/* Whether LAYOUT is one that a digest can have. */
gboolean conf_layout_is_known(const char *layout);

/* Reads WORD (may be NULL) as max-bytes; false, and nothing set, for what is none. */
bool conf_parse_max_bytes(const char *word, unsigned *bytes_r);

/* Whether ADDRESS may be handed to sendmail: an addr-spec of atoms or a local user's
 * name; no quoting, blank, control or encoded word, its first byte a letter, digit or '_', at
 * most 254 bytes (RFC 5321 4.5.3.1). */
gboolean conf_address_is_deliverable(const char *address);

#endif
