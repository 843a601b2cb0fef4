# shellcheck shell=bash
# Where the private services keep their data, and as whom they run. Sourced by scripts/services.
#
# $dir    the folder the caller asked for: lock, ports and settings.
# $place  the folder of the data: $dir, except where PostgreSQL could not reach it (see below).

# PostgreSQL refuses to run as root, so root hands its services to an account without rights.
choose_account() {
  service_uid=$EUID service_gid=$(id -g)
  if ((EUID != 0)); then return; fi
  local account=nobody
  if id postgres >/dev/null 2>&1; then account=postgres; fi
  service_uid=$(id -u "$account") service_gid=$(id -g "$account")
}

as_service() {
  if ((EUID == 0)); then
    # setpriv keeps the process id, which su and sudo do not.
    setpriv --reuid="$service_uid" --regid="$service_gid" --clear-groups -- "$@"
  else
    "$@"
  fi
}

# A folder that only the account of the services can enter.
make_service_folder() {
  mkdir -p "$1"
  chmod 700 "$1"
  if ((EUID == 0)); then chown "$service_uid:$service_gid" "$1"; fi
}

open_dir() {
  mkdir -p "$dir" || die "cannot make the folder $dir"
  dir=$(cd "$dir" && pwd -P)
  local owner
  owner=$(stat -c %u "$dir")
  # Files of two accounts in one folder would leave each unable to clean up after the other.
  if ((owner != EUID)); then
    die "$dir belongs to the account $(stat -c %U "$dir"): run this as that account, or remove the folder"
  fi
  chmod 755 "$dir"
}

# A clone under a home folder with mode 0700 cannot be entered by the account of the services;
# then the data go to a folder of ours under /var/tmp, which survives a restart of the machine.
choose_place() {
  place=$dir
  # bash's own test is needed here: as another account, and of the path with all its parents.
  if ((EUID == 0)) && ! (cd / && as_service test -x "$dir"); then
    place=/var/tmp/voucher-$(short_hash "$dir")
    adopt_place_of_moved_dir
    # Only a start makes anything; asking for the status of nothing leaves nothing behind.
    if [[ $action != start && ! -d $place ]]; then return; fi
    make_place_under_var_tmp
  fi
  forget_addresses_of_a_copy
}

# Anyone may create folders under /var/tmp, so one that somebody else made is not trusted.
make_place_under_var_tmp() {
  mkdir -m 711 "$place" 2>/dev/null || true
  if [[ -L $place || ! -d $place || $(stat -c %u "$place") != "$EUID" ]]; then
    die "$place exists and is not ours; remove it or clone the repository to another folder"
  fi
  echo "$place" >"$dir/place"
}

# When the clone was moved (the old folder is gone), its data under /var/tmp come along.
adopt_place_of_moved_dir() {
  local old
  old=$(cat "$dir/place" 2>/dev/null) || return 0
  if [[ $old == "$place" || -e $place || ! -O $old/belongs-to ]]; then return; fi
  if [[ -e $(cat "$old/belongs-to") ]]; then return; fi
  mv "$old" "$place"
}

# A folder that was copied still names the ports of the original, which may be running. One that
# was moved while its services ran has them at addresses that are no more: they are started anew.
forget_addresses_of_a_copy() {
  local owner
  owner=$(cat "$place/belongs-to" 2>/dev/null) || owner=
  if [[ $owner == "$dir" ]]; then return; fi
  stop_redis
  stop_postgres
  rm -f "$place/postgres.port" "$place/redis.port"
  echo "$dir" >"$place/belongs-to"
}

# A process is ours only when it works in our folder: an id alone may have been given to another
# program since. The links under /proc are read as the account of the services, because root in
# a container may not read those of other accounts.
runs_in() {
  [[ -n ${1:-} && $(cd / && as_service readlink "/proc/$1/cwd" 2>/dev/null) == "$2" ]]
}

anything_runs_in() {
  # shellcheck disable=SC2016 # the inner shell expands these
  (cd / && as_service bash -c '
    for link in /proc/[0-9]*/cwd; do
      if [[ $(readlink "$link" 2>/dev/null) == "$1" ]]; then exit 0; fi
    done
    exit 1' _ "$1")
}

# wait_until SECONDS COMMAND…: true as soon as the command is, false when the time is over.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    if ((SECONDS >= end)); then return 1; fi
    sleep 0.1
  done
}

runs_no_more_in() { ! runs_in "$1" "$2"; }

# launch FOLDER LOG COMMAND…: starts a service in its folder, away from this terminal, so that
# Ctrl-C reaches the script alone and the script can stop things in order.
launch() {
  local folder=$1 log=$2
  shift 2
  (
    cd "$folder" || exit
    close_inherited_files
    if ((EUID == 0)); then
      exec setsid setpriv --reuid="$service_uid" --regid="$service_gid" --clear-groups -- "$@"
    fi
    exec setsid "$@"
  ) </dev/null >"$log" 2>&1 &
  launched=$!
}
