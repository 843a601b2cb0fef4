# shellcheck shell=bash
# Starts, watches and ends child processes so that none outlives the script. Sourced, never run.

# The long step that is under way, if there is one: a signal has to end it as well.
step=

# Runs a command in a group of its own and waits. bash handles a signal only between commands, but
# it interrupts this wait; Ctrl-C reaches the script alone, which then ends the group.
interruptible() {
  local result=0
  (
    close_inherited_files
    exec setsid "$@"
  ) &
  step=$!
  wait "$step" || result=$?
  step=
  return "$result"
}

end_step() {
  if [[ -z $step ]]; then return; fi
  kill -TERM -- "-$step" 2>/dev/null || kill -TERM "$step" 2>/dev/null || true
  wait "$step" 2>/dev/null || true
}

# start_program LOG COMMAND…: sets started. When this script dies without a word (kill -9), the
# kernel sends TERM to the program.
start_program() {
  local log=$1
  shift
  (
    close_inherited_files
    exec setsid setpriv --pdeathsig TERM -- "$@"
  ) </dev/null >"$log" 2>&1 &
  started=$!
}

runs() { kill -0 "$1" 2>/dev/null; }

# TERM, time to finish what is under way, then KILL; and whatever the program itself had started.
end_program() {
  local pid=$1 tenths
  if [[ -z $pid ]]; then return; fi
  kill -TERM "$pid" 2>/dev/null || true
  for ((tenths = 0; tenths < 300; tenths++)); do
    if ! runs "$pid"; then break; fi
    sleep 0.1
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# wait_for_page PID URL LOG NAME: until the page answers; a program that died is told at once.
wait_for_page() {
  local pid=$1 url=$2 log=$3 name=$4 end=$((SECONDS + 120))
  until curl --noproxy '*' -fsS -o /dev/null --max-time 5 "$url" 2>/dev/null; do
    if ! runs "$pid"; then
      tell_end_of "$name" "$log"
      exit 1
    fi
    if ((SECONDS >= end)); then
      tail -n 30 "$log" >&2
      die "$name does not answer at $url after two minutes; its log is $log"
    fi
    sleep 0.2
  done
}

tell_end_of() {
  say ""
  say "$1 has ended unexpectedly. The end of its log ($2):"
  tail -n 30 "$2" >&2 || true
}
