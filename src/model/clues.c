/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/clues.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "mail/quote.h"

static bool clues_begins(const char *line, const char *const *beginnings)
{
	for (; *beginnings != NULL; beginnings++)
		if (g_ascii_strncasecmp(line, *beginnings, strlen(*beginnings)) == 0)
			return true;
	return false;
}

static bool clues_is_one_of(const char *word, const void *data)
{
	for (const char *const *words = data; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

bool clues_is_absence(const char *subject)
{
	static const char *const beginnings[] = {"Automatic reply:", "Automatic Reply:",
		"Auto-Reply:", "Auto reply:", "Autoreply:", "Auto: ", "AutoReply",
		"Out of office", "Out of the office", "Out-of-office", "[Auto-Reply]",
		"[Auto Reply]", "[Autoreply]", "Automatische Antwort", "Abwesenheit",
		"Réponse automatique", "Respuesta automática", "Risposta automatica",
		"Resposta automática", "Automatisch antwoord", "Automatiskt svar",
		"Automatisk svar", "Automatisk besked", "Automaattinen vastaus",
		"Automatická odpověď", "Odpowiedź automatyczna", "Automatikus válasz",
		"Otomatik Yanıt", "Răspuns automat", "Automatski odgovor",
		"Αυτόματη απάντηση", /* Greek */
		"Автоматический ответ",
		/* Russian and Ukrainian */
		"Автоответ", "Автоматична відповідь",
		/* Korean */
		"자동 회신", "자동 응답",
		/* Chinese and Japanese */
		"自动回复", "自动答复", "自動回覆", "自動返信", "自動応答",
		"【自動返信】", "OOO:", "Autoresponse",
		"Auto-Response:", "Auto Response:", "Out Of Office",
		"Undelivered Mail Returned",
		"Undeliverable:", "Delivery Status Notification", "Mail delivery failed",
		"Returned mail:", "Failure notice", "Delivery failure", NULL};

	return clues_begins(subject, beginnings);
}

/* `bug#12345: emacs crashes`, as debbugs and Debian have it. */
static bool clues_is_debbugs_number(const char *subject)
{
	const char *bug = strcasestr(subject, "bug#");
	size_t digits;

	if (bug == NULL ||
		!(bug == subject || (bug == subject + 4 && g_ascii_strncasecmp(subject,
								   "re: ", 4) == 0)))
		return false;
	bug += strlen("bug#");
	digits = strspn(bug, "0123456789");
	return digits >= 2 && bug[digits] == ':';
}

bool clues_is_bug_number(const char *subject)
{
	const char *bug = strcasestr(subject, "[bug ");
	size_t digits;

	/* Behind Re: or a list's own tag at most. */
	if (bug == NULL || bug - subject > 24)
		return clues_is_debbugs_number(subject);
	bug += strlen("[bug ");
	/* What it is about may stand before the number. */
	if (memchr(bug, '/', strcspn(bug, " ]")) != NULL)
		bug += strcspn(bug, "/") + 1;
	digits = strspn(bug, "0123456789");
	return digits >= 2 && bug[digits] == ']';
}

bool clues_is_cve(const char *title)
{
	size_t digits;

	if (g_str_has_prefix(title, "REJECTED: "))
		title += strlen("REJECTED: ");
	if (!g_str_has_prefix(title, "CVE-"))
		return false;
	title += strlen("CVE-");
	digits = strspn(title, "0123456789");
	if (digits != 4 || title[4] != '-')
		return false;
	digits = strspn(title + 5, "0123456789");
	return digits >= 4 && title[5 + digits] == ':';
}

/* `6.18`, `5.10.y`, `4.19-stable`, `6.1.23`, `6.6+`, `linux-6.6.y`, `v6.6.y`; not `v5.1`, which is
 * a revision. */
static bool clues_is_stable_version(const char *tag)
{
	const char *start = g_str_has_prefix(tag, "linux-")           ? tag + 6
			    : (*tag | 32) == 'v' && strstr(tag, ".y") ? tag + 1
								      : tag;
	size_t n = strspn(start, "0123456789");
	const char *rest = start + n;

	if (n == 0 || n > 3 || *rest != '.')
		return false;
	n = strspn(rest + 1, "0123456789");
	if (n == 0 || n > 3)
		return false;
	rest += 1 + n;
	if (*rest == '.' && g_ascii_isdigit(rest[1]))
		rest += 1 + strspn(rest + 1, "0123456789");
	return *rest == '\0' || *rest == '/' || strcmp(rest, "+") == 0 ||
	       strcmp(rest, ".y") == 0 || strcmp(rest, "-stable") == 0 ||
	       strcmp(rest, ".y-stable") == 0 || strcmp(rest, "-longterm") == 0;
}

const char *clues_stable_tag(const GPtrArray *tags)
{
	for (guint i = 0; i < tags->len; i++) {
		const char *tag = tags->pdata[i];

		if ((clues_is_stable_version(tag) &&
			    !(i > 0 && g_ascii_strcasecmp(tags->pdata[i - 1], "for") ==
					       0)) ||
			g_ascii_strcasecmp(tag, "AUTOSEL") == 0 ||
			g_ascii_strncasecmp(tag, "stable", 6) == 0)
			return tag;
	}
	return NULL;
}

bool clues_is_compiler_message(const char *title)
{
	static const char *const words[] = {"error", "warn", "undefined reference",
		"undefined symbol", "undeclared", "sparse:", "Unexpected", "dereferenc",
		"inconsistent", "uninitialized", "should it be", NULL};
	const char *colon = title;

	while ((colon = strchr(colon, ':')) != NULL) {
		const char *start = colon;

		while (start > title && start[-1] != ' ')
			start--;
		/* A file's name with an ending, and the line's number behind it. */
		if (g_ascii_isdigit(colon[1]) &&
			g_strstr_len(start, colon - start, ".") != NULL)
			for (size_t i = 0; words[i] != NULL; i++)
				if (strstr(colon, words[i]) != NULL)
					return true;
		colon++;
	}
	return false;
}

bool clues_is_bug_report(const struct subject *subject)
{
	static const char *const titles[] = {"BUG:", "Bug:", "bug report", "BUG at",
		"BUG in", "regression:", "regression in", "kernel BUG",
		"Oops:", "WARNING: at ", "WARNING: CPU", "general protection fault",
		"kernel panic", "KASAN:", "KMSAN:", "UBSAN:", "INFO: task", "INFO: rcu",
		"possible deadlock", NULL};

	for (guint i = 0; i < subject->tags->len; i++) {
		const char *tag = subject->tags->pdata[i];

		if (g_ascii_strcasecmp(tag, "bug") == 0 ||
			g_ascii_strcasecmp(tag, "bug?") == 0 ||
			g_ascii_strcasecmp(tag, "BUG/REGRESSION") == 0 ||
			g_ascii_strcasecmp(tag, "bugreport") == 0 ||
			g_ascii_strcasecmp(tag, "bug-report") == 0 ||
			g_ascii_strncasecmp(tag, "regression", 10) == 0)
			return true;
	}
	return clues_begins(subject->title, titles);
}

/* Whether FITS holds for WORD or for what stands between its hyphens. */
static bool clues_word_fits(const char *word,
	bool (*fits)(const char *word, const void *data), const void *data)
{
	g_auto(GStrv) parts = NULL;

	if (fits(word, data))
		return true;
	if (strchr(word, '-') == NULL)
		return false;
	parts = g_strsplit(word, "-", -1);
	for (char **part = parts; *part != NULL; part++)
		if (**part != '\0' && fits(*part, data))
			return true;
	return false;
}

/* Calls FITS with every word of LINE, in lower case, until one fits.  The parts of an address or
 * URL are no words. */
static bool clues_find_word(const char *line, size_t length,
	bool (*fits)(const char *word, const void *data), const void *data)
{
	for (size_t i = 0; i < length;) {
		size_t n = strcspn(line + i, " \t\n,;()[]\"'!?<>");
		g_autofree char *word = NULL;

		if (i + n > length)
			n = length - i;
		word = g_ascii_strdown(line + i, (gssize)n);
		i += n + 1;
		while (n > 0 && strchr(".:", word[n - 1]) != NULL)
			word[--n] = '\0';
		if (n > 0 && n <= 64 && strchr(word, '@') == NULL &&
			strstr(word, "://") == NULL && clues_word_fits(word, fits, data))
			return true;
	}
	return false;
}

bool clues_has_bug_word(const char *title)
{
	static const char *const words[] = {"bug", "bugs", "regression", "regressions",
		"breakage", "crash", "crashes", "crashed", "crashing", "oops", "oopses",
		"panic", "panics", "hang", "hangs", "lockup", "deadlock", "fails",
		"failing", "broken", "segfault", "segfaults", "stall", "stalls",
		"corruption", NULL};

	static const char *const phrases[] = {"doesn't work", "does not work",
		"not working", "doesn't boot", "does not boot", "build failure",
		"build error", "build warning", NULL};

	for (size_t i = 0; phrases[i] != NULL; i++)
		if (strcasestr(title, phrases[i]) != NULL)
			return true;
	return clues_find_word(title, strlen(title), clues_is_one_of, words);
}

bool clues_has_sign_off(const char *text, size_t length)
{
	static const char key[] = "Signed-off-by:";
	size_t cursor = 0, line_length;
	const char *line;

	while (text_next_line(text, length, &cursor, &line, &line_length))
		if (line_length > sizeof key && memcmp(line, key, strlen(key)) == 0)
			return true;
	return false;
}

bool clues_begins_patch(const char *text, size_t length)
{
	static const char *const beginnings[] = {"Subject: [PATCH", "-- >8 --", "--8<--",
		"-->8--", "---8<---", "--- 8< ---", NULL};
	size_t cursor = 0, line_length;
	const char *line;

	/* Scissors begin like a signature, so the lines are not only the sender's own. */
	while (text_next_line(text, length, &cursor, &line, &line_length))
		for (size_t i = 0; beginnings[i] != NULL; i++)
			if (line_length >= strlen(beginnings[i]) &&
				memcmp(line, beginnings[i], strlen(beginnings[i])) == 0)
				return true;
	return false;
}

bool clues_speaks_of_series(const char *text, size_t length)
{
	static const char *const words[] = {
		"series", "patch", "patches", "patchset", "patchsets", NULL};
	size_t cursor = 0, line_length;
	const char *line;

	while (quote_next_own_line(text, length, &cursor, &line, &line_length))
		if (clues_find_word(line, line_length, clues_is_one_of, words))
			return true;
	return false;
}

/* The parts of a list id's first label: what the list is about. */
static GPtrArray *clues_topics(const GPtrArray *list_ids)
{
	static const char *const vague[] = {"list", "dev", "devel", "users", "user",
		"discuss", "mailing", "the", "all", NULL};
	GPtrArray *topics = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < list_ids->len; i++) {
		const char *id = list_ids->pdata[i];
		g_autofree char *label = g_strndup(id, strcspn(id, "."));
		g_auto(GStrv) parts = g_strsplit_set(label, "-_", -1);

		g_ptr_array_add(topics, g_steal_pointer(&label));
		for (char **part = parts; *part != NULL; part++)
			if (strlen(*part) > 1 && !clues_is_one_of(*part, vague))
				g_ptr_array_add(topics, g_strdup(*part));
	}
	return topics;
}

/* A topic of the list's, a word of the trade, or a name out of a program. */
static bool clues_is_topical(const char *word, const void *data)
{
	static const char *const trade[] = {"aarch64", "abi", "acpi", "allocator", "api",
		"arm64", "backend", "backport", "bash", "benchmark", "benchmarks", "bios",
		"bisect", "bisected", "boot", "booting", "bootloader", "boots", "bpf",
		"btrfs", "bug", "bugs", "bugzilla", "cache", "cgroup", "cgroups",
		"changelog", "checkout", "cherry-pick", "clang", "cli", "clone",
		"cmdline", "commit", "commits", "compile", "compiler", "config",
		"container", "containers", "cpu", "cpus", "daemon", "debian", "debug",
		"debugfs", "debugger", "debugging", "defconfig", "dependencies",
		"dependency", "devicetree", "dhcp", "diff", "diffs", "dkim", "dkms",
		"dma", "dmarc", "docker", "driver", "drivers", "dts", "emulation",
		"emulator", "endian", "endianness", "ethernet", "ext4", "fedora",
		"filesystem", "filesystems", "firmware", "gcc", "gdb", "gentoo", "git",
		"glibc", "gpio", "gpu", "grub", "guest", "hypervisor", "i2c", "imap",
		"initramfs", "ioctl", "iommu", "ipv4", "ipv6", "irq", "irqs", "json",
		"kconfig", "kernel", "kernels", "kexec", "kvm", "latency", "libvirt",
		"linux", "llvm", "mainline", "maintainer", "maintainers", "makefile",
		"merge", "mmu", "module", "modules", "mutex", "netlink", "nfs", "nic",
		"numa", "nvme", "opcode", "opensuse", "package", "packages", "packaging",
		"packet", "packets", "parser", "partition", "patch", "patches",
		"patchset", "pci", "pcie", "perf", "perl", "phy", "plugin", "plugins",
		"pointer", "powerpc", "preempt", "procfs", "ptp", "python", "qemu", "rcu",
		"rebase", "reboot", "refactor", "refactoring", "register", "registers",
		"regression", "rename", "renames", "repo", "repository", "riscv",
		"router", "runtime", "rust", "samba", "scheduler", "selftests", "smtp",
		"soc", "socket", "sockets", "spi", "spinlock", "ssh", "stderr", "stdin",
		"stdout", "struct", "submodule", "syscall", "sysfs", "systemd", "tarball",
		"tcg", "tcp", "throughput", "tlb", "tls", "toolchain", "tracing", "tree",
		"u-boot", "uart", "uboot", "ubuntu", "udp", "uefi", "upstream", "usb",
		"userspace", "vcpu", "virtio", "virtualization", "vlan", "vm", "x86",
		"xdp", "xfs", "yaml", "zfs", NULL};
	const GPtrArray *topics = data;

	if (clues_is_one_of(word, trade))
		return true;
	for (guint i = 0; i < topics->len; i++)
		if (strcmp(word, topics->pdata[i]) == 0)
			return true;
	return false;
}

/* The same in a body, where `kvm_main` is the name of something in a program. */
static bool clues_is_topical_or_name(const char *word, const void *data)
{
	const char *underscore = strchr(word, '_');

	return (underscore != NULL && underscore > word &&
		       g_ascii_isalnum(underscore[1])) ||
	       clues_is_topical(word, data);
}

static bool clues_text_is_topical(const struct message *message, const GPtrArray *topics)
{
	const GString *text = message->text;
	size_t cursor = 0, length;
	const char *line;

	if (clues_find_word(
		    message->subject, strlen(message->subject), clues_is_topical, topics))
		return true;
	for (unsigned lines = 0; lines < 100 && quote_next_own_line(text->str, text->len,
							&cursor, &line, &length);
		lines++)
		if (clues_find_word(line, length, clues_is_topical_or_name, topics))
			return true;
	return false;
}

/* The list of LIST_IDS that one of FIELD's addresses is: its id with an @ for the first dot, or its
 * first label at another host.  NULL for none.  Borrowed. */
static const char *clues_addressed_list(const char *field, const GPtrArray *list_ids)
{
	for (guint i = 0; i < list_ids->len; i++) {
		const char *id = list_ids->pdata[i];
		g_autofree char *address = g_strndup(id, strcspn(id, "."));
		g_autofree char *local = g_strconcat(address, "@", NULL);
		const char *at = strcasestr(field, local);

		if (at != NULL && (at == field || strchr(" ,<\t\"", at[-1]) != NULL))
			return id;
	}
	return NULL;
}

char *clues_of_discussion(const struct message *message)
{
	const char *to = message_field(message, MESSAGE_FIELD_TO);
	const char *cc = message_field(message, MESSAGE_FIELD_CC);
	const char *reply_to = message_field(message, MESSAGE_FIELD_REPLY_TO);
	g_autoptr(GPtrArray) topics = NULL;
	const char *list = clues_addressed_list(to, message->list_ids);

	if (list == NULL)
		list = clues_addressed_list(cc, message->list_ids);
	if (*message->subject == '\0' || *message->from_address == '\0' ||
		(message->list_ids->len > 0 && list == NULL) ||
		(strchr(to, '@') == NULL && strchr(cc, '@') == NULL))
		return NULL;
	/* Answers that shall go elsewhere, but for a list that sets it. */
	if (*reply_to != '\0' && strcasestr(reply_to, message->from_address) == NULL &&
		clues_addressed_list(reply_to, message->list_ids) == NULL)
		return NULL;
	topics = clues_topics(message->list_ids);
	if (!clues_text_is_topical(message, topics))
		return NULL;
	return g_strdup_printf("begins a thread, addressed to %s; Subject: %s",
		list ? list : "others", message->subject);
}
