// How a flat square lies in a picture: from the symbol's plane to pixels. Pure.

/**
 * @param {{x: number, y: number}[]} corners where (0,0), (size,0), (size,size), (0,size) lie
 * @returns {Float64Array} h: x = (h0 u + h1 v + h2) / (h6 u + h7 v + 1), y likewise with h3, h4, h5
 */
export function planeOf([a, b, c, d], size) {
  const [dx1, dx2, dx3] = [b.x - c.x, d.x - c.x, a.x - b.x + c.x - d.x];
  const [dy1, dy2, dy3] = [b.y - c.y, d.y - c.y, a.y - b.y + c.y - d.y];
  const whole = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / whole;
  const h = (dx1 * dy3 - dx3 * dy1) / whole;
  return Float64Array.of(
    (b.x - a.x + g * b.x) / size, (d.x - a.x + h * d.x) / size, a.x,
    (b.y - a.y + g * b.y) / size, (d.y - a.y + h * d.y) / size, a.y, g / size, h / size);
}

export function pointOf(h, u, v) {
  const w = h[6] * u + h[7] * v + 1;
  return { x: (h[0] * u + h[1] * v + h[2]) / w, y: (h[3] * u + h[4] * v + h[5]) / w };
}

/** The length of a side of the square, in pixels, about. */
export function sideOf(corners) {
  let sum = 0;
  corners.forEach((corner, i) => { sum += Math.hypot(corner.x - corners[(i + 1) % 4].x, corner.y - corners[(i + 1) % 4].y); });
  return sum / 4;
}
