# Private servers in a temporary folder, which end with the script that sources this. Its folder is $bench, the project's
# is $root.

# A private PostgreSQL lasts as long as the command that it was started for: the script once more. Ctrl-C must not end
# what clears up after it, so they have a session of their own, and the script in it is asked to end.
#
# in_private_postgres SCRIPT OPTION…: runs it so, and ends with its status; returns where that is done already.
in_private_postgres() {
  [[ -z ${PRIVATE_POSTGRES:-} ]] || return 0
  local private_postgres=${CARGO_TARGET_DIR:-$root/target}/release/private-postgres status=0
  [[ -x $private_postgres ]] || (cd "$root" && cargo build --release --locked --package private-postgres) >&2
  PRIVATE_POSTGRES_DURABLE=1 setsid "$private_postgres" "$@" &
  wrapper=$!
  trap 'pkill --parent "$wrapper" --exact bash || true' INT TERM
  while kill -0 "$wrapper" 2>/dev/null; do wait "$wrapper" && status=0 || status=$?; done
  exit "$status"
}

# A developer's own settings must reach neither the server nor its keys: they could name a real database.
forget_settings() {
  local name
  for name in $(compgen -e | grep -E '^(LIVETRAIL_.*|DATABASE_URL|JWT_SECRET_KEY)$'); do unset "$name"; done
}

# Sets $tmp, a folder that is deleted with the end of the script, after everything that was started has ended.
make_temporary_folder() {
  tmp=$(mktemp -d)
  started=()
  trap cleanup EXIT
  trap 'exit 130' INT TERM
}

cleanup() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$tmp"
}

say() { printf '%s\n' "$*" >&2; }

# Builds the generator, and where $bin names no binary, the one that is missing; sets $bin and $load.
build() {
  if [[ -z $bin ]]; then
    bin=${CARGO_TARGET_DIR:-$root/target}/release/livetrail
    [[ -x $bin ]] || make -C "$root" build >&2
  fi
  cargo build --quiet --locked --profile load --package load --manifest-path "$root/Cargo.toml"
  load=${CARGO_TARGET_DIR:-$root/target}/load/load
}

# start NAME COMMAND…: runs it in the background until it says where it listens; sets $pid and $addr.
start() {
  local log=$tmp/$1.log
  shift
  : >"$log"
  "$@" >"$log" 2>"$log.err" &
  pid=$!
  started+=("$pid")
  for _ in {1..600}; do
    addr=$(sed -n 's|.*listening on http://\([^ /]*\).*|\1|p' "$log" | head -1)
    [[ -n $addr ]] && return
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  say "it did not start: $*"
  tail -n 20 "$log" "$log.err" >&2
  return 1
}

# stop PID: ends one server and waits for it, so that it takes nothing from the next measurement.
stop() {
  kill "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

# When, which commit, and on which machine.
occasion() {
  local commit cpu memory
  commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
  [[ -z $(git -C "$root" status --porcelain 2>/dev/null | head -1) ]] || commit+=' with changes'
  cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -1)
  memory=$(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo)
  echo "$(date -u +%F), commit $commit, $(nproc) cores (${cpu:-unknown CPU}), $memory of memory, Linux $(uname -r)."
}
