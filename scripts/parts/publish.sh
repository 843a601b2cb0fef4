# shellcheck shell=bash
# Builds the two programs into .local/app, and only when their sources changed. Sourced, never run.

readonly server_project=src/Voucher.Server terminal_project=terminal/Voucher.Terminal

server_program() { echo "$repo/.local/app/server/Voucher.Server.dll"; }
terminal_program() { echo "$repo/.local/app/terminal/Voucher.Terminal.dll"; }

# Names, sizes and times of all sources: cheap, and notices files that went away.
sources_fingerprint() {
  (cd "$repo" && find src terminal Directory.* global.json -type f \
    -not -path '*/bin/*' -not -path '*/obj/*' -not -path '*/node_modules/*' -not -path '*/wwwroot/lib/*' \
    -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum)
}

publish_if_changed() {
  local fingerprint
  fingerprint=$(sources_fingerprint)
  if [[ $fingerprint == "$(cat "$repo/.local/app/built-from" 2>/dev/null)" ]]; then return; fi
  mkdir -p "$repo/.local/app"
  rm -f "$repo/.local/app/built-from"
  publish "$server_project" server
  publish "$terminal_project" terminal
  echo "$fingerprint" >"$repo/.local/app/built-from"
}

# Into a new folder first: an interrupted build leaves the old program or none, never half of one.
publish() {
  local project=$1 name=$2 new=$repo/.local/app/$2.new log=$repo/.local/app/publish-$2.log
  say "Building $project (the first time takes a few minutes) …"
  rm -rf "$new"
  # Without build servers nothing of dotnet goes on running after the build.
  if ! interruptible dotnet publish "$repo/$project" -c Release -o "$new" --nologo -v quiet --disable-build-servers >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    die "$project does not build; the whole log is $log"
  fi
  rm -rf "$repo/.local/app/$name"
  mv "$new" "$repo/.local/app/$name"
}
