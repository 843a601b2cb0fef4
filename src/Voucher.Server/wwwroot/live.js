// Keeps the live page moving: new scans on top, the funnel read again at most every two seconds while events come.
// Everything is set as text, never as markup: names come from imports.
(() => {
  const FUNNEL_EVERY_MS = 2000;
  const RETRY_MS = [0, 1000, 2000, 5000];
  const page = document.getElementById("live");
  const state = document.getElementById("live-state");
  const rows = document.getElementById("live-scans");
  const news = document.getElementById("live-news");
  const isEnglish = document.documentElement.lang.startsWith("en");

  const connection = new signalR.HubConnectionBuilder()
    .withUrl(page.dataset.hub)
    // The page may stay open on a wall for weeks: it never gives up.
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: retry => RETRY_MS[Math.min(retry.previousRetryCount, RETRY_MS.length - 1)] })
    .configureLogging(signalR.LogLevel.None)
    .build();

  function showState(isConnected) {
    state.textContent = isConnected ? page.dataset.connected : page.dataset.waiting;
    state.className = "badge " + (isConnected ? "bg-success text-success-fg" : "bg-danger text-danger-fg");
    state.dataset.connected = String(isConnected);
  }

  function showScan(scan) {
    document.getElementById("live-empty")?.remove();
    const row = document.getElementById("live-row").content.firstElementChild.cloneNode(true);
    const [time, verdict, holder, voucher, place] = row.children;
    time.textContent = scan.time;
    const [badge, words] = verdict.children;
    badge.textContent = scan.accepted ? page.dataset.accepted : page.dataset.refused;
    badge.classList.add(...(scan.accepted ? ["bg-success", "text-success-fg"] : ["bg-danger", "text-danger-fg"]));
    words.textContent = isEnglish ? scan.whatEn : scan.whatZh;
    holder.textContent = scan.holder ?? "";
    voucher.textContent = scan.voucherNumber ?? "";
    place.textContent = [scan.institutionName, scan.className, scan.terminalName].filter(Boolean).join(" · ");
    row.classList.add("live-new");
    rows.prepend(row);
    while (rows.children.length > Number(page.dataset.shown)) rows.lastElementChild.remove();
  }

  function showNews(event) {
    news.hidden = false;
    news.textContent = `${event.time} ${isEnglish ? event.whatEn : event.whatZh}`;
  }

  let isFunnelDue = false;
  let timer = null;
  let lastRead = -FUNNEL_EVERY_MS;

  function wantFunnel() {
    isFunnelDue = true;
    if (timer === null) timer = setTimeout(readFunnel, Math.max(0, lastRead + FUNNEL_EVERY_MS - performance.now()));
  }

  async function readFunnel() {
    isFunnelDue = false;
    lastRead = performance.now();
    try {
      const url = new URL(location.href);
      url.searchParams.set("handler", "Funnel");
      const answer = await fetch(url, { redirect: "error" });
      if (answer.ok) document.getElementById("funnel").innerHTML = await answer.text();
    } catch {
      // The next event, or the connection coming back, asks again.
    }
    timer = null;
    if (isFunnelDue) wantFunnel();
  }

  connection.on(page.dataset.event, event => {
    if (event.kind === "Scan") showScan(event);
    else showNews(event);
    wantFunnel();
  });
  connection.onreconnecting(() => showState(false));
  connection.onreconnected(() => { showState(true); wantFunnel(); });

  async function start() {
    try {
      await connection.start();
      showState(true);
      wantFunnel();
    } catch {
      showState(false);
      setTimeout(start, RETRY_MS[RETRY_MS.length - 1]);
    }
  }

  start();
})();
