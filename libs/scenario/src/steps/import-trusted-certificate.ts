import { certificateRoles, importableCertificates, type ImportableCertificate } from '@isesim/domain';
import { choice, choices, map } from '../fields.ts';
import { action } from '../step.ts';

/** What the node does with the certificate follows from its roles: TLS with Microsoft needs `infrastructure`. */
export const importTrustedCertificate = action({
  verb: 'trusted-certificate import',
  does: 'import a certificate into the Trusted Certificates page, or give one that is there other roles; one revision that replicates',
  examples: ['isesim trusted-certificate import --certificate entra-root --roles infrastructure', 'isesim trusted-certificate import --certificate exchange-root --roles infrastructure,endpoints'],
  fields: map({
    certificate: choice(importableCertificates).describe('The root of Entra ID or that of Exchange Online'),
    roles: choices(certificateRoles).default(['infrastructure']).describe('What it is trusted for; infrastructure is trust for authentication within ISE. Default: infrastructure'),
  }),
  bare: { name: 'certificate', fieldsOf: (value) => ({ certificate: value as ImportableCertificate }) },
  run: ({ deployment }, { certificate, roles }) =>
    deployment.ask(deployment.holderOf('primary PAN'), 'trusted-certificate-import', { name: certificate, pem: deployment.microsoft365.roots[certificate], roles }),
  says: ({ revision }) => `saved as revision ${revision}; what is trusted: isesim trusted-certificate ls`,
});
