// The desk: from a reading (camera, scanner, typing) to a verdict. Readings that come while one is being asked wait their
// turn; when too many wait, the desk is told that the last one was not taken.
import { AskedScans, notKnown } from './asked-again.js';
import { ask, ProgramGone } from './program.js';
import { otherClassFor } from './class-fit.js';
import { ClassOffer } from './class-offer.js';
import { countyDay } from './county-time.js';
import { codeOf, whatWasRead } from './first-step.js';
import { IdentityStep } from './identity.js';
import { kindOfCode } from './reading/code-kind.js';
import { isSameReading } from './scan-question.js';
import { VerdictScreen } from './verdict.js';
import { both, pick, say } from './words.js';

export const ENROL = 1;
const prompts = { 1: 'promptEnrol', 2: 'promptCheckIn', 3: 'promptCheckOut', 4: 'promptComplete' };
const MOST_WAITING = 50;
/** A verdict is seen for at least this long before the next in the queue takes its place. */
const AT_LEAST_SHOWN_MS = 1200;
const BUSY_SHOWN_AFTER_MS = 300;
const keptMode = 'voucher.mode';

const byId = id => document.getElementById(id);
const refusedHere = (reason, nextStep, picture = 'desk') => ({ outcome: 'refused', refusal: 0, reason, nextStep, picture, at: new Date().toISOString() });

export class Desk {
  #classes; #practice; #panels; #scanned; #mode; #queue = []; #atWork = null; #working = false; #hasCamera = false;

  #verdict = new VerdictScreen();
  #scans = new AskedScans(this.#verdict);
  #identity = new IdentityStep((scan, number) => this.#enqueue({ ...scan, idNumber: number }));
  #offer = new ClassOffer((scan, chosen) => this.#enqueue({ ...scan, chosen, isClassSure: true }));

  /** scanned() whenever the queue has been worked off. */
  constructor(classes, practice, panels, scanned) {
    this.#classes = classes;
    this.#practice = practice;
    this.#panels = panels;
    this.#scanned = scanned;
    document.querySelectorAll('.mode').forEach(button => button.addEventListener('click', () => this.choose(Number(button.dataset.mode))));
    document.addEventListener('language', () => this.#showPrompt());
    this.choose(Number(localStorage.getItem(keptMode)) || ENROL);
  }

  get identity() { return this.#identity; }

  choose(mode) {
    this.#mode = mode;
    localStorage.setItem(keptMode, mode);
    this.#identity.cancel();
    this.#offer.cancel();
    this.#panels.close();
    document.querySelectorAll('.mode').forEach(button => button.setAttribute('aria-pressed', String(Number(button.dataset.mode) === mode)));
    document.body.dataset.mode = mode;
    this.#showPrompt();
  }

  cameraIs(working) {
    this.#hasCamera = working;
    this.#showPrompt();
  }

  /** A code's text, of a voucher or not. The camera may see codes that nobody meant to show; a scanner is aimed. */
  code(text, isAimed) {
    this.#enqueue({ digits: codeOf(text), isAimed, foreign: kindOfCode(text) });
  }

  /** Several vouchers came into view together: none is taken, and while a card is awaited nothing is said. */
  severalCodes() {
    if (!this.#isAsking && !this.#scans.isAskedAgain) this.#show(refusedHere(both('oneAtATime'), both('oneAtATimeNext'), 'show'));
  }

  shortCode(digits) {
    this.#enqueue({ shortCode: digits });
  }

  /** An identity card outside the identity step. */
  card(number) {
    if (this.#identity.isOpen) this.#identity.card(number);
    else if (!this.#scans.isAskedAgain) this.#verdict.show(refusedHere(both('identityFirst'), { zh: '', en: '' }, 'show'));
  }

  /** Esc, or a person's touch: one layer away, back to ready. */
  dismiss() {
    if (this.#verdict.shown) this.#verdict.close();
    else if (this.#offer.isOpen) this.#offer.cancel();
    else if (this.#identity.isOpen) this.#identity.cancel();
    else this.#panels.back();
  }

  /** Somebody types: what is on the screen gives way, but not the asking; → whether it did. */
  giveWayToTyping() {
    if (this.#scans.isAskedAgain) return false;
    this.dismiss();
    return true;
  }

  /** A panel may open: a verdict gives way to it, what is asked of the desk or of the program does not. */
  makeWay() {
    if (this.#isAsking || this.#scans.isAskedAgain) return false;
    this.#verdict.close();
    return true;
  }

  /** Practice begins or ends: nothing that was begun in the one goes on in the other. */
  startAfresh() {
    this.#queue.length = 0;
    this.#verdict.close();
    this.#offer.cancel();
    this.#identity.cancel();
    this.#panels.close();
  }

  /** An answer that came later: if it is waited for, or its verdict still stands on the screen, it is shown there and then. */
  late(verdict) {
    if (this.#scans.tell(verdict)) return true;
    if (!verdict.scanId || this.#verdict.shown?.scanId !== verdict.scanId) return false;
    this.#verdict.show(verdict);
    return true;
  }

  get #isAsking() { return this.#identity.isOpen || this.#offer.isOpen; }

  #enqueue(scan) {
    if (this.#scans.isAskedAgain) return this.#scans.turnAway(scan);
    if (this.#queue.length >= MOST_WAITING) return this.#verdict.show(refusedHere(both('tooMany'), both('tooManyNext'), 'wait'));
    this.#practice.use();
    // Class and mode are those that the screen showed when the code was read, whatever is chosen later.
    const reading = { ...scan, mode: scan.mode ?? this.#mode, chosen: scan.chosen ?? this.#classes.chosen, isPractice: scan.isPractice ?? this.#practice.isOn };
    if ([this.#atWork, ...this.#queue].some(one => one && isSameReading(one, reading))) return;
    this.#queue.push(reading);
    this.#work();
  }

  async #work() {
    if (this.#working) return;
    this.#working = true;
    while (this.#queue.length) {
      const scan = this.#queue.shift();
      const busy = setTimeout(() => { byId('busy').hidden = false; }, BUSY_SHOWN_AFTER_MS);
      this.#atWork = scan;
      await this.#handle(scan);
      this.#atWork = null;
      clearTimeout(busy);
      byId('busy').hidden = true;
      if (this.#queue.length && this.#verdict.shown) await new Promise(done => setTimeout(done, AT_LEAST_SHOWN_MS));
    }
    this.#working = false;
    this.#scanned();
  }

  async #handle(scan) {
    try {
      if (scan.foreign) this.#foreign(scan);
      else if (scan.mode === ENROL && !scan.idNumber) await this.#first(scan);
      else if (!await this.#offered(scan)) await this.#send(scan);
    } catch (fault) {
      // Whatever went wrong, the desk must be ready for the next scan. A scan itself is asked until it is answered: a program
      // that is gone was asked for nothing that it could have saved.
      if (fault instanceof ProgramGone) return this.#show(refusedHere(both('programGone'), both('programGoneNext')));
      console.error(fault);
      this.#show(notKnown());
    }
  }

  /** No voucher: what it is instead. While a card is awaited, a payment code that comes into view is no reason to stop. */
  #foreign({ foreign, isAimed }) {
    if (this.#isAsking && !isAimed) return;
    this.#show(refusedHere(both(`is-${foreign}`), both(foreign === 'digits' ? 'isDigitsNext' : 'isForeignNext'), 'show'));
  }

  /** Enrolment asks for the card, but not over a code that is no good anyway. */
  async #first(scan) {
    let voucher = `${say('byShortCode')} ${scan.shortCode}`;
    if (scan.digits) {
      const read = await this.#read(scan);
      // While a person is asked for something, a payment code that comes into view is no reason to stop.
      if (!read.voucher && this.#isAsking && !scan.isAimed) return;
      if (read.verdict) return this.#show({ ...read.verdict, mode: ENROL, isPractice: scan.isPractice });
      if (!read.voucher) return this.#badInput(scan, read.error);
      voucher = read.voucher;
      // An input method may have written what the scanner typed into the field that had the focus.
      byId('short-code').value = '';
      if (this.#offerFor(scan, read)) return;
    }
    if (!scan.chosen) return this.#show(refusedHere(both('noClass'), both('noClassNext')));
    this.#verdict.close();
    this.#offer.cancel();
    this.#identity.open({ ...scan, voucher }, { voucher, className: scan.chosen.name });
  }

  /** Where there is another class, a voucher that is no good for the chosen one may be good for that. */
  async #offered(scan) {
    if (!scan.digits || scan.idNumber || scan.isClassSure || this.#classes.all.length < 2) return false;
    return this.#offerFor(scan, await this.#read(scan));
  }

  #offerFor(scan, read) {
    const other = read.voucher && !scan.isClassSure ? otherClassFor(read, scan.chosen, this.#classes.all, scan.mode, countyDay(new Date())) : null;
    if (!other) return false;
    this.#verdict.close();
    this.#identity.cancel();
    this.#offer.open(scan, read.voucher, other);
    return true;
  }

  async #read({ digits }) {
    return whatWasRead(await ask('/local/read', { digits }));
  }

  async #send(scan) {
    const { digits = null, shortCode = null, idNumber = null, mode, chosen, isPractice } = scan;
    if (!chosen) return this.#show(refusedHere(both('noClass'), both('noClassNext')));
    const order = { mode, classId: chosen.id, digits, shortCode, idNumber };
    const answer = await (isPractice ? ask('/local/practice', { ...order, scanId: crypto.randomUUID() }) : this.#scans.ask(order));
    if (answer === null) return this.#show(notKnown());
    const { status, body } = answer;
    if (status === 200) this.#show({ ...body, isPractice });
    else if (status === 507) this.#show(refusedHere(body.reason, both('notSavedNext')));
    else this.#badInput(scan, body?.errors?.[0]);
  }

  #badInput(scan, error) {
    const problem = error?.problem ?? both('notSaved');
    if (error?.field === 'idNumber') {
      this.#identity.reopen({ ...scan, idNumber: undefined }, { voucher: scan.voucher, className: scan.chosen.name }, pick(problem));
    } else if (error?.field === 'shortCode') {
      byId('short-code-error').textContent = pick(problem);
    } else {
      this.#show(refusedHere(problem, both(error?.field === 'digits' ? 'scanAgain' : 'notSavedNext'), error?.field === 'digits' ? 'show' : 'desk'));
    }
  }

  #show(verdict) {
    byId('short-code').value = '';
    byId('short-code-error').textContent = '';
    this.#verdict.show(verdict);
  }

  #showPrompt() {
    byId('prompt').textContent = say(this.#hasCamera ? prompts[this.#mode] : 'promptNoCamera');
  }
}
