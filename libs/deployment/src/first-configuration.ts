import type { DeploymentNode, Guest, InternalUser, Microsoft365Ready, Page, PageName, Random, TrustedCertificate } from '@isesim/domain';
import type { Topology } from '@isesim/topology';

// Log levels are the default until somebody sets one.
type Pages = { readonly [Name in Exclude<PageName, 'log-levels'>]: Page<Name> };

/** The settings pages as a topology describes them: they count as tested and saved. */
export function firstPages(topology: Topology, nodes: readonly DeploymentNode[], roots: Microsoft365Ready['roots']): Pages {
  return {
    deployment: {
      domain: topology.domain,
      iseVersion: topology.iseVersion,
      nodes: nodes.map((node) => ({ ...node, personas: [...node.personas] })),
    },
    'smtp-server': topology.smtpServer,
    'trusted-certificates': { certificates: trustedCertificates(topology, roots) },
    proxy: { proxy: topology.proxy && { ...topology.proxy, bypass: [...topology.proxy.bypass] } },
    'alarm-notification': topology.alarmNotification,
    'guest-email': topology.guestEmail,
    'password-policy': topology.passwordPolicy,
    administrators: { administrators: [...topology.administrators] },
    sponsors: { sponsors: topology.sponsors },
    'guest-types': { guestTypes: [...topology.guestTypes] },
    portals: { portals: [...topology.portals] },
  };
}

/** Those that the topology lists, in its order; unless it lists any, both of the double's roots for the infrastructure. */
function trustedCertificates({ trustedCertificates: listed }: Topology, roots: Microsoft365Ready['roots']): TrustedCertificate[] {
  if (listed !== 'default') return listed.map(({ certificate, roles }) => ({ name: certificate, pem: roots[certificate], roles: [...roles] }));
  return Object.entries(roots).map(([name, pem]) => ({ name, pem, roles: ['infrastructure'] }));
}

/** Guests and internal users that exist from the start, made without mail. */
export function firstAccounts(topology: Topology, random: Random): (Guest | InternalUser)[] {
  const guests = topology.guests.flatMap((group, groupIndex) =>
    Array.from({ length: group.count }, (_, index): Guest => {
      const username = `guest${groupIndex + 1}-${index + 1}`;
      return {
        id: username,
        username,
        password: random.text(`password ${username}`, 10),
        firstName: '',
        lastName: '',
        email: `${username}@guest.example`,
        type: group.type,
        portal: topology.portals[0]?.name ?? '',
        state: 'Created',
        createdAt: group.createdAt,
        validFrom: group.createdAt,
        validTo: group.createdAt + group.validForMs,
      };
    }),
  );
  return [...guests, ...topology.internalUsers];
}
