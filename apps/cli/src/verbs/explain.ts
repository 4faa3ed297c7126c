import type { Command } from 'commander';
import { printsData, verb, type DataOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { CommandProblem } from '../problem.ts';

export function explainCommand(): Command {
  const command = verb('explain <text...>', 'say what causes a message of ISE, an SMTP reply, an AADSTS code or a line of guest.log, and what mends it', [
    'isesim explain "Invalid email address"',
    'isesim explain 535 5.7.139',
    'isesim explain AADSTS7000215',
    'isesim logs ise-1 | tail -1 | isesim explain -',
  ]);
  return printsData(command).action(async (words: string[], options: DataOptions) => {
    const { explain, nearby } = await import('../explain.ts');
    const { explainText, scenarioFiles } = await import('../output/explain-text.ts');
    const { readTextFile, sizesMax } = await import('../client/read-text-file.ts');
    const text = words.join(' ') === '-' ? await readTextFile('-', sizesMax.message) : words.join(' ');
    const failures = explain(text);
    if (failures.length === 0) throw unknown(text, nearby(text));
    showData('explain', { text, failures: failures.map((each) => ({ ...each, scenarios: scenarioFiles(each) })) }, options, () => explainText(failures));
  });
}

const shownMax = 100;

function unknown(text: string, near: readonly string[]): CommandProblem {
  const shown = text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
  return new CommandProblem({
    kind: 'refused',
    code: 'nothing-known',
    message: `nothing is known of "${shown}"`,
    remedy: `${near.length > 0 ? `Did you mean ${near.map((each) => `"${each}"`).join(' or ')}? ` : ''}Give a message of ISE's SMTP Server page, a reply such as "535 5.7.3", a code such as AADSTS7000215, or an ERROR line of guest.log. What happens on the way: isesim smtp test --trace.`,
  });
}
