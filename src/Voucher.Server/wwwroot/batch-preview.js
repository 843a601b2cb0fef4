// Tries out the form of a new batch as it is filled in: only the newest answer is shown.
const form = document.getElementById("batch-form");
const place = document.getElementById("eligibility");
let waiting, newest = 0;

async function tryOut() {
  const mine = ++newest;
  const answer = await fetch("/issuing/new?handler=Preview", { method: "POST", body: new FormData(form) }).catch(() => null);
  if (mine !== newest || !answer?.ok) return;
  place.innerHTML = await answer.text();
}

form.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(tryOut, 250);
});
