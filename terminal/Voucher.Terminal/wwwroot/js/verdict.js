// The verdict fills the screen: one colour, one shape, one sound, one sentence. It goes by itself after a while.
import { both, pick, say } from './words.js';
import { play, speak } from './sound.js';

export const SHOWN_MS = { accepted: 4000, waiting: 6000, refused: 10_000, held: 30_000 };

const svg = body => `<svg viewBox="0 0 100 100">${body}</svg>`;
const shapes = {
  accepted: svg('<circle cx="50" cy="50" r="45"/><path d="M27 52 43 68 74 34"/>'),
  refused: svg('<path class="solid" d="M31 4h38l27 27v38L69 96H31L4 69V31Z"/><path d="m32 32 36 36m0-36L32 68"/>'),
  waiting: svg('<rect class="solid" x="6" y="6" width="88" height="88" rx="16"/><path d="M32 24h36M32 76h36M36 24c0 16 28 36 28 52M64 24c0 16-28 36-28 52"/>'),
  // A person with a telephone: somebody is asked, nobody is accused.
  held: svg('<path class="solid" d="M50 5 95 50 50 95 5 50Z"/><circle cx="50" cy="38" r="11"/><path d="M29 70c0-14 9-19 21-19s21 5 21 19"/>'),
};

const byId = id => document.getElementById(id);

export class VerdictScreen {
  #shown = null; #timer;

  constructor() {
    byId('verdict-close').addEventListener('click', () => this.close());
    byId('verdict').addEventListener('click', () => this.close());
    document.addEventListener('language', () => { if (this.#shown) this.#fill(this.#shown); });
  }

  get shown() { return this.#shown; }

  show(verdict) {
    this.#shown = verdict;
    this.#fill(verdict);
    const screen = byId('verdict');
    screen.hidden = false;
    screen.focus();
    play(verdict.outcome);
    speak(verdict.outcome === 'accepted' && verdict.mode ? both(`accepted${verdict.mode}`) : verdict.reason);
    this.#closeAfter(SHOWN_MS[verdict.outcome]);
  }

  close() {
    if (!this.#shown) return;
    clearTimeout(this.#timer);
    this.#shown = null;
    byId('verdict').hidden = true;
  }

  #closeAfter(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), ms);
    const bar = byId('verdict-time');
    bar.getAnimations().forEach(animation => animation.cancel());
    bar.animate([{ transform: 'scaleX(1)' }, { transform: 'scaleX(0)' }], { duration: ms, fill: 'forwards' });
  }

  #fill(verdict) {
    const screen = byId('verdict');
    screen.dataset.outcome = verdict.outcome;
    screen.dataset.refusal = verdict.refusal || '';
    byId('verdict-shape').innerHTML = shapes[verdict.outcome];
    byId('verdict-title').textContent = titleOf(verdict);
    byId('verdict-holder').textContent = verdict.holder ?? '';
    byId('verdict-reason').textContent = pick(verdict.reason);
    byId('verdict-next').textContent = pick(verdict.nextStep);
    byId('verdict-more').replaceChildren(...moreOf(verdict).map(text => Object.assign(document.createElement('span'), { textContent: text })));
  }
}

function titleOf({ outcome, mode }) {
  return outcome === 'accepted' && mode ? say(`accepted${mode}`) : say(outcome);
}

function moreOf(verdict) {
  return [
    verdict.voucherNumber && `${say('voucher')} ${verdict.voucherNumber}`,
    verdict.className,
    verdict.programme !== verdict.className && verdict.programme,
    verdict.rule,
    verdict.refusal ? `${say('refusalNumber')} ${verdict.refusal}` : null,
  ].filter(Boolean);
}
