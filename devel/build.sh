#!/bin/sh
# What ./try-it and ./run-tests do first: the packages, configure, and a build
# in build/.  What is done already is not done again.
set -eu

cd "$(dirname "$0")/.."

devel/packages.sh
[ -x configure ] || ./bootstrap
mkdir -p build
cd build
[ -f config.status ] || ../configure -q
# The Makefile knows when configure has to run again.
exec make -s -j2
