# Livetrail over PostgreSQL, beside one INSERT for each request and COPY into the same tables. Sourced by bench/run,
# which runs it with an empty server of its own in $PRIVATE_POSTGRES.

# libpq would take what else a developer has told it.
for name in $(compgen -e | grep '^PG'); do unset "$name"; done

# sql DATABASE OPTION…
sql() {
  psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "${@:2}" "$PRIVATE_POSTGRES/$1"
}

# What one measurement has left to write is not to burden the next, and no checkpoint falls into one.
settle() { sql postgres --command=CHECKPOINT; }

# A measurement without durability would say nothing.
require_durability() {
  local lax
  lax=$(sql postgres --command="SELECT name FROM pg_settings WHERE setting <> 'on' AND
    name IN ('fsync', 'synchronous_commit', 'full_page_writes')")
  [[ -z $lax ]] || { say "the server in PRIVATE_POSTGRES is not durable; these are not on:" "$lax" && exit 1; }
}

# A server that has run for a while writes its WAL into files of earlier WAL. One that has just been made has to make
# each of them first, which would burden what is measured first.
make_wal_files() {
  sql postgres --output=/dev/null --command="ALTER SYSTEM SET min_wal_size = '1GB'" \
    --command="SELECT pg_reload_conf()" --command="DO 'BEGIN FOR file IN 1..64 LOOP
      PERFORM pg_logical_emit_message(false, '''', ''''), pg_switch_wal();
    END LOOP; END'"
}

# The Python of the peer and of COPY: one that has what they need, or one that is gone afterwards.
find_python() {
  python=${PEER_PYTHON:-python3}
  "$python" -c 'import fastapi, psycopg, sqlalchemy, uvicorn' 2>/dev/null && return
  say "installing the peer's packages"
  "$python" -m venv "$tmp/python"
  python=$tmp/python/bin/python
  "$python" -m pip install --quiet --requirement "$bench/peers/requirements.txt" >&2
}

# A new database, in which no earlier measurement has left rows or work to do.
new_database() {
  sql postgres --command="SET client_min_messages = error" --command="DROP DATABASE IF EXISTS $1 WITH (FORCE)" \
    --command="CREATE DATABASE $1"
}

# livetrail_over DATABASE
livetrail_over() {
  new_database "$1"
  start_livetrail "$1" "$PRIVATE_POSTGRES/$1"
  common+=(--pid "$postmaster")
}

measure_single() {
  livetrail_over single
  ingest_single Livetrail /api/activity
  measure "Livetrail: single, 2,000/s, connections: 64" --publish /api/activity --rate 2000 --pub-conns 64
  stop "$pid"
}

measure_one_insert() {
  new_database one_insert
  sql one_insert --file="$bench/peers/nine_indexes.sql"
  start one_insert env DATABASE_URL="$PRIVATE_POSTGRES/one_insert" "$python" "$bench/peers/queue_per_client.py"
  common=(--addr "$addr" --pid "$pid" --pid "$postmaster")
  ingest_single "One INSERT a request" /activity 16 64
  stop "$pid"
}

measure_batches() {
  livetrail_over batches
  ingest_batches Livetrail /api/activity
  stop "$pid"
}

# A second node without clients shows what it costs to tell others of every batch.
measure_two_nodes() {
  livetrail_over two_nodes
  local first=("${common[@]}") first_pid=$pid
  start_livetrail second_node "$PRIVATE_POSTGRES/two_nodes"
  common=("${first[@]}" --pid "$pid")
  ingest_batches "Livetrail beside a second node" /api/activity
  stop "$pid"
  stop "$first_pid"
}

# measure_copy NAME DATABASE: copies what Livetrail has stored of the batches into the activity_logs there.
measure_copy() {
  for rows in 1000 8000; do
    local label="COPY, $1: ${rows/%000/,000} rows a transaction"
    say "  $label"
    "$python" "$bench/postgres_copy.py" --source "$PRIVATE_POSTGRES/batches" --target "$PRIVATE_POSTGRES/$2" \
      --rows "$rows" --secs "$secs" --pid "$postmaster" --label "$label" >>"$results"
  done
}

measure_copies() {
  new_database same_table
  "$bin" migrate --database-url "$PRIVATE_POSTGRES/same_table" --data-dir "$tmp/migrate.data" >"$tmp/migrate.log"
  measure_copy "Livetrail's table" same_table
  new_database nine_indexes
  sql nine_indexes --file="$bench/peers/nine_indexes.sql"
  measure_copy "nine indexes" nine_indexes
}

measure_over_postgres() {
  require_durability
  find_python
  make_wal_files
  postmaster=$(sql postgres --command="SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)")
  store="PostgreSQL $(sql postgres --command='SHOW server_version') with fsync"
  for ((round = 1; round <= rounds; round++)); do
    say "measuring over PostgreSQL, round $round of $rounds"
    # What is compared is measured close together: disks have their moods.
    measure_single
    measure_one_insert
    measure_two_nodes
    measure_batches
    measure_copies
  done
}
