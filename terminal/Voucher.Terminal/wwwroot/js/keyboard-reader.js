// Tells what a keyboard scanner or a card reader types from what a person types, by the pace of the keys alone. Pure: keys
// and times go in, readings come out. Keys are 0–9, X, "enter", and "other" for any other printable key.

/** Keys that were struck within this time of each other may be a machine's. */
export const MACHINE_GAP_MS = 60;
/** Once this much has come at a machine's pace it surely is one, and may hesitate. */
export const SURELY_A_MACHINE = 20;
export const MACHINE_HESITATION_MS = 300;
/** A busy PC delivers keys by fits and starts: so long the next may be on its way; after a few at a machine's pace, so long. */
export const DELIVERY_MS = 120;
export const FEW_KEYS = 4;
export const BURST_DELIVERY_MS = 500;
/** No card and no short code is as long as what surely is a machine's: the rest of a voucher may be held up for so long. */
export const VOUCHER_DELIVERY_MS = 2000;
/** No person types this many keys at a machine's pace. */
export const SHORTEST_BURST = 10;
/** The closing Enter of a burst that was complete without it comes within this time. */
export const LATE_ENTER_MS = 300;
export const VOUCHER_DIGITS = 202;

export class KeyboardReader {
  #text = '';
  #lastAt = 0;
  #burstEndedAt = -Infinity;

  /** A key pressed at a time in milliseconds → readings, in order: { kind, text }. */
  press(key, at) {
    const readings = this.#text !== '' && at - this.#lastAt > this.#patience() ? this.#flush(at) : [];
    if (key === 'enter') return [...readings, ...this.#enter(at)];
    this.#text += key === 'other' ? '?' : key;
    this.#lastAt = at;
    if (this.#text.length === VOUCHER_DIGITS && /^\d+$/.test(this.#text)) readings.push(...this.#flush(at));
    return readings;
  }

  /** Time passes: what has been waiting long enough is complete. */
  tick(at) {
    return this.#text !== '' && at - this.#lastAt > this.#deliveryTime() ? this.#flush(at) : [];
  }

  /** When to call tick next; null when nothing waits. */
  get dueAt() {
    return this.#text === '' ? null : this.#lastAt + this.#deliveryTime() + 1;
  }

  #deliveryTime() {
    if (this.#text.length >= SURELY_A_MACHINE) return VOUCHER_DELIVERY_MS;
    return this.#text.length >= FEW_KEYS ? BURST_DELIVERY_MS : DELIVERY_MS;
  }

  #patience() {
    return this.#text.length >= SURELY_A_MACHINE ? MACHINE_HESITATION_MS : MACHINE_GAP_MS;
  }

  #enter(at) {
    const closesBurst = this.#text.length >= SHORTEST_BURST || (this.#text === '' && at - this.#burstEndedAt <= LATE_ENTER_MS);
    const readings = this.#flush(at);
    if (closesBurst) this.#burstEndedAt = -Infinity;
    else readings.push({ kind: 'enter', text: '' });
    return readings;
  }

  #flush(at) {
    const text = this.#text;
    this.#text = '';
    if (text === '') return [];
    if (text.length < SHORTEST_BURST) return [...text].map(key => ({ kind: 'typed', text: key }));
    this.#burstEndedAt = at;
    return [{ kind: kindOf(text), text }];
  }
}

function kindOf(text) {
  if (/^\d{202}$/.test(text)) return 'voucher';
  if (/^\d{17}[\dX]$/.test(text)) return 'card';
  return /^\d{12}$/.test(text) ? 'shortCode' : 'foreign';
}

/** The key of a keyboard event, by its place on the keyboard: input methods and Caps Lock have no part in it. */
export function keyOf(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return event.shiftKey && event.code.startsWith('Digit') ? 'other' : digit[1];
  if (event.code === 'KeyX') return 'X';
  if (event.code === 'Enter' || event.code === 'NumpadEnter') return 'enter';
  return /^(?:Key[A-Z]|Minus|Equal|Bracket|Semicolon|Quote|Backquote|Backslash|Comma|Period|Slash|Intl|Numpad(?:Add|Sub|Mul|Div|Dec))/.test(event.code)
    ? 'other' : null;
}
