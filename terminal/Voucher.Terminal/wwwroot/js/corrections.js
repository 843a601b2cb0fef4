// Asking for a correction of a scan. Nothing is undone here: the county gets the request with its reason, and decides.
import { countyTime } from './county-time.js';
import { ask } from './program.js';
import { pick, say } from './words.js';

/** Longest note, in characters. */
export const LONGEST_NOTE = 200;
/** A scanner may still be typing: so long after the last key the note is cleaned. */
const TYPED_MS = 1500;
const VOUCHER = /[0-9０-９]{202}/;
const ID_NUMBER = /[0-9０-９]{17}[0-9０-９XxＸｘ]/g;

const byId = id => document.getElementById(id);

/** What a correction can be asked for: a scan that was written down, and only once. Pure. */
export const mayAsk = ({ scanId, correction }) => Boolean(scanId) && correction !== 'requested';

/** A voucher that a scanner typed into a text, wherever the cursor stood: { rest, voucher }. Pure. */
export function withoutVoucher(text) {
  const voucher = VOUCHER.exec(text)?.[0] ?? null;
  return { rest: voucher ? text.replace(voucher, '') : text, voucher };
}

/** The note as it may be kept: identity numbers do not belong in it. Pure. */
export const cleanNote = text => text.replace(ID_NUMBER, '').slice(0, LONGEST_NOTE);

export class Corrections {
  #verdict = null; #panels; #asked; #read; #typed;

  /** asked() when a request has gone out; read(digits) when a scanner typed a voucher into the note. */
  constructor(panels, asked, read) {
    this.#panels = panels;
    this.#asked = asked;
    this.#read = read;
    panels.onOpen('correction', verdict => this.#begin(verdict));
    byId('correction-form').addEventListener('submit', event => { event.preventDefault(); this.#send(); });
    const note = byId('correction-note');
    note.addEventListener('input', event => { if (!event.isComposing) this.#noteChanged(); });
    note.addEventListener('compositionend', () => this.#noteChanged());
    note.addEventListener('change', () => this.#clean());
    note.addEventListener('keydown', event => goOn(event));
    document.addEventListener('language', () => { if (this.#verdict) this.#fill(); });
  }

  /** Somebody writes a note: keys are letters then, and no reading. */
  get isWriting() { return document.activeElement === byId('correction-note'); }

  #begin(verdict) {
    this.#verdict = verdict;
    byId('correction-form').reset();
    byId('correction-said').textContent = '';
    byId('correction-send').hidden = !mayAsk(verdict);
    byId('correction-fields').hidden = !mayAsk(verdict);
    this.#fill();
  }

  #fill() {
    const { outcome, at, mode, holder, voucherNumber, className, reason, caseNumber } = this.#verdict;
    byId('correction-scan').textContent = [countyTime(at), say(`mode${mode}`), holder ?? voucherNumber, className].filter(Boolean).join(' · ');
    byId('correction-state').textContent = [say(`state_${outcome}`), pick(reason), caseNumber && `${say('caseNumber')} ${caseNumber}`].filter(Boolean).join(' · ');
    byId('correction-rule').textContent = say(mayAsk(this.#verdict) ? 'correctionRule' : 'correctionAsked');
  }

  #noteChanged() {
    const field = byId('correction-note');
    const { rest, voucher } = withoutVoucher(field.value);
    clearTimeout(this.#typed);
    this.#typed = setTimeout(() => this.#clean(), TYPED_MS);
    if (!voucher) return;
    field.value = rest;
    this.#read(voucher.replace(/[０-９]/g, c => String.fromCharCode(c.charCodeAt(0) - 0xFEE0)));
  }

  #clean() {
    const field = byId('correction-note');
    const note = cleanNote(field.value);
    if (note === field.value) return;
    if (note.length < Math.min(field.value.length, LONGEST_NOTE)) this.#say(say('noteNoIdNumber'));
    field.value = note;
  }

  async #send() {
    const reason = new FormData(byId('correction-form')).get('reason');
    if (!reason) return this.#say(say('correctionWhich'));
    this.#clean();
    byId('correction-send').disabled = true;
    try {
      const { status, body, attempts } = await ask('/local/corrections', { scanId: this.#verdict.scanId, reason, note: byId('correction-note').value.trim() });
      // That it was asked before is no problem when this page has asked twice.
      if (status === 204 || (status === 409 && attempts > 1)) this.#done();
      else this.#say([pick(body?.reason), pick(body?.nextStep)].filter(Boolean).join(' ') || pick(body?.errors?.[0]?.problem) || say('correctionFailed'));
    } catch {
      this.#say(say('correctionNotKnown'));
    }
    byId('correction-send').disabled = false;
  }

  #done() {
    this.#verdict = { ...this.#verdict, correction: 'requested' };
    byId('correction-send').hidden = true;
    byId('correction-fields').hidden = true;
    this.#fill();
    document.querySelector('#panel-correction h2').focus();
    this.#asked();
  }

  #say(text) {
    byId('correction-said').textContent = text;
  }
}

/** Enter in the note goes on to the button and no further: a scanner sends Enter too. */
function goOn(event) {
  if (event.key !== 'Enter' || event.isComposing) return;
  event.preventDefault();
  byId('correction-send').focus();
}
