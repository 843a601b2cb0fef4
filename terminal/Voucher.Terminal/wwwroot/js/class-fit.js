// Which class a voucher belongs to, and which class is on now. Pure.

/** A desk opens before the lesson: a session counts as on from this long before it begins. */
export const EARLY_MINUTES = 30;
const SESSION = /(\d\d):(\d\d)\D+(\d\d):(\d\d)/;
const ENROL = 1;

/** "09:00–11:30" → minutes of the day. */
function minutesOf(session) {
  const [, h, m, toH, toM] = SESSION.exec(session)?.map(Number) ?? [];
  return { from: h * 60 + m, to: toH * 60 + toM };
}

/** How near a class is to this minute of the day: 0 on now, 1 later today, 2 over for today, 3 not today. */
export function nearness(one, minute) {
  const ranks = one.today.map(minutesOf).map(({ from, to }) => (minute > to ? 2 : minute >= from - EARLY_MINUTES ? 0 : 1));
  return Math.min(3, ...ranks);
}

const covers = (wanted, offered) => !wanted || offered === undefined || offered === null || wanted === offered;

/** Whether a voucher can be used in a class: it names no programme and no trade (0, null), or this one. */
export const fits = ({ programme, trade }, one) => covers(programme, one.programmeCode) && covers(trade, one.tradeCode);

/** A class that people may come to: it is not over, and for enrolment it has room. */
export const isOpen = (one, mode, day) => one.endsOn >= day && (mode === ENROL ? one.enrolled < one.capacity : one.startsOn <= day);

/** The one other open class that the voucher fits, when the chosen one does not; else null. */
export function otherClassFor(voucher, chosen, classes, mode, day) {
  if (!chosen || fits(voucher, chosen)) return null;
  const others = classes.filter(one => one.id !== chosen.id && fits(voucher, one) && isOpen(one, mode, day));
  return others.length === 1 ? others[0] : null;
}

/** The one class that is on now, when the chosen one is not; else null. */
export function classOnNow(chosen, classes, minute) {
  if (!chosen || nearness(chosen, minute) === 0) return null;
  const on = classes.filter(one => nearness(one, minute) === 0);
  return on.length === 1 ? on[0] : null;
}
