/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/sender.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

/* Globs over the address in lower case; the first that fits.  GPatternSpec would have to be
 * compiled in every delivery, so a `*` stands at the ends alone. */
static const struct sender_row {
	const char *address;
	enum sender_kind kind;
} sender_rows[] = {
	{"patchwork-bot*", SENDER_PATCHWORK},
	{"pr-tracker-bot@*", SENDER_PR_TRACKER},
	{"tip-bot2@*", SENDER_TIP},
	{"tip-bot@*", SENDER_TIP},
	{"bugzilla-daemon@*", SENDER_BUGZILLA},
	{"bugzilla-noreply@*", SENDER_BUGZILLA},
	{"bugzilla@*", SENDER_BUGZILLA},
	{"cve@kernel.org", SENDER_CVE},
	{"gcc-bugzilla@*", SENDER_BUGZILLA},
	{"sourceware-bugzilla@*", SENDER_BUGZILLA},
	{"*@bugs.launchpad.net", SENDER_BUGZILLA},
	{"owner@bugs.debian.org", SENDER_BUGZILLA},
	{"help-debbugs@gnu.org", SENDER_BUGZILLA},
	{"mailer-daemon@*", SENDER_MAILER},
	/* The kernel test robot's machines, under the names it had. */
	{"lkp@intel.com", SENDER_BOT},
	{"oliver.sang@intel.com", SENDER_BOT},
	{"fengguang.wu@intel.com", SENDER_PERSON}, /* also a person's; see the name */
	{"syzbot*", SENDER_BOT},
	{"*@syzkaller.appspotmail.com", SENDER_BOT},
	{"*@patchew.org", SENDER_BOT},
	{"patchwork@*", SENDER_BOT},
	{"ci_notify@*", SENDER_BOT},
	{"ci-notify@*", SENDER_BOT},
	{"buildbot@*", SENDER_BOT},
	{"builder@*", SENDER_BOT},
	{"jenkins@*", SENDER_BOT},
	{"cki-project@*", SENDER_BOT},
	{"*@kernelci.org", SENDER_BOT},
	{"checkpatch@*", SENDER_BOT},
	{"dpdklab@*", SENDER_BOT},
	{"sys_stv@intel.com", SENDER_BOT},
	{"scan-admin@coverity.com", SENDER_BOT},
	{"noreply@github.com", SENDER_BOT},
	{"notifications@github.com", SENDER_BOT},
	{"*@mg.gitlab.com", SENDER_BOT},
	{"builds@sr.ht", SENDER_BOT},
	{"rawhide@fedoraproject.org", SENDER_BOT},
	{"updates@fedoraproject.org", SENDER_BOT},
	{"*@ftp-master.debian.org", SENDER_BOT},
	{"*@sashiko.dev", SENDER_BOT},
};

static bool sender_fits(const char *glob, const char *address)
{
	size_t n = strlen(glob), length = strlen(address);

	if (glob[0] == '*')
		return g_str_has_suffix(address, glob + 1);
	if (glob[n - 1] == '*')
		return strncmp(glob, address, n - 1) == 0;
	return length == n && strcmp(glob, address) == 0;
}

/* Whether WORD stands in LINE (lower case) between other than letters; digits may follow it, as in
 * tip-bot2.  Talbot is a name. */
static bool sender_has_word(const char *line, const char *word)
{
	size_t n = strlen(word);

	for (const char *c = line; (c = strstr(c, word)) != NULL; c++)
		if ((c == line || !(g_ascii_isalnum(c[-1]) || c[-1] & 0x80)) &&
			!(g_ascii_isalpha(c[n]) || c[n] & 0x80))
			return true;
	return false;
}

enum sender_kind sender_find_kind(const char *name, const char *address)
{
	g_autofree char *key = g_ascii_strdown(address, -1);
	g_autofree char *lower = g_ascii_strdown(name, -1);

	/* The test robot has posted from a person's address. */
	if (strstr(lower, "test robot") != NULL)
		return SENDER_BOT;
	for (size_t i = 0; i < G_N_ELEMENTS(sender_rows); i++)
		if (sender_fits(sender_rows[i].address, key))
			return sender_rows[i].kind;
	if (g_str_has_prefix(lower, "tip-bot"))
		return SENDER_TIP;
	if (g_str_has_prefix(lower, "regzbot") || g_str_has_prefix(lower, "syzbot"))
		return SENDER_BOT;
	/* A domain says nothing: people write from robot.example too. */
	key[strcspn(key, "@")] = '\0';
	if (sender_has_word(key, "bot") || sender_has_word(key, "robot") ||
		sender_has_word(lower, "bot") || sender_has_word(lower, "robot"))
		return SENDER_BOT;
	return SENDER_PERSON;
}
