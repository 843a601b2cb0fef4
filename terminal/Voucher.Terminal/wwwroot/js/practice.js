// Practice: everything looks and sounds as at work, and nothing is recorded or sent. It ends by itself, so that no desk
// goes on practising with real people in front of it; a reload ends it too.
import { say } from './words.js';

/** So long without use, and practice is over. */
export const PRACTICE_ENDS_MS = 15 * 60_000;
const LOOK_EVERY_MS = 5000;

const byId = id => document.getElementById(id);

/** Whether something has lain unused for too long; times in milliseconds. Pure. */
export class IdleLimit {
  #limit; #usedAt;

  constructor(limit, at) {
    this.#limit = limit;
    this.#usedAt = at;
  }

  use(at) { this.#usedAt = at; }

  isOver(at) { return at - this.#usedAt >= this.#limit; }
}

export class Practice {
  #idle = null; #changed;

  /** changed() when it begins or ends. */
  constructor(changed) {
    this.#changed = changed;
    byId('practice-end').addEventListener('click', () => this.end());
    document.addEventListener('language', () => this.#show());
    for (const use of ['pointerdown', 'keydown']) document.addEventListener(use, () => this.use(), { capture: true });
    setInterval(() => { if (this.#idle?.isOver(Date.now())) this.end(); }, LOOK_EVERY_MS);
  }

  get isOn() { return this.#idle !== null; }

  toggle() {
    if (this.isOn) this.end();
    else this.#set(new IdleLimit(PRACTICE_ENDS_MS, Date.now()));
  }

  /** A scan, a touch or a key: somebody is practising. */
  use() { this.#idle?.use(Date.now()); }

  end() {
    if (this.isOn) this.#set(null);
  }

  #set(idle) {
    this.#idle = idle;
    this.#show();
    this.#changed();
  }

  #show() {
    document.body.dataset.practice = String(this.isOn);
    byId('practice').hidden = !this.isOn;
    byId('practice-toggle').textContent = say(this.isOn ? 'practiceStop' : 'practiceStart');
  }
}
