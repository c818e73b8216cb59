/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "cmd/cmd.h"
#include "store/store.h"

static enum status init_freeze(struct store *store, void *list_id)
{
	return store_freeze_list_id(store, list_id);
}

enum status cmd_init(const char *home, int argc, char **argv)
{
	g_autofree char *title = NULL;
	g_autofree char *list_id = NULL;
	const GOptionEntry options[] = {
		{"title", 0, 0, G_OPTION_ARG_STRING, &title, "The digest's name", "T"},
		{"list-id", 0, 0, G_OPTION_ARG_STRING, &list_id, "The list's List-Id",
			"ID"},
		{0}};
	const struct cmd_usage usage = {"", "Makes a home and its config.", 0, 0};
	bool made;
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	if (status != STATUS_OK)
		return status;
	if ((title != NULL && !conf_value_is_good(title)) ||
		(list_id != NULL &&
			(!conf_value_is_good(list_id) || strpbrk(list_id, " <>")))) {
		diag_error(
			"init: a title is one line, a list id has no blanks and no <>");
		return STATUS_USAGE;
	}
	status = cmd_make_home(home, title, list_id, &made);
	if (status == STATUS_OK && !made) {
		diag_error("%s: is there already", home);
		status = STATUS_CANTCREAT;
	}
	if (list_id == NULL)
		list_id = g_strdup("");
	/* The chain begins with the list id, so it is there before the first message. */
	return status == STATUS_OK ? store_run(home, init_freeze, list_id) : status;
}
