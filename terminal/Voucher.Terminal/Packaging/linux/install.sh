#!/bin/sh
# Installs the terminal as a service that starts with the machine, and its page at log-in. Run as root; run again to update.
# 安装为开机自动启动的服务；更新时再运行一次。用 root 运行。
set -eu
if [ "$(id -u)" != 0 ]; then
  echo "请用 root 运行：sudo ./install.sh  Run as root." >&2
  exit 1
fi
folder=$(cd "$(dirname "$0")" && pwd -P)
target=/opt/voucher-terminal
if ! id voucher-terminal >/dev/null 2>&1; then
  useradd --system --home-dir /var/lib/voucher-terminal --shell /usr/sbin/nologin voucher-terminal
fi
systemctl stop voucher-terminal.service 2>/dev/null || true
# The new program is laid beside the old one first: an interrupted update leaves one of them whole.
rm -rf "$target.new"
cp -r "$folder" "$target.new"
chown -R root:root "$target.new"
rm -rf "$target.old"
if [ -e "$target" ]; then mv "$target" "$target.old"; fi
mv "$target.new" "$target"
install -m 644 "$target/voucher-terminal.service" /etc/systemd/system/voucher-terminal.service
install -D -m 644 "$target/voucher-terminal-kiosk.desktop" /etc/xdg/autostart/voucher-terminal-kiosk.desktop
for policies in /etc/chromium/policies/managed /etc/opt/chrome/policies/managed /etc/opt/edge/policies/managed; do
  install -D -m 644 "$target/browser-policy.json" "$policies/voucher-terminal.json"
done
systemctl daemon-reload
systemctl enable --now voucher-terminal.service
"$target/app/Voucher.Terminal" wait-until-up 60
echo "安装完成。下次登录桌面时自动打开扫码页面。Installed; the page opens at the next log-in."
