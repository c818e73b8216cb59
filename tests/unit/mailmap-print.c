/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what a mailmap makes of people, for tests/t-mailmap.sh: the mailmap's file is
 * the argument, each line of standard input a person, `Name <address>`.  As `git
 * check-mailmap --stdin`. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "model/identity.h"

int main(int argc, char **argv)
{
	g_autofree char *text = NULL;
	size_t length;
	char line[4096];
	struct mailmap *mailmap;

	if (argc != 2 || !g_file_get_contents(argv[1], &text, &length, NULL))
		return 99;
	mailmap = mailmap_parse(text, length);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *open = strrchr(line, '<');
		char *close = open ? strchr(open, '>') : NULL;
		g_autofree char *name = NULL;
		g_autofree char *address = NULL;

		if (close == NULL)
			return 99;
		*open = *close = '\0';
		mailmap_apply(mailmap, g_strstrip(line), open + 1, &name, &address);
		printf("%s%s<%s>\n", name, *name ? " " : "", address);
	}
	mailmap_free(mailmap);
	return 0;
}
