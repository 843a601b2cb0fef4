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
    // Straight to a WebSocket: asking first which way to take would need both requests to reach the same server.
    .withUrl(page.dataset.hub, { skipNegotiation: true, transport: signalR.HttpTransportType.WebSockets })
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
    row.dataset.key = scan.key;
    place.textContent = [scan.institutionName, scan.className, scan.terminalName].filter(Boolean).join(" · ");
    row.classList.add("live-new");
    rows.prepend(row);
    while (rows.children.length > Number(page.dataset.shown)) rows.lastElementChild.remove();
  }

  // While the latest scans are read, those that come wait here.
  let comingMeanwhile = null;

  // What happened before this connection stood, or while there was none, is read from the page itself.
  async function readScans() {
    comingMeanwhile = [];
    try {
      const answer = await fetch(location.href, { redirect: "error" });
      const read = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live-scans");
      if (read && read.children.length > 0) {
        document.getElementById("live-empty")?.remove();
        rows.replaceChildren(...read.children);
      }
    } catch {
      // The rows stay as they are; the next connection reads them again.
    }
    const waited = comingMeanwhile;
    comingMeanwhile = null;
    waited.filter(scan => ![...rows.children].some(row => row.dataset.key === scan.key)).forEach(showScan);
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
    if (event.kind !== "Scan") showNews(event);
    else if (comingMeanwhile) comingMeanwhile.push(event);
    else showScan(event);
    wantFunnel();
  });
  connection.onreconnecting(() => showState(false));
  connection.onreconnected(connected);

  function connected() {
    showState(true);
    wantFunnel();
    readScans();
  }

  async function start() {
    try {
      await connection.start();
      connected();
    } catch {
      showState(false);
      setTimeout(start, RETRY_MS[RETRY_MS.length - 1]);
    }
  }

  start();
})();
