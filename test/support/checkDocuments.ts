import type { StoredAccount } from '../../src/session/model/session';
import type { Introspection } from '../../src/session/tokens/accountTokens';
import { diagnosisCheck, type Findings } from '../../src/ui/documents/diagnosisReport';
import { introspectionCheck } from '../../src/ui/documents/introspectionReport';

/** The document of a diagnosis in Markdown, before anything is redacted. */
export function diagnosisMarkdown(findings: Findings, locale: string): string {
  return diagnosisCheck(findings, locale, [], (text) => text).page.markdown;
}

/** The document of an introspection in Markdown. */
export function introspectionMarkdown(
  stored: StoredAccount,
  introspection: Introspection,
  secrets: readonly string[],
  locale: string,
): string {
  return introspectionCheck({ stored, introspection, secrets, locale }, []).page.markdown;
}
