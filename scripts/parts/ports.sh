# shellcheck shell=bash
# Free ports of the loopback interface. Sourced, never run.

# Linux hands out 32768 and up to outgoing connections; a port from there may be gone at a restart.
readonly lowest_port=20000 highest_port=32700

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first free port from $1 upwards, leaving out those named after it.
free_port_from() {
  local port=$1 other
  shift
  while ((port < 65536)); do
    for other in "$@"; do
      if ((port == other)); then
        port=$((port + 1))
        continue 2
      fi
    done
    if ! port_is_taken "$port"; then
      echo "$port"
      return
    fi
    port=$((port + 1))
  done
  return 1
}

# The start is drawn, so that two clones on one machine seldom ask for the same port.
any_free_port() { free_port_from "$(shuf -n 1 -i "$lowest_port-$highest_port")" "$@"; }
