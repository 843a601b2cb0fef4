// The panels that lie over the desk: one at a time, closed with Esc, its button or a touch beside it.
import * as layers from './layers.js';

export class Panels {
  #open = null; #under = null; #onOpen = {}; #mayOpen = () => true;

  constructor() {
    for (const panel of document.querySelectorAll('.panel')) {
      panel.addEventListener('click', event => { if (event.target === panel) this.back(); });
      panel.querySelectorAll('.panel-close').forEach(button => button.addEventListener('click', () => this.back()));
      panel.addEventListener('keydown', event => keepInside(panel, event));
    }
  }

  /** mayOpen() → whether the desk lets a panel open now. */
  askBefore(mayOpen) { this.#mayOpen = mayOpen; }

  /** opened(...values) fills a panel when it opens. */
  onOpen(name, opened) { this.#onOpen[name] = opened; }

  isOpen(name) { return this.#open?.id === `panel-${name}`; }

  toggle(name) {
    if (this.isOpen(name)) this.close();
    else this.open(name);
  }

  open(name, ...values) {
    if (!this.#mayOpen()) return;
    const under = this.isOpen('recent') && name === 'correction' ? 'recent' : null;
    this.close();
    this.#under = under;
    this.#open = document.getElementById(`panel-${name}`);
    this.#onOpen[name]?.(...values);
    layers.open(this.#open, this.#open.querySelector('h2'));
  }

  /** One step back: to the list that a panel was opened from, else to the desk. */
  back() {
    const under = this.#under;
    this.close();
    if (under) this.open(under);
  }

  close() {
    this.#under = null;
    if (!this.#open) return;
    layers.close(this.#open);
    this.#open = null;
  }
}

/** Tab goes round inside: the bar above is reached with its own keys. */
function keepInside(panel, event) {
  if (event.key !== 'Tab') return;
  const stops = [...panel.querySelectorAll('button, input, select, textarea, a[href]')].filter(one => !one.disabled && one.offsetParent !== null && one.tabIndex >= 0);
  const [first, last] = [stops[0], stops.at(-1)];
  const atStart = document.activeElement === first || !stops.includes(document.activeElement);
  if (event.shiftKey ? atStart : document.activeElement === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
