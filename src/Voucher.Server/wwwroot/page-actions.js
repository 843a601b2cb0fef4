// Small things that pages ask for by attribute; the content security policy allows no script inside a page.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
for (const field of document.querySelectorAll("[data-submit-on-change]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", event => {
    if (!window.confirm(button.dataset.confirm)) event.preventDefault();
  });
}
const reloading = document.querySelector("[data-reload-after-ms]");
if (reloading) {
  setTimeout(() => location.replace(location.pathname + location.search), Number(reloading.dataset.reloadAfterMs));
}
