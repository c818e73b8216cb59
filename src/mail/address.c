/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/address.h"

#include <string.h>

#include <glib.h>

/* A quoted name without its quotes and backslashes (RFC 5322 3.2.4). */
static char *address_unquote(char *name)
{
	size_t length;
	char *out = name;

	g_strstrip(name);
	length = strlen(name);
	if (length < 2 || name[0] != '"' || name[length - 1] != '"')
		return name;
	name[length - 1] = '\0';
	for (const char *in = name + 1; *in != '\0'; in++) {
		if (*in == '\\' && in[1] != '\0')
			in++;
		*out++ = *in;
	}
	*out = '\0';
	return name;
}

static bool address_has_shape(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && at != address && at[1] != '\0' &&
	       strpbrk(address, " \t<>") == NULL;
}

bool address_parse(const char *line, char **name_r, char **address_r)
{
	const char *open = strrchr(line, '<');
	const char *close = open ? strchr(open, '>') : NULL;
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;

	if (open != NULL && close != NULL) {
		name = g_strndup(line, (size_t)(open - line));
		address = g_strndup(open + 1, (size_t)(close - open - 1));
	} else {
		const char *paren = strchr(line, '(');

		/* `addr (Name)` is how it was written before RFC 822. */
		address = paren ? g_strndup(line, (size_t)(paren - line))
				: g_strdup(line);
		name = g_strdup(paren ? paren + 1 : "");
		if (strrchr(name, ')') != NULL)
			*strrchr(name, ')') = '\0';
	}
	g_strstrip(address);
	if (!address_has_shape(address))
		return false;
	*name_r = address_unquote(g_steal_pointer(&name));
	*address_r = g_steal_pointer(&address);
	return true;
}

/* RFC 5322 3.2.3 atext and the blank between atoms; RFC 6532 3.2 adds all that is not
 * ASCII. */
static bool address_needs_quotes(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if (!g_ascii_isalnum(*c) && (unsigned char)*c < 0x80 &&
			strchr(" !#$%&'*+-/=?^_`{|}~", *c) == NULL)
			return true;
	return false;
}

char *address_format(const char *name, const char *address)
{
	GString *out;

	if (*name == '\0' || !address_needs_quotes(name))
		return address_display(name, address);
	out = g_string_new("\"");
	for (const char *c = name; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *c);
	}
	g_string_append_printf(out, "\" <%s>", address);
	return g_string_free(out, FALSE);
}

char *address_display(const char *name, const char *address)
{
	if (*name == '\0')
		return g_strdup(address);
	if (*address == '\0')
		return g_strdup(name);
	return g_strdup_printf("%s <%s>", name, address);
}

char *address_key(const char *address)
{
	return g_utf8_strdown(address, -1);
}

char *address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return g_utf8_strdown(at ? at + 1 : "", -1);
}
