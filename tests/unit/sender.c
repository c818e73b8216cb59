/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "model/sender.h"

#include <glib.h>

#include "tap.h"

static const struct sender_row {
	const char *rule, *name, *address;
	enum sender_kind kind;
} sender_rows[] = {
	{"a person", "Ada Example", "ada@example.org", SENDER_PERSON},
	{"nobody", "", "", SENDER_PERSON},

	{"patchwork", "", "patchwork-bot+kvm-riscv@kernel.org", SENDER_PATCHWORK},
	{"patchwork for any tree", "", "patchwork-bot+netdevbpf@kernel.org",
		SENDER_PATCHWORK},
	{"patchwork's own instance only tells what tests say", "Patchwork",
		"patchwork@emeril.freedesktop.org", SENDER_BOT},
	{"pull requests", "", "pr-tracker-bot@kernel.org", SENDER_PR_TRACKER},
	{"tip, under a person's name", "tip-bot2 for Ada Example",
		"tip-bot2@linutronix.de", SENDER_TIP},
	{"tip, as it was", "tip-bot for Ada Example", "tip-bot@zytor.com", SENDER_TIP},
	{"tip, from another address", "tip-bot2 for Ada Example", "noreply@example.org",
		SENDER_TIP},
	{"bugzilla", "", "bugzilla-daemon@kernel.org", SENDER_BUGZILLA},
	{"bugzilla under its own host", "", "bugzilla-daemon@bugzilla.kernel.org",
		SENDER_BUGZILLA},
	{"CVEs", "Greg Kroah-Hartman", "cve@kernel.org", SENDER_CVE},
	{"who assigns CVEs, but from his own address", "Greg Kroah-Hartman",
		"gregkh@linuxfoundation.org", SENDER_PERSON},
	{"a bounce", "Mail Delivery System", "MAILER-DAEMON@mx.example.org",
		SENDER_MAILER},

	{"kernel test robot", "kernel test robot", "lkp@intel.com", SENDER_BOT},
	{"kernel test robot, from a person's address", "kernel test robot",
		"oliver.sang@intel.com", SENDER_BOT},
	{"kernel test robot, from one that people have too", "kbuild test robot",
		"fengguang.wu@intel.com", SENDER_BOT},
	{"the person at that address", "Fengguang Wu", "fengguang.wu@intel.com",
		SENDER_PERSON},
	{"a colleague", "Ada Example", "ada.example@intel.com", SENDER_PERSON},
	{"syzbot", "syzbot", "syzbot+0123456789abcdef@syzkaller.appspotmail.com",
		SENDER_BOT},
	{"patchew", "", "no-reply@patchew.org", SENDER_BOT},
	{"KernelCI", "KernelCI bot", "bot@kernelci.org", SENDER_BOT},
	{"KernelCI's other addresses", "", "kernelci-results@kernelci.org", SENDER_BOT},
	{"Linaro's", "", "ci_notify@linaro.org", SENDER_BOT},
	{"DPDK's", "", "dpdklab@iol.unh.edu", SENDER_BOT},
	{"checkpatch", "", "checkpatch@dpdk.org", SENDER_BOT},
	{"a build daemon", "", "buildbot@sourceware.org", SENDER_BOT},
	{"a reviewer that is a program", "AI review bot", "reviews@example.org",
		SENDER_BOT},
	{"a robot by its address", "Reviews", "sashiko-bot@kernel.org", SENDER_BOT},
	{"a robot behind a plus", "", "bot+bpf-ci@kernel.org", SENDER_BOT},
	{"a robot that is numbered", "", "ci-bot3@example.org", SENDER_BOT},
	{"a robot in brackets", "renovate[bot]", "noreply@example.org", SENDER_BOT},
	{"a robot in upper case", "CI BOT", "CI@EXAMPLE.ORG", SENDER_BOT},
	{"an address in upper case", "", "LKP@Intel.COM", SENDER_BOT},

	{"regzbot", "Regzbot (for Ada Example)", "ada@example.org", SENDER_BOT},
	{"sr.ht", "builds.sr.ht", "builds@sr.ht", SENDER_BOT},
	{"Sashiko", "Sashiko", "sashiko@sashiko.dev", SENDER_BOT},
	{"Fedora's composes", "Fedora Rawhide Report", "rawhide@fedoraproject.org",
		SENDER_BOT},
	{"Debian's uploads", "Debian FTP Masters", "ftpmaster@ftp-master.debian.org",
		SENDER_BOT},
	{"GitLab", "Ada Example", "gitlab@mg.gitlab.com", SENDER_BOT},
	{"GCC's bugzilla", "ada at example dot org", "gcc-bugzilla@gcc.gnu.org",
		SENDER_BUGZILLA},
	{"Launchpad", "Ada Example", "1888123@bugs.launchpad.net", SENDER_BUGZILLA},
	{"Debian's tracker", "Debian Bug Tracking System", "owner@bugs.debian.org",
		SENDER_BUGZILLA},
	{"Talbot is a name", "Ed Talbot", "ed.talbot@example.org", SENDER_PERSON},
	{"Abbott is a name", "Laura Abbott", "labbott@example.org", SENDER_PERSON},
	{"Botond is a name", "Botond Example", "botond@example.org", SENDER_PERSON},
	{"Böt is a name", "Jan Robotö", "jan@example.org", SENDER_PERSON},
	{"a host says nothing", "Ada Example", "ada@bot.example.org", SENDER_PERSON},
	{"robotics is a word", "Ada Example", "ada-robotics@example.org", SENDER_PERSON},
	{"a row's beginning is not the row", "Ada", "lkp@intel.com.example.org",
		SENDER_PERSON},
	{"a row's end is not the row", "Ada", "ada-lkp@intel.com", SENDER_PERSON},
};

int main(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sender_rows); i++) {
		const struct sender_row *row = &sender_rows[i];

		tap_number(
			row->rule, sender_find_kind(row->name, row->address), row->kind);
	}
	return tap_end();
}
