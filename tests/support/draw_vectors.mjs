// Asks ganx_draw.mjs for all that a file of vectors has, and prints it as JSON; an error is its text.
// node draw_vectors.mjs GANX_DRAW VECTORS
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , program, vectors] = process.argv;
const { conditions, encode, latents, philox } = await import(pathToFileURL(program));

function told(ask) {
  try {
    return Array.from(ask());
  } catch (error) {
    return error.message;
  }
}

const { cases, texts, words } = JSON.parse(readFileSync(vectors, "utf8"));
const alone = (draw, { metadata, seed, images }) =>
  images.map((image) => told(() => draw(metadata, seed, image, 1)));
const together = (draw, { metadata, seed, images }) =>
  told(() => draw(metadata, /^\d+$/.test(seed) ? BigInt(seed) : seed, images[0], 3));
console.log(
  JSON.stringify({
    z: cases.map((one) => alone(latents, one)),
    c: cases.map((one) => alone(conditions, one)),
    three: cases.map((one) => [together(latents, one), together(conditions, one)]),
    texts: texts.map(({ condition, text }) => told(() => encode(text, condition))),
    words: words.map(({ counter, key }) => philox(counter, key)),
  }),
);
