# shellcheck shell=bash
# The browser that prints vouchers to PDF and that the end-to-end tests drive. Sourced, never run.

# Prints the path of a usable browser; false where there is none.
find_chromium() {
  local candidate path snap=
  for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "$repo"/.local/browsers/chromium-*/chrome-linux*/chrome; do
    if [[ -z $candidate ]] || ! path=$(command -v "$candidate"); then continue; fi
    # Ubuntu's chromium-browser is a script that only asks for the snap when that is missing.
    if is_snap_stub "$path"; then continue; fi
    # A snap may not write into hidden folders such as .local, so any other browser goes before it.
    if [[ $(readlink -f "$path") == /usr/bin/snap ]]; then
      snap=$path
      continue
    fi
    echo "$path"
    return
  done
  if [[ -n $snap ]]; then echo "$snap"; else return 1; fi
}

# The browser without a window makes the same PDFs with a third less work; any other will do.
find_pdf_browser() {
  if [[ -z ${CHROMIUM:-} ]] && command -v chromium-headless-shell; then return; fi
  find_chromium
}

is_snap_stub() {
  [[ $(head -c 2 "$1" 2>/dev/null | tr -d '\0') == '#!' ]] && grep -q '/snap/bin/chromium' "$1" && [[ ! -x /snap/bin/chromium ]]
}
