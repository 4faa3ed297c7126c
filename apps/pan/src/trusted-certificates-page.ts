import { Problem, type TrustedCertificate } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { assertPrimary } from './admin-interface.ts';

/** Administration > System > Certificates > Trusted Certificates: each change is a revision that replicates. */
export function answerTrustedCertificatesPage(node: IseNode): void {
  const all = () => node.page('trusted-certificates').certificates;
  const write = async (certificates: TrustedCertificate[]) => {
    await node.settings.write({ 'trusted-certificates': { certificates } });
    return { revision: node.settings.held().revision };
  };
  const without = (name: string) => all().filter((each) => each.name !== name);

  node.answer('trusted-certificate-import', (certificate) => {
    assertPrimary(node);
    return write([...without(certificate.name), certificate]);
  });
  node.answer('trusted-certificate-remove', ({ name }) => {
    assertPrimary(node);
    if (without(name).length < all().length) return write(without(name));
    const known = all().map((each) => each.name).join(', ') || 'none';
    throw new Problem('wrong input', 'certificate', `there is no trusted certificate "${name}"`, `There are: ${known}.`);
  });
}
