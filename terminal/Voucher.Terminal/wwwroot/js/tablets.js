// Letting tablets in and sending them away, at the PC itself.

import { askOnce } from './program.js';
import { fill, isEnglish, pick, switchLanguage } from './two-languages.js';

const AGAIN_MS = 2_000;
const ANSWER_WITHIN_MS = 5_000;
const byId = id => document.getElementById(id);
const texts = {
  remove: ['移除', 'Remove'], sure: ['再按一次移除', 'Press again to remove'],
  full: ['最多接入 {0} 台。请先移除一台。', 'At most {0} tablets. Remove one first.'],
  left: ['还有 {0}', '{0} left'], since: ['接入于 {0}', 'since {0}'],
};
const tell = (key, value) => pick(texts[key]).replace('{0}', value);

let state = null;
let asked = null;

function show() {
  fill();
  if (!state) return;
  byId('off').hidden = state.on;
  byId('on').hidden = !state.on;
  byId('let-in').hidden = !state.on && state.tablets.length === 0;
  byId('entry').hidden = !state.code;
  byId('address').textContent = state.addresses[0] ?? '';
  if (state.code && !byId('qr').src) byId('qr').src = '/local/tablets/qr.svg';
  byId('code').textContent = state.code?.digits ?? '';
  byId('left').textContent = state.code ? tell('left', timeLeft(state.code.until)) : '';
  byId('fingerprint').textContent = (state.fingerprint ?? '').replaceAll(/(.{4})/g, '$1 ');
  byId('none').hidden = state.tablets.length > 0;
  byId('problem').textContent = state.tablets.length >= state.most ? tell('full', state.most) : '';
  byId('new-code').disabled = state.tablets.length >= state.most;
  byId('tablets').replaceChildren(...state.tablets.map(row));
}

function timeLeft(until) {
  const seconds = Math.max(0, Math.floor((new Date(until) - Date.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function row(tablet) {
  const element = byId('one').content.cloneNode(true).firstElementChild;
  element.querySelector('.tablet-name').textContent = tablet.name;
  element.querySelector('.tablet-since').textContent = tell('since', new Date(tablet.since).toLocaleString(isEnglish() ? 'en-GB' : 'zh-CN'));
  const button = element.querySelector('.tablet-remove');
  button.textContent = tell(asked === tablet.id ? 'sure' : 'remove');
  button.addEventListener('click', () => remove(tablet.id));
  return element;
}

/** A second press, so that no slip of a finger sends a tablet away. */
async function remove(id) {
  if (asked !== id) {
    asked = id;
    return show();
  }
  asked = null;
  await askOnce('/local/tablets/remove', { id }, ANSWER_WITHIN_MS);
  await look();
}

async function look() {
  try {
    state = (await askOnce('/local/tablets', undefined, ANSWER_WITHIN_MS)).body ?? state;
  } catch {
    // The program is away for the moment; what is shown stays.
  }
  show();
}

byId('language').addEventListener('click', () => { switchLanguage(); show(); });
byId('new-code').addEventListener('click', async () => { await askOnce('/local/tablets/code', {}, ANSWER_WITHIN_MS); await look(); });
setInterval(look, AGAIN_MS);
fill();
look();
