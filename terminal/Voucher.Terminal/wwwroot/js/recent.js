// The latest scans, and answers that came after their verdict had gone.
import { ask } from './program.js';
import { countyTime } from './status-bar.js';
import { pick, say } from './words.js';

const byId = id => document.getElementById(id);
const CONFIRMED_SHOWN_MS = 10_000;
const marks = { accepted: '✓', refused: '✕', waiting: '…', held: '☎' };

function element(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text ?? '' });
}

export async function refreshRecent() {
  try {
    const { status, body } = await ask('/local/recent');
    if (status !== 200) return;
    byId('recent').replaceChildren(...body.map(lineOf));
    byId('recent-none').hidden = body.length > 0;
  } catch {
    // The status bar says that the program is gone.
  }
}

function lineOf(verdict) {
  const line = element('li', `recent-line is-${verdict.outcome}`);
  line.title = pick(verdict.reason);
  line.append(
    element('b', 'recent-mark', marks[verdict.outcome]),
    element('time', '', countyTime(verdict.at)),
    element('span', 'recent-mode', say(`mode${verdict.mode}`)),
    element('span', 'recent-who', verdict.holder ?? verdict.voucherNumber ?? ''),
    element('span', 'recent-why', verdict.outcome === 'accepted' ? '' : verdict.outcome === 'waiting' ? say('waiting') : pick(verdict.reason)));
  return line;
}

const told = new Set();

/** A person has seen it: the program need not tell it again. */
async function markSeen(scanId) {
  try {
    await ask('/local/told', { scanId });
  } catch {
    // It will be told again, which is better than not at all.
  }
}

/** A no, or a hold: whoever was at the desk has gone on thinking that all was well. */
const mustBeSeen = outcome => outcome === 'refused' || outcome === 'held';

/** A late answer that took the place of its amber verdict on the screen. */
export function seenAtOnce({ scanId, outcome }) {
  told.add(scanId);
  if (mustBeSeen(outcome)) markSeen(scanId);
}

/** A late refusal or hold stays until a person has seen it, over a reload too; a late confirmation goes by itself. */
export function tellLate(verdict) {
  if (told.has(verdict.scanId)) return;
  told.add(verdict.scanId);
  const isRefused = mustBeSeen(verdict.outcome);
  const notice = element('div', `notice is-${verdict.outcome}`);
  notice.setAttribute('role', isRefused ? 'alert' : 'status');
  const text = element('p', '');
  text.append(
    element('b', '', `${marks[verdict.outcome]} ${say(verdict.outcome === 'held' ? 'held' : isRefused ? 'lateRefused' : 'lateAccepted')}`),
    element('span', '', [countyTime(verdict.at), say(`mode${verdict.mode}`), verdict.holder ?? verdict.voucherNumber, isRefused ? pick(verdict.reason) : '', verdict.outcome === 'held' ? pick(verdict.nextStep) : ''].filter(Boolean).join(' · ')));
  notice.append(text);
  if (isRefused) {
    const seen = element('button', 'button', say('understood'));
    seen.type = 'button';
    seen.addEventListener('click', () => { notice.remove(); markSeen(verdict.scanId); });
    notice.append(seen);
  } else {
    setTimeout(() => notice.remove(), CONFIRMED_SHOWN_MS);
  }
  byId('notices').append(notice);
}
