// Times as the county's clocks show them, UTC+8, whatever the machine's zone. Pure.

const two = number => String(number).padStart(2, '0');
const inCounty = instant => new Date(new Date(instant).getTime() + 8 * 3_600_000);
const HOUR_MS = 3_600_000;

/** 2026-11-22. */
export const countyDay = instant => inCounty(instant).toISOString().slice(0, 10);

/** Minutes since midnight, 0–1439. */
export const countyMinute = instant => inCounty(instant).getUTCHours() * 60 + inCounty(instant).getUTCMinutes();

/** 09:05, or 11-21 09:05 on another day. */
export function countyTime(instant, now = new Date()) {
  const local = inCounty(instant);
  const clock = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  const day = `${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`;
  return countyDay(instant) === countyDay(now) ? clock : `${day} ${clock}`;
}

/** Whole hours since an instant, never negative. */
export const hoursSince = (instant, now = new Date()) => Math.max(0, Math.floor((new Date(now) - new Date(instant)) / HOUR_MS));
