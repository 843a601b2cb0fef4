// The pages before work begins: pairing, waiting for the county's confirmation, and what to do when it is withdrawn.
import { ask } from './program.js';
import { both, pick, say } from './words.js';

const byId = id => document.getElementById(id);
const titles = { pending: 'pairPending', clock: 'pairClock', quarantined: 'pairQuarantined' };
/** What a new pairing does not mend. */
const withoutPairingAgain = ['clock', 'quarantined'];
const fields = ['server', 'code', 'name'];

export class PairingPage {
  #state = null; #again = false;

  constructor() {
    byId('pair-form').addEventListener('submit', event => { event.preventDefault(); this.#pair(); });
    byId('pair-again').addEventListener('click', () => { this.#again = true; this.show(this.#state); });
    document.addEventListener('language', () => { if (this.#state) this.show(this.#state); });
  }

  /** Whether the terminal works, so that this page has nothing to show. */
  static isWorking(state) {
    return state.link.standing === 'active' && state.setup !== null;
  }

  show(state) {
    this.#state = state;
    const { standing } = state.link;
    if (standing === 'active' || withoutPairingAgain.includes(standing)) this.#again = false;
    const needsForm = state.pairing === null || standing === 'revoked' || this.#again;
    byId('pairing').hidden = false;
    byId('pair-form').hidden = !needsForm;
    byId('pair-wait').hidden = needsForm;
    if (needsForm) this.#showForm(state);
    else this.#showWaiting(state);
  }

  #showForm(state) {
    const why = state.damaged ? 'pairDamaged' : state.link.standing === 'revoked' ? 'pairRevoked' : null;
    byId('pair-why').hidden = why === null;
    byId('pair-why').textContent = why ? say(why) : '';
    const { count } = state.waiting;
    byId('pair-leave-line').hidden = count === 0;
    byId('pair-leave-text').textContent = say('pairLeave', count);
    const server = byId('pair-server');
    if (!server.value && document.activeElement !== server) server.value = state.pairing?.server ?? state.suggestedServer ?? '';
  }

  #showWaiting(state) {
    const { link, pairing } = state;
    const isStopped = link.standing === 'quarantined';
    byId('pair-wait').dataset.standing = link.standing;
    byId('pair-wait-title').textContent = say(titles[link.standing] ?? 'pairConnecting');
    byId('pair-wait-text').textContent = waitingText(state);
    byId('pair-fingerprint').textContent = pairing.fingerprint;
    byId('pair-wait-more').textContent = link.standing === 'pending' ? say('pairPendingMore')
      : isStopped && state.waiting.count ? say('pairQuarantinedWaits', state.waiting.count) : pairing.server;
    byId('pair-again').hidden = withoutPairingAgain.includes(link.standing) || (link.standing === 'pending' && link.online);
  }

  /** The terminal works: nothing to show until that changes. */
  hide() {
    this.#state = null;
    byId('pairing').hidden = true;
  }

  async #pair() {
    const order = Object.fromEntries(fields.map(field => [field, byId(`pair-${field}`).value]));
    order.leaveWaiting = byId('pair-leave').checked ? this.#state.waiting.count : null;
    this.#say([]);
    try {
      const { status, body } = await ask('/local/pair', order);
      if (status === 200) this.#again = false;
      else if (status === 409) this.#say([{ field: 'code', problem: joined(body.reason, body.nextStep) }]);
      else this.#say(body.errors ?? [{ field: 'server', problem: both('pairFailed') }]);
    } catch {
      this.#say([{ field: 'server', problem: both('programGone') }]);
    }
  }

  #say(errors) {
    for (const field of fields) {
      const error = errors.find(one => one.field === field);
      byId(`pair-${field}-error`).textContent = pick(error?.problem);
      byId(`pair-${field}`).setAttribute('aria-invalid', String(Boolean(error)));
    }
    const first = errors[0] && byId(`pair-${errors[0].field}`);
    first?.focus();
  }
}

function waitingText({ link, quarantine }) {
  if (link.standing === 'pending') return say('pairPendingText');
  if (link.standing === 'quarantined') return [pick(quarantine ?? link.trouble), say('pairQuarantinedText')].filter(Boolean).join(' ');
  return pick(link.trouble) || say('pairConnectingText');
}

const joined = (a, b) => ({ zh: `${a.zh}${b.zh}`, en: `${a.en} ${b.en}` });
