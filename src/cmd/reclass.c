/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "store/home.h"
#include "store/reclass.h"

#include <string.h>

static enum status reclass_mend(
	const char *home, const char *id, const char *name, const char *why)
{
	const char *user = g_get_user_name();
	struct reclass reclass = {.message_id = (char *)(uintptr_t)id};
	g_autofree char *who = text_sanitize_line(user, strlen(user));
	g_autofree char *reason = text_sanitize_line(why, strlen(why));

	if (!record_class_from_name(name, &reclass.class)) {
		diag_error("%s: no such class, see mldigest-log(1)", name);
		return STATUS_USAGE;
	}
	if (strlen(reason) > LIMIT_EVIDENCE_BYTES) {
		diag_error("--why: longer than %d bytes", LIMIT_EVIDENCE_BYTES);
		return STATUS_USAGE;
	}
	reclass.who = who;
	reclass.why = reason;
	reclass.time = diag_now();
	return reclass_put(home, &reclass);
}

enum status cmd_reclass(const char *home, int argc, char **argv)
{
	g_autofree char *why = NULL;
	gboolean undo = FALSE;
	const GOptionEntry options[] = {
		{"why", 0, 0, G_OPTION_ARG_STRING, &why, "The reason, in a line", "TEXT"},
		{"undo", 0, 0, G_OPTION_ARG_NONE, &undo,
			"What the rules said counts again", NULL},
		{0}};
	const struct cmd_usage usage = {"MESSAGE-ID [CLASS]",
		"Corrects the class of a message, or takes that back.", 1, 2};
	g_auto(GStrv) words = NULL;
	g_autofree char *id = NULL;
	enum status status = cmd_parse(argc, argv, options, &usage, &words);

	if (status != STATUS_OK)
		return status;
	if (undo == (words[1] != NULL) || (undo && why != NULL)) {
		diag_error("usage: mldigest reclass MESSAGE-ID CLASS [--why TEXT], or "
			   "MESSAGE-ID --undo");
		return STATUS_USAGE;
	}
	id = cmd_strip_brackets(words[0]);
	status = home_check(home);
	if (status != STATUS_OK)
		return status;
	return undo ? reclass_undo(home, id)
		    : reclass_mend(home, id, words[1], why ? why : "");
}
