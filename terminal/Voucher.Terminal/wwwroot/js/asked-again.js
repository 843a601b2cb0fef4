// What the desk sees while the program is asked again for a scan of which nobody knows what came: that it is asked, until there
// is an answer or the desk does not wait. Nothing else is taken meanwhile.
import { ScanQuestion, UnansweredScans } from './scan-question.js';
import { play } from './sound.js';
import { both } from './words.js';

/** It asks the desk to look for itself, which takes reading. */
const SHOWN_MS = 20_000;

const screenOf = (title, reason, nextStep) =>
  ({ outcome: 'waiting', refusal: 0, title, reason: both(reason), nextStep: both(nextStep), picture: 'wait', shownMs: SHOWN_MS, at: new Date().toISOString() });

/** Nobody knows whether the scan was saved, and nobody asks any more. */
export const notKnown = () => screenOf('notKnownTitle', 'notKnown', 'notKnownNext');

export class AskedScans {
  #screen; #question = null; #unanswered = new UnansweredScans();

  /** screen: where verdicts are shown. */
  constructor(screen) { this.#screen = screen; }

  /** Whether the first answer was lost: until now it is a scan like any other. */
  get isAskedAgain() { return this.#question?.isAskedAgain ?? false; }

  /** → { status, body } as soon as it is known what came of the scan; null when the desk does not wait. */
  async ask(order) {
    const scan = this.#unanswered.withId(order, Date.now());
    this.#question = new ScanQuestion(scan);
    const answer = await this.#question.answer(() => this.#say('askedAgain'));
    this.#question = null;
    if (answer) this.#unanswered.settle(scan.scanId);
    else this.#unanswered.keep(scan, Date.now());
    return answer;
  }

  /** An answer in the stream of events; → whether it was waited for here. */
  tell(verdict) {
    this.#unanswered.settle(verdict.scanId);
    return this.#question?.tell(verdict) ?? false;
  }

  /** Another reading, while it is asked again. The same voucher is no other scan. */
  turnAway({ digits, shortCode, foreign }) {
    const { order } = this.#question;
    if (foreign || (digits ? digits === order.digits : shortCode === order.shortCode)) return;
    this.#say('askedAgainOther');
    play('refused');
  }

  #say(reason) {
    const question = this.#question;
    this.#screen.show({ ...screenOf('askedAgainTitle', reason, 'askedAgainNext'), closed: () => question.stop() });
  }
}
