// The verdict fills the screen: one colour, one shape, one sound, one sentence, and what to do next. It goes by itself.
import * as layers from './layers.js';
import { pictureOf, pictures, shapes } from './pictograms.js';
import { play, speak } from './sound.js';
import { pick, say } from './words.js';

export const SHOWN_MS = { accepted: 4000, provisional: 5000, waiting: 6000, refused: 10_000, held: 30_000 };
/** Everything must be in sight: the letters shrink by steps down to this share of their size. */
const SMALLEST = 0.6;
const STEP = 0.05;
/** From here on the shape gives way to the text. */
const TIGHT = 0.9;

const byId = id => document.getElementById(id);

export class VerdictScreen {
  #shown = null; #timer;

  constructor() {
    byId('verdict-close').addEventListener('click', () => this.close());
    byId('verdict').addEventListener('click', () => { if (!this.#shown?.closed) this.close(); });
    document.addEventListener('language', () => { if (this.#shown) this.#fill(this.#shown); });
    window.addEventListener('resize', () => { if (this.#shown) fit(byId('verdict')); });
  }

  get shown() { return this.#shown; }

  /** With closed(), the verdict stays until its button or Esc, or until another takes its place. */
  show(verdict) {
    this.#shown = verdict;
    layers.open(byId('verdict'));
    this.#fill(verdict);
    play(verdict.outcome);
    speak(verdict);
    this.#closeAfter(verdict.closed ? null : verdict.shownMs ?? SHOWN_MS[verdict.outcome]);
  }

  close() {
    if (!this.#shown) return;
    clearTimeout(this.#timer);
    const { closed } = this.#shown;
    this.#shown = null;
    layers.close(byId('verdict'));
    closed?.();
  }

  #closeAfter(ms) {
    clearTimeout(this.#timer);
    const bar = byId('verdict-time');
    bar.hidden = ms === null;
    bar.getAnimations().forEach(animation => animation.cancel());
    if (ms === null) return;
    this.#timer = setTimeout(() => this.close(), ms);
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) bar.animate([{ transform: 'scaleX(1)' }, { transform: 'scaleX(0)' }], { duration: ms, fill: 'forwards' });
  }

  #fill(verdict) {
    const screen = byId('verdict');
    screen.dataset.outcome = verdict.outcome;
    screen.dataset.refusal = verdict.refusal || '';
    const picture = pictureOf(verdict);
    screen.dataset.picture = picture;
    byId('verdict-shape').innerHTML = shapes[verdict.outcome];
    byId('verdict-picture').innerHTML = pictures[picture];
    byId('verdict-title').textContent = titleOf(verdict);
    byId('verdict-close-text').textContent = say(verdict.closed ? 'stopAsking' : 'goOn');
    byId('verdict-holder').textContent = verdict.holder ?? '';
    byId('verdict-case').textContent = verdict.caseNumber ? `${say('caseNumber')} ${verdict.caseNumber}` : '';
    byId('verdict-reason').textContent = pick(verdict.reason);
    byId('verdict-next').textContent = pick(verdict.nextStep) || say(`next_${picture}`);
    byId('verdict-more').replaceChildren(...moreOf(verdict).map(text => Object.assign(document.createElement('span'), { textContent: text })));
    fit(screen);
  }
}

function fit(screen) {
  for (let size = 1; size >= SMALLEST; size -= STEP) {
    screen.dataset.tight = String(size < TIGHT);
    screen.style.setProperty('--fit', size);
    if (screen.scrollHeight <= screen.clientHeight) return;
  }
}

/** What stands largest. Practice says so before anything else. */
export function titleOf({ outcome, mode, isPractice, title: own }) {
  const title = own ? say(own) : (outcome === 'accepted' || outcome === 'provisional') && mode ? say(`${outcome}${mode}`) : say(outcome);
  return isPractice ? `${say('practiceMark')} · ${title}` : title;
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
