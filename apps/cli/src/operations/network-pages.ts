import type { ProxySettings } from '@isesim/domain';
import { proxyText, trustedCertificatesText } from '@isesim/scenario';
import * as z from 'zod';
import { operation, type DeploymentHandle } from './operation.ts';

/** The Proxy page of the primary PAN. */
export const proxyShow = operation({
  takes: z.object({}),
  run: async ({ deployment }) => {
    const { pages, revision } = await heldByPan(deployment);
    const { proxy } = pages['proxy'] as { readonly proxy: ProxySettings | null };
    return { answer: { proxy, revision }, says: proxyText(proxy) };
  },
});

/** The Trusted Certificates page of the primary PAN. */
export const trustedCertificateList = operation({
  takes: z.object({}),
  run: async ({ deployment }) => {
    const { pages, revision } = await heldByPan(deployment);
    const { certificates } = pages['trusted-certificates'] as { readonly certificates: readonly { readonly name: string; readonly roles: readonly string[]; readonly pem: string }[] };
    return { answer: { certificates, revision }, says: trustedCertificatesText(certificates) };
  },
});

function heldByPan(deployment: DeploymentHandle) {
  return deployment.ask(deployment.holderOf('primary PAN'), 'show-settings', {});
}
