// Reads the numbers that coding.py writes, in digits of base 64.
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Uint8Array(128);
for (let place = 0; place < 64; place += 1) VALUES[DIGITS.charCodeAt(place)] = place;
const [HEIGHTS, LEVELS, STEPS, NEAR, REPEATED] = [3, 3 * 512, 64 - 1, 31, 4];

function whole(text, start, width) {
  let value = 0;
  for (let place = start; place < start + width; place += 1) value = 64 * value + VALUES[text.charCodeAt(place)];
  return value;
}

const power = (mantissa, exponent) => Number(`${mantissa}e${exponent}`);

// Four digits of a number with a sign: null where there is none, infinite where a seed failed.
function number(text, start) {
  const code = whole(text, start, 4);
  if (code < 2) return code ? 0 : null;
  if (code === 64 ** 4 - 1) return Infinity;
  const rest = Math.floor((code - 2) / 2);
  const size = power((rest % 9000) + 1000, Math.floor(rest / 9000) - 466 - 3);
  return code % 2 ? -size : size;
}

// Three digits of a number from 0 on.
function brief(text, start) {
  const code = whole(text, start, 3);
  if (code < 2) return code ? 0 : null;
  return code === 64 ** 3 - 1 ? Infinity : power(((code - 2) % 900) + 100, Math.floor((code - 2) / 900) - 145 - 2);
}

// Two digits of a number from 0 on.
function tiny(text, start) {
  const code = whole(text, start, 2);
  if (code < 2) return code ? 0 : null;
  return code === 64 ** 2 - 1 ? Infinity : power(((code - 2) % 90) + 10, Math.floor((code - 2) / 90) - 15 - 1);
}

// Each level is said by how far it is from where the two before it lead, or by itself.
function line(text, [low, high]) {
  const found = [];
  let [before, last] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const digit = VALUES[text.charCodeAt(at)];
    let level = Math.min(Math.max(2 * last - before, 0), LEVELS) + digit - NEAR;
    if (digit === STEPS) {
      level = whole(text, at + 1, 2);
      at += 2;
    }
    found.push(low + ((level / LEVELS) * HEIGHTS - 1) * (high - low));
    [before, last] = [last, level];
  }
  return found;
}

// Digits that repeat stand once, with how many more than four there are.
const unpacked = (text) => text.replace(/(.)~(.)/g, (_, digit, more) => digit.repeat(REPEATED + VALUES[more.charCodeAt(0)]));

// The median of a curve, and its band, which is the median where nothing is said of it.
function banded(text, window) {
  const [first, steps] = unpacked(text).split(".");
  const median = line(first, window);
  if (steps === undefined) return { median, low: median, high: median };
  const far = (place) => (VALUES[steps.charCodeAt(place)] / STEPS) ** 2 * HEIGHTS * (window[1] - window[0]);
  return {
    median,
    low: median.map((value, place) => value - far(place)),
    high: median.map((value, place) => value + far(median.length + place)),
  };
}

function shares(text) {
  return Array.from({ length: text.length / 2 }, (_, place) => whole(text, 2 * place, 2) / (64 ** 2 - 1));
}
