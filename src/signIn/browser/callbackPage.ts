import { createHash } from 'node:crypto';

/** The browser shows it after a redirect. */
export interface CallbackPage {
  readonly html: string;
  readonly csp: string;
}

/** Plain text in the user's language. `message` also says that the tab can be closed. */
interface CallbackPageText {
  readonly title: string;
  readonly heading: string;
  readonly message: string;
  /** BCP 47, as in `pt-BR`. */
  readonly language: string;
}

/** The mark of `media/icon.svg`, at half its size. */
const MARK = `<svg width="96" height="96" viewBox="0 0 256 256" aria-hidden="true">
<defs>
<linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#1b4070"/><stop offset="1" stop-color="#10243e"/></linearGradient>
<linearGradient id="key" gradientUnits="userSpaceOnUse" x1="15" y1="1" x2="2" y2="14"><stop stop-color="#62f2c8"/><stop offset="1" stop-color="#27ccb2"/></linearGradient>
</defs>
<rect width="256" height="256" rx="56" fill="url(#ground)"/>
<rect x="1.5" y="1.5" width="253" height="253" rx="54.5" fill="none" stroke="#fff" stroke-opacity=".12" stroke-width="3"/>
<g transform="translate(40 40) scale(11)" fill="none" stroke-width="1.8" stroke-linecap="round">
<path stroke="#fff" d="M2 2H10.9M2 14H14"/>
<g stroke="url(#key)"><circle cx="10.9" cy="5.1" r="3.1"/><path d="M8.708 7.292L2 14M5.4 10.6H9.3"/></g>
</g>
</svg>`;

const BADGE = { success: 'M9 16.5l4.6 4.6L23 11.6', failure: 'M11 11l10 10M21 11L11 21' };

const STYLE = `
:root { color-scheme: light dark; --ground: #eef2f8; --card: #fff; --edge: #10243e14; --shadow: #10243e1f; --text: #10243e; --soft: #4a5b73; --sign: #fff; --success: #0b7f6b; --success-glow: #dcf5ee; --failure: #c02f3a; --failure-glow: #f9e4e6; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0a1424; --card: #12223a; --edge: #ffffff17; --shadow: #0006; --text: #f3f7fc; --soft: #b0bfd3; --sign: #10243e; --success: #3fdcba; --success-glow: #10303a; --failure: #ff8a8a; --failure-glow: #2c2036; }
}
body.success { --tone: var(--success); --glow: var(--success-glow); }
body.failure { --tone: var(--failure); --glow: var(--failure-glow); }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 24px; background: radial-gradient(60rem 40rem at 50% -10%, var(--glow), transparent) var(--ground); color: var(--text); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; -webkit-font-smoothing: antialiased; }
main { width: 100%; max-width: 29rem; padding: 48px 40px 44px; border: 1px solid var(--edge); border-radius: 24px; background: var(--card); box-shadow: 0 1px 2px var(--shadow), 0 24px 56px -24px var(--shadow); text-align: center; overflow-wrap: anywhere; animation: rise .4s cubic-bezier(.2, .8, .2, 1) both; }
.mark { position: relative; display: inline-block; line-height: 0; }
.badge { position: absolute; right: -11px; bottom: -9px; width: 38px; height: 38px; padding: 3px; border: 4px solid var(--card); border-radius: 50%; background: var(--tone); stroke: var(--sign); stroke-width: 3.4; stroke-linecap: round; stroke-linejoin: round; fill: none; forced-color-adjust: none; }
h1 { margin-top: 30px; font-size: 1.5rem; font-weight: 650; line-height: 1.25; letter-spacing: -.012em; text-wrap: balance; }
p { margin-top: 12px; color: var(--soft); text-wrap: balance; white-space: pre-line; }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
@media (prefers-reduced-motion: reduce) { main { animation: none; } }
@media (max-width: 26rem) { main { padding: 40px 24px 36px; } }
`;

/** Loads and runs nothing; its policy allows only its own style. */
export function callbackPage(text: CallbackPageText, tone: 'success' | 'failure'): CallbackPage {
  const html = `<!DOCTYPE html>
<html lang="${escape(text.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(text.title)}</title>
<style>${STYLE}</style>
</head>
<body class="${tone}">
<main>
<div class="mark">${MARK}<svg class="badge" viewBox="0 0 32 32" aria-hidden="true"><path d="${BADGE[tone]}"/></svg></div>
<h1>${escape(text.heading)}</h1>
<p>${escape(text.message)}</p>
</main>
</body>
</html>
`;
  return { html, csp: `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'` };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
