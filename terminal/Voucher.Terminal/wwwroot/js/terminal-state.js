// The terminal's state as the program last told it, and whether the program still speaks. Whoever shows any of it is told of
// every change, of the language too.

export class TerminalState {
  #last = null; #programGone = false; #shown = [];

  constructor() {
    document.addEventListener('language', () => this.#tell());
  }

  /** What the program last said; null before its first word. */
  get last() { return this.#last; }

  get programGone() { return this.#programGone; }

  /** Whether scans can be answered now: the program on this machine speaks, and it has a link. */
  get isOnline() { return !this.#programGone && Boolean(this.#last?.link.online); }

  onChange(show) { this.#shown.push(show); }

  heard(state) {
    this.#last = state;
    this.#programGone = false;
    this.#tell();
  }

  gone() {
    this.#programGone = true;
    this.#tell();
  }

  #tell() {
    for (const show of this.#shown) show();
  }
}
