// What any page may ask for by an attribute, as no page may carry a script of its own (see SecurityHeaders).

// data-print: opens the browser's own print dialog.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// data-confirm on a form or on one of its buttons: asks before it is sent.
document.addEventListener("submit", event => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

// data-sends on a field: a choice sends its form at once.
for (const field of document.querySelectorAll("[data-sends]")) field.addEventListener("change", () => field.form.requestSubmit());

// data-renew-ms: work is under way, the page shows itself anew after so many milliseconds.
const underWay = document.querySelector("[data-renew-ms]");
if (underWay) setTimeout(() => location.replace(location.pathname + location.search), Number(underWay.dataset.renewMs));
