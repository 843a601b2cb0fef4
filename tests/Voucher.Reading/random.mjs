// Randomness from a seed: the same seed gives the same pictures on every machine.

export class Random {
  #state;

  constructor(seed) { this.#state = seed >>> 0; }

  /** A generator of its own for a named part: what one part draws changes no other. */
  static for(seed, name) {
    let hash = 2166136261 ^ seed;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
    const random = new Random(hash);
    for (let i = 0; i < 4; i++) random.next();
    return random;
  }

  /** 0 ≤ x < 1 (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  between(from, to) { return from + (to - from) * this.next(); }
  below(n) { return Math.floor(this.next() * n); }
  sign() { return this.next() < 0.5 ? -1 : 1; }

  /** Standard normal. */
  normal() {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}
