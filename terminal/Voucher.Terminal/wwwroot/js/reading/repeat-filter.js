// A voucher that stays in the camera's view is one scan, however many frames show it, and whatever the desk does meanwhile:
// to be read again it is taken away and shown again. Pure.

/** A code counts as gone when no frame has shown it for this long: decoders miss frames. */
export const GONE_AFTER_MS = 2000;

export class RepeatFilter {
  #lastSeen = new Map(); #held = new Set();

  /** The texts of one frame → those that were not in view before. */
  see(texts, at) {
    for (const [text, seenAt] of this.#lastSeen) if (at - seenAt >= GONE_AFTER_MS) this.#lastSeen.delete(text);
    const fresh = texts.filter((text, i) => !this.#lastSeen.has(text) && texts.indexOf(text) === i);
    for (const text of texts) this.#lastSeen.set(text, at);
    return [...this.#leftOfHeld(texts), ...fresh.filter(text => !this.#held.has(text))];
  }

  /** These came together and none was acted on: the one that is left counts once the others are gone. */
  hold(texts) {
    this.#held = new Set([...this.#held, ...texts]);
  }

  /** How many codes count as in view. */
  get count() { return this.#lastSeen.size; }

  #leftOfHeld(texts) {
    const left = [...this.#held].filter(text => this.#lastSeen.has(text));
    if (left.length > 1 || (left.length === 1 && !texts.includes(left[0]))) return [];
    this.#held.clear();
    return left;
  }
}
