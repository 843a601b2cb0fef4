// The classes of the institution, today's first; guesses the one that is on now, and remembers what the desk chose.
import { countyDay } from './status-bar.js';
import { say } from './words.js';

const kept = 'voucher.class';

/** Today's classes first, by their session's time; then the others by their first day. Pure. */
export const inOrder = classes => [...classes].sort((a, b) =>
  (b.today.length > 0) - (a.today.length > 0) || (a.today[0] ?? '').localeCompare(b.today[0] ?? '') || a.startsOn.localeCompare(b.startsOn) || a.id - b.id);

/** The id to show: the first of the preferred that is there, else the first in order. Pure. */
export const guess = (classes, ...preferred) =>
  preferred.find(id => classes.some(one => one.id === id)) ?? inOrder(classes)[0]?.id ?? null;

export class ClassPicker {
  #select; #now; #classes = []; #guessed = null; #guessedOn = null;

  constructor(select, now = () => new Date()) {
    this.#select = select;
    this.#now = now;
    select.addEventListener('change', () => localStorage.setItem(kept, select.value));
    document.addEventListener('language', () => this.#fill());
  }

  show(classes) {
    if (JSON.stringify(classes) === JSON.stringify(this.#classes)) return;
    this.#classes = classes;
    this.#forgetYesterday();
    this.#fill();
  }

  /** The chosen class, or null when there is none. */
  get chosen() {
    return this.#classes.find(one => String(one.id) === this.#select.value) ?? null;
  }

  /** A guess holds for its day: classes that are approved meanwhile must not move it under the desk's hands. */
  #forgetYesterday() {
    const today = countyDay(this.#now());
    if (this.#guessedOn !== today) this.#guessed = null;
    this.#guessedOn = today;
  }

  #fill() {
    const chosen = guess(this.#classes, Number(localStorage.getItem(kept)), this.#guessed);
    this.#guessed = chosen;
    const options = inOrder(this.#classes).map(one => new Option(labelOf(one), one.id, false, one.id === chosen));
    this.#select.replaceChildren(...(options.length ? options : [new Option(say('classNone'), '')]));
  }
}

function labelOf(one) {
  const when = one.today.length ? `${say('today')} ${one.today.join('、')}` : `${one.startsOn} – ${one.endsOn}`;
  return `${one.name} · ${when}`;
}
