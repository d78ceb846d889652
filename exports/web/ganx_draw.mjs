/**
 * What the images of a seed are drawn from, by the rule "ganx-draw-1" of docs/drawing.md: image i
 * depends on seed and i alone, and is the one that `ganx sample` draws. Metadata are the JSON
 * object that an exported file carries under `ganx`. Vectors come in one Float32Array, row by row.
 *
 * @typedef {{kind: "normal"|"uniform"|"categorical"|"continuous", size: number}} Part
 * @typedef {{name: string, values: string[]}} Group
 * @typedef {"none"|"classes"|"labels"|"attributes"} Kind
 * @typedef {{kind: Kind, groups: Group[], limit?: number}} Condition
 * @typedef {{images: number, labels_per_image: number[], values: number[]}} Rest
 * @typedef {{combinations: number[][], counts: number[], rest?: Rest}} Summary
 * @typedef {Object} Metadata
 * @property {{condition: Condition}} interface
 * @property {Part[]} latent
 * @property {string} drawing
 * @property {Summary} [distribution]
 * @typedef {number|bigint|string} Seed a whole number below 2**64; from 2**53 on, no number
 */

export const RULE = "ganx-draw-1";

const LATENT = 0;
const CONDITION = 1;
const WORD = 2 ** 32;

/**
 * Draw z of `count` images of a seed, from number `first` on: count * Z numbers.
 * @param {Metadata} metadata @param {Seed} seed @param {number} first @param {number} count
 * @returns {Float32Array}
 */
export function latents(metadata, seed, first, count) {
  const size = metadata.latent.reduce((sum, part) => sum + part.size, 0);
  const z = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    const word = wordsOf(metadata, seed, first + row, LATENT);
    let start = 0;
    for (const part of metadata.latent) {
      const into = z.subarray(row * size + start, row * size + start + part.size);
      if (part.kind === "categorical") into[below(part.size, word(2 * start))] = 1;
      else for (let j = 0; j < part.size; j++) into[j] = number(part.kind, word, start + j);
      start += part.size;
    }
  }
  return z;
}

/**
 * Draw c of such images as conditions occurred in training: count * K numbers. Throws an Error
 * where the file does not say how they did; ask for labels then.
 * @param {Metadata} metadata @param {Seed} seed @param {number} first @param {number} count
 * @returns {Float32Array}
 */
export function conditions(metadata, seed, first, count) {
  const { condition } = metadata.interface;
  const size = sizeOf(condition);
  const c = new Float32Array(count * size);
  if (!size) return c;
  const summary = metadata.distribution;
  if (!summary) {
    throw new Error(
      "This file does not say how often each label occurred in its training, so none can be " +
        "drawn. Say by labels what to show.",
    );
  }
  for (let row = 0; row < count; row++) {
    const word = wordsOf(metadata, seed, first + row, CONDITION);
    for (const entry of drawn(summary, condition, word)) c[row * size + entry] = 1;
  }
  return c;
}

/**
 * Read a condition such as "red cube, blue sphere", "hair=pink, eyes=blue" or "7": K numbers.
 * Throws an Error for what is not in the vocabulary, and for too many or too few values.
 * @param {string} text @param {Condition} condition
 * @returns {Float32Array}
 */
export function encode(text, condition) {
  const c = new Float32Array(sizeOf(condition));
  for (const part of text.split(",").map((piece) => piece.trim())) {
    if (part) c[position(part, condition)] = 1;
  }
  const named = c.reduce((sum, entry) => sum + entry, 0);
  if (condition.kind === "labels" && condition.limit && named > condition.limit) {
    throw new Error(
      `"${text}" names ${named} labels, and this generator can show ${condition.limit} at once.`,
    );
  }
  if (condition.kind === "labels") return c;
  let start = 0;
  for (const { name, values } of condition.groups) {
    const chosen = c.subarray(start, (start += values.length)).filter(Boolean).length;
    if (chosen !== 1) {
      throw new Error(
        `"${text}" names ${chosen} values of ${name}; give exactly one of ${values.join(", ")}.`,
      );
    }
  }
  return c;
}

/**
 * Philox4x32-10 of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
 * @param {number[]} counter four words @param {number[]} key two words
 * @returns {number[]} four random words
 */
export function philox(counter, key) {
  let [a, b, c, d] = counter;
  let [low, high] = key;
  for (let round = 0; round < 10; round++) {
    const [leftHigh, leftLow] = product(0xd2511f53, a);
    const [rightHigh, rightLow] = product(0xcd9e8d57, c);
    [a, b, c, d] = [(rightHigh ^ b ^ low) >>> 0, rightLow, (leftHigh ^ d ^ high) >>> 0, leftLow];
    low = (low + 0x9e3779b9) >>> 0;
    high = (high + 0xbb67ae85) >>> 0;
  }
  return [a, b, c, d];
}

/** The upper and the lower word of a product, by halves that a double multiplies exactly. */
function product(x, y) {
  const middle = (x >>> 16) * (y & 0xffff) + Math.floor(((x & 0xffff) * (y & 0xffff)) / 65536);
  const other = (x & 0xffff) * (y >>> 16) + (middle % 65536);
  const high = (x >>> 16) * (y >>> 16) + Math.floor(middle / 65536) + Math.floor(other / 65536);
  return [high, Math.imul(x, y) >>> 0];
}

/** The words of an image for a purpose, by their number. */
function wordsOf(metadata, seed, image, purpose) {
  if (metadata.drawing !== RULE) {
    throw new Error(
      `This file is drawn from by the rule "${metadata.drawing}", and this program knows ${RULE}.`,
    );
  }
  const known = typeof seed === "number" ? Number.isSafeInteger(seed) : true;
  if (!known || !/^\d+$/.test(String(seed)) || BigInt(seed) >= 2n ** 64n) {
    const hint = known ? "" : " A number of 2^53 and more is not exact: give a bigint or text.";
    throw new Error(`A seed is a whole number from 0 to ${2n ** 64n - 1n}, not ${seed}.${hint}`);
  }
  const key = [Number(BigInt(seed) % 2n ** 32n), Number(BigInt(seed) >> 32n)];
  let [block, words] = [-1, []];
  return (index) => {
    if (block !== index >>> 2) {
      block = index >>> 2;
      words = philox([block, image % WORD, Math.floor(image / WORD), purpose], key);
    }
    return words[index & 3];
  };
}

/** Number j of z, of normal noise or between -1 and 1. */
function number(kind, word, j) {
  const a = word(2 * j);
  if (kind !== "normal") return (a + 0.5) / 2 ** 31 - 1;
  const turn = word(2 * j + 1) / WORD;
  return Math.sqrt(-2 * Math.log((a + 1) / WORD)) * Math.cos(2 * Math.PI * turn);
}

/** The set entries of a condition. */
function drawn({ combinations, counts, rest }, condition, word) {
  const listed = counts.reduce((sum, count) => sum + count, 0);
  const chosen = below(listed + (rest ? rest.images : 0), word(0));
  if (chosen < listed) return combinations[place(counts, chosen)];
  const found = [];
  if (condition.kind === "labels") {
    const left = [...rest.values];
    const many = place(rest.labels_per_image, below(rest.images, word(1)));
    for (let turn = 0; turn < Math.min(many, condition.limit || many); turn++) {
      const total = left.reduce((sum, weight) => sum + weight, 0);
      if (!total) break;
      found.push(place(left, below(total, word(2 + turn))));
      left[found.at(-1)] = 0;
    }
    return found;
  }
  let start = 0;
  condition.groups.forEach((group, number) => {
    const values = rest.values.slice(start, start + group.values.length);
    const value = place(values, below(rest.images, word(2 + number)));
    if (value < values.length) found.push(start + value);
    start += values.length;
  });
  return found;
}

/** A word scaled to a whole number from 0 to count, which is not reached. */
function below(count, word) {
  return Number((BigInt(word) * BigInt(count)) >> 32n);
}

/** Where a number falls when each place takes as many as its weight says. */
function place(weights, number) {
  let end = 0;
  const found = weights.findIndex((weight) => number < (end += weight));
  return found < 0 ? weights.length : found;
}

/** The entry that a part of a text names. */
function position(part, { kind, groups }) {
  if (kind === "none") {
    throw new Error(`This generator takes no labels, but "${part}" was asked for.`);
  }
  let name = groups[0].name;
  let value = part.startsWith(`${name}=`) ? part.slice(name.length + 1) : part;
  if (kind === "attributes") {
    const equals = part.indexOf("=");
    name = part.slice(0, Math.max(equals, 0)).trim();
    value = part.slice(equals + 1).trim();
  }
  let start = 0;
  for (const group of groups) {
    const { values } = group;
    if (group.name === name) {
      if (values.includes(value)) return start + values.indexOf(value);
      throw new Error(`There is no ${name} "${value}". Choose from: ${values.join(", ")}.`);
    }
    start += values.length;
  }
  const names = groups.map((group) => group.name).join(", ");
  throw new Error(`Cannot read "${part}": write attribute=value. Attributes: ${names}.`);
}

function sizeOf({ groups }) {
  return groups.reduce((sum, group) => sum + group.values.length, 0);
}
