/**
 * What hides secrets and makes untrusted text harmless. The first word of a name says which mechanism it is:
 *
 * - **conceal** removes *known values*, however a text spells them. `concealRequestSecrets` takes them from a request:
 *   each answer of a server passes through it first. `concealSecrets` takes a list: `state` and code of a redirect, or
 *   the stored secrets (`session/storage/knownSecrets.ts`) for an introspection.
 * - **redact** removes *what looks like a secret*, known or not. It is a safety net behind the other mechanisms.
 *   `redactTokens` and `redactUserInfo` are its parts; `OperationLog` applies `redactLogLine` to each line;
 *   `redactReport` is for the diagnosis report, and hides the home folder too.
 * - **mask** shows a part of a token (`maskToken`) or of an answer's JSON (`maskAnswer`), for the introspection
 *   documents.
 * - **plain, inert, harmless, codeSpan** hide no known secret: they keep a text from acting. `plainText` removes
 *   control and bidirectional characters; `inert` is for our own sentences; `harmlessText` is for a server's words in a
 *   notification or a prompt, and redacts tokens too; `codeSpan` is for Markdown.
 *
 * A server's words are concealed when they arrive, and made harmless where they are shown. No mechanism replaces
 * another.
 */

/** Each known secret becomes an ellipsis. */
export type Conceal = (text: string) => string;
