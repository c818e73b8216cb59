/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "digest/stats.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

enum { POSTINGS = 8 };

static const struct stats_test_row {
	const char *rule, *mailmap;
	const char *authors[POSTINGS]; /* name|address, in order of arrival */
	const char *people, *domains;  /* `count label` a line */
} stats_rows[] = {
	{"counted: one row an address", NULL,
		{"Ida|ida@a.org", "Jan|jan@b.org", "Ida|ida@a.org"},
		"2 Ida <ida@a.org>\n1 Jan <jan@b.org>\n", "2 a.org\n1 b.org\n"},
	{"counted: addresses compare without case", NULL,
		{"Ida|ida@a.org", "Ida|Ida@A.org"}, "2 Ida <Ida@A.org>\n", "2 a.org\n"},
	{"counted: under the name that came last", NULL,
		{"ida h.|ida@a.org", "Ida Holm|ida@a.org"}, "2 Ida Holm <ida@a.org>\n",
		"2 a.org\n"},
	{"counted: a name composed or not is one row, under what came last", NULL,
		{"Jir\xcc\x8ci\xcc\x81|jiri@a.org", "Jiří|jiri@a.org"},
		"2 Jiří <jiri@a.org>\n", "2 a.org\n"},
	{"counted: one name with two addresses is two rows", NULL,
		{"Ida|ida@a.org", "Ida|ida@b.org"},
		"1 Ida <ida@b.org>\n1 Ida <ida@a.org>\n", "1 b.org\n1 a.org\n"},
	{"counted: domains in lower case", NULL, {"Ida|ida@A.ORG", "Jan|jan@a.org"},
		"1 Jan <jan@a.org>\n1 Ida <ida@A.ORG>\n", "2 a.org\n"},
	{"counted: a domain's part is another domain", NULL,
		{"Ida|ida@kvm.a.org", "Jan|jan@a.org"},
		"1 Jan <jan@a.org>\n1 Ida <ida@kvm.a.org>\n", "1 kvm.a.org\n1 a.org\n"},
	{"counted: names are quoted as RFC 5322 asks", NULL, {"Ida T. Holm|ida@a.org"},
		"1 \"Ida T. Holm\" <ida@a.org>\n", "1 a.org\n"},
	{"counted: no name", NULL, {"|ida@a.org"}, "1 ida@a.org\n", "1 a.org\n"},
	{"counted: no address has no domain", NULL, {"Ida|", "Ida|"}, "2 Ida\n", ""},
	{"counted: nothing", NULL, {NULL}, "", ""},

	{"sort -rn: the largest first", NULL,
		{"A|a@a.org", "B|b@b.org", "B|b@b.org", "C|c@c.org", "C|c@c.org",
			"C|c@c.org"},
		"3 C <c@c.org>\n2 B <b@b.org>\n1 A <a@a.org>\n",
		"3 c.org\n2 b.org\n1 a.org\n"},
	{"sort -rn: ties by name, descending", NULL,
		{"Ida|i@a.org", "Jan|j@b.org", "Ole|o@c.org"},
		"1 Ole <o@c.org>\n1 Jan <j@b.org>\n1 Ida <i@a.org>\n",
		"1 c.org\n1 b.org\n1 a.org\n"},
	{"sort -rn: ties without case", NULL,
		{"ida|i@a.org", "Jan|j@a.org", "ole|o@a.org"},
		"1 ole <o@a.org>\n1 Jan <j@a.org>\n1 ida <i@a.org>\n", "3 a.org\n"},
	{"sort -rn: ties without a leading quote", NULL,
		{"Ida|i@a.org", "Jan P. Ek|j@a.org", "Ole|o@a.org"},
		"1 Ole <o@a.org>\n1 \"Jan P. Ek\" <j@a.org>\n1 Ida <i@a.org>\n",
		"3 a.org\n"},
	{"sort -rn: ties by UTF-8 bytes, not as a dictionary has them", NULL,
		{"Zoe|z@a.org", "Émil|e@a.org", "Adam|a@a.org"},
		"1 Émil <e@a.org>\n1 Zoe <z@a.org>\n1 Adam <a@a.org>\n", "3 a.org\n"},
	{"sort -rn: case goes beyond ASCII", NULL, {"émil|e@a.org", "Éva|v@a.org"},
		"1 Éva <v@a.org>\n1 émil <e@a.org>\n", "2 a.org\n"},

	{"mailmap: applies before anything is counted",
		"Ida Holm <ida@a.org> <ida@old.org>\n",
		{"ida|ida@old.org", "Ida|ida@a.org", "ida|IDA@old.org"},
		"3 Ida Holm <ida@a.org>\n", "3 a.org\n"},
	{"mailmap: a name composed or not is one person",
		"Jiří Dvořák <jiri@a.org> Jiří <root@a.org>\n",
		{"Jir\xcc\x8ci\xcc\x81|root@a.org", "Jiří|root@a.org", "Jan|root@a.org"},
		"2 Jiří Dvořák <jiri@a.org>\n1 Jan <root@a.org>\n", "3 a.org\n"},
	{"mailmap: who is not in it stays", "Ida Holm <ida@a.org> <ida@old.org>\n",
		{"Jan|jan@b.org"}, "1 Jan <jan@b.org>\n", "1 b.org\n"},
};

static void count_author(
	struct stats *stats, const char *author, const struct mailmap *mailmap)
{
	g_auto(GStrv) parts = g_strsplit(author, "|", 2);
	struct record *record = record_new();

	/* The table is about who wrote the patch, not who sent it. */
	record_set(&record->author_name, "The List");
	record_set(&record->author_address, "list@list.org");
	record_set(&record->patch_name, parts[0]);
	record_set(&record->patch_address, parts[1]);
	stats_count(stats, record, mailmap);
	record_free(record);
}

static char *describe(GPtrArray *rows)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < rows->len; i++) {
		const struct stats_row *row = rows->pdata[i];

		g_string_append_printf(out, "%u %s\n", row->count, row->label);
	}
	g_ptr_array_unref(rows);
	return g_string_free(out, FALSE);
}

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(stats_rows); i++) {
		const struct stats_test_row *row = &stats_rows[i];
		struct mailmap *mailmap = row->mailmap ? mailmap_parse(row->mailmap,
								 strlen(row->mailmap))
						       : NULL;
		struct stats *stats = stats_new();
		g_autofree char *name = g_strconcat(row->rule, ", the domains", NULL);
		g_autofree char *people = NULL;
		g_autofree char *domains = NULL;

		for (size_t j = 0; j < POSTINGS && row->authors[j] != NULL; j++)
			count_author(stats, row->authors[j], mailmap);
		people = describe(stats_people(stats));
		domains = describe(stats_domains(stats));
		tap_string(row->rule, people, row->people);
		tap_string(name, domains, row->domains);
		stats_free(stats);
		mailmap_free(mailmap);
	}
}

/* As strings, 9 is more than 10. */
static void test_ten(void)
{
	struct stats *stats = stats_new();
	g_autofree char *people = NULL;

	for (unsigned i = 0; i < 10; i++)
		count_author(stats, "Ida|ida@a.org", NULL);
	for (unsigned i = 0; i < 9; i++)
		count_author(stats, "Jan|jan@a.org", NULL);
	people = describe(stats_people(stats));
	tap_string("sort -rn: 10 is more than 9", people,
		"10 Ida <ida@a.org>\n9 Jan <jan@a.org>\n");
	stats_free(stats);
}

int main(void)
{
	test_rows();
	test_ten();
	return tap_end();
}
