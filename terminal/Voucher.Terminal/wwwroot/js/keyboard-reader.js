// Tells what a keyboard scanner or a card reader types from what a person types, by the pace of the keys alone. Pure: keys
// and times go in, readings come out. Keys are 0–9, X, "enter" and "tab", with which scanners may end, and "other" for any other
// printable key.
import { isVoucherText, VOUCHER_DIGITS } from './reading/voucher-text.js';

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
/** The closing Enter or Tab of a burst that was complete without it comes within this time. */
export const LATE_ENTER_MS = 300;

export class KeyboardReader {
  #text = '';
  #lastAt = 0;
  #burstEndedAt = -Infinity;
  /** Typed keys that tick gave out: if the next was struck right after them, and the PC only brought it late, they are its burst's. */
  #early = '';
  /** So many of #text have been given out as typed already. */
  #told = 0;

  /** A key pressed at a time in milliseconds → readings, in order: { kind, text }; of a short code also told: so many of its keys have been given out as typed. */
  press(key, at) {
    const readings = this.#text !== '' && at - this.#lastAt > this.#patience() ? this.#flush(at) : [];
    if (key === 'enter' || key === 'tab') return [...readings, ...this.#end(key, at)];
    if (this.#text === '') this.#takeBack(at);
    this.#text += key === 'other' ? '?' : key;
    this.#lastAt = at;
    // Only whole: a key that a person struck just before would make it a digit too long.
    if (wholeVoucherIn(this.#text)) readings.push(...this.#flush(at));
    return readings;
  }

  /** Time passes: what has been waiting long enough is complete. */
  tick(at) {
    if (this.#text === '' || at - this.#lastAt <= this.#deliveryTime()) return [];
    const early = this.#text.length < SHORTEST_BURST ? this.#text : '';
    const readings = this.#flush(at);
    this.#early = early;
    return readings;
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

  #takeBack(at) {
    if (at - this.#lastAt <= MACHINE_GAP_MS) [this.#text, this.#told] = [this.#early, this.#early.length];
    this.#early = '';
  }

  #end(key, at) {
    const closesBurst = this.#text.length >= SHORTEST_BURST || (this.#text === '' && at - this.#burstEndedAt <= LATE_ENTER_MS);
    const readings = this.#flush(at);
    if (closesBurst) this.#burstEndedAt = -Infinity;
    else readings.push({ kind: key, text: '' });
    return readings;
  }

  #flush(at) {
    const [text, told] = [this.#text, this.#told];
    [this.#text, this.#told, this.#early] = ['', 0, ''];
    if (text === '') return [];
    if (text.length < SHORTEST_BURST) return typed(text.slice(told));
    this.#burstEndedAt = at;
    const voucher = wholeVoucherIn(text);
    if (voucher) return [...typed(text.slice(told, Math.max(told, voucher.before))), { kind: 'voucher', text: voucher.text }];
    const kind = kindOf(text);
    return [kind === 'shortCode' ? { kind, text, told } : { kind, text }];
  }
}

const typed = text => [...text].map(key => ({ kind: 'typed', text: key }));

/**
 * The voucher with which a burst ends, whatever a person struck before it, and whatever letter among it: a letter is no scanner's.
 * A strange digit among it cannot be told from the scanner's; such a scan is not whole.
 */
function wholeVoucherIn(text) {
  if (text.length < VOUCHER_DIGITS) return null;
  const digits = text.replace(/\D/g, '');
  const last = digits.slice(-VOUCHER_DIGITS);
  return isVoucherText(last) ? { text: last, before: digits.length - VOUCHER_DIGITS } : null;
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
  if (event.code === 'Tab') return event.shiftKey ? null : 'tab';
  if (!event.code) return keyWithoutPlace(event.key);
  return /^(?:Key[A-Z]|Minus|Equal|Bracket|Semicolon|Quote|Backquote|Backslash|Comma|Period|Slash|Intl|Numpad(?:Add|Sub|Mul|Div|Dec))/.test(event.code)
    ? 'other' : null;
}

/** Scanners that come in through a phone's or a remote desktop's keyboard name no place; full-width digits are digits too. */
function keyWithoutPlace(key = '') {
  if (/^[0-9\uFF10-\uFF19]$/.test(key)) return String(key.charCodeAt(0) & 15);
  if (key === 'Enter') return 'enter';
  if (key === 'Tab') return 'tab';
  if (/^[xX]$/.test(key)) return 'X';
  return key.length === 1 ? 'other' : null;
}
