import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateWorkflow } from '@action-validator/core';
import { parse } from 'yaml';
import type * as Release from '../../../.ci/release.mjs';
import { root } from '../../support/paths';
import { repositoryModule } from '../../support/repositoryModule';

interface Job {
  readonly uses?: string;
  readonly environment?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps?: readonly {
    readonly run?: string;
    readonly uses?: string;
    readonly env?: Readonly<Record<string, string>>;
  }[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly description?: string };
    readonly validations?: { readonly required?: boolean };
  }[];
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { scripts, engines } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly vscode: string };
};
const workflows = readdirSync(join(root, '.github/workflows'));
const workflow = (file: string): Workflow => parse(read(`.github/workflows/${file}`)) as Workflow;
const form = (file: string): Form => parse(read(`.github/ISSUE_TEMPLATE/${file}`)) as Form;

describe('The workflows for public hosting', () => {
  it('are those for tests and for publishing', () => assert.deepEqual(workflows.sort(), ['publish.yml', 'test.yml']));

  for (const file of workflows) {
    it(`are valid for GitHub's schema: ${file}`, () => {
      assert.deepEqual(validateWorkflow(read(`.github/workflows/${file}`)).errors, []);
    });

    it(`run only npm scripts, files and workflows that exist: ${file}`, () => {
      for (const { uses, steps = [] } of Object.values(workflow(file).jobs)) {
        for (const used of [uses, ...steps.map((step) => step.uses)])
          if (used?.startsWith('./')) assert.ok(existsSync(join(root, used)), used);
        for (const { run = '' } of steps) {
          for (const [, script = ''] of run.matchAll(/npm run ([\w:]+)/g)) assert.ok(script in scripts, script);
          for (const [, path = ''] of run.matchAll(/node (\S+)/g)) assert.ok(existsSync(join(root, path)), path);
        }
      }
    });

    it(`put no value of an expression into a command line: ${file}`, () => {
      const runs = Object.values(workflow(file).jobs).flatMap(({ steps = [] }) => steps.map(({ run = '' }) => run));
      const expressions = runs.flatMap((run) =>
        [...run.matchAll(/\$\{\{(.*?)\}\}/g)].map(([, text = '']) => text.trim()),
      );
      assert.deepEqual(
        expressions.filter((text) => !text.startsWith('matrix.')),
        [],
      );
    });
  }

  it('test on Linux, macOS and Windows, in the oldest editor of the manifest and in the current one', () => {
    assert.deepEqual(workflow('test.yml').jobs['desktop']?.strategy?.matrix, {
      os: ['ubuntu-latest', 'macos-latest', 'windows-latest'],
      editor: [engines.vscode.replace('^', ''), 'stable'],
    });
  });

  it('publish only by a tag and after all tests, and publish the same file to both marketplaces', () => {
    const { on, jobs } = workflow('publish.yml');
    assert.deepEqual(on, { push: { tags: ['v*'] } });
    assert.equal(jobs['test']?.uses, './.github/workflows/test.yml');
    const publishing = Object.values(jobs).filter(({ steps = [] }) =>
      steps.some(({ run }) => / publish /.test(run ?? '')),
    );
    assert.equal(publishing.length, 2);
    for (const { environment, steps = [] } of publishing) {
      assert.equal(environment, 'marketplaces');
      const step = steps.find(({ run }) => / publish /.test(run ?? ''));
      assert.equal(step?.env?.['FILE'], '${{ needs.package.outputs.file }}');
      assert.ok(!steps.some(({ run }) => /npm run package/.test(run ?? '')), 'it packages once more');
    }
  });

  it('give secrets only to the jobs whose environment requires a reviewer', () => {
    for (const file of workflows)
      for (const [name, job] of Object.entries(workflow(file).jobs))
        if (JSON.stringify(job).includes('secrets.')) assert.equal(job.environment, 'marketplaces', `${file} ${name}`);
  });
});

describe('The release of a tag', () => {
  let releaseOf: typeof Release.releaseOf;
  const manifest = { name: 'zeyos-auth', version: '0.2.0' };

  before(async () => {
    ({ releaseOf } = await repositoryModule<typeof Release>('.ci/release.mjs'));
  });

  it('is the version that the tag names', () => {
    const file = 'zeyos-auth-0.2.0.vsix';
    assert.deepEqual(releaseOf('v0.2.0', manifest), { file, preRelease: false, option: '' });
    assert.deepEqual(releaseOf('v0.2.0-pre', manifest), { file, preRelease: true, option: '--pre-release' });
  });

  for (const tag of ['v0.2.1', '0.2.0', 'v0.2.0-beta', 'v0.2.0-pre-pre', ''])
    it(`is refused if the tag names another version: "${tag}"`, () => {
      assert.throws(() => releaseOf(tag, manifest), /does not name the version 0\.2\.0/);
    });
});

describe('The issue forms', () => {
  const elements = ['checkboxes', 'dropdown', 'input', 'markdown', 'textarea'];
  const files = readdirSync(join(root, '.github/ISSUE_TEMPLATE')).filter((file) => file !== 'config.yml');

  for (const file of files) {
    it(`have a name, a description and elements with ids: ${file}`, () => {
      const { name, description, body } = form(file);
      assert.ok(name && description);
      const ids = body.filter(({ type }) => type !== 'markdown').map(({ id }) => id);
      assert.ok(
        ids.every((id) => id !== undefined && /^[\w-]+$/.test(id)) && new Set(ids).size === ids.length,
        ids.join(),
      );
      for (const { type } of body) assert.ok(elements.includes(type), type);
    });

    it(`ask for the report of Diagnose Connection: ${file}`, () => {
      const report = form(file).body.find(({ id }) => id === 'report');
      assert.match(
        report?.attributes.description ?? '',
        /\*\*ZeyOS: Diagnose Connection\*\*, click \*\*Copy Report\*\*/,
      );
      if (file === 'bug.yml') assert.equal(report?.validations?.required, true);
    });
  }

  it('cannot be bypassed by a blank issue', () => {
    const config = parse(read('.github/ISSUE_TEMPLATE/config.yml')) as Readonly<Record<string, unknown>>;
    assert.equal(config['blank_issues_enabled'], false);
  });
});
