// The classes of the institution, today's first; guesses the one that is on now, and remembers what the desk chose.
import { say } from './words.js';

const kept = 'voucher.class';

/** Today's classes first, by their session's time; then the others by their first day. Pure. */
export const inOrder = classes => [...classes].sort((a, b) =>
  (b.today.length > 0) - (a.today.length > 0) || (a.today[0] ?? '').localeCompare(b.today[0] ?? '') || a.startsOn.localeCompare(b.startsOn) || a.id - b.id);

/** The id to choose when the desk has not: the class last chosen if it is there, else the first. Pure. */
export function guess(classes, lastChosen) {
  const ordered = inOrder(classes);
  return (ordered.find(one => one.id === lastChosen) ?? ordered[0])?.id ?? null;
}

export class ClassPicker {
  #select; #classes = [];

  constructor(select) {
    this.#select = select;
    select.addEventListener('change', () => localStorage.setItem(kept, select.value));
    document.addEventListener('language', () => this.#fill());
  }

  show(classes) {
    if (JSON.stringify(classes) === JSON.stringify(this.#classes)) return;
    this.#classes = classes;
    this.#fill();
  }

  /** The chosen class, or null when there is none. */
  get chosen() {
    return this.#classes.find(one => String(one.id) === this.#select.value) ?? null;
  }

  #fill() {
    const chosen = guess(this.#classes, Number(this.#select.value || localStorage.getItem(kept)));
    const options = inOrder(this.#classes).map(one => new Option(labelOf(one), one.id, false, one.id === chosen));
    this.#select.replaceChildren(...(options.length ? options : [new Option(say('classNone'), '')]));
  }
}

function labelOf(one) {
  const when = one.today.length ? `${say('today')} ${one.today.join('、')}` : `${one.startsOn} – ${one.endsOn}`;
  return `${one.name} · ${when}`;
}
