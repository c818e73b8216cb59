/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands: each parses its own options and wires the folders together. */
#ifndef MLDIGEST_CMD_CMD_H
#define MLDIGEST_CMD_CMD_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/conf.h"
#include "base/status.h"
#include "digest/digest.h"
#include "model/identity.h"
#include "store/store.h"

/* Runs with the home's directory and its own words, argv[0] being the command.  Every
 * failure has printed its line. */
enum status cmd_init(const char *home, int argc, char **argv);
enum status cmd_record(const char *home, int argc, char **argv);
enum status cmd_import(const char *home, int argc, char **argv);
enum status cmd_digest(const char *home, int argc, char **argv);
enum status cmd_flush(const char *home, int argc, char **argv);
enum status cmd_log(const char *home, int argc, char **argv);
enum status cmd_explain(const char *home, int argc, char **argv);
enum status cmd_keygen(const char *home, int argc, char **argv);
enum status cmd_verify(const char *home, int argc, char **argv);
enum status cmd_subscriber(const char *home, int argc, char **argv);
enum status cmd_check(const char *home, int argc, char **argv);
enum status cmd_dump(const char *home, int argc, char **argv);
enum status cmd_restore(const char *home, int argc, char **argv);
enum status cmd_reclass(const char *home, int argc, char **argv);
enum status cmd_backup(const char *home, int argc, char **argv);
enum status cmd_expire(const char *home, int argc, char **argv);

/* Parses OPTIONS out of ARGV; what is left, between MIN and MAX words, goes to *WORDS_R
 * (may be NULL when MAX is 0), which the caller frees.  USAGE is what follows the
 * command's name. */
struct cmd_usage {
	const char *usage, *summary;
	unsigned min, max;
};
enum status cmd_parse(int argc, char **argv, const GOptionEntry *options,
	const struct cmd_usage *usage, GStrv *words_r);

/* Makes HOME with a default config where there is nothing, for TITLE and LIST_ID (may be
 * NULL); *MADE_R (may be NULL) tells whether it did. */
enum status cmd_make_home(
	const char *home, const char *title, const char *list_id, bool *made_r);

/* conf_load(), and the classes that its rules name, and its sections, are looked at. */
enum status cmd_load_conf(const char *home, struct conf *conf_r);

/* HOME/mailmap, NULL without one.  The caller frees. */
enum status cmd_load_mailmap(const char *home, struct mailmap **mailmap_r);

/* Turns `A..B` or a time into a window of HOME's store; both NULL: from the mark to the
 * head. */
enum status cmd_find_window(const char *home, const char *range, const char *since,
	struct digest_window *window_r);

/* A time as --since takes it: YYYY-MM-DD, an ISO 8601 date-time, or a count of m, h, d or
 * w before NOW.  False for anything else. */
bool cmd_parse_time(const char *word, int64_t now, int64_t *time_r);

/* A count of m, h, d or w as seconds: "90m".  False for anything else. */
bool cmd_parse_duration(const char *word, int64_t *seconds_r);

/* WORD, a Message-ID, without the angle brackets that it may have.  The caller frees. */
char *cmd_strip_brackets(const char *word);
/* PATH without slashes at its end: something may be put behind it.  The caller frees. */
char *cmd_trim_path(const char *path);

/* Writes all of TEXT on standard output. */
enum status cmd_print(const char *text, size_t length);

#endif
