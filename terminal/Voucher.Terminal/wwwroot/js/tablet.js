// The one question that a tablet may ask before it is let in.

const byId = id => document.getElementById(id);
const wrong = '接入码不对、已过期或已用过。请在电脑上重新生成。 The code is wrong, too old or used. Make another on the PC.';
const ANSWER_WITHIN_MS = 10_000;
const away = '连不上电脑，请检查网络。 The PC cannot be reached; check the network.';

byId('form').addEventListener('submit', async event => {
  event.preventDefault();
  byId('problem').textContent = '';
  const body = JSON.stringify({ code: byId('code').value.trim(), name: byId('name').value.trim() });
  try {
    const response = await fetch('/lan/enter', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (response.ok) return location.assign('/');
    const problem = response.status === 400 ? (await response.json()).errors[0].problem : null;
    byId('problem').textContent = problem ? `${problem.zh} ${problem.en}` : wrong;
  } catch {
    byId('problem').textContent = away;
  }
});
