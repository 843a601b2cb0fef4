# shellcheck shell=bash
# Counts the results in TRX files, the XML in which `dotnet test` tells them. Sourced, never run.

# outcomes FOLDER: one word a test (Passed, Failed, NotExecuted …). Attribute values hold no plain
# quotes and no plain angle brackets, so a start tag can be told by this pattern, whatever the name
# of the test; the summary's own counters are not used, because they leave out skipped tests.
outcomes() {
  { find "$1" -name '*.trx' -exec cat {} + 2>/dev/null |
    grep -oE '<UnitTestResult( [A-Za-z]+="[^"]*")+' |
    grep -oE ' outcome="[A-Za-z]+"' | cut -d'"' -f2; } || true
}

# count_results FOLDER EXIT_CODE: sets passed, failed and skipped. What is neither passed nor
# skipped has failed; and so has a run that ended badly without saying which test did.
count_results() {
  local outcome
  passed=0 failed=0 skipped=0
  while read -r outcome; do
    case $outcome in
      Passed) passed=$((passed + 1)) ;;
      NotExecuted) skipped=$((skipped + 1)) ;;
      *) failed=$((failed + 1)) ;;
    esac
  done < <(outcomes "$1")
  if (($2 != 0 && failed == 0)); then failed=1; fi
}

result_line() {
  printf '%d passed, %d failed' "$1" "$2"
  if (($3 > 0)); then printf ', %d skipped' "$3"; fi
  printf '\n'
}
