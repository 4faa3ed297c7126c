import { map, words } from '../fields.ts';
import { action, bareField } from '../step.ts';

export const removeTrustedCertificate = action({
  verb: 'trusted-certificate remove',
  does: 'remove a certificate from the Trusted Certificates page; one revision that replicates',
  examples: ['isesim trusted-certificate remove entra-root'],
  fields: map({ certificate: words.min(1).describe('Its name') }),
  bare: bareField('certificate'),
  run: ({ deployment }, { certificate }) => deployment.ask(deployment.holderOf('primary PAN'), 'trusted-certificate-remove', { name: certificate }),
  says: ({ revision }) => `saved as revision ${revision}; what is trusted: isesim trusted-certificate ls`,
});
