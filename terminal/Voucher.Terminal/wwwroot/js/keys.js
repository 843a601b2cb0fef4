// Every key that a scanner or a person types passes here first: scanners need no focus, people may type anywhere. F-keys and Esc
// are shortcuts.js's.
import { plainIdNumber } from './identity.js';
import { keyOf, KeyboardReader } from './keyboard-reader.js';
import { scannerHeard } from './readers.js';

/** A burst up to this long during the identity step is a card that was misread, not a code. */
const LONGEST_CARD = 30;

const byId = id => document.getElementById(id);

export class Keys {
  #reader = new KeyboardReader(); #desk; #isActive; #timer; #lagMs = 0; #written = [];

  constructor(desk, isActive) {
    this.#desk = desk;
    this.#isActive = isActive;
    document.addEventListener('keydown', event => this.#pressed(event), { capture: true });
  }

  #pressed(event) {
    if (!this.#isActive() || event.ctrlKey || event.altKey || event.metaKey) return;
    const key = keyOf(event);
    if (key === null) return;
    // A key that is held down repeats at a scanner's pace.
    if (event.repeat) return event.preventDefault();
    this.#read(key, event);
  }

  #read(key, event) {
    this.#lagMs = performance.now() - event.timeStamp;
    const isEnd = key === 'enter' || key === 'tab';
    if (!isEnd) this.#written.push(takenByInputMethod(event) && event.target instanceof HTMLInputElement);
    const readings = this.#reader.press(key, event.timeStamp);
    // Enter and Tab go their usual way (submit, move on) unless a scanner sent them.
    if (!(isEnd && readings.some(reading => reading.kind === key))) event.preventDefault();
    this.#deliver(readings.filter(reading => reading.kind !== 'enter' && reading.kind !== 'tab'));
    if (this.#reader.dueAt === null) this.#written = [];
    this.#waitForPause();
  }

  #waitForPause() {
    clearTimeout(this.#timer);
    if (this.#reader.dueAt === null) return;
    this.#timer = setTimeout(() => {
      this.#deliver(this.#reader.tick(this.#now()));
      this.#waitForPause();
    }, Math.max(1, this.#reader.dueAt - this.#now()));
  }

  /** The keys' own time. On a busy PC keys come late, but in step: that the last was late is no pause after it. */
  #now() {
    return performance.now() - this.#lagMs;
  }

  #deliver(readings) {
    for (const { kind, text, told } of readings) {
      const [isWritten] = this.#written.splice(0, text.length);
      if (kind === 'typed' && isWritten) continue;
      if (kind !== 'typed') scannerHeard();
      if (kind === 'typed') this.#typed(text);
      else if (kind === 'card') this.#desk.card(text);
      else if (kind === 'shortCode') this.#shortCode(text, told);
      else if (kind === 'foreign' && text.length <= LONGEST_CARD && this.#desk.identity.isOpen) this.#desk.identity.card(plainIdNumber(text));
      else this.#desk.code(text, true);
    }
  }

  #typed(key) {
    if (this.#desk.identity.isOpen) return this.#desk.identity.type(key);
    if (key === '?' || key === 'X' || !this.#desk.giveWayToTyping()) return;
    const input = byId('short-code');
    input.focus();
    insert(input, key);
  }

  /** Twelve digits at a machine's pace during the identity step are no identity card. */
  #shortCode(text, told) {
    if (this.#desk.identity.isOpen) [...text.slice(told)].forEach(key => this.#desk.identity.type(key));
    else this.#desk.shortCode(text);
  }
}

/** An input method that takes a key for itself (全角) writes into the field that has the focus, whatever this page does. */
const takenByInputMethod = event => event.key === 'Process' || event.isComposing;

function insert(input, key) {
  const [from, to] = [input.selectionStart ?? input.value.length, input.selectionEnd ?? input.value.length];
  if (input.value.length - (to - from) >= input.maxLength) return;
  input.setRangeText(key, from, to, 'end');
  input.dispatchEvent(new Event('input'));
}
