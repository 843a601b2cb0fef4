# shellcheck shell=bash
# Pairs the terminal with the server over HTTP, the way a clerk and a front desk do it by hand:
# a one-time code from the portal, typed at the terminal, confirmed in the portal. Sourced, never run.

readonly demo_institution=1

# json PATH: one value out of the JSON on stdin, empty where there is none.
json() {
  node -e '
    const text = require("fs").readFileSync(0, "utf8");
    const value = process.argv[1].split(".").reduce((at, key) => at?.[key], text ? JSON.parse(text) : undefined);
    process.stdout.write(String(value ?? ""));' "$1"
}

# ask METHOD URL [BODY]: prints the answer. Body and token come by files, because every account of
# the machine may read the command lines of others.
ask() {
  local method=$1 url=$2 body=${3:-}
  curl --noproxy '*' -sS --fail-with-body --max-time 30 -X "$method" "$url" \
    -H 'Content-Type: application/json' -H @<(if [[ -n ${token:-} ]]; then printf 'Authorization: Bearer %s\n' "$token"; fi) \
    --data @<(printf '%s' "$body")
}

terminal_state() { curl --noproxy '*' -sS --max-time 5 "$kiosk_url/local/state"; }
terminal_standing() { terminal_state | json link.standing; }

pair_terminal_if_needed() {
  local known_server
  known_server=$(terminal_state | json pairing.server)
  if [[ -n $known_server && ${known_server%/} != "$portal_url" ]]; then
    say "The terminal was paired with ${known_server%/}, which is not where the server is now; pairing it anew."
  else
    wait_for_standing
    case $(terminal_standing) in
      active) return ;;
      unreached)
        # Pairing it anew would strand the scans in its journal for a trouble that may pass.
        say "The terminal is paired but has not reached the server yet; see its log in $logs_dir."
        return
        ;;
      pending)
        log_in_as_clerk
        confirm_terminal "$(terminal_state | json pairing.terminalId)"
        return
        ;;
    esac
  fi
  log_in_as_clerk
  pair_terminal
}

# After a start the terminal first has to reach the server to know where it stands.
wait_for_standing() {
  local end=$((SECONDS + 15))
  while [[ $(terminal_standing) == unreached ]] && ((SECONDS < end)); do sleep 0.3; done
}

log_in_as_clerk() {
  local answer
  token=
  answer=$(ask POST "$portal_url/api/login" "{\"login\":\"clerk\",\"password\":\"$password\"}") ||
    die "the demo log-in 'clerk' does not work with the password in $password_file: $answer"
  token=$(json accessToken <<<"$answer")
}

pair_terminal() {
  local answer code
  answer=$(ask POST "$portal_url/api/terminals/pairing-codes" "{\"institutionId\":$demo_institution}") ||
    die "the server gives no pairing code: $answer"
  code=$(json code <<<"$answer")
  answer=$(token='' ask POST "$kiosk_url/local/pair" "{\"server\":\"$portal_url\",\"code\":\"$code\",\"name\":\"前台1号\"}") ||
    die "the terminal could not be paired: $answer"
  confirm_terminal "$(json terminalId <<<"$answer")"
}

confirm_terminal() {
  local answer
  answer=$(ask POST "$portal_url/api/terminals/$1/confirm" '{}') || die "terminal $1 could not be confirmed: $answer"
  say "Paired and confirmed terminal $1."
}
