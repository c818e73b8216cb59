/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "store/backup.h"

#include <glib.h>

#include "base/diag.h"
#include "base/io.h"
#include "base/limits.h"
#include "store/copy.h"
#include "store/dump.h"
#include "store/env_care.h"

static enum status backup_file(const char *home, const char *directory, const char *name)
{
	g_autofree char *from = g_build_filename(home, name, NULL);
	g_autofree char *to = g_build_filename(directory, name, NULL);
	g_autoptr(GString) content = NULL;
	enum status status = io_read_file(from, LIMIT_MAILMAP_BYTES, &content);

	if (status == STATUS_NOINPUT)
		return STATUS_OK;
	return status == STATUS_OK
		       ? io_replace_file(to, content->str, content->len, false)
		       : status;
}

static enum status backup_fill(const char *home, const char *directory)
{
	g_autofree char *why = NULL;
	bool quiet;
	enum status status = copy_make(home, directory, &quiet);

	for (const char *const *name = dump_files; status == STATUS_OK && *name; name++)
		status = backup_file(home, directory, *name);
	if (status == STATUS_OK && !env_settle(directory, quiet, &why)) {
		diag_error("%s/db: %s; see mldigest check", home, why);
		status = STATUS_DATA;
	}
	return status;
}

enum status backup_make(const char *home, const char *directory)
{
	g_autofree char *path = g_strdup_printf("%s.new", directory);
	struct copy_scratch scratch;
	enum status status = copy_check_target(directory);

	if (status == STATUS_OK)
		status = copy_take_scratch(path, &scratch);
	if (status != STATUS_OK)
		return status;
	status = backup_fill(home, scratch.path);
	if (status == STATUS_OK)
		return copy_name_scratch(&scratch, directory);
	copy_release_scratch(&scratch);
	return status;
}
