/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mail/address.h"

#include <string.h>

#include "base/limits.h"

/* Where the quoted string that begins at QUOTE ends; NULL where it does not. */
static const char *address_quote_end(const char *quote)
{
	const char *c = quote + 1;

	while (*c != '\0' && *c != '"')
		c += c[0] == '\\' && c[1] != '\0' ? 2 : 1;
	return *c == '"' ? c : NULL;
}

/* A name without its quotes and their backslashes (RFC 5322 3.2.4), which may stand around some of
 * its words alone.  Quotes that are not closed stay. */
static char *address_unquote(char *name)
{
	char *out = name;

	for (const char *in = name; *in != '\0'; in++) {
		const char *close = *in == '"' ? address_quote_end(in) : NULL;

		if (close == NULL) {
			*out++ = *in;
			continue;
		}
		for (in++; in < close; in++) {
			if (*in == '\\')
				in++;
			*out++ = *in;
		}
	}
	*out = '\0';
	return g_strstrip(name);
}

/* Blanks between words count as one (RFC 5322 3.2.2), for people and for git. */
static char *address_squeeze(char *name)
{
	char *out = name;

	for (const char *in = name; *in != '\0'; in++)
		if (*in != ' ' || in[1] != ' ')
			*out++ = *in;
	*out = '\0';
	return name;
}

bool address_is_plain(const char *address)
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
	if (!address_is_plain(address))
		return false;
	*name_r = address_squeeze(address_unquote(g_steal_pointer(&name)));
	*address_r = g_steal_pointer(&address);
	return true;
}

/* How many bytes at C are words of letters, digits and hyphens with one blank between them. */
static size_t address_plain_words(const char *c)
{
	size_t n = 0;

	while (g_ascii_isalnum(c[n]) || (n > 0 && c[n] == '-') ||
		(n > 0 && c[n] == ' ' && g_ascii_isalnum(c[n + 1])))
		n++;
	return n;
}

/* How many bytes at C are words of letters, digits, `-`, `_` and `+` with one dot between them. */
static size_t address_plain_dotted(const char *c)
{
	size_t n = 0;

	while (g_ascii_isalnum(c[n]) || (n > 0 && strchr("-_+", c[n]) && c[n] != '\0') ||
		(n > 0 && c[n] == '.' && g_ascii_isalnum(c[n + 1])))
		n++;
	return n;
}

bool address_read_plain(const char *field, char **name_r, char **address_r)
{
	const char *name = field + strspn(field, " \t"), *address;
	bool quoted = *name == '"';
	size_t name_length, local, domain;

	name += quoted;
	name_length = address_plain_words(name);
	address = name + name_length;
	if (name_length == 0 || (quoted && *address++ != '"') || *address++ != ' ' ||
		*address++ != '<')
		return false;
	local = address_plain_dotted(address);
	if (local == 0 || address[local] != '@')
		return false;
	domain = address_plain_dotted(address + local + 1);
	field = address + local + 1 + domain;
	if (domain == 0 || *field != '>' || field[1 + strspn(field + 1, " \t\n")] != '\0')
		return false;
	*name_r = g_strndup(name, name_length);
	*address_r = g_strndup(address, local + 1 + domain);
	return true;
}

/* The length of what stands at LIST in front of the next comma that separates
 * mailboxes: none in quotes, angle brackets or a comment does (RFC 5322 3.4). */
static size_t address_piece_length(const char *list)
{
	bool quoted = false, angle = false;
	int comments = 0;
	size_t i;

	for (i = 0; list[i] != '\0'; i++) {
		char c = list[i];

		if (c == '\\' && (quoted || comments > 0) && list[i + 1] != '\0')
			i++;
		else if (c == '"' && comments == 0)
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (c == '(')
			comments++;
		else if (c == ')')
			comments -= comments > 0;
		else if (comments == 0 && (c == '<' || c == '>'))
			angle = c == '<';
		else if (c == ',' && !angle && comments == 0)
			break;
	}
	return i;
}

bool address_next(const char **cursor, char **name_r, char **address_r)
{
	const char *start = *cursor;
	size_t length = 0;

	while (start[length] != '\0') {
		size_t more = address_piece_length(start + length);
		bool has_address = memchr(start + length, '@', more) != NULL;
		g_autofree char *piece = NULL;

		length += more;
		*cursor = start + length + (start[length] == ',');
		/* A comma in a name that is without its quotes (decoded fields are) belongs
		 * to the mailbox that follows. */
		if (!has_address) {
			length = (size_t)(*cursor - start);
			if (strspn(start, ", ") >= length) {
				start = *cursor;
				length = 0;
			}
			continue;
		}
		piece = g_strndup(start, length);
		if (address_parse(piece, name_r, address_r))
			return true;
		start = *cursor;
		length = 0;
	}
	return false;
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
	/* Of ASCII, as nearly all are, the tables of Unicode say the same, at ten times the
	 * cost. */
	return g_str_is_ascii(address) ? g_ascii_strdown(address, -1)
				       : g_utf8_strdown(address, -1);
}

char *address_name_key(const char *name)
{
	g_autofree char *composed = NULL;

	if (g_str_is_ascii(name))
		return g_ascii_strdown(name, -1);
	composed = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
	return g_utf8_casefold(composed ? composed : name, -1);
}

char *address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return g_utf8_strdown(at ? at + 1 : "", -1);
}

uint64_t address_hash(const char *address, size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < length; i++) {
		hash ^= (unsigned char)g_ascii_tolower(address[i]);
		hash *= UINT64_C(0x100000001b3);
	}
	return hash;
}

static void address_add_hash(GArray *hashes, uint64_t hash)
{
	for (guint i = 0; i < hashes->len; i++)
		if (g_array_index(hashes, uint64_t, i) == hash)
			return;
	if (hashes->len < LIMIT_ADDRESSEES)
		g_array_append_val(hashes, hash);
}

void address_hash_list(const char *list, GArray *hashes)
{
	static const char around[] = " \t,;:<>()\"";
	const char *end = list;

	for (const char *at = strchr(list, '@'); at != NULL; at = strchr(end, '@')) {
		const char *start = at;

		end = at + 1 + strcspn(at + 1, around);
		while (start > list && strchr(around, start[-1]) == NULL)
			start--;
		if (start < at && end > at + 1)
			address_add_hash(
				hashes, address_hash(start, (size_t)(end - start)));
	}
}
