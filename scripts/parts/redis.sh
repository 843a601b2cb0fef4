# shellcheck shell=bash
# A private Redis. Sourced by scripts/services; see parts/place.sh for $dir and $place.

redis_folder() { echo "$place/redis"; }

redis_pid() { cat "$(redis_folder)/redis.pid" 2>/dev/null; }

redis_runs() { runs_in "$(redis_pid)" "$(redis_folder)"; }

redis_address() { printf '127.0.0.1:%s' "$(cat "$place/redis.port")"; }

redis_is_ready() {
  local answer=
  { exec 3<>"/dev/tcp/127.0.0.1/$(cat "$place/redis.port")"; } 2>/dev/null || return 1
  printf 'PING\r\n' >&3
  read -r -t 2 answer <&3 || true
  exec 3>&-
  [[ $answer == +PONG* ]]
}

# False where there is no Redis: the server runs without it.
start_redis() {
  if redis_runs && wait_until 60 redis_is_ready; then return; fi
  find_redis || return 1
  make_service_folder "$(redis_folder)"
  rm -f "$(redis_folder)/redis.pid"
  local attempt
  for attempt in 1 2 3 4 5; do
    choose_redis_port
    write_redis_settings
    launch "$(redis_folder)" "$dir/redis-start.log" "$redis_program" redis.conf
    if redis_comes_up; then return; fi
    if ! grep -qi 'address already in use' "$(redis_folder)/redis.log" "$dir/redis-start.log" 2>/dev/null; then break; fi
    rm -f "$place/redis.port"
  done
  tail -n 20 "$dir/redis-start.log" "$(redis_folder)/redis.log" >&2 || true
  die "Redis did not start (attempt $attempt); its log is above"
}

redis_comes_up() {
  wait_until 60 redis_is_up_or_gone
  kill -0 "$launched" 2>/dev/null && redis_is_ready
}

redis_is_up_or_gone() { ! kill -0 "$launched" 2>/dev/null || redis_is_ready; }

stop_redis() {
  local pid
  pid=$(redis_pid) || return 0
  if ! runs_in "$pid" "$(redis_folder)"; then return; fi
  kill -TERM "$pid"
  if wait_until 30 runs_no_more_in "$pid" "$(redis_folder)"; then return; fi
  # What Redis holds can be rebuilt, so it may be killed where it does not listen.
  kill -KILL "$pid"
}

choose_redis_port() {
  local port
  port=$(cat "$place/redis.port" 2>/dev/null) || port=
  if [[ -n $port ]] && ! port_is_taken "$port"; then return; fi
  any_free_port "$(cat "$place/postgres.port" 2>/dev/null || echo 0)" >"$place/redis.port"
}

write_redis_settings() {
  # Every start has a log of its own, which bounds it.
  rm -f "$(redis_folder)/redis.log"
  cat >"$(redis_folder)/redis.conf" <<SETTINGS
# Written by scripts/services at every start; changes here are lost.
bind 127.0.0.1
port $(cat "$place/redis.port")
pidfile redis.pid
logfile redis.log
daemonize no
save ""
# Full memory must never stop a scan: what expires soonest goes first.
maxmemory 256mb
maxmemory-policy volatile-ttl
SETTINGS
  if [[ $durability == throwaway ]]; then
    # Every test class has a database of its own.
    printf 'appendonly no\ndatabases 1024\n'
  else
    printf 'appendonly yes\nappendfsync everysec\n'
  fi >>"$(redis_folder)/redis.conf"
  if ((EUID == 0)); then chown "$service_uid:$service_gid" "$(redis_folder)/redis.conf"; fi
}

# Sets redis_program.
find_redis() {
  if choose_installed_redis; then return; fi
  "$repo/scripts/install-needs" redis || true
  choose_installed_redis
}

choose_installed_redis() {
  if redis_program=$(command -v redis-server); then return; fi
  # Debian's redis-tools holds the very same program under another name, without the system
  # service that the package redis-server would start; Redis goes by the name it is called by.
  local all_in_one
  all_in_one=$(command -v redis-check-rdb) || return 1
  mkdir -p "$place/bin"
  redis_program=$place/bin/redis-server
  ln -sf "$all_in_one" "$redis_program"
  [[ $("$redis_program" --version 2>/dev/null) == "Redis server"* ]]
}
