import type { Deployment } from '@isesim/deployment';
import { Problem, type Audit, type MailRecord } from '@isesim/domain';
import { wrapped } from '../output/wrapped.ts';
import { counted, judgeStory, verdictOf, type Happening, type SeenRow, type StoryVerdict } from './judge-story.ts';
import { nodeTableText } from './node-table-text.ts';
import type { Output } from './output.ts';
import { storyOf, type Step } from './story.ts';
import { timeText } from './time-text.ts';

export interface DemoResult {
  readonly rows: readonly SeenRow[];
  readonly audit: Audit;
  readonly verdict: StoryVerdict['verdict'];
}

/** Tells the story on a booted deployment, then judges it. `pause` comes between the steps. */
export async function runDemo(deployment: Deployment, output: Output, pause: () => Promise<void> = () => Promise.resolve()): Promise<DemoResult> {
  await deployment.quiet();
  const happenings: Happening[] = [];
  for (const step of storyOf(deployment.topology)) {
    if (happenings.length > 0) await pause();
    happenings.push(await happen(step, deployment, output));
  }
  const rows = judgeStory(happenings, deployment.history);
  const audit = deployment.audit();
  const verdict = verdictOf(rows, audit);
  showNodeTable(rows, output);
  showVerdict(audit, verdict, output);
  return { rows, audit, verdict: verdict.verdict };
}

async function happen(step: Step, deployment: Deployment, output: Output): Promise<Happening> {
  const mailsBefore = deployment.mails.all().length;
  showStep(step, deployment, output);
  const refusal = await refusalOf(() => step.do(deployment));
  await deployment.quiet();
  const mails = deployment.mails.all().slice(mailsBefore);
  showOutcome(step, refusal, mails, output);
  return { at: deployment.now(), expects: step.expects, mails };
}

/** A node that is gone or says no is part of what the demo shows: its mail will be missing. */
async function refusalOf(deed: () => Promise<unknown>): Promise<Problem | undefined> {
  try {
    await deed();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

// As wide as a time and the gap after it: what belongs to a step stands beside its time.
const beside = ' '.repeat('2026-02-02 05:00  '.length);

function showStep({ at, title, says }: Step, deployment: Deployment, { line, paint, width }: Output): void {
  line(`${paint('dim', timeText(at ?? deployment.now()))}  ${paint('bold', title)}`);
  for (const part of says.flatMap((sentence) => wrapped(sentence, width - beside.length))) line(`${beside}${part}`);
}

function showOutcome({ expects }: Step, refusal: Problem | undefined, mails: readonly MailRecord[], { line, paint }: Output): void {
  if (refusal) line(`${beside}${paint('red', `✗ ${refusal.message}`)}`);
  for (const { sentBy, remoteAddress, to, subject } of mails) {
    line(`${beside}→ ${paint('green', sentBy ?? 'an unknown host')} (${remoteAddress}) to ${to.join(', ')}`);
    line(`${beside}  ${paint('dim', subject)}`);
  }
  const missing = expects.filter(({ template, to }) => !mails.some((mail) => mail.template === template && mail.to.includes(to)));
  for (const { template, to } of missing) line(`${beside}${paint('red', `✗ no ${template} mail to ${to}`)}`);
  line();
}

function showNodeTable(rows: readonly SeenRow[], output: Output): void {
  output.line(output.paint('bold', 'The node table'));
  output.line();
  for (const text of nodeTableText(rows, output)) output.line(text);
  output.line();
}

const besideVerdict = ' '.repeat('Passed  '.length);

function showVerdict({ judged, findings }: Audit, { verdict, sentence }: StoryVerdict, { line, paint, width }: Output): void {
  const found = findings.length === 0 ? 'no finding' : counted(findings.length, 'finding');
  line(`${paint('bold', 'Audit')}   ${counted(judged, 'mail')} judged against the node table and the duty history: ${found}.`);
  for (const { message } of findings) line(`${besideVerdict}${paint('red', `✗ ${message}`)}`);
  const word = verdict === 'passed' ? paint('green', 'Passed') : paint('red', 'Failed');
  wrapped(sentence, width - besideVerdict.length).forEach((part, index) => {
    line(`${index === 0 ? `${word}  ` : besideVerdict}${part}`);
  });
}
