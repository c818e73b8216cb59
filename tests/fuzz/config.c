/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HOME/config. */
#include "config.h"

#include "base/conf.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *home = g_path_get_dirname(fuzz_make_file("config", data, size));
	struct conf conf;

	if (conf_load(home, &conf) != STATUS_OK)
		return 0;
	fuzz_check(conf_value_is_good(conf.title));
	fuzz_check_text(conf.list_id, true);
	fuzz_check_text(conf.archive, true);
	fuzz_check(*conf.from == '\0' || conf_address_is_deliverable(conf.from));
	for (char **to = conf.to; to != NULL && *to != NULL; to++)
		fuzz_check(conf_address_is_deliverable(*to));
	fuzz_check(conf.sendmail[0][0] == '/' && conf.top >= 1 && conf.top <= 1000);
	for (guint i = 0; i < conf.rules->len; i++)
		fuzz_check_text(((struct conf_rule *)conf.rules->pdata[i])->name, true);
	conf_release(&conf);
	return 0;
}
