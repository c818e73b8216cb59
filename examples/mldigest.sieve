# Gives every mail of one list to mldigest and leaves all other mail alone.
# For Dovecot's Pigeonhole with the plugin sieve_extprograms, which has to be
# set up by the administrator:
#
#     plugin {
#       sieve_plugins = sieve_extprograms
#       sieve_extensions = +vnd.dovecot.pipe
#       # A directory with a symbolic link to mldigest, and to nothing that
#       # users should not run:
#       sieve_pipe_bin_dir = /usr/local/lib/sieve-pipe
#       # As the mail came, not with CR LF line ends:
#       sieve_pipe_input_eol = lf
#       # mldigest waits up to 60 seconds for its turn; the default is 10:
#       sieve_pipe_exec_timeout = 120s
#     }
#
# When the program fails, Sieve keeps the mail in the inbox (RFC 5228 2.10.6):
# it is neither lost nor bounced, but Dovecot does not try again.  Give it to
# "mldigest record" by hand then.  A mail that was recorded after all is
# recognised and changes nothing.
require ["vnd.dovecot.pipe"];

# Only mail of this list, by its List-Id field.
if header :contains "list-id" "<kvm.vger.kernel.org>" {
	# Without :copy the mail does not go to the inbox as well.
	pipe "mldigest" ["record"];
}
