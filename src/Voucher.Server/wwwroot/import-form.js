// A file that is too large is told at once, not after a long upload.
const form = document.querySelector('[data-testid="import-form"]');
form.addEventListener('submit', event => {
  const file = form.elements.file.files[0];
  const problem = document.getElementById('file-problem');
  if (file && file.size > Number(form.dataset.largest)) {
    event.preventDefault();
    problem.textContent = problem.dataset.tooLarge;
    form.elements.file.classList.add('is-invalid');
    return;
  }
  form.querySelector('button').disabled = true;
});
addEventListener('pageshow', () => form.querySelector('button').disabled = false);
