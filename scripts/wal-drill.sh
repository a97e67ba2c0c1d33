#!/usr/bin/env bash
# Proves that the database can be brought back to a moment from a base backup and
# the write-ahead log: a private Postgres archives its log while simulated people
# report; in the middle a base backup is taken; a while later a moment is chosen,
# and the people go on into a life that will be lost. Then a second Postgres is
# made of the backup and the archive, up to that moment, and judged:
#
#   - everything that was committed before the moment is in it, word for word, and
#     nothing that came after it;
#   - `ekinerja restored` and `ekinerja verify`: every promise holds;
#   - the service, started on it, sends nobody a question that they were asked or
#     had answered before.
#
#   EKINERJA=bin/ekinerja scripts/wal-drill.sh [PEOPLE]
#
# Everything happens in a temporary folder that is removed; no other database is
# touched. Exit code 0: the drill held. Run as root, Postgres runs as the user
# postgres, or else nobody.
set -euo pipefail

program=$(realpath "${EKINERJA:-$(command -v ekinerja)}")
people=${1:-60}
bin=$({ compgen -G '/usr/lib/postgresql/*/bin' || dirname "$(command -v initdb)"; } | sort -V | tail -n 1)
work=$(mktemp -d /tmp/ekinerja-wal-XXXXXX)
load="" serve=""

say() { printf '%3d s  %s\n' "$SECONDS" "$*"; }
fail() {
	printf 'THE DRILL FAILED: %s\n' "$*" >&2
	exit 1
}

# as_server runs a program as the user that may run Postgres.
as_server() {
	if [[ $(id -u) != 0 ]]; then
		"$@"
	else
		setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups "$@"
	fi
}
owner=$(id -un)
if [[ $(id -u) == 0 ]]; then
	owner=postgres
	id -u "$owner" >/dev/null 2>&1 || owner=nobody
	chown "$owner" "$work"
fi

start() { as_server "$bin/pg_ctl" --silent --wait --pgdata="$work/$1" --log="$work/$1.log" start; }
stop() { as_server "$bin/pg_ctl" --silent --mode=immediate --pgdata="$work/$1" stop 2>/dev/null || true; }
url() { printf 'postgres://postgres@/postgres?host=%s&port=%s&sslmode=disable' "$work" "$1"; }
in_lost() { "$bin/psql" --no-psqlrc -qAtX -v ON_ERROR_STOP=1 "$(url 6001)" -c "$1"; }
in_copy() { "$bin/psql" --no-psqlrc -qAtX -v ON_ERROR_STOP=1 "$(url 6002)" -c "$1"; }

finish() {
	local code=$?
	for pid in $load $serve; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
	done
	stop lost
	stop copy
	if ((code != 0)); then tail -n 20 "$work"/*.log >&2 2>/dev/null || true; fi
	rm -rf -- "$work"
}
trap finish EXIT

as_server mkdir "$work/archive"
as_server "$bin/initdb" --pgdata="$work/lost" --username=postgres --auth=trust --encoding=UTF8 --locale=C --data-checksums >"$work/initdb.log"
as_server tee -a "$work/lost/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$work'
port = 6001
timezone = 'UTC'
max_connections = 100
archive_mode = on
archive_command = 'test ! -f $work/archive/%f && cp %p $work/archive/%f'
CONF
start lost
say "PostgreSQL $(in_lost 'SHOW server_version') archives its log"

"$program" load --people="$people" --seconds=12 --database-url="$(url 6001)" >"$work/load.txt" 2>"$work/load.log" &
load=$!
until [[ $(in_lost "SELECT count(*) FROM report WHERE state = 'submitted'" 2>/dev/null || echo 0) -ge $((people / 2)) ]]; do
	kill -0 "$load" 2>/dev/null || fail "the people ended before they reported"
	sleep 0.2
done
as_server "$bin/pg_basebackup" --checkpoint=fast --wal-method=none --no-sync --dbname="host=$work port=6001 user=postgres" --pgdata="$work/copy" 2>"$work/backup.log"
say "base backup while people report: $(du -sk "$work/copy" | cut -f1) kB"

# The moment, by the server's clock and by the clock of those who report.
sleep 4
in_lost "SELECT pg_create_restore_point('the_moment')" >/dev/null
read -r ours < <(in_lost "SELECT max(received_at) FROM inbox")
say "the moment is chosen; people go on"
wait "$load" || fail "the people were not answered as they should: $(cat "$work/load.log")"
load=""
in_lost "SELECT pg_switch_wal()" >/dev/null
until [[ $(in_lost "SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) FROM pg_stat_archiver") == t ]]; do sleep 0.2; done
say "archived: $(find "$work/archive" -type f | wc -l) files, $(du -sk "$work/archive" | cut -f1) kB"

as_server tee -a "$work/copy/postgresql.conf" >/dev/null <<CONF
port = 6002
archive_mode = off
restore_command = 'cp $work/archive/%f %p'
recovery_target_name = 'the_moment'
recovery_target_action = promote
CONF
as_server touch "$work/copy/recovery.signal"
begin=$SECONDS
start copy
until [[ $(in_copy "SELECT pg_is_in_recovery()") == f ]]; do sleep 0.2; done
say "brought back to the moment in $((SECONDS - begin)) s"

compare() { # NAME QUERY: what both have must be the same, and the copy has no more
	in_lost "$2" | sort >"$work/$1.lost"
	in_copy "$2" | sort >"$work/$1.copy"
	local more missing
	more=$(comm -13 "$work/$1.lost" "$work/$1.copy" | wc -l)
	missing=$(comm -23 "$work/$1.lost" "$work/$1.copy" | wc -l)
	((more == 0)) || fail "$1: $more rows of the copy were never there"
	printf '       %-16s %7d in the copy, %7d came after the moment\n' "$1" "$(wc -l <"$work/$1.copy")" "$missing"
}
compare messages "SELECT id, ext_id, md5(raw::text) FROM inbox"
compare answers "SELECT md5(a::text) FROM answer a"
compare versions "SELECT md5(v::text) FROM report_version v"
compare record "SELECT seq, at, actor, action, subject, md5(detail::text) FROM audit"
(($(in_copy "SELECT count(*) FROM inbox WHERE received_at < timestamptz '$ours' - interval '1 second'") == \
	$(in_lost "SELECT count(*) FROM inbox WHERE received_at < timestamptz '$ours' - interval '1 second'"))) ||
	fail "messages of before the moment are missing"
(($(wc -l <"$work/answers.lost") > $(wc -l <"$work/answers.copy"))) || fail "nothing was lost, so nothing is proven"

# From here on the clock goes on where the people's stood at the moment.
ahead=$(in_copy "SELECT round(extract(epoch FROM max(received_at) - clock_timestamp())) + 5 FROM inbox")
export EKINERJA_DATABASE_URL EKINERJA_CLOCK_OFFSET=${ahead}s
EKINERJA_DATABASE_URL=$(url 6002)
"$program" restored >"$work/restored.txt"
say "$(head -n 1 "$work/restored.txt")"
"$program" verify >"$work/verify.txt" || { cat "$work/verify.txt" >&2; fail "a promise does not hold in the copy"; }
say "every promise holds in the copy"

# What the service would send is seen by its tries: nobody listens at that port.
before=$(in_copy "SELECT count(*) FROM outbox WHERE kind = 'ask'")
in_copy "CREATE TABLE drill_outbox AS SELECT id, attempt FROM outbox" >/dev/null
EKINERJA_TELEGRAM_TOKEN=1720:drill EKINERJA_TELEGRAM_API_URL=http://127.0.0.1:9 EKINERJA_LISTEN=127.0.0.1:0 \
	"$program" serve 2>"$work/serve.log" &
serve=$!
sleep 45 # longer than a question in doubt is waited for
kill -0 "$serve" 2>/dev/null || fail "the service does not live on the copy"
kill "$serve" && wait "$serve" || true
serve=""
grep -q 'lease taken' "$work/serve.log" || fail "the service did not work"
(($(in_copy "SELECT count(*) FROM outbox WHERE kind = 'ask'") == before)) || fail "people were asked for their day again"
again=$(in_copy "SELECT count(*) FROM outbox o JOIN drill_outbox d USING (id)
	WHERE o.attempt > d.attempt AND EXISTS (SELECT FROM inbox i WHERE i.key = 'e' || o.employee_id AND i.received_at > o.created_at)")
((again == 0)) || fail "$again messages were sent again to people who had answered them"
say "the service ran on the copy for 45 s: nobody is asked again"
