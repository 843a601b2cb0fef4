// The latest scans, each with its state, and answers that came after their verdict had gone.
import { mayAsk } from './corrections.js';
import { countyTime } from './county-time.js';
import { ask } from './program.js';
import { pick, say } from './words.js';

const byId = id => document.getElementById(id);
const CONFIRMED_SHOWN_MS = 10_000;
export const marks = { accepted: '✓', provisional: '✓', refused: '✕', waiting: '…', held: '?' };

function element(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text ?? '' });
}

export class Recent {
  #panels;

  constructor(panels) {
    this.#panels = panels;
    panels.onOpen('recent', () => this.refresh());
    byId('recent-open').addEventListener('click', () => panels.open('recent'));
    document.addEventListener('language', () => this.refresh());
  }

  async refresh() {
    try {
      const { status, body } = await ask('/local/recent');
      if (status !== 200) return;
      for (const list of ['recent', 'recent-all']) byId(list).replaceChildren(...body.map(verdict => this.#lineOf(verdict)));
      for (const none of ['recent-none', 'recent-all-none']) byId(none).hidden = body.length > 0;
    } catch {
      // The status bar says that the program is gone.
    }
  }

  #lineOf(verdict) {
    const line = element('li', `recent-line is-${verdict.outcome}`);
    const button = element('button', 'recent-button');
    button.type = 'button';
    button.addEventListener('click', () => this.#panels.open('correction', verdict));
    button.append(
      element('b', 'recent-mark', marks[verdict.outcome]),
      element('time', '', countyTime(verdict.at)),
      element('span', 'recent-mode', say(`mode${verdict.mode}`)),
      whoOf(verdict),
      element('span', 'recent-state', verdict.correction === 'requested' ? say('correctionRequested') : say(`state_${verdict.outcome}`)),
      element('span', 'recent-why', verdict.outcome === 'accepted' ? verdict.className : [pick(verdict.reason), verdict.className].filter(Boolean).join(' · ')),
      element('span', 'recent-ask', mayAsk(verdict) ? say('correctionAsk') : ''));
    line.append(button);
    return line;
  }
}

/** The holder, else the voucher's number; its first half is the county's, the same on every line. */
function whoOf({ holder, voucherNumber }) {
  const who = element('span', 'recent-who', holder);
  if (holder || !voucherNumber) return who;
  const [, county, serial] = /^(.*?)(\d+)$/.exec(voucherNumber) ?? [null, '', voucherNumber];
  who.append(element('span', 'recent-county', county), serial);
  return who;
}

const told = new Set();

/** Each answer is told once; that a scan which was confirmed is disputed now is another one. */
const answerOf = ({ scanId, outcome }) => `${scanId} ${outcome}`;

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
export function seenAtOnce(verdict) {
  told.add(answerOf(verdict));
  if (mustBeSeen(verdict.outcome)) markSeen(verdict.scanId);
}

/** A late refusal or hold stays until a person has seen it, over a reload too; a late confirmation goes by itself. */
export function tellLate(verdict) {
  if (told.has(answerOf(verdict))) return;
  told.add(answerOf(verdict));
  const isRefused = mustBeSeen(verdict.outcome);
  // What the desk was told of this scan before holds no longer.
  for (const before of byId('notices').querySelectorAll(`[data-scan="${verdict.scanId}"]`)) before.remove();
  const notice = element('div', `notice is-${verdict.outcome}`);
  notice.dataset.scan = verdict.scanId;
  notice.setAttribute('role', isRefused ? 'alert' : 'status');
  const [text, title, detail, seen] = [element('p', ''), element('b', ''), element('span', ''), element('button', 'button')];
  text.append(title, detail);
  notice.append(text);
  if (isRefused) {
    seen.type = 'button';
    seen.addEventListener('click', () => { notice.remove(); markSeen(verdict.scanId); });
    notice.append(seen);
  } else {
    setTimeout(() => notice.remove(), CONFIRMED_SHOWN_MS);
  }
  byId('notices').append(notice);
  const speak = () => {
    title.textContent = `${marks[verdict.outcome]} ${say(verdict.outcome === 'held' ? 'held' : isRefused ? 'lateRefused' : 'lateAccepted')}`;
    detail.textContent = detailOf(verdict);
    seen.textContent = say('understood');
  };
  speak();
  standing.set(notice, speak);
}

/** By notice: says it anew, in the language that is chosen then. */
const standing = new WeakMap();

document.addEventListener('language', () => {
  for (const notice of byId('notices').children) standing.get(notice)?.();
});

function detailOf({ at, mode, holder, voucherNumber, outcome, caseNumber, reason, nextStep }) {
  const said = pick(reason) ?? '';
  const isCaseSaid = !caseNumber || said.includes(caseNumber);
  const why = mustBeSeen(outcome) ? [said, isCaseSaid ? '' : `${say('caseNumber')} ${caseNumber}`] : [];
  return [countyTime(at), say(`mode${mode}`), holder ?? voucherNumber, ...why, outcome === 'held' ? pick(nextStep) : ''].filter(Boolean).join(' · ');
}
