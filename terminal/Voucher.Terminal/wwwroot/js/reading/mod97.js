// ISO 7064 MOD 97-10, the two check digits that end a voucher's text; the same as Mod97.cs. Pure.

const remainder = digits => {
  let rest = 0;
  for (let i = 0; i < digits.length; i++) rest = (rest * 10 + digits.charCodeAt(i) - 48) % 97;
  return rest;
};

/** The two check digits of a string of digits, "02" to "98". */
export const checkDigits = digits => String(98 - (remainder(digits) * 100) % 97).padStart(2, '0');

/** Whether digits that end in their check digits are whole. */
export const isWhole = digits => /^\d{3,}$/.test(digits) && remainder(digits) === 1;
