/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "base/conf.h"
#include "base/diag.h"
#include "cmd/cmd.h"
#include "post/sign.h"
#include "store/home.h"

/* The line to publish first, alone in its line; then what it is good for. */
static enum status keygen_tell(const struct minisign_public *key, const char *path)
{
	g_autofree char *line = minisign_print_public_line(key);
	g_autofree char *text = g_strdup_printf(
		"%s\n\n"
		"is the public key, in %s.pub too: publish it.  From now on flush "
		"signs.\n"
		"The secret key is in %s; whoever has it can sign as you.\n\n"
		"A subscriber checks the parts of a digest's mail, saved as files, with\n"
		"    minisign -Vm digest-1.txt -P %s\n"
		"or the mail as it is, and that none is missing between several, with\n"
		"    mldigest verify --key %s MAIL...\n",
		line, path, path, line, line);

	return cmd_print(text, strlen(text));
}

enum status cmd_keygen(const char *home, int argc, char **argv)
{
	const GOptionEntry options[] = {{0}};
	const struct cmd_usage usage = {
		"", "Makes the key that digests are signed with.", 0, 0};
	g_autofree char *path = NULL;
	struct sign_key *key = NULL;
	struct conf conf;
	enum status status = cmd_parse(argc, argv, options, &usage, NULL);

	if (status == STATUS_OK)
		status = home_check(home);
	if (status == STATUS_OK)
		status = cmd_load_conf(home, &conf);
	if (status != STATUS_OK)
		return status;
	path = conf_key_path(&conf, home);
	conf_release(&conf);
	if (path == NULL) {
		diag_error("%s/config: key=none: nothing would be signed", home);
		return STATUS_CONFIG;
	}
	status = sign_make_key(&key);
	if (status == STATUS_OK)
		status = sign_save_key(key, path);
	if (status == STATUS_OK)
		status = keygen_tell(sign_public(key), path);
	sign_free_key(key);
	return status;
}
