// The day's roster of the chosen class: who is missing first, who came, who left; as counts always, as a list on demand.
import { countyTime } from './county-time.js';
import { ask } from './program.js';
import { say } from './words.js';

const REFRESH_MS = 60_000;
const byId = id => document.getElementById(id);

/** What a person of the roster is today. Pure. */
const standingOf = (person, session) => (person.checkedOut ? 'left' : person.checkedIn ? 'here' : session ? 'missing' : 'enrolled');
const ORDER = ['missing', 'here', 'left', 'enrolled'];

/** A roster → its people with their standing, the missing first, and counts. Pure. */
export function arrange({ people, session }) {
  const all = people.map(person => ({ ...person, standing: standingOf(person, session) }));
  const count = standing => all.filter(one => one.standing === standing).length;
  return {
    people: ORDER.flatMap(standing => all.filter(one => one.standing === standing)),
    came: count('here') + count('left'), missing: count('missing'), left: count('left'), provisional: all.filter(one => one.provisional).length,
  };
}

/** The key of what to say instead of a list, or null. Pure. */
export function emptyWords(chosen, status, roster) {
  if (!chosen) return 'rosterNoClass';
  if (status === 404 || status === 204) return 'rosterUnknown';
  if (status !== 200) return 'rosterGone';
  return roster.people.length === 0 ? 'rosterEmpty' : null;
}

export class Roster {
  #classes; #status = 0; #roster = null; #asked = 0;

  constructor(classes, panels) {
    this.#classes = classes;
    classes.addEventListener('chosen', () => this.refresh());
    panels.onOpen('roster', () => this.refresh());
    byId('roster-open').addEventListener('click', () => panels.open('roster'));
    document.addEventListener('language', () => this.#fill());
    setInterval(() => this.refresh(), REFRESH_MS);
  }

  async refresh() {
    const { chosen } = this.#classes;
    // The class may change while an answer is under way: the latest question counts.
    const asked = ++this.#asked;
    if (!chosen) return this.#take(0, null);
    try {
      const { status, body } = await ask(`/local/roster?classId=${chosen.id}`);
      if (asked === this.#asked) this.#take(status, body);
    } catch {
      if (asked === this.#asked) this.#take(0, null);
    }
  }

  #take(status, body) {
    this.#status = status;
    this.#roster = status === 200 ? body : null;
    this.#fill();
  }

  #fill() {
    const { chosen } = this.#classes;
    const day = this.#roster && arrange(this.#roster);
    const empty = emptyWords(chosen, this.#status, this.#roster);
    byId('roster-short').textContent = day ? shortOf(day, this.#roster) : say('rosterNone');
    meter(byId('roster-short-meter'), day, this.#roster);
    byId('roster-class').textContent = this.#roster?.className ?? chosen?.name ?? '';
    byId('roster-when').textContent = this.#roster ? whenOf(this.#roster) : '';
    byId('roster-counts').replaceChildren(...(day ? countsOf(day, this.#roster).map(([kind, text]) => part('span', `count is-${kind}`, text)) : []));
    meter(byId('roster-meter'), day, this.#roster);
    byId('roster-empty').hidden = empty === null;
    byId('roster-empty').textContent = empty ? say(empty) : '';
    byId('roster-people').replaceChildren(...(day?.people ?? []).map(rowOf));
  }
}

const shortOf = ({ came, missing }, { session, enrolled, capacity }) =>
  (session ? say('rosterShort', came, enrolled, missing) : say('rosterShortNoSession', enrolled, capacity));

const whenOf = ({ session, asOf }) =>
  [session ? `${say('today')} ${session.startsAt}–${session.endsAt}` : say('rosterNoSession'), asOf && say('asOf', countyTime(asOf))].filter(Boolean).join(' · ');

const countsOf = ({ came, missing, left, provisional }, { session, enrolled, capacity }) => [
  ...(session ? [['missing', say('countMissing', missing)], ['here', say('countCame', came)], ['left', say('countLeft', left)]] : []),
  ['enrolled', say('countEnrolled', enrolled, capacity)],
  ...(provisional ? [['provisional', say('countProvisional', provisional)]] : []),
];

/** Came, of those enrolled, of the places. */
function meter(element, day, roster) {
  element.hidden = !day;
  if (!day) return;
  const [came, enrolled] = element.children;
  const places = Math.max(roster.capacity, roster.enrolled, 1);
  came.style.width = `${100 * day.came / places}%`;
  enrolled.style.width = `${100 * Math.max(0, roster.enrolled - day.came) / places}%`;
}

function rowOf(person) {
  const row = part('li', `roster-row is-${person.standing}`);
  row.append(
    part('b', 'roster-mark', { missing: '○', here: '✓', left: '→', enrolled: '·' }[person.standing]),
    part('span', 'roster-name', person.name ?? say('nameUnknown')),
    part('span', 'roster-number', person.number),
    part('span', 'roster-state', stateOf(person)));
  if (person.provisional) row.append(part('span', 'chip is-provisional', say('rosterProvisional')));
  return row;
}

const stateOf = ({ standing, checkedIn, checkedOut }) => ({
  missing: () => say('stateMissing'),
  here: () => say('stateHere', checkedIn),
  left: () => say('stateLeft', checkedIn ?? '—', checkedOut),
  enrolled: () => say('stateEnrolled'),
})[standing]();

function part(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text ?? '' });
}
