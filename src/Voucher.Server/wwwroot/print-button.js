// Opens the browser's own print dialog.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
