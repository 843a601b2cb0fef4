# shellcheck shell=bash
# Runs one command of the server program beside scripts/run or without it. Sourced, never run.

# with_county COMMAND…: has the program built and the database there, and leaves both as they were:
# services that run go on, others are stopped afterwards.
with_county() {
  choose_county_folder
  trap end_work EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  publish_unless_running
  # A lock of its own: the services go when neither this command nor a run needs them any more.
  exec 7>>"$run_dir/alive"
  flock -s 7
  start_services_if_needed
  read_addresses || die "PostgreSQL has no address"
  choose_password
  "$@"
}

# A running server still reads from its folder, so what it was started from is used as it is.
publish_unless_running() {
  exec 6>>"$run_dir/lock"
  if flock -n 6; then publish_if_changed; fi
  exec 6>&-
  [[ -f $(server_program) ]] || die "scripts/run is just building; try again in a minute"
}

start_services_if_needed() {
  if env -u VOUCHER_POSTGRES -u VOUCHER_REDIS "$repo/scripts/services" env --dir "$services_dir" >/dev/null 2>&1; then return; fi
  interruptible "$repo/scripts/services" start --dir "$services_dir" --while-locked "$run_dir/alive"
}

end_work() {
  local status=$?
  trap '' INT TERM HUP
  set +e
  end_step
  exit "$status"
}
