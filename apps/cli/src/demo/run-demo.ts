import type { Deployment } from '@isesim/deployment';
import { Problem, type Audit, type MailRecord } from '@isesim/domain';
import { counted, judgeStory, verdictOf, type Happening, type SeenRow, type StoryVerdict } from './judge-story.ts';
import { nodeTableText } from './node-table-text.ts';
import { wrapped, type Output } from './output.ts';
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
  showJudgement(rows, audit, verdict, output);
  return { rows, audit, verdict: verdict.verdict };
}

// As wide as a time and the gap after it: what belongs to a step stands beside its time.
const indent = ' '.repeat('2026-02-02 05:00  '.length);

const verdictIndent = ' '.repeat('Passed  '.length);

async function happen(step: Step, deployment: Deployment, { line, paint, width }: Output): Promise<Happening> {
  const mailsBefore = deployment.mails.all().length;
  line(`${paint.dim(timeText(step.at ?? deployment.now()))}  ${paint.bold(step.title)}`);
  for (const part of step.says.flatMap((sentence) => wrapped(sentence, width - indent.length))) line(`${indent}${part}`);
  const refusal = await refusalOf(() => step.do(deployment));
  if (refusal) line(`${indent}${paint.red(`✗ ${refusal.message}`)} ${refusal.remedy}`);
  await deployment.quiet();
  const mails = deployment.mails.all().slice(mailsBefore);
  for (const mail of mails) showMail(mail, { line, paint });
  for (const { template, to } of step.expects) {
    if (!mails.some((mail) => mail.template === template && mail.to.includes(to))) line(`${indent}${paint.red(`✗ no ${template} mail to ${to}`)}`);
  }
  line();
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

function showMail({ sentBy, remoteAddress, to, subject }: MailRecord, { line, paint }: Pick<Output, 'line' | 'paint'>): void {
  line(`${indent}→ ${paint.green(sentBy ?? 'an unknown host')} (${remoteAddress}) to ${to.join(', ')}`);
  line(`${indent}  ${paint.dim(subject)}`);
}

function showJudgement(rows: readonly SeenRow[], audit: Audit, { verdict, sentence }: StoryVerdict, output: Output): void {
  const { line, paint } = output;
  line(paint.bold('The node table'));
  line();
  for (const text of nodeTableText(rows, output)) line(text);
  line();
  const found = audit.findings.length === 0 ? 'no finding' : counted(audit.findings.length, 'finding');
  line(`${paint.bold('Audit')}   ${counted(audit.judged, 'mail')} judged against the node table and the duty history: ${found}.`);
  for (const { message } of audit.findings) line(`        ${paint.red('✗')} ${message}`);
  const word = verdict === 'passed' ? paint.green('Passed') : paint.red('Failed');
  const [first = '', ...more] = wrapped(sentence, output.width - verdictIndent.length);
  line(`${paint.bold(word)}  ${first}`);
  for (const each of more) line(`${verdictIndent}${each}`);
}
