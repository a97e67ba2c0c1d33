#!/usr/bin/env bash
# Proves that a backup of the database can be restored, and says how long it
# takes: dump, restore into a new database beside it, new epoch, every promise
# verified there, rows compared. The database that serves is only read.
#
#   EKINERJA_DATABASE_URL=postgres://… scripts/backup-drill.sh [DUMP]
#
# With DUMP, a custom-format dump is restored that exists already: last night's.
# The user must be allowed to create a database. EKINERJA names the program
# (default: ekinerja in PATH). Exit code 0: the copy is good.
set -euo pipefail

url=${EKINERJA_DATABASE_URL:?"set EKINERJA_DATABASE_URL to the database that serves"}
program=${EKINERJA:-ekinerja}
dump=${1:-}
copy=ekinerja_drill_$$
work=$(mktemp -d)

say() { printf '%3d s  %s\n' "$SECONDS" "$*"; }

# in_copy is the URL of the copy: the same server and user, another database.
in_copy() { sed -E "s#^(postgres(ql)?://[^/?]*)(/[^?]*)?#\\1/$copy#" <<<"$url"; }

finish() {
	psql --quiet --no-psqlrc "$url" -c "DROP DATABASE IF EXISTS $copy WITH (FORCE)" || true
	rm -rf -- "$work"
}
trap finish EXIT

[[ $url == postgres://* || $url == postgresql://* ]] || { echo "the drill needs a postgres:// URL" >&2; exit 2; }

if [[ -z $dump ]]; then
	dump=$work/drill.dump
	pg_dump --format=custom --file="$dump" "$url"
	say "dumped: $(stat -c %s "$dump") bytes"
fi
psql --quiet --no-psqlrc "$url" -c "CREATE DATABASE $copy TEMPLATE template0"
pg_restore --no-owner --no-privileges --exit-on-error --jobs=2 --dbname="$(in_copy)" "$dump"
say "restored into $copy"

EKINERJA_DATABASE_URL=$(in_copy) "$program" restored >"$work/restored.txt"
say "$(head -n 1 "$work/restored.txt")"
EKINERJA_DATABASE_URL=$(in_copy) "$program" verify
say "every promise holds in the copy"

# What came after the dump is not in the copy; that is what the log is for.
for table in employee reporting_line duty inbox answer report report_version score_period outbox audit; do
	there=$(psql --no-psqlrc -qAt "$url" -c "SELECT count(*) FROM $table")
	here=$(psql --no-psqlrc -qAt "$(in_copy)" -c "SELECT count(*) FROM $table")
	printf '       %-15s %9d served, %9d in the copy\n' "$table" "$there" "$here"
	if ((here == 0 && there > 0)) && [[ $table == employee ]]; then
		echo "the copy is empty" >&2
		exit 1
	fi
done
say "done; the copy is dropped"
