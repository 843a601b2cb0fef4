// A code is read before anything is asked of people. Pure.

/** Longest text that the program looks at. */
export const LONGEST_CODE = 512;

/** The text as the program takes it. A character cut in half at the end cannot be sent as JSON. */
export const codeOf = text => text.slice(0, LONGEST_CODE).replace(/[\uD800-\uDBFF]$/, '');

/**
 * The program's answer to a reading → { voucher, programme, trade }, the number of a voucher that may go on and what it may be
 * used for (null: anything); { verdict } against it; or { error }.
 */
export function whatWasRead({ status, body }) {
  if (status !== 200) return { error: body?.errors?.[0] ?? null };
  return body.verdict
    ? { verdict: body.verdict }
    : { voucher: body.voucherNumber, programme: body.programme ?? null, trade: body.trade ?? null };
}
