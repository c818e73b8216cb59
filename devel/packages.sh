#!/bin/sh
# Installs the Debian packages that the file "packages" lists and that dpkg does
# not have.  Says and does nothing when nothing is missing.
set -eu

cd "$(dirname "$0")/.."

missing=
# One word a package, comments gone.
# shellcheck disable=SC2013
for package in $(sed 's/#.*//' packages); do
	state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "packages.sh: missing:$missing" >&2
		echo "packages.sh: installing them needs root or sudo" >&2
		exit 1
	}
	sudo=sudo
fi
echo "Installing:$missing"
# env, because sudo drops what stands before it.
$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null
# Unquoted: one word a package.
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
	--no-install-recommends $missing </dev/null >/dev/null
