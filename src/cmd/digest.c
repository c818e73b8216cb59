/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "base/conf.h"
#include "base/diag.h"
#include "cmd/cmd.h"
#include "digest/text.h"
#include "store/home.h"

enum status cmd_digest(const char *home, int argc, char **argv)
{
	g_autofree char *range = NULL;
	g_autofree char *since = NULL;
	const GOptionEntry options[] = {{"range", 0, 0, G_OPTION_ARG_STRING, &range,
						"What came behind A, up to B", "A..B"},
		{"since", 0, 0, G_OPTION_ARG_STRING, &since, "What came since T", "T"},
		{0}};
	const struct cmd_usage usage = {
		"", "Prints a digest; without options, what flush would send.", 0, 0};
	struct digest_window window;
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
	status = cmd_load_mailmap(home, &mailmap);
	if (status == STATUS_OK)
		status = cmd_find_window(home, range, since, &window);
	if (status == STATUS_OK)
		status = digest_collect(home, &window, mailmap, &digest);
	if (status == STATUS_OK) {
		GString *page = digest_render_text(digest, conf.title, conf.top);

		status = cmd_print(page->str, page->len);
		g_string_free(page, TRUE);
	}
	digest_free(digest);
	mailmap_free(mailmap);
	conf_release(&conf);
	return status;
}
