/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "cmd/cmd.h"
#include "digest/json_digest.h"
#include "digest/text.h"
#include "store/home.h"

/* What the command line says of the layout goes before the config. */
static enum status digest_set_look(
	const char *layout, const char *max_bytes, struct conf *conf)
{
	if (layout != NULL && !conf_layout_is_known(layout)) {
		diag_error("--layout %s: neither classic nor full", layout);
		return STATUS_USAGE;
	}
	if (max_bytes != NULL && !conf_parse_max_bytes(max_bytes, &conf->max_bytes)) {
		diag_error("--max-bytes %s: neither a number from 10000 to 100000000 nor "
			   "0",
			max_bytes);
		return STATUS_USAGE;
	}
	if (layout != NULL) {
		g_free(conf->layout);
		conf->layout = g_strdup(layout);
	}
	return STATUS_OK;
}

enum status cmd_digest(const char *home, int argc, char **argv)
{
	g_autofree char *range = NULL;
	g_autofree char *since = NULL;
	g_autofree char *layout = NULL;
	g_autofree char *max_bytes = NULL;
	g_autofree char *format = NULL;
	const GOptionEntry options[] = {{"range", 0, 0, G_OPTION_ARG_STRING, &range,
						"What came behind A, up to B", "A..B"},
		{"since", 0, 0, G_OPTION_ARG_STRING, &since, "What came since T", "T"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &format, "text or json", "FORMAT"},
		{"layout", 0, 0, G_OPTION_ARG_STRING, &layout, "classic or full",
			"LAYOUT"},
		{"max-bytes", 0, 0, G_OPTION_ARG_STRING, &max_bytes,
			"How long layout full may be; 0: as it is", "N"},
		{0}};
	const struct cmd_usage usage = {
		"", "Prints a digest; without options, what flush would send.", 0, 0};
	struct digest_window window;
	struct digest_style style;
	struct digest *digest = NULL;
	struct mailmap *mailmap = NULL;
	struct conf conf;
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	if (status == STATUS_OK)
		status = home_check(home);
	if (status == STATUS_OK)
		status = cmd_load_conf(home, &conf);
	if (status != STATUS_OK)
		return status;
	status = digest_set_look(layout, max_bytes, &conf);
	if (status == STATUS_OK && format != NULL && strcmp(format, "text") != 0 &&
		strcmp(format, "json") != 0) {
		diag_error("--format %s: neither text nor json", format);
		status = STATUS_USAGE;
	}
	if (status == STATUS_OK)
		status = cmd_load_mailmap(home, &mailmap);
	if (status == STATUS_OK)
		status = cmd_find_window(home, range, since, &window);
	style = digest_style_of(&conf, mailmap);
	if (status == STATUS_OK)
		status = digest_collect_for(home, &window, &style, &digest);
	if (status == STATUS_OK) {
		GString *page = g_strcmp0(format, "json") == 0
					? json_from_digest(digest, &style)
					: digest_render(digest, &style);

		status = cmd_print(page->str, page->len);
		g_string_free(page, TRUE);
	}
	digest_free(digest);
	mailmap_free(mailmap);
	conf_release(&conf);
	return status;
}
