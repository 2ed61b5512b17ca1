import assert from 'node:assert/strict';
import { demo, maxPower, olga, vscodeApplication } from '../../../support/sandbox/fixtures';
import { code_challenge } from '../../../support/sandbox/oauth2Client';
import { Sandbox } from '../../../support/sandbox/sandbox';

const { client_id } = vscodeApplication;
const redirect_uri = vscodeApplication.redirect_uris[0];

describe('The sandbox’s authorization endpoint', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.start();
  });

  afterEach(() => sandbox.stop());

  const request = {
    client_id,
    redirect_uri,
    response_type: 'code',
    state: 's 1',
    code_challenge,
    code_challenge_method: 'S256',
  };

  function authorize(changes: Record<string, string> = {}, instance = 'demo'): Promise<Response> {
    const query = new URLSearchParams({ ...request, ...changes });
    return fetch(`${sandbox.url(instance)}/oauth2/v1/authorize?${query.toString()}`, { redirect: 'manual' });
  }

  async function answer(form: Record<string, string>, changes: Record<string, string> = {}): Promise<Response> {
    const response = await authorize(changes);
    const login = new URL(response.headers.get('location') ?? '', response.url);
    return fetch(login, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form) });
  }

  const max = { username: maxPower.name, password: maxPower.password };

  it('redirects to the login page of the instance, which needs no scripts', async () => {
    const response = await authorize();
    assert.equal(response.status, 303);
    const login = new URL(response.headers.get('location') ?? '', response.url);
    assert.equal(login.origin + login.pathname, `${sandbox.url('demo')}/login`);
    const page = await (await fetch(login)).text();
    assert.match(page, /<form method="post">[^]*name="username"[^]*name="password"[^]*name="otp"[^]*Deny/);
    assert.match(page, /<strong>vscode<\/strong>/);
    assert.doesNotMatch(page, /<script/);
  });

  it('redirects back with a code and the state after a login', async () => {
    const response = await answer(max);
    assert.equal(response.status, 303);
    const back = new URL(response.headers.get('location') ?? '');
    assert.equal(back.origin + back.pathname, redirect_uri);
    assert.deepEqual([...back.searchParams.keys()], ['code', 'state']);
    assert.match(back.searchParams.get('code') ?? '', /^[a-f0-9]{40}$/);
    assert.equal(back.searchParams.get('state'), 's 1');
  });

  it('redirects back with an error when the user denies', async () => {
    const back = new URL((await answer({ decision: 'deny' })).headers.get('location') ?? '');
    assert.deepEqual(Object.fromEntries(back.searchParams), {
      error: 'access_denied',
      error_description: 'The user denied access',
      state: 's 1',
    });
  });

  it('answers with a form that posts code and state if response_mode is form_post', async () => {
    const response = await answer(max, { response_mode: 'form_post', state: '"><b>' });
    assert.equal(response.status, 200);
    const page = await response.text();
    assert.ok(page.includes(`<form method="post" action="${redirect_uri}">`));
    assert.match(page, /name="code" value="[a-f0-9]{40}"/);
    assert.match(page, /name="state" value="&#34;&#62;&#60;b&#62;"/);
  });

  it('shows the login page again with the reason after a wrong password or a missing one-time code', async () => {
    const wrong = await answer({ ...max, password: 'wrong' });
    assert.equal(wrong.status, 403);
    assert.match(await wrong.text(), /role="alert">.*Invalid credentials[^]*<form/);
    const person = { username: olga.name, password: olga.password };
    assert.match(await (await answer(person)).text(), /One-time password \(OTP\) required/);
    assert.equal((await answer({ ...person, otp: olga.otp })).status, 303);
  });

  it('accepts the e-mail address as the user name', async () => {
    assert.equal((await answer({ ...max, username: maxPower.email })).status, 303);
  });

  it('accepts any port of 127.0.0.1 if the application allows it, and rejects URIs that only look like that', async () => {
    assert.equal((await authorize({ redirect_uri: 'http://127.0.0.1:54321/callback' })).status, 303);
    for (const uri of [
      'http://127.0.0.1:9005/callback/',
      'http://127.0.0.1:9005/callback?a=b',
      'https://127.0.0.1:9005/callback',
      'http://localhost:9005/callback',
      'http://127.0.0.1:9005@elsewhere.example/callback',
      'http://127.0.0.1.elsewhere.example/callback',
      'http://127.0.0.1:99999/callback',
      'https://elsewhere.example/',
      '',
    ]) {
      const response = await authorize({ redirect_uri: uri });
      assert.deepEqual([response.status, response.headers.get('location')], [400, null], uri);
    }
  });

  it('accepts only the registered port unless the application allows any', async () => {
    const { anyLoopbackPort: _, ...application } = vscodeApplication;
    const exact = await Sandbox.start({ instances: [{ ...demo, applications: [application] }] });
    const status = async (uri: string) => {
      const query = new URLSearchParams({ ...request, redirect_uri: uri }).toString();
      return (await fetch(`${exact.url('demo')}/oauth2/v1/authorize?${query}`, { redirect: 'manual' })).status;
    };
    assert.deepEqual([await status(redirect_uri), await status('http://127.0.0.1:9006/callback')], [303, 400]);
    await exact.stop();
  });

  it('rejects an invalid request in plain text', async () => {
    for (const changes of [
      { client_id: 'unknown' },
      { response_type: 'token' },
      { response_mode: 'fragment' },
      { code_challenge_method: 'plain' },
      { code_challenge_method: '' },
      { code_challenge: '' },
      { code_challenge: 'short' },
    ]) {
      const response = await authorize(changes);
      assert.equal(response.status, 400, JSON.stringify(changes));
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
    }
    const twice = `${new URLSearchParams(request).toString()}&state=2`;
    assert.equal(
      (await fetch(`${sandbox.url('demo')}/oauth2/v1/authorize?${twice}`, { redirect: 'manual' })).status,
      400,
    );
    assert.equal((await fetch(`${sandbox.url('demo')}/login?client_id=unknown`)).status, 400);
  });

  it('answers 404 if the instance does not offer OAuth 2.0', async () => {
    assert.equal((await authorize({}, 'acme')).status, 404);
    sandbox.instance('demo').apis.delete('oauth2');
    assert.equal((await authorize()).status, 404);
  });

  it('cannot start with an application that ZeyOS would reject', async () => {
    const start = (changes: object) =>
      Sandbox.start({ instances: [{ ...demo, applications: [{ ...vscodeApplication, ...changes }] }] });
    await assert.rejects(start({ client_id: 'vscode-' }), /identifier/);
    await assert.rejects(start({ redirect_uris: ['http://elsewhere.example/callback'] }), /redirect URI/);
  });
});
