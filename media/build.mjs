/*
 * Builds the icon font from the SVG files beside it. Run it by hand after a change of an SVG file, and commit the
 * result.
 *
 *   zeyos-logo.svg      the mark in the weight of VS Code's codicons   -> zeyos-icons.woff, U+E900
 *   cloud-offline.svg   a cloud that is crossed out                    -> zeyos-icons.woff, U+E901
 *   logo.svg            the mark in bold, in one colour
 *   icon.svg            the mark on its ground; icon.png is its picture of 256 x 256 pixels, for the Marketplace
 *
 * Each glyph is one path on a grid of 16 x 16. The packages that the script needs are no dependencies of the project:
 *
 *   mkdir -p /tmp/zeyos-media && cd /tmp/zeyos-media && npm init -y
 *   npm install svgicons2svgfont@15 svg2ttf@6 ttf2woff@3
 *   node <project>/media/build.mjs /tmp/zeyos-media
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';

const GLYPHS = { 'zeyos-logo': '\uE900', 'cloud-offline': '\uE901' };
/**
 * Units of the font. As in codicon.ttf, a glyph is as high as the ascent and there is no descent: both share a
 * baseline.
 */
const EM = 2048;

const media = dirname(fileURLToPath(import.meta.url));
const { resolve: find } = createRequire(join(resolve(process.argv[2] ?? '.'), 'package.json'));
const [{ SVGIcons2SVGFontStream }, { default: svg2ttf }, { default: ttf2woff }] = await Promise.all(
  ['svgicons2svgfont', 'svg2ttf', 'ttf2woff'].map((name) => import(pathToFileURL(find(name)).href)),
);

function svgFont() {
  const stream = new SVGIcons2SVGFontStream({
    fontName: 'zeyos-icons',
    fontHeight: EM,
    normalize: true,
    ascent: EM,
    descent: 0,
    fixedWidth: true,
    round: 1,
    log: () => {},
  });
  for (const [name, character] of Object.entries(GLYPHS)) {
    const glyph = Readable.from([readFileSync(join(media, `${name}.svg`), 'utf8')]);
    stream.write(Object.assign(glyph, { metadata: { unicode: [character], name } }));
  }
  stream.end();
  return stream.toArray().then((chunks) => chunks.join(''));
}

const ttf = svg2ttf(await svgFont(), {
  // Without a time stamp, the result is the same at every run.
  ts: 0,
  version: '1.0',
  description: 'Icons of the ZeyOS Authentication extension',
  url: 'https://marketplace.visualstudio.com/items?itemName=zeyos.zeyos-auth',
});
writeFileSync(join(media, 'zeyos-icons.woff'), Buffer.from(ttf2woff(ttf.buffer)));
