// Tells whether the camera has looked at the same thing for a while and it has been searched whole: an empty desk need not be
// searched over and over, and the PC's processor is spared. Pure.

/** So many frames without a change: short noise and dim light have come and gone. */
export const STILL_AFTER_FRAMES = 30;
/** So many searches ended since the change: the first may have begun before it. On a busy PC that takes more frames. */
export const STILL_AFTER_SEARCHES = 2;
/** Mean difference of grey values that noise alone does not make. */
const CHANGE = 4;
const EVERY = 16;

export class Stillness {
  #last = null; #frames = 0; #searchesBefore = 0;

  /**
   * @param {number} searches of the whole picture that have ended so far
   * @returns {boolean} whether nothing has changed for long enough, and all of it has been searched
   */
  see({ data, width, height }, searches) {
    const now = [];
    for (let y = EVERY >> 1; y < height; y += EVERY) for (let x = EVERY >> 1; x < width; x += EVERY) now.push(data[y * width + x]);
    const isSame = this.#last?.length === now.length && now.reduce((sum, value, i) => sum + Math.abs(value - this.#last[i]), 0) < CHANGE * now.length;
    // Compared with the picture at the beginning: what changes slowly changes too.
    if (!isSame) [this.#last, this.#searchesBefore] = [now, searches];
    this.#frames = isSame ? this.#frames + 1 : 0;
    return this.#frames >= STILL_AFTER_FRAMES && searches - this.#searchesBefore >= STILL_AFTER_SEARCHES;
  }
}
