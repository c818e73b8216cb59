/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "mail/address.h"
#include "model/identity.h"

/* A rewritten From, taken apart. */
struct rewriting {
	const struct identity_sender *sender;
	char *name;  /* without what was added, "" where the sender had none */
	char *via;   /* the words behind the last `via`, NULL without one */
	char *user;  /* the local part of a sender without a name, or NULL */
	char *whole; /* the address of one, where it stands in the name's place, or NULL */
	char *address; /* the one that From's address holds, or NULL */
	char *relayed; /* `user.domain` of `devnull+user.domain@…`, or NULL */
	bool by_list;  /* From's address is a list's */
};

static const char *rewriting_text(const char *field)
{
	return field ? field : "";
}

/* The letters and digits of TEXT, without case: what a list's name and its address
 * share. */
static char *rewriting_letters(const char *text, size_t length)
{
	g_autofree char *part = g_strndup(text, length);
	g_autofree char *folded = g_utf8_casefold(part, -1);
	GString *letters = g_string_new(NULL);

	for (char *c = folded; *c != '\0'; c = g_utf8_next_char(c))
		if (g_unichar_isalnum(g_utf8_get_char(c)))
			g_string_append_unichar(letters, g_utf8_get_char(c));
	return g_string_free(letters, FALSE);
}

static bool rewriting_is_domain(const char *domain)
{
	if (*domain == '.' || strchr(domain, '.') == NULL ||
		g_str_has_suffix(domain, "."))
		return false;
	for (const char *c = domain; *c != '\0'; c++)
		if (!g_ascii_isalnum(*c) && *c != '-' && *c != '.' &&
			(unsigned char)*c < 0x80)
			return false;
	return true;
}

/* LOCAL@DOMAIN where that is an address, else NULL. */
static char *rewriting_join(const char *local, size_t length, const char *domain)
{
	g_autofree char *address = g_strdup_printf("%.*s@%s", (int)length, local, domain);

	if (memchr(local, '@', length) != NULL || !rewriting_is_domain(domain) ||
		!address_is_plain(address))
		return NULL;
	return g_steal_pointer(&address);
}

/* The IETF's Mailman writes the address quoted-printable: `x=40example.org`. */
static char *rewriting_decode_quoted(const char *local, size_t length)
{
	GString *out = g_string_new(NULL);
	char *at, *address = NULL;

	for (size_t i = 0; i < length; i++) {
		int high = i + 2 < length ? g_ascii_xdigit_value(local[i + 1]) : -1;
		int low = high >= 0 ? g_ascii_xdigit_value(local[i + 2]) : -1;
		int byte = local[i] == '=' && low >= 0 ? high * 16 + low : -1;

		if (byte > 0x20 && byte < 0x7f) {
			g_string_append_c(out, (char)byte);
			i += 2;
		} else {
			g_string_append_c(out, local[i]);
		}
	}
	at = strrchr(out->str, '@');
	if (at != NULL)
		address = rewriting_join(out->str, (size_t)(at - out->str), at + 1);
	g_string_free(out, TRUE);
	return address;
}

/* Reads the sender's address out of From's: three relays put it there. */
static void rewriting_read_address(struct rewriting *from)
{
	const char *address = from->sender->address;
	const char *at = strrchr(address, '@');
	size_t length = at ? (size_t)(at - address) : 0;
	const char *equals = at ? g_strrstr_len(address, (gssize)length, "=") : NULL;

	if (at == NULL)
		return;
	if (g_ascii_strncasecmp(at + 1, "dmarc.", 6) == 0) {
		from->address = rewriting_decode_quoted(address, length);
	} else if (from->via != NULL && g_str_has_prefix(address, "devnull+")) {
		from->relayed = g_strndup(address + 8, length - 8);
	} else if (from->via != NULL && equals != NULL &&
		   g_ascii_strcasecmp(from->via, at + 1) == 0) {
		/* groups.io, under any of its customers' domains. */
		g_autofree char *domain = g_strndup(
			equals + 1, (size_t)(at - equals - 1));

		from->address = rewriting_join(
			address, (size_t)(equals - address), domain);
	}
}

/* Whether ADDRESS is that of a list the mail came through, as List-Id names it (RFC
 * 2919 2: the '@' is a dot there). */
static bool rewriting_is_named_list(
	const struct identity_sender *sender, const char *address)
{
	g_autofree char *id = address_key(address);
	char *at = strrchr(id, '@');

	if (at == NULL || sender->list_ids == NULL)
		return false;
	*at = '.';
	for (guint i = 0; i < sender->list_ids->len; i++)
		if (strcmp(sender->list_ids->pdata[i], id) == 0)
			return true;
	return false;
}

/* Whether ADDRESS is a list's by its domain: another than the one the mail came through. */
static bool rewriting_is_at_lists(const char *address)
{
	static const char *const labels[] = {
		"list", "lists", "ml", "mailman", "groups", "googlegroups"};
	g_autofree char *domain = address_domain(address);
	g_auto(GStrv) parts = g_strsplit(domain, ".", -1);

	for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
		if (g_strv_contains((const char *const *)parts, labels[i]))
			return true;
	return false;
}

/* Whether VIA are the words for the list or relay at ADDRESS: its local part or its
 * domain. */
static bool rewriting_names_address(const char *via, const char *address)
{
	const char *at = strrchr(address, '@');
	size_t length = at ? (size_t)(at - address) : strlen(address);
	g_autofree char *words = rewriting_letters(via, strlen(via));
	g_autofree char *local = rewriting_letters(address, length);
	g_autofree char *domain = rewriting_letters(
		at ? at + 1 : "", strlen(at ? at + 1 : ""));
	char *end = strstr(words, "mailinglist");

	/* Sympa: `(via devel Mailing List)`. */
	if (end != NULL && end != words && end[strlen("mailinglist")] == '\0')
		*end = '\0';
	return *words != '\0' &&
	       (strcmp(words, local) == 0 || strcmp(words, domain) == 0);
}

/* The first `via` in NAME that stands between blanks, or at its end; only in lower
 * case, since there are people of that name.  NULL without one, or with nothing in front
 * of it. */
static char *rewriting_find_via(char *name)
{
	for (char *via = strstr(name, " via"); via != NULL; via = strstr(via + 1, " via"))
		if (via != name && (via[4] == ' ' || via[4] == '\0'))
			return via;
	return NULL;
}

/* Takes the quotes off that Google Groups puts around the name. */
static void rewriting_unquote(char *name)
{
	size_t length = strlen(name);

	if (length > 2 && (name[0] == '\'' || name[0] == '"') &&
		name[length - 1] == name[0]) {
		memmove(name, name + 1, length - 2);
		name[length - 2] = '\0';
	}
}

/* Cuts what was added off FROM's name, and keeps the words behind the last `via`.  A
 * mail may have come through two relays: `X via Phabricator via list`. */
static void rewriting_cut_via(struct rewriting *from)
{
	char *open = strstr(from->name, " (via ");
	char *via = rewriting_find_via(from->name);

	if (open != NULL && open != from->name && g_str_has_suffix(open, ")")) {
		open[strlen(open) - 1] = '\0';
		from->via = g_strdup(open + strlen(" (via "));
		*open = '\0';
	} else if (via != NULL) {
		for (char *next = via; next != NULL; next = rewriting_find_via(next + 1))
			via = next;
		from->via = g_strdup(via + strlen(" via"));
		*via = '\0';
	} else {
		return;
	}
	g_strstrip(from->via);
	rewriting_unquote(g_strstrip(from->name));
	via = rewriting_find_via(from->name);
	if (via != NULL)
		*via = '\0';
	rewriting_unquote(g_strchomp(from->name));
}

/* A sender without a name comes under the address, of which Mailman writes `---` for
 * the domain. */
static void rewriting_take_nameless(struct rewriting *from)
{
	if (strchr(from->name, ' ') != NULL)
		return;
	if (g_str_has_suffix(from->name, "---"))
		from->user = g_strndup(from->name, strlen(from->name) - 3);
	else if (address_is_plain(from->name))
		from->whole = g_strdup(from->name);
	else
		return;
	from->name[0] = '\0';
}

static void rewriting_init(struct rewriting *from, const struct identity_sender *sender)
{
	memset(from, 0, sizeof(*from));
	from->sender = sender;
	from->name = g_strdup(sender->name);
	rewriting_cut_via(from);
	if (from->via != NULL)
		rewriting_take_nameless(from);
	rewriting_read_address(from);
	from->by_list = rewriting_is_named_list(sender, sender->address) ||
			(from->via != NULL && (rewriting_is_at_lists(sender->address) ||
						      rewriting_names_address(from->via,
							      sender->address)));
}

static void rewriting_release(struct rewriting *from)
{
	g_free(from->name);
	g_free(from->via);
	g_free(from->user);
	g_free(from->whole);
	g_free(from->address);
	g_free(from->relayed);
}

static bool rewriting_same_name(const char *a, const char *b)
{
	g_autofree char *key_a = address_name_key(a);
	g_autofree char *key_b = address_name_key(b);

	return *a != '\0' && strcmp(key_a, key_b) == 0;
}

/* Whether ADDRESS may be a person's: none of the lists', nor one that a relay made. */
static bool rewriting_is_personal(const struct rewriting *from, const char *address)
{
	return g_ascii_strcasecmp(address, from->sender->address) != 0 &&
	       !g_str_has_prefix(address, "devnull+") &&
	       !rewriting_is_named_list(from->sender, address);
}

/* How a mailbox is known to be the sender's. */
enum rewriting_test {
	REWRITING_FIRST, /* the field has no other */
	REWRITING_NAMED, /* under the same name */
	REWRITING_ALONE, /* without a name, and no other is there */
};

static bool rewriting_fits(const struct rewriting *from, const char *name,
	const char *address, enum rewriting_test test)
{
	const char *at = strrchr(address, '@');
	g_autofree char *dotted = NULL;

	if (!rewriting_is_personal(from, address))
		return false;
	if (test == REWRITING_FIRST)
		return true;
	if (from->relayed != NULL) {
		dotted = g_strdup_printf("%.*s.%s", (int)(at - address), address, at + 1);
		return g_ascii_strcasecmp(dotted, from->relayed) == 0;
	}
	if (from->whole != NULL)
		return g_ascii_strcasecmp(address, from->whole) == 0;
	if (from->user != NULL)
		return strlen(from->user) == (size_t)(at - address) &&
		       g_str_has_prefix(address, from->user);
	if (test == REWRITING_NAMED)
		return rewriting_same_name(name, from->name);
	return *name == '\0' && !rewriting_is_at_lists(address);
}

/* The sender's mailbox among those of FIELD. */
static bool rewriting_search(const struct rewriting *from, const char *field,
	enum rewriting_test test, char **name_r, char **address_r)
{
	const char *cursor = rewriting_text(field);
	unsigned others = 0;
	g_autofree char *found_name = NULL;
	g_autofree char *found_address = NULL;
	char *name = NULL, *address = NULL;

	while (address_next(&cursor, &name, &address)) {
		if (found_address == NULL && rewriting_fits(from, name, address, test)) {
			found_name = g_steal_pointer(&name);
			found_address = g_steal_pointer(&address);
		} else {
			others += rewriting_is_personal(from, address);
		}
		g_clear_pointer(&name, g_free);
		g_clear_pointer(&address, g_free);
	}
	if (found_address == NULL || (test == REWRITING_ALONE && others > 0))
		return false;
	*name_r = *found_name ? g_steal_pointer(&found_name) : g_strdup(from->name);
	*address_r = g_steal_pointer(&found_address);
	return true;
}

/* Whether WORD begins one of NAME's words, with their accents or without. */
static bool rewriting_begins_word(const char *word, const char *name)
{
	g_auto(GStrv) plain = NULL;
	g_auto(GStrv) tokens = g_str_tokenize_and_fold(name, "", &plain);
	g_autofree char *folded = g_utf8_casefold(word, -1);

	for (char **token = tokens; *token != NULL; token++)
		if (g_str_has_prefix(*token, folded))
			return true;
	for (char **token = plain; *token != NULL; token++)
		if (g_str_has_prefix(*token, folded))
			return true;
	return false;
}

/* The address in b4's `user.domain`, where no field has it.  The '@' was one of the
 * dots, and nothing in the address tells which: most people's local parts have none
 * (x.linux.intel.com), many are `first.last`.  So the first part is the local one, and
 * those behind it too as long as they begin a word of the sender's name and two are left
 * for the domain. */
static char *rewriting_guess_relayed(const struct rewriting *from)
{
	g_auto(GStrv) parts = g_strsplit(from->relayed, ".", -1);
	guint n = g_strv_length(parts), local = 1;
	g_autofree char *domain = NULL;
	size_t length = 0;

	while (local + 2 < n && *parts[local] != '\0' &&
		rewriting_begins_word(parts[0], from->name) &&
		rewriting_begins_word(parts[local], from->name))
		local++;
	for (guint i = 0; i < local && i < n; i++)
		length += strlen(parts[i]) + (i > 0);
	domain = g_strdup(n > local ? from->relayed + length + 1 : "");
	return rewriting_join(from->relayed, length, domain);
}

/* What From's words alone tell. */
static bool rewriting_fall_back(
	const struct rewriting *from, char **name_r, char **address_r)
{
	char *address = NULL;

	if (from->via == NULL || (!from->by_list && from->relayed == NULL))
		return false;
	if (from->relayed != NULL)
		address = rewriting_guess_relayed(from);
	else if (from->whole != NULL)
		address = g_strdup(from->whole);
	*name_r = g_strdup(from->user ? from->user : from->name);
	*address_r = address ? address : g_strdup(from->sender->address);
	return true;
}

/* The sender of a mail whose From looks rewritten.  X-Original-From is who it was;
 * then what the relay put into the address; Reply-To may be the sender's own wish
 * instead, and Cc everybody's. */
static bool rewriting_find_sender(
	const struct rewriting *from, char **name_r, char **address_r)
{
	const struct identity_sender *sender = from->sender;

	if (rewriting_search(
		    from, sender->x_original_from, REWRITING_FIRST, name_r, address_r))
		return true;
	if (from->address != NULL) {
		*name_r = g_strdup(from->name);
		*address_r = g_strdup(from->address);
		return true;
	}
	if (rewriting_search(
		    from, sender->reply_to, REWRITING_NAMED, name_r, address_r) ||
		rewriting_search(from, sender->cc, REWRITING_NAMED, name_r, address_r))
		return true;
	if (from->via != NULL && from->by_list &&
		rewriting_search(
			from, sender->reply_to, REWRITING_ALONE, name_r, address_r))
		return true;
	return rewriting_fall_back(from, name_r, address_r);
}

bool identity_undo_rewriting(
	const struct identity_sender *sender, char **name_r, char **address_r)
{
	struct rewriting from;
	bool found;

	rewriting_init(&from, sender);
	found = (from.via != NULL || from.by_list || from.address != NULL) &&
		rewriting_find_sender(&from, name_r, address_r);
	rewriting_release(&from);
	return found;
}
