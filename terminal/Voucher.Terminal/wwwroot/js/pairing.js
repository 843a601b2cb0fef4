// The pages before work begins: pairing, waiting for the county's confirmation, and what to do when it is withdrawn.
import { askOnce } from './program.js';
import { both, pick, say } from './words.js';

const byId = id => document.getElementById(id);
const titles = { pending: 'pairPending', clock: 'pairClock', quarantined: 'pairQuarantined' };
/** What a new pairing does not mend. */
const withoutPairingAgain = ['clock', 'quarantined'];
const fields = ['server', 'code', 'name'];
/** The program asks the server, which may be slow. */
const PAIRED_WITHIN_MS = 30_000;

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
    const needsForm = !hasNoRoom(state) && (state.pairing === null || standing === 'revoked' || this.#again);
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
    byId('pair-wait').dataset.standing = hasNoRoom(state) ? 'noRoom' : link.standing;
    byId('pair-wait-title').textContent = say(hasNoRoom(state) ? 'pairNoRoom' : titles[link.standing] ?? 'pairConnecting');
    byId('pair-wait-text').textContent = isStopped ? '' : waitingText(state);
    fillSteps(byId('pair-steps'), isStopped ? quarantineSteps(state) : []);
    byId('pair-fingerprint').textContent = pairing?.fingerprint ?? '';
    byId('pair-wait-more').textContent = link.standing === 'pending' ? say('pairPendingMore') : isStopped ? '' : pairing?.server ?? '';
    byId('pair-again').hidden = hasNoRoom(state) || withoutPairingAgain.includes(link.standing) || (link.standing === 'pending' && link.online);
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
    this.#isUnderWay(true);
    try {
      // Once: a code works once, and a second request with it would be told that it is not known.
      const { status, body } = await askOnce('/local/pair', order, PAIRED_WITHIN_MS);
      if (status === 200) this.#again = false;
      else if (status === 409) this.#say([{ field: 'code', problem: joined(body.reason, body.nextStep) }]);
      else this.#say(body.errors ?? [{ field: 'server', problem: both('pairFailed') }]);
    } catch {
      this.#say([{ field: 'code', problem: both('pairNotKnown') }]);
    }
    this.#isUnderWay(false);
  }

  #isUnderWay(is) {
    byId('pair-submit').disabled = is;
    byId('pair-submit').textContent = say(is ? 'pairUnderWay' : 'pairGo');
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

/** A pairing that could not be opened because the disk is full: a new one is no help. Pure. */
const hasNoRoom = state => Boolean(state.noRoom);

function waitingText(state) {
  if (hasNoRoom(state)) return say('pairNoRoomText');
  if (state.link.standing === 'pending') return say('pairPendingText');
  return pick(state.link.trouble) || say('pairConnectingText');
}

/** [key of the heading, text]: what happened, what to do, what is kept. Pure but for the language. */
export const quarantineSteps = ({ link, quarantine, pairing, waiting }) => [
  ['whatHappened', [pick(quarantine), pick(link.trouble)].filter(Boolean).join(' ')],
  ['whatToDo', `${say('pairQuarantinedCall', pairing.terminalId, pairing.name)} ${say('pairQuarantinedText')}`],
  ['whatIsKept', waiting.count ? say('pairQuarantinedWaits', waiting.count) : say('pairQuarantinedKept')],
];

function fillSteps(list, steps) {
  list.hidden = steps.length === 0;
  list.replaceChildren(...steps.flatMap(([key, text]) => [
    Object.assign(document.createElement('dt'), { textContent: say(key) }),
    Object.assign(document.createElement('dd'), { textContent: text }),
  ]));
}

const joined = (a, b) => ({ zh: `${a.zh}${b.zh}`, en: `${a.en} ${b.en}` });
