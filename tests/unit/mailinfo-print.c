/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what mail/mailinfo.c makes of the mail on standard input, which has to have a signature
 * field, for a comparison with git: name, email and subject in a line each, then the body. */
#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "mail/devsig.h"

int main(void)
{
	g_autoptr(GString) mail = g_string_new(NULL);
	char buffer[65536];
	struct devsig_mail signed_mail;
	struct mailinfo info;
	ssize_t n;

	while ((n = io_read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
		g_string_append_len(mail, buffer, n);
	if (!devsig_read(mail->str, mail->len, &signed_mail))
		return 2;
	devsig_read_info(&signed_mail, &info);
	if (info.failure != NULL)
		printf("failure: %s\n", info.failure);
	else
		printf("Author: %s\nEmail: %s\nSubject: %s\n%s", info.name->str,
			info.email->str, info.subject->str, info.body->str);
	mailinfo_release(&info);
	devsig_mail_release(&signed_mail);
	return 0;
}
