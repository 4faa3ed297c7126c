import type { DeploymentNode, Guest, InternalUser, Microsoft365Ready, Page, PageName, Random } from '@isesim/domain';
import type { Topology } from '@isesim/topology';

type Pages = { readonly [Name in PageName]: Page<Name> };

/** The settings pages as a topology describes them: they count as tested and saved. */
export function firstPages(topology: Topology, nodes: readonly DeploymentNode[], roots: Microsoft365Ready['roots']): Pages {
  return {
    deployment: {
      domain: topology.domain,
      iseVersion: topology.iseVersion,
      nodes: nodes.map((node) => ({ ...node, personas: [...node.personas] })),
    },
    'smtp-server': topology.smtpServer,
    'trusted-certificates': {
      certificates: Object.entries(roots).map(([name, pem]) => ({ name, pem, roles: ['infrastructure'] })),
    },
    'alarm-notification': topology.alarmNotification,
    'guest-email': topology.guestEmail,
    'password-policy': topology.passwordPolicy,
    administrators: { administrators: [...topology.administrators] },
    sponsors: { sponsors: topology.sponsors },
    'guest-types': { guestTypes: [...topology.guestTypes] },
    portals: { portals: [...topology.portals] },
  };
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
