#!/bin/bash
# RELIABILITY 19: what the fuzz targets say of their seeds, of beginnings of them, and of seeds with a
# byte changed.  "make fuzz" looks for more.
. "${srcdir:-.}/tests/lib.sh"

for target in config mailmap mbox message patch record subject; do
	"./tests/fuzz/$target" "$tests/fuzz/seeds/$target" >"$T/out" 2>"$T/err"
	status=$?
	point $((status != 0 || $(grep -c '^ok' "$T/out") != 1)) "$target: every seed" \
		"exit $status" "$(tail -n 20 "$T/err")"
done
plan
