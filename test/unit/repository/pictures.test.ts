import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { animatedWebp, chunksOf } from '../../support/pictures/animatedWebp';
import { ANIMATIONS, hashOf, PICTURES, readRecord } from '../../support/pictures/record';
import { lasting } from '../../support/pictures/visibleTexts';
import { root } from '../../support/paths';

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly image: Readonly<Record<string, string>>; readonly altText: string };
}

/** Bytes of all pictures in the package. */
const BUDGET = 400_000;
const THEMES = ['dark', 'hc', 'hcLight', 'light'];

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const texts = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;
const record = readRecord();
const manifest = JSON.parse(read('package.json')) as {
  readonly contributes: { readonly walkthroughs: readonly { readonly steps: readonly Step[] }[] };
};
const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);

/** The phrases that an alternative text claims to be in the picture. */
const quoted = (alternative: string): readonly string[] =>
  [...alternative.matchAll(/"([^"]+)"/g)].map(([, phrase = '']) => phrase);

const webpFiles = (folder: string): readonly string[] =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.webp'))
    .map((file) => `${folder}/${file}`);

describe('The pictures of the documentation', () => {
  it('are the files that the record names, unchanged', () => {
    const files = [PICTURES, ANIMATIONS].flatMap(webpFiles);
    assert.deepEqual(Object.fromEntries(files.map((path) => [path, hashOf(path)])), record.files);
  });

  it(`take at most ${BUDGET / 1000} kB of the package`, () => {
    const bytes = webpFiles(PICTURES).reduce((total, path) => total + statSync(join(root, path)).size, 0);
    assert.ok(bytes > 0 && bytes <= BUDGET, `${bytes} bytes`);
  });

  it('show no address of the sandbox', () => {
    assert.doesNotMatch(JSON.stringify([record.pictures, record.animations]), /localhost|#\.#\.#\.#/);
  });

  it('have in the README an alternative text whose quotations are in the picture', () => {
    const links = [...read('README.md').matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
    assert.equal(links.length, 4, 'three pictures and one animation');
    for (const [, alternative = '', path = ''] of links) {
      assert.ok(path in record.files, path);
      const name = /([^/]+?)(-(?:dark|light|hc|hcLight))?\.webp$/.exec(path)?.[1] ?? '';
      const shown = path.startsWith(ANIMATIONS) ? record.animations[name]?.flat() : record.pictures[name];
      assertShown(alternative, shown ?? []);
    }
  });

  for (const { id, description, media } of steps) {
    it(`exist for the walkthrough's step ${id} in every kind of theme`, () => {
      assert.deepEqual(Object.keys(media.image).sort(), THEMES);
      for (const [theme, path] of Object.entries(media.image)) {
        assert.ok(path in record.files, path);
        assert.ok(path.endsWith(`-${theme}.webp`), `${path} is for the theme ${theme}`);
      }
    });

    it(`have for the walkthrough's step ${id} an alternative text whose quotations are in the picture`, () => {
      const name = /([^/]+)-dark\.webp$/.exec(media.image['dark'] ?? '')?.[1] ?? '';
      assertShown(texts[media.altText.slice(1, -1)] ?? '', record.pictures[name] ?? []);
    });

    it(`leave the walkthrough's step ${id} with exactly one button`, () => {
      const links = texts[description.slice(1, -1)]?.match(/\]\(command:zeyos\.\w+\)/g);
      assert.equal(links?.length, 1);
    });
  }
});

function assertShown(alternative: string, shown: readonly string[]): void {
  const phrases = quoted(alternative);
  assert.ok(phrases.length > 0, `quotes nothing of the picture: ${alternative}`);
  const all = shown.join('\n');
  for (const phrase of phrases) assert.ok(all.includes(lasting(phrase)), `"${phrase}" is not among ${all}`);
}

describe('The text that the record keeps of a picture', () => {
  it('has placeholders for numbers, days and months, which differ from run to run', () => {
    assert.equal(
      lasting('signed in,\u00a023 h 59 min left, Nov 29, 2026, 8:24\u202fAM'),
      'signed in, # h # min left, <month> #, #, #:#',
    );
    assert.equal(lasting('Wednesday 08:24'), '<day> #:#');
  });

  it('keeps words that only contain the name of a day or a month', () => {
    assert.equal(lasting('Monitor the Market'), 'Monitor the Market');
  });
});

describe('An animated WebP file', () => {
  const still = (payload: string): Buffer => {
    const chunk = Buffer.concat([Buffer.from('VP8 '), Buffer.from([payload.length, 0, 0, 0]), Buffer.from(payload)]);
    const padded = Buffer.concat([chunk, Buffer.alloc(payload.length % 2)]);
    return Buffer.concat([Buffer.from('RIFF'), Buffer.from([padded.length + 4, 0, 0, 0]), Buffer.from('WEBP'), padded]);
  };

  it('contains each frame with its size and duration, and says how often it is shown', () => {
    const frames = ['odd', 'even'].map((payload) => ({ webp: still(payload), durationMs: 2200 }));
    const [extended, animation, first, second] = chunksOf(animatedWebp(frames, { width: 1350, height: 780 }, 3));
    assert.equal(extended?.type, 'VP8X');
    assert.equal(extended.payload[0], 2, 'it is animated');
    assert.deepEqual([extended.payload.readUIntLE(4, 3), extended.payload.readUIntLE(7, 3)], [1349, 779]);
    assert.equal(animation?.payload.readUInt16LE(4), 3);
    for (const [frame, payload] of [[first, 'odd'] as const, [second, 'even'] as const]) {
      assert.equal(frame?.type, 'ANMF');
      assert.deepEqual(
        [6, 9, 12].map((at) => frame.payload.readUIntLE(at, 3)),
        [1349, 779, 2200],
      );
      assert.equal(frame.payload.toString('latin1', 16, 20), 'VP8 ');
      assert.equal(frame.payload.toString('latin1', 24, 24 + payload.length), payload);
    }
  });

  it('is refused if a frame is not a WebP file', () => {
    const webp = Buffer.from('\x89PNG and so on');
    assert.throws(() => animatedWebp([{ webp, durationMs: 1 }], { width: 1, height: 1 }, 1), /not a WebP file/);
  });
});
