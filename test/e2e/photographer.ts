import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { animatedWebp } from '../support/pictures/animatedWebp';
import { WebpEncoder } from '../support/pictures/encodeWebp';
import { ANIMATIONS, hashOf, PICTURES, readRecord, writeRecord, type Texts } from '../support/pictures/record';
import { visibleTexts } from '../support/pictures/visibleTexts';
import { root } from '../support/paths';
import { until, type Window } from './editor';
import { configure } from './steps';

/** The editor's themes by the names that the manifest gives them, and the class of the window in each. */
const THEMES = {
  dark: ['Default Dark Modern', 'vs-dark'],
  light: ['Default Light Modern', 'vs'],
  hc: ['Default High Contrast', 'hc-black'],
  hcLight: ['Default High Contrast Light', 'hc-light'],
} as const;

type Theme = keyof typeof THEMES;

/** CSS pixels around what a picture shows. */
const MARGIN = 14;
const QUALITY = { picture: 0.86, animation: 0.7 } as const;

export interface Animation {
  /** How long each frame stays, in milliseconds. */
  readonly durationMs: number;
  /** How often it is shown: moving pictures must come to rest. */
  readonly loops: number;
}

/**
 * Takes the pictures of the documentation. When it only checks, it compares what a picture would show with the record
 * of what the committed picture shows. With `ZEYOS_UPDATE_PICTURES` it takes each picture in all themes, and writes the
 * files and the record.
 */
export class Photographer {
  readonly #updates = process.env['ZEYOS_UPDATE_PICTURES'] !== undefined;
  readonly #record = readRecord();
  readonly #pictures: Record<string, Texts> = {};
  readonly #frames: { texts: Texts; png: Buffer }[] = [];
  readonly #files: string[] = [];

  constructor(private readonly window: Window) {}

  /**
   * Takes one picture in each theme.
   * @param elements what it shows, framed as closely as possible
   * @param arrange brings that about again, if a change of the theme undoes it
   */
  async picture(name: string, elements: readonly Locator[], arrange?: () => Promise<unknown>): Promise<void> {
    const seen = await textsOf(elements);
    this.#pictures[name] = seen;
    if (!this.#updates) {
      assert.deepEqual(seen, this.#record.pictures[name], `the picture ${name} is out of date: npm run pictures`);
      return;
    }
    for (const theme of Object.keys(THEMES) as Theme[]) {
      await this.#setTheme(theme);
      await arrange?.();
      assert.deepEqual(await textsOf(elements), seen, `${name} shows other texts in the theme ${theme}`);
      this.#save(`${PICTURES}/${name}-${theme}.webp`, await this.#encode(await this.#shot(elements), 'picture'));
    }
    await this.#setTheme('dark');
    await arrange?.();
  }

  /** Takes the next frame of an animation: the whole window. `elements` are what the record compares. */
  async frame(...elements: readonly Locator[]): Promise<void> {
    const png = await this.window.workbench.page.screenshot();
    this.#frames.push({ texts: await textsOf(elements), png });
  }

  /** Joins the frames to an animation. */
  async animation(name: string, { durationMs, loops }: Animation): Promise<void> {
    const texts = this.#frames.map((frame) => frame.texts);
    if (!this.#updates) {
      assert.deepEqual(texts, this.#record.animations[name], `the animation ${name} is out of date: npm run pictures`);
      return;
    }
    const frames = [];
    for (const { png } of this.#frames) frames.push({ webp: await this.#encode(png, 'animation'), durationMs });
    // The width and height of a PNG file stand at these places.
    const [first] = this.#frames;
    assert.ok(first);
    const size = { width: first.png.readUInt32BE(16), height: first.png.readUInt32BE(20) };
    this.#save(`${ANIMATIONS}/${name}.webp`, animatedWebp(frames, size, loops));
    await writeRecord({
      pictures: this.#pictures,
      animations: { [name]: texts },
      files: Object.fromEntries(this.#files.sort().map((path) => [path, hashOf(path)])),
    });
  }

  async #encode(png: Buffer, kind: keyof typeof QUALITY): Promise<Buffer> {
    const encoder = await WebpEncoder.open(this.window.workbench.page.context());
    try {
      return await encoder.encode(png, QUALITY[kind]);
    } finally {
      await encoder.close();
    }
  }

  async #shot(elements: readonly Locator[]): Promise<Buffer> {
    const { page } = this.window.workbench;
    const boxes = await Promise.all(elements.map((element) => element.boundingBox()));
    const shown = boxes.flatMap((box) => (box ? [box] : []));
    assert.equal(shown.length, elements.length, 'something that the picture shows is hidden');
    const { width = 0, height = 0 } = page.viewportSize() ?? {};
    const left = Math.max(0, Math.min(...shown.map(({ x }) => x)) - MARGIN);
    const top = Math.max(0, Math.min(...shown.map(({ y }) => y)) - MARGIN);
    const right = Math.min(width, Math.max(...shown.map((box) => box.x + box.width)) + MARGIN);
    const bottom = Math.min(height, Math.max(...shown.map((box) => box.y + box.height)) + MARGIN);
    // Even numbers of CSS pixels are whole device pixels at a scale of 1.5; a part of a pixel would be a white line at
    // the edge.
    const [x, y] = [left, top].map((edge) => 2 * Math.ceil(edge / 2)) as [number, number];
    const [endX, endY] = [right, bottom].map((edge) => 2 * Math.floor(edge / 2)) as [number, number];
    return page.screenshot({ clip: { x, y, width: endX - x, height: endY - y } });
  }

  #save(path: string, content: Buffer): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    this.#files.push(path);
  }

  async #setTheme(theme: Theme): Promise<void> {
    const [name, className] = THEMES[theme];
    await configure(this.window, 'workbench.colorTheme', name);
    const workbench = this.window.workbench.page.locator(`.monaco-workbench.${className}`);
    await until(`the theme ${name}`, async () => (await workbench.count()) > 0);
    // Colours of the previous theme fade.
    await this.window.workbench.page.waitForTimeout(500);
  }
}

async function textsOf(elements: readonly Locator[]): Promise<Texts> {
  return (await Promise.all(elements.map(visibleTexts))).flat();
}
