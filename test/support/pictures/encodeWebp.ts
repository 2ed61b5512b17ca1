import type { BrowserContext, Page } from 'playwright-core';

/** Draws a PNG file into a canvas and returns the canvas as WebP, in base64. */
const ENCODE = `async ({ png, quality }) => {
  const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d', { alpha: false }).drawImage(picture, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}`;

/** Turns screenshots into WebP files, by the encoder of the browser. */
export class WebpEncoder {
  private constructor(private readonly page: Page) {}

  static async open(context: BrowserContext): Promise<WebpEncoder> {
    return new WebpEncoder(await context.newPage());
  }

  /** @param quality from 0 to 1; 1 means without loss */
  async encode(png: Buffer, quality: number): Promise<Buffer> {
    const argument = JSON.stringify({ png: png.toString('base64'), quality });
    return Buffer.from(await this.page.evaluate<string>(`(${ENCODE})(${argument})`), 'base64');
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
