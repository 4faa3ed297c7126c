import { Problem } from '@isesim/domain';
import { map, words } from '../fields.ts';
import { action, bareField } from '../step.ts';

export const m365 = action({
  verb: 'm365',
  does: "administer the simulated tenant in Microsoft's words: a cmdlet, or a script of several",
  examples: [
    "isesim m365 Get-ServicePrincipal",
    "isesim m365 'Get-MailboxPermission no-reply@contoso.onmicrosoft.com | fl'",
    'isesim m365 --file prepare-tenant.ps1',
    'isesim m365                                   (a PS> prompt; exit leaves it)',
  ],
  fields: map({
    command: words.describe('PowerShell; the services are connected already'),
    session: words.optional().describe('Variables last from one command of a session to the next. Default: a session of its own'),
  }),
  bare: bareField('command'),
  run: ({ deployment }, { command, session }) => deployment.m365({ command, ...(session === undefined ? {} : { session, connected: true }) }),
  says: ({ output }) => output.trimEnd(),
  // What a script printed before it failed is its output all the same.
  refusal: ({ error }) => error && new Problem('refused', error.code, error.message, error.remedy),
  // The last thing that it returned, and all of it.
  named: ({ output, objects }) => ({ ...(objects.at(-1) as object | undefined), objects, output: output.trimEnd() }),
});
