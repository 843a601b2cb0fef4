// What is always visible: online or offline, how many scans wait and since when, who and where, and the clock.
import { pick, say } from './words.js';

const byId = id => document.getElementById(id);
const CLOCK_WORTH_SAYING_S = 120;

const two = number => String(number).padStart(2, '0');

const inCounty = instant => new Date(new Date(instant).getTime() + 8 * 3_600_000);

/** The county's day, UTC+8, whatever the machine's zone: 2026-11-22. */
export const countyDay = instant => inCounty(instant).toISOString().slice(0, 10);

/** The county's time, UTC+8, whatever the machine's zone: 09:05, or 11-21 09:05 on another day. */
export function countyTime(instant, now = new Date()) {
  const local = inCounty(instant);
  const clock = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  const day = `${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`;
  return countyDay(instant) === countyDay(now) ? clock : `${day} ${clock}`;
}

export class StatusBar {
  #state = null; #programGone = false;

  constructor() {
    setInterval(() => this.#tickClock(), 1000);
    this.#tickClock();
    document.addEventListener('language', () => this.#fill());
  }

  show(state) {
    this.#state = state;
    this.#programGone = false;
    this.#fill();
  }

  programGone() {
    this.#programGone = true;
    this.#fill();
  }

  #tickClock() {
    byId('clock').textContent = countyTime(new Date());
  }

  #fill() {
    const online = !this.#programGone && Boolean(this.#state?.link.online);
    byId('link').dataset.online = String(online);
    byId('link-text').textContent = this.#linkText(online);
    this.#fillTrouble();
    if (!this.#state) return;
    const { setup, pairing, waiting } = this.#state;
    byId('institution').textContent = setup?.institutionName ?? say('title');
    byId('terminal-name').textContent = [setup?.terminalName ?? pairing?.name, setup?.countyName].filter(Boolean).join(' · ');
    byId('waiting').hidden = waiting.count === 0;
    byId('waiting-count').textContent = waiting.count;
    byId('waiting-since').textContent = waiting.since ? ` · ${say('since')} ${countyTime(waiting.since)}` : '';
  }

  #linkText(online) {
    if (this.#programGone) return say('programGone');
    if (this.#state && !this.#state.pairing) return say('unpaired');
    return online || !this.#state ? say('online') : `${say('offlineSince')} ${countyTime(this.#state.link.since)}`;
  }

  #fillTrouble() {
    const minutes = Math.round(Math.abs(this.#state?.link.clockAheadSeconds ?? 0) / 60);
    const clock = minutes * 60 >= CLOCK_WORTH_SAYING_S ? say('clockWrong', minutes) : this.#state?.clockDoubted ? say('clockDoubted') : '';
    const older = (this.#state?.older ?? []).filter(one => one.turnedAway)
      .map(one => say('olderTurnedAway', one.name, one.fingerprint, one.waiting, one.folder));
    const text = [pick(this.#state?.link.trouble), clock, ...older].filter(Boolean).join(' ');
    byId('trouble').textContent = text;
    byId('trouble').hidden = text === '';
  }
}
