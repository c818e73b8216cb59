/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/crash.h"
#include "base/diag.h"
#include "base/feeder.h"
#include "base/io.h"
#include "cmd/cmd.h"

static const struct command {
	const char *name, *arguments, *summary;
	enum status (*run)(const char *home, int argc, char **argv);
} commands[] = {
	{"init", "[--title T] [--list-id ID]", "make a home and its config", cmd_init},
	{"record", "[-v] [--filter] <MESSAGE", "record the message on standard input",
		cmd_record},
	{"import", "[--new] [--range A..B] PATH...",
		"record archives: mbox, Maildir, public-inbox", cmd_import},
	{"digest", "[--since T] [--issue N] ...", "print a digest", cmd_digest},
	{"flush", "[--dry-run | --retry | --status]", "send a digest of all that is new",
		cmd_flush},
	{"log", "[--class C] [--since T] [--json] ...", "list what is recorded", cmd_log},
	{"explain", "[--json] [MESSAGE-ID] [<MESSAGE]",
		"say what a message was taken for", cmd_explain},
	{"subscriber", "add|remove|pause|list|... [ADDRESS...]",
		"say who gets the digests", cmd_subscriber},
	{"reclass", "MESSAGE-ID CLASS [--why TEXT]", "correct the class of a message",
		cmd_reclass},
	{"keygen", "", "make the key that digests are signed with", cmd_keygen},
	{"verify", "[--key K] [FILE|MAIL...]", "check digests and their signatures",
		cmd_verify},
	{"check", "", "look for damage in all that is recorded", cmd_check},
	{"backup", "DIR", "make a copy of the home", cmd_backup},
	{"dump", "[FILE]", "write all that is recorded as text", cmd_dump},
	{"restore", "FILE", "make a home out of a dump", cmd_restore},
	{"expire", "--older-than T", "take away old messages that were sent", cmd_expire},
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static char *make_help(void)
{
	GString *help = g_string_new(
		"usage: mldigest [-H DIR] COMMAND [ARGUMENT...]\n\n");

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_string_append_printf(help, "  %-10s %-38s %s\n", commands[i].name,
			commands[i].arguments, commands[i].summary);
	g_string_append(help,
		"\nThe home is DIR, else $MLDIGEST_HOME, else ~/.mldigest.\n"
		"More: mldigest COMMAND --help, man mldigest.\n");
	return g_string_free(help, FALSE);
}

/* Descriptors 0 to 2 must be ours, lest a database file becomes somebody's standard
 * error. */
static void open_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* GLib's and GMime's own remarks are no messages of ours, and a delivery's standard error
 * goes into bounces. */
static void ignore_log(
	const char *domain, GLogLevelFlags level, const char *message, void *user_data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)user_data;
}

static char *default_home(void)
{
	const char *home = g_getenv("MLDIGEST_HOME");

	if (home != NULL && *home != '\0')
		return g_strdup(home);
	return g_build_filename(g_get_home_dir(), ".mldigest", NULL);
}

/* Options before the command. */
static enum status parse_globals(int *argc, char ***argv, char **home_r, gboolean *stop_r)
{
	gboolean help = FALSE, version = FALSE;
	g_autofree char *home = NULL;
	g_autofree char *page = NULL;
	g_autoptr(GOptionContext) context = g_option_context_new("COMMAND");
	g_autoptr(GError) error = NULL;
	const GOptionEntry options[] = {
		{"home", 'H', 0, G_OPTION_ARG_FILENAME, &home, "The home", "DIR"},
		{"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Help", NULL},
		{"version", 'V', 0, G_OPTION_ARG_NONE, &version, "Version", NULL}, {0}};

	g_option_context_set_strict_posix(context, TRUE);
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, argc, argv, &error)) {
		diag_error("%s", error->message);
		return STATUS_USAGE;
	}
	if (home != NULL && *home == '\0') {
		diag_error("-H: the home's name is empty");
		return STATUS_USAGE;
	}
	*home_r = home ? g_steal_pointer(&home) : default_home();
	*stop_r = help || version;
	page = help      ? make_help()
	       : version ? g_strdup("mldigest " PACKAGE_VERSION "\n")
			 : NULL;
	return page != NULL ? cmd_print(page, strlen(page)) : STATUS_OK;
}

static enum status run(int argc, char **argv)
{
	g_autofree char *home = NULL;
	gboolean stop = FALSE;
	const struct command *command;
	enum status status = parse_globals(&argc, &argv, &home, &stop);

	if (status != STATUS_OK || stop)
		return status;
	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argc--;
		argv++;
	}
	if (argc < 2) {
		diag_error("no command given; mldigest --help lists them");
		return STATUS_USAGE;
	}
	command = find_command(argv[1]);
	if (command == NULL) {
		diag_error("%s: no such command; mldigest --help lists them", argv[1]);
		return STATUS_USAGE;
	}
	crash_set_place(home);
	return command->run(home, argc - 1, argv + 1);
}

/* Whether this is "record". */
static bool delivery;

/* Runs first, and once: later the feeder may be gone, and who adopted us be taken for it. */
static void begin(int argc, char **argv, char **environment)
{
	static bool begun;

	(void)environment;
	if (begun)
		return;
	begun = true;
	feeder_note();
	/* Even a rule with a wrong option must neither bounce a mail nor break the pipe. */
	for (int i = 1; i < argc; i++)
		delivery |= strcmp(argv[i], "record") == 0;
	if (delivery)
		crash_catch_all();
	else
		crash_catch_full_disk();
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
/* Before the libraries begin: they allocate, and GLib traps when it cannot. */
__attribute__((section(".preinit_array"), used)) static void (*const begin_first)(
	int, char **, char **) = begin;
#endif

/* What would let a stranger's environment change what is read or end a delivery. */
static void clean_environment(void)
{
	/* A module of iconv's is a library of anybody's. */
	unsetenv("GCONV_PATH");
	/* GMime takes what has no charset for the locale's. */
	setenv("LC_ALL", "C.UTF-8", 1);
	/* G_DEBUG makes remarks fatal. */
	g_log_set_always_fatal(G_LOG_FATAL_MASK);
	g_log_set_default_handler(ignore_log, NULL);
}

int main(int argc, char **argv)
{
	enum status status;

	begin(argc, argv, NULL);
	crash_has_begun();
	clean_environment();
	open_standard_files();
	/* A home is its owner's, whatever the delivery agent's umask is. */
	umask(077);
	/* Arguments are UTF-8.  A delivery has none worth a dozen files of locale data.
	 */
	if (!delivery)
		setlocale(LC_CTYPE, "C.UTF-8");
	status = run(argc, argv);
	if (!delivery)
		return status_to_exit(status);
	if (status != STATUS_OK)
		io_drain(STDIN_FILENO);
	/* All is on the disk and nothing buffered; the libraries' own tidying up is a twentieth
	 * of a delivery's time. */
	_exit(status == STATUS_OK ? EX_OK : EX_TEMPFAIL);
}
