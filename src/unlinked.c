/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What GMime's archive asks of GIO and GPGME, where it is linked in.  One object of it reads GIO's
 * streams and three do OpenPGP and S/MIME; nothing here uses either, but g_mime_init() names them
 * all, and with their libraries come nine more that the dynamic linker would have to bring up for
 * each mail.  g_mime_init() itself calls one of these, to greet GPGME; none has to do anything.
 * A dynamic link takes nothing from this file; configure compiles it before there is a config.h. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stddef.h>

#define UNLINKED(name)           \
	void *name(void);        \
	void *name(void)         \
	{                        \
		return NULL;     \
	}

/* clang-format off */
UNLINKED(g_file_append_to)
UNLINKED(g_file_get_type)
UNLINKED(g_file_read)
UNLINKED(g_input_stream_close)
UNLINKED(g_input_stream_read)
UNLINKED(g_output_stream_close)
UNLINKED(g_output_stream_flush)
UNLINKED(g_output_stream_write_all)
UNLINKED(g_seekable_get_type)
UNLINKED(g_seekable_seek)
UNLINKED(g_seekable_tell)

UNLINKED(gpgme_check_version_internal)
UNLINKED(gpgme_data_new_from_cbs)
UNLINKED(gpgme_data_release)
UNLINKED(gpgme_engine_check_version)
UNLINKED(gpgme_get_key)
UNLINKED(gpgme_get_keylist_mode)
UNLINKED(gpgme_get_protocol)
UNLINKED(gpgme_key_unref)
UNLINKED(gpgme_new)
UNLINKED(gpgme_op_decrypt)
UNLINKED(gpgme_op_decrypt_result)
UNLINKED(gpgme_op_decrypt_verify)
UNLINKED(gpgme_op_encrypt)
UNLINKED(gpgme_op_encrypt_sign)
UNLINKED(gpgme_op_export_ext)
UNLINKED(gpgme_op_import)
UNLINKED(gpgme_op_import_result)
UNLINKED(gpgme_op_keylist_end)
UNLINKED(gpgme_op_keylist_next)
UNLINKED(gpgme_op_keylist_start)
UNLINKED(gpgme_op_sign)
UNLINKED(gpgme_op_sign_result)
UNLINKED(gpgme_op_verify)
UNLINKED(gpgme_op_verify_result)
UNLINKED(gpgme_release)
UNLINKED(gpgme_set_armor)
UNLINKED(gpgme_set_ctx_flag)
UNLINKED(gpgme_set_keylist_mode)
UNLINKED(gpgme_set_offline)
UNLINKED(gpgme_set_passphrase_cb)
UNLINKED(gpgme_set_protocol)
UNLINKED(gpgme_set_textmode)
UNLINKED(gpgme_signers_add)
UNLINKED(gpgme_signers_clear)
UNLINKED(gpgme_strerror)
/* clang-format on */
