// The second step of enrolment: the card is read, or its number typed. The number is kept only until it has been sent.
import * as layers from './layers.js';
import { say } from './words.js';

const byId = id => document.getElementById(id);
const ABANDONED_MS = 120_000;

/** Full-width digits become plain ones; everything that cannot stand in an identity number goes. Pure. */
export const plainIdNumber = text => text
  .replace(/[\uFF01-\uFF5E]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xFEE0))
  .toUpperCase().replace(/[^0-9X]/g, '').slice(0, 18);

export class IdentityStep {
  #waiting = null; #confirmed; #timer;

  /** confirmed(scan, number) when a number has been given. */
  constructor(confirmed) {
    this.#confirmed = confirmed;
    const input = byId('identity-number');
    input.addEventListener('input', () => { input.value = plainIdNumber(input.value); this.#say(''); });
    byId('identity-form').addEventListener('submit', event => { event.preventDefault(); this.confirm(); });
    byId('identity-cancel').addEventListener('click', () => this.cancel());
    this.#makeKeypad();
    document.addEventListener('language', () => this.#makeKeypad());
  }

  get isOpen() { return this.#waiting !== null; }

  /** scan: { digits | shortCode }; shown: { voucher, className }. */
  open(scan, { voucher, className }) {
    this.#waiting = scan;
    byId('identity-voucher').textContent = voucher;
    byId('identity-class').textContent = className;
    byId('identity-number').value = '';
    this.#say('');
    layers.open(byId('identity'), byId('identity-number'));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.cancel(), ABANDONED_MS);
  }

  type(key) {
    const input = byId('identity-number');
    input.value = plainIdNumber(input.value + key);
    this.#say('');
  }

  card(number) {
    byId('identity-number').value = number;
    this.confirm();
  }

  confirm() {
    const number = byId('identity-number').value;
    if (number.length !== 18) return this.#say(say('identityLength'));
    const scan = this.#waiting;
    this.#close();
    this.#confirmed(scan, number);
  }

  /** The program cannot use the number: the step is open again, and says why. */
  reopen(scan, shown, problem) {
    this.open(scan, shown);
    this.#say(problem);
  }

  cancel() {
    if (this.isOpen) this.#close();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#waiting = null;
    byId('identity-number').value = '';
    layers.close(byId('identity'));
  }

  #say(problem) {
    byId('identity-error').textContent = problem;
  }

  #makeKeypad() {
    byId('keypad').replaceChildren(...['1', '2', '3', '4', '5', '6', '7', '8', '9', 'X', '0', '⌫'].map(key => this.#keyOf(key)));
  }

  #keyOf(key) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: key, tabIndex: -1 });
    if (key === '⌫') button.setAttribute('aria-label', say('erase'));
    button.addEventListener('click', () => {
      if (key !== '⌫') return this.type(key);
      byId('identity-number').value = byId('identity-number').value.slice(0, -1);
    });
    return button;
  }
}
