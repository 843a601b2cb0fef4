// Grey pictures, { data: Uint8Array, width, height }, and what is done to them before a code is looked for. Pure.

/** @param {{data: Uint8ClampedArray, width: number, height: number}} frame RGBA */
export function greyOf({ data, width, height }) {
  const grey = new Uint8Array(width * height);
  for (let i = 0, k = 0; i < grey.length; i++, k += 4) grey[i] = (77 * data[k] + 150 * data[k + 1] + 29 * data[k + 2]) >> 8;
  return { data: grey, width, height };
}

/** As a decoder takes it. */
export function colourOf({ data, width, height }) {
  const colour = new Uint8ClampedArray(4 * data.length);
  for (let i = 0, k = 0; i < data.length; i++, k += 4) {
    colour[k] = colour[k + 1] = colour[k + 2] = data[i];
    colour[k + 3] = 255;
  }
  return { data: colour, width, height };
}

/** Half as wide and high, each pixel the mean of four. */
export function halved({ data, width, height }) {
  const [w, h] = [width >> 1, height >> 1];
  const half = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0, i = 2 * y * width; x < w; x++, i += 2) half[y * w + x] = (data[i] + data[i + 1] + data[i + width] + data[i + width + 1] + 2) >> 2;
  }
  return { data: half, width: w, height: h };
}

/**
 * Sums of values and of their squares over everything above and left: with them the sum over any box takes four look-ups.
 * Rows are width + 1 long. They overflow, and the difference (| 0) of any box of up to 33,000 pixels is right all the same.
 */
export function sumsOf({ data, width, height }) {
  const row = width + 1;
  const [sums, squares] = [new Int32Array(row * (height + 1)), new Int32Array(row * (height + 1))];
  for (let y = 0; y < height; y++) {
    let [sum, square] = [0, 0];
    for (let x = 0, i = y * width, k = (y + 1) * row + 1; x < width; x++, i++, k++) {
      const value = data[i];
      sum = (sum + value) | 0;
      square = (square + value * value) | 0;
      sums[k] = sums[k - row] + sum;
      squares[k] = squares[k - row] + square;
    }
  }
  return { sums, squares, row };
}

/** The picture's value between pixels; outside it the nearest pixel's. x, y are of pixel centres. */
export function valueBetween({ data, width, height }, x, y) {
  const cx = x < 0 ? 0 : x > width - 1.001 ? width - 1.001 : x;
  const cy = y < 0 ? 0 : y > height - 1.001 ? height - 1.001 : y;
  const [left, top] = [cx | 0, cy | 0];
  const [fx, fy] = [cx - left, cy - top];
  const i = top * width + left;
  return (data[i] * (1 - fx) + data[i + 1] * fx) * (1 - fy) + (data[i + width] * (1 - fx) + data[i + width + 1] * fx) * fy;
}

/** A box of the picture, enlarged, its darkest and lightest hundredth stretched to black and white. */
export function enlarged(picture, { left, top, width, height }, times) {
  const [w, h] = [Math.round(width * times), Math.round(height * times)];
  const data = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) data[y * w + x] = valueBetween(picture, left + (x + 0.5) / times - 0.5, top + (y + 0.5) / times - 0.5);
  }
  return stretched({ data, width: w, height: h });
}

function stretched(picture) {
  const counts = new Uint32Array(256);
  for (const value of picture.data) counts[value]++;
  const part = picture.data.length / 100;
  let [black, white] = [0, 255];
  for (let sum = counts[0]; sum < part; sum += counts[++black]);
  for (let sum = counts[255]; sum < part; sum += counts[--white]);
  const scale = 255 / Math.max(1, white - black);
  const data = picture.data.map(value => Math.max(0, Math.min(255, (value - black) * scale)));
  return { ...picture, data };
}

/** Contrast taken from the surroundings of each pixel, `reach` pixels each way: shadows and glare lose their weight. */
export function evened(picture, reach) {
  const { data, width, height } = picture;
  const { sums, squares, row } = sumsOf(picture);
  const even = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
      const area = (right - left) * (bottom - top);
      const [a, b, c, d] = [bottom * row + right, bottom * row + left, top * row + right, top * row + left];
      const mean = ((sums[a] - sums[b] - sums[c] + sums[d]) | 0) / area;
      const deviation = Math.sqrt(Math.max(9, ((squares[a] - squares[b] - squares[c] + squares[d]) | 0) / area - mean * mean));
      even[y * width + x] = Math.max(0, Math.min(255, 128 + (64 * (data[y * width + x] - mean)) / deviation));
    }
  }
  return { data: even, width, height };
}
