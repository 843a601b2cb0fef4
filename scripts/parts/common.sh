# shellcheck shell=bash
# What every script here begins with. Sourced, never run.

# People read these lines on the terminal; stdout is kept for results that other programs read.
say() { printf '%s\n' "$*" >&2; }

die() {
  say "${0##*/}: $*"
  exit 1
}

# Sixteen hexadecimal digits that name a text, for folders that must differ when the text differs.
short_hash() { printf '%s' "$1" | sha256sum | cut -c1-16; }

# Runs a command as root without ever asking for a password: a script that waits at a prompt
# looks like a script that hangs.
can_be_root() { ((EUID == 0)) || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }
as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }

# Children that outlive the caller must not keep its locks and pipes open: a lock is held until
# the last copy of its descriptor is closed, and $(…) waits for the last writer.
close_inherited_files() {
  local path fd
  for path in "/proc/$BASHPID/fd/"*; do
    fd=${path##*/}
    if ((fd > 2)); then eval "exec $fd>&-"; fi
  done
}
