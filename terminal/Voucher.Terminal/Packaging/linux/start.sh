#!/bin/sh
# Starts the terminal and shows its page across the whole screen. 启动终端，全屏显示扫码页面。
#
#   ./start.sh             the program where it does not run yet, then the browser
#   ./start.sh --browser   only the browser, when the program runs as a service
#   ./start.sh --program   only the program, in this window
#
# Data are kept in VOUCHER_TERMINAL_HOME, else in ~/.local/share/voucher-terminal.
set -eu
folder=$(cd "$(dirname "$0")" && pwd -P)
program=$folder/app/Voucher.Terminal
browser_folder=${XDG_DATA_HOME:-${HOME:-/tmp}/.local/share}/voucher-terminal-browser
started=

find_browser() {
  for name in chromium chromium-browser google-chrome-stable google-chrome microsoft-edge-stable microsoft-edge brave-browser; do
    if command -v "$name"; then return; fi
  done
  return 1
}

end() {
  if [ -n "$started" ]; then
    kill "$started" 2>/dev/null || true
    wait "$started" 2>/dev/null || true
  fi
}

if [ "${1:-}" = --program ]; then exec "$program"; fi
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [ "${1:-}" != --browser ] && ! "$program" wait-until-up 0 >/dev/null 2>&1; then
  "$program" >/dev/null &
  started=$!
fi
address=$("$program" wait-until-up 60) || {
  echo "终端程序没有应答；日志在数据文件夹的 logs 里。The program does not answer; see logs in the data folder." >&2
  exit 1
}
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && browser=$(find_browser); then
  "$browser" --kiosk --app="$address" --user-data-dir="$browser_folder" --no-first-run --noerrdialogs --disable-session-crashed-bubble \
    --disable-background-networking --disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required
elif [ -n "$started" ]; then
  echo "请在浏览器里打开 Open in a browser: $address"
  wait "$started"
else
  echo "$address"
fi
