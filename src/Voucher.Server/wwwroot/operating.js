// Keeps the operator's page moving: asks for the part that changes every five seconds, while the page is looked at.
(() => {
  const EVERY_MS = 5000;
  const place = document.getElementById("operating");
  const state = document.getElementById("operating-state");

  async function renew() {
    if (document.visibilityState === "visible") {
      let isThere = false;
      try {
        const answer = await fetch("/operating?handler=Standing", { redirect: "error" });
        isThere = answer.ok;
        if (isThere) place.innerHTML = await answer.text();
      } catch {
        // Said below; the next turn asks again.
      }
      state.textContent = isThere ? state.dataset.live : state.dataset.away;
      state.className = "badge " + (isThere ? "bg-success text-success-fg" : "bg-danger text-danger-fg");
    }
    setTimeout(renew, EVERY_MS);
  }

  setTimeout(renew, EVERY_MS);
})();
