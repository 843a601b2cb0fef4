# shellcheck shell=bash
# The folders, addresses and password of the county that scripts/run serves. Sourced, never run.

readonly services_dir=$repo/.local/services run_dir=$repo/.local/run

# Keys, pairing and password belong to one database, so a database from the environment has a
# folder of its own and never meets the keys of the private one.
choose_county_folder() {
  county_dir=$run_dir/county
  password_file=$run_dir/password
  if [[ -n ${VOUCHER_POSTGRES:-} ]]; then
    county_dir=$run_dir/external-$(short_hash "$VOUCHER_POSTGRES")
    password_file=$county_dir/password
  fi
  logs_dir=$run_dir/logs
  mkdir -p "$run_dir" "$logs_dir" "$county_dir/server" "$county_dir/terminal"
  chmod 700 "$run_dir"
}

# Sets postgres, postgres_owner and redis. They are not exported: scripts/services would take them
# for addresses of somebody else's services. Of the private database the server has a log-in of its
# own, which migrate makes and which has no more rights than it needs.
read_addresses() {
  local line
  postgres='' postgres_owner='' redis=''
  while IFS= read -r line; do
    case $line in
      VOUCHER_POSTGRES=*) postgres=${line#*=} ;;
      VOUCHER_REDIS=*) redis=${line#*=} ;;
    esac
  done < <("$repo/scripts/services" env --dir "$services_dir")
  [[ -n $postgres ]] || return 1
  postgres_owner=${VOUCHER_POSTGRES_OWNER:-$postgres}
  if [[ -z ${VOUCHER_POSTGRES:-} ]]; then postgres=${postgres/Username=voucher;/Username=voucher_server;}; fi
}

# Readable over the telephone: no letters or digits that look alike. 31^16 is about 79 bits.
choose_password() {
  local letters
  if [[ -n ${VOUCHER_DEMO_PASSWORD:-} ]]; then
    password=$VOUCHER_DEMO_PASSWORD
    password_file=VOUCHER_DEMO_PASSWORD
    return
  fi
  if [[ ! -s $password_file ]]; then
    letters=$(head -c 4096 /dev/urandom | LC_ALL=C tr -dc 'abcdefghjkmnpqrstuvwxyz23456789')
    (umask 077 && printf '%s-%s-%s-%s\n' "${letters:0:4}" "${letters:4:4}" "${letters:8:4}" "${letters:12:4}" >"$password_file")
  fi
  password=$(cat "$password_file")
}

# The server program with the county's settings; what it says goes where the caller's output goes.
server_command() {
  interruptible env VOUCHER_POSTGRES="$postgres" VOUCHER_POSTGRES_OWNER="$postgres_owner" VOUCHER_REDIS="$redis" VOUCHER_HOME="$county_dir/server" \
    VOUCHER_DEMO_PASSWORD="${password:-}" dotnet "$(server_program)" "$@"
}
