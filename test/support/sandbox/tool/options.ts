import { parseArgs } from 'node:util';
import { parseFaultOption } from '../faultText';
import type { FaultOrder } from '../faultText';
import { parseRules } from '../rules';
import type { Rules } from '../rules';
import { defaultInstanceNames } from './instancesOption';

export interface ToolOptions {
  readonly port: number;
  readonly host: `127.${string}`;
  /** Names, or the path of a JSON file. */
  readonly instances: string;
  readonly tls: boolean;
  readonly caFile?: string;
  readonly tokensFile?: string;
  readonly rules: Rules;
  readonly faults: readonly FaultOrder[];
  readonly json: boolean;
  readonly endsWithStdin: boolean;
}

export const usage = `Usage: zeyos-sandbox [options]

A ZeyOS server on this machine, to test against: users to sign in, three authentication APIs, a small REST API, and faults on demand.

  --port N                  Port to listen at. Default: a free one
  --host ADDRESS            Another loopback address, such as 127.0.0.2. Default: 127.0.0.1
  --instances LIST          Names of instances, separated by commas, or a JSON file. Default: ${defaultInstanceNames}
  --tls                     Serve https, with a certificate that is made for this run
  --ca-file FILE            Where to write that certificate. Default: a temporary file
  --token-sets one|many     Whether new OAuth 2.0 tokens of a user and an application end the previous ones. Default: many
  --lifetime SECONDS        How long access tokens live
  --refresh-lifetime SECONDS  How long refresh tokens live
  --clock-skew SECONDS      How far the server's clock is ahead
  --fault WHERE=FAULT       Answer requests whose "METHOD /path" contains WHERE with a fault; may be given several times.
                            FAULT: 503, 429:5 (retry after 5 s), hang, reset, truncated, html, huge, delay:2000, lostAnswer,
                            redirect:https://…, or JSON. 2*503 hits two requests. WHERE that starts with ^ is a regular expression
  --tokens-file FILE        Keep the tokens in this file, so that they outlive the sandbox
  --json                    Print one line of JSON when the sandbox listens, in place of the description
  --end-with-stdin          End when the standard input ends: a test that dies leaves no sandbox behind
  --help                    Show this text

Control calls change the rules and faults while it runs; see docs/sandbox.md.`;

/**
 * The options, or undefined if the user asks for help.
 * @throws {Error} with a message for the user.
 */
export function parseOptions(args: readonly string[]): ToolOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      instances: { type: 'string', default: defaultInstanceNames },
      tls: { type: 'boolean', default: false },
      'ca-file': { type: 'string' },
      'token-sets': { type: 'string' },
      lifetime: { type: 'string' },
      'refresh-lifetime': { type: 'string' },
      'clock-skew': { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
      'tokens-file': { type: 'string' },
      json: { type: 'boolean', default: false },
      'end-with-stdin': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535) throw new Error('--port must be a number from 0 to 65535.');
  if (!isLoopback(values.host)) throw new Error('--host must be a loopback address, such as 127.0.0.2.');
  if (values['ca-file'] !== undefined && !values.tls) throw new Error('--ca-file needs --tls.');
  if (values.tls && values.host !== '127.0.0.1') throw new Error('--tls serves localhost only: leave --host out.');
  const tokenSets = values['token-sets'];
  return {
    port,
    host: values.host,
    instances: values.instances,
    tls: values.tls,
    rules: parseRules({
      ...(tokenSets !== undefined && { tokenSets }),
      ...seconds('lifetimeSeconds', values.lifetime),
      ...seconds('refreshLifetimeSeconds', values['refresh-lifetime']),
      ...seconds('clockSkewSeconds', values['clock-skew']),
    }),
    faults: values.fault.map(parseFaultOption),
    json: values.json,
    endsWithStdin: values['end-with-stdin'],
    ...(values['ca-file'] !== undefined && { caFile: values['ca-file'] }),
    ...(values['tokens-file'] !== undefined && { tokensFile: values['tokens-file'] }),
  };
}

function isLoopback(host: string): host is `127.${string}` {
  return /^127(\.\d{1,3}){3}$/.test(host);
}

const seconds = (name: keyof Rules, text: string | undefined): Record<string, number> =>
  text === undefined ? {} : { [name]: text.trim() === '' ? NaN : Number(text) };
