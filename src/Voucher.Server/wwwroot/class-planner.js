// Plans the sessions of a class: generates rows from weekdays and slots, adds and removes rows, and keeps the sums in sight.
// The server checks everything again; without this script the form keeps the rows it was given.
const form = document.getElementById("class-form");
const body = document.querySelector("#sessions tbody");
const template = document.getElementById("session-row");
const sums = document.getElementById("sums");

for (const id of ["planner", "add-session", "sums"]) document.getElementById(id).classList.remove("d-none");

const field = (row, part) => row.querySelector(`[name$=".${part}"]`);
const programme = () => form.elements.programmeCode.selectedOptions[0]?.dataset ?? {};

function renumber() {
  [...body.rows].forEach((row, index) => {
    row.querySelector("[data-number]").textContent = index + 1;
    for (const input of row.querySelectorAll("[name]")) input.name = input.name.replace(/\[[^\]]*\]/, `[${index}]`);
  });
  showSums();
}

function addRow(session) {
  const row = template.content.firstElementChild.cloneNode(true);
  for (const [part, value] of Object.entries(session)) field(row, part).value = value;
  body.append(row);
  return row;
}

function showSums() {
  const total = { true: 0, false: 0 };
  for (const row of body.rows) total[field(row, "isPractice").value] += Number(field(row, "hours").value) || 0;
  const all = total.true + total.false;
  const values = {
    count: body.rows.length, theory: total.false, practice: total.true,
    wantedTheory: programme().theory ?? "–", wantedPractice: programme().practice ?? "–",
    percent: all ? Math.round(total.true * 100 / all) : 0, policy: form.dataset.policyPercent,
  };
  sums.textContent = sums.dataset.text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const fits = String(total.false) === programme().theory && String(total.true) === programme().practice;
  sums.className = fits ? "text-success" : "text-warning-emphasis fw-bold";
}

// Days are handled in UTC so that no summer time of the reader's zone can skip or double one.
function* days(first, last) {
  for (let day = new Date(first); day <= new Date(last); day.setUTCDate(day.getUTCDate() + 1)) yield new Date(day);
}

function readSlots() {
  return [...document.querySelectorAll("[data-slot]")].map((group) => {
    const part = (name) => group.querySelector(`[data-part="${name}"]`).value;
    return { from: part("from"), until: part("until"), hours: Number(part("hours")), kind: part("kind") };
  }).filter((slot) => slot.kind !== "off" && slot.hours > 0 && slot.from && slot.until);
}

function plan() {
  const first = form.elements.startsOn.value, last = form.elements.endsOn.value;
  const ready = first && last && programme().theory !== undefined;
  document.getElementById("plan-hint").classList.toggle("d-none", Boolean(ready));
  if (!ready) return;
  const left = { theory: Number(programme().theory), practice: Number(programme().practice) };
  const chosen = new Set([...document.querySelectorAll("[data-weekday]:checked")].map((box) => Number(box.dataset.weekday)));
  const slots = readSlots();
  body.replaceChildren();
  for (const day of days(first, last)) {
    if (!chosen.has(day.getUTCDay())) continue;
    for (const slot of slots) {
      const kind = slot.kind === "auto" ? (left.theory > 0 ? "theory" : "practice") : slot.kind;
      const hours = Math.min(slot.hours, left[kind]);
      if (hours === 0) continue;
      left[kind] -= hours;
      addRow({ heldOn: day.toISOString().slice(0, 10), startsAt: slot.from, endsAt: slot.until, isPractice: String(kind === "practice"), hours });
    }
  }
  renumber();
}

document.getElementById("plan").addEventListener("click", plan);
document.getElementById("add-session").addEventListener("click", () => {
  const row = addRow({ heldOn: form.elements.startsOn.value, startsAt: "08:30", endsAt: "12:00", isPractice: "false", hours: 4 });
  renumber();
  field(row, "heldOn").focus();
});
body.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  button.closest("tr").remove();
  renumber();
});
form.addEventListener("input", showSums);
renumber();
