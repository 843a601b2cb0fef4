// While rows are read, the figures move; when something is to be shown or done, the page is shown anew.
const bar = document.getElementById('progress');
async function look() {
  try {
    const answer = await fetch('?handler=Progress', { headers: { accept: 'application/json' } });
    if (!answer.ok) throw new Error(answer.status);
    const state = await answer.json();
    if (state.isOver) return location.reload();
    bar.value = state.done;
    for (const [key, value] of Object.entries(state)) {
      const figure = document.getElementById(key);
      if (figure && typeof value === 'number') figure.textContent = value.toLocaleString('en-US');
    }
  } catch { /* The network may be away for a while: look again. */ }
  setTimeout(look, 1000);
}
if (bar && bar.dataset.over === 'false') setTimeout(look, 500);
