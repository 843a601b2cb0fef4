// The classes of the institution. Guesses the one that is on now, remembers what the desk chose, and when another class's
// session comes on it says so: it never moves by itself under the desk's hands.
import { classOnNow, nearness } from './class-fit.js';
import { countyDay, countyMinute } from './county-time.js';
import { say } from './words.js';

const kept = 'voucher.class';
const FIRST_MINUTE = 0;

/** Classes by how near they are to this minute of the day, then by their session's time, then by their first day. Pure. */
export const inOrder = (classes, minute = FIRST_MINUTE) => [...classes].sort((a, b) =>
  nearness(a, minute) - nearness(b, minute) || (a.today[0] ?? '').localeCompare(b.today[0] ?? '') || a.startsOn.localeCompare(b.startsOn) || a.id - b.id);

/** The id to show: the first of the preferred that is there, else the nearest to this minute. Pure. */
export const guess = (classes, minute, ...preferred) =>
  preferred.find(id => classes.some(one => one.id === id)) ?? inOrder(classes, minute)[0]?.id ?? null;

export class ClassPicker extends EventTarget {
  #select; #now; #classes = []; #guessed = null; #guessedOn = null; #shownId = null; #passedOver = null;

  /** Says "chosen" whenever another class is shown. */
  constructor(select, now = () => new Date()) {
    super();
    this.#select = select;
    this.#now = now;
    select.addEventListener('change', () => this.#chosenByHand());
    document.addEventListener('language', () => this.#fill());
  }

  show(classes) {
    if (JSON.stringify(classes) === JSON.stringify(this.#classes)) return;
    this.#classes = classes;
    this.#forgetYesterday();
    this.#fill();
  }

  get all() { return this.#classes; }

  /** The chosen class, or null when there is none. */
  get chosen() {
    return this.#classes.find(one => String(one.id) === this.#select.value) ?? null;
  }

  /** The class that is on now while another is chosen, unless the desk has just passed it over; else null. */
  get onNow() {
    const one = classOnNow(this.chosen, this.#classes, countyMinute(this.#now()));
    return one?.id === this.#passedOver ? null : one;
  }

  /** The desk took what it was offered. */
  choose(id) {
    this.#select.value = String(id);
    this.#chosenByHand();
  }

  #chosenByHand() {
    localStorage.setItem(kept, this.#select.value);
    this.#passedOver = classOnNow(this.chosen, this.#classes, countyMinute(this.#now()))?.id ?? null;
    this.#tell();
  }

  /** A guess holds for its day: classes that are approved meanwhile must not move it under the desk's hands. */
  #forgetYesterday() {
    const today = countyDay(this.#now());
    if (this.#guessedOn !== today) this.#guessed = null;
    this.#guessedOn = today;
  }

  #fill() {
    const minute = countyMinute(this.#now());
    const chosen = guess(this.#classes, minute, Number(localStorage.getItem(kept)), this.#guessed);
    this.#guessed = chosen;
    const options = inOrder(this.#classes, minute).map(one => new Option(labelOf(one), one.id, false, one.id === chosen));
    this.#select.replaceChildren(...(options.length ? options : [new Option(say('classNone'), '')]));
    this.#tell();
  }

  #tell() {
    if (this.#shownId === this.#select.value) return;
    this.#shownId = this.#select.value;
    this.dispatchEvent(new Event('chosen'));
  }
}

/** When a class meets: today's sessions, else its days. */
export const whenOf = one => (one.today.length ? `${say('today')} ${one.today.join('、')}` : `${one.startsOn} – ${one.endsOn}`);

const labelOf = one => `${one.name} · ${whenOf(one)}`;
