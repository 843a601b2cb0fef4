// While the import runs, the figures move; at its end the page is shown anew with the errors.
const bar = document.getElementById('progress');
const show = (id, value) => document.getElementById(id).textContent = value.toLocaleString('en-US');
async function look() {
  try {
    const answer = await fetch('?handler=Progress', { headers: { accept: 'application/json' } });
    if (!answer.ok) throw new Error(answer.status);
    const state = await answer.json();
    if (state.isOver) return location.reload();
    bar.value = state.done;
    for (const key of ['done', 'added', 'changed', 'unchanged', 'bad']) show(key, state[key]);
  } catch { /* The network may be away for a while: look again. */ }
  setTimeout(look, 1000);
}
if (bar.dataset.over === 'false') setTimeout(look, 500);
