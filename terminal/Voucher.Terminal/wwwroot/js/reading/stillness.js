// Tells whether the camera has looked at the same thing for a while: an empty desk need not be searched over and over, and the PC's
// processor is spared. Pure.

/** So many frames without a change, each searched in part, and the picture has been searched whole more than once. */
export const STILL_AFTER_FRAMES = 30;
/** Mean difference of grey values that noise alone does not make. */
const CHANGE = 4;
const EVERY = 16;

export class Stillness {
  #last = null; #frames = 0;

  /** @returns {boolean} whether nothing has changed for long enough */
  see({ data, width, height }) {
    const now = [];
    for (let y = EVERY >> 1; y < height; y += EVERY) for (let x = EVERY >> 1; x < width; x += EVERY) now.push(data[y * width + x]);
    const isSame = this.#last?.length === now.length && now.reduce((sum, value, i) => sum + Math.abs(value - this.#last[i]), 0) < CHANGE * now.length;
    // Compared with the picture at the beginning: what changes slowly changes too.
    if (!isSame) this.#last = now;
    this.#frames = isSame ? this.#frames + 1 : 0;
    return this.#frames >= STILL_AFTER_FRAMES;
  }
}
