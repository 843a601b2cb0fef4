// How a keyboard scanner types: how many keys, how fast, and whether Enter follows. What it types is counted and forgotten.

/** A machine's keys come this close together. */
export const MACHINE_MS = 60;
/** Fewer keys are no scan. */
export const FEWEST_KEYS = 10;
/** After so long the scan is over. */
export const QUIET_MS = 500;

export class ScannerTest {
  #first = 0; #last = 0; #keys = 0; #enter = false;

  /** One key that was pressed at a time in milliseconds. */
  key(name, at) {
    if (this.#keys > 0 && at - this.#last > QUIET_MS) this.#keys = 0;
    if (name === 'Enter') {
      this.#enter = this.#keys > 0;
      return;
    }
    if (name.length !== 1) return;
    if (this.#keys === 0) { this.#first = at; this.#enter = false; }
    this.#keys++;
    this.#last = at;
  }

  /** → null before the first key, else { keys, msPerKey, enter, isMachine }. */
  result() {
    if (this.#keys === 0) return null;
    const msPerKey = this.#keys > 1 ? (this.#last - this.#first) / (this.#keys - 1) : 0;
    return { keys: this.#keys, msPerKey, enter: this.#enter, isMachine: this.#keys >= FEWEST_KEYS && msPerKey <= MACHINE_MS };
  }
}
