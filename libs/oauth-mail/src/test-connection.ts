import type { Outcome, SmtpServerSettings } from '@isesim/domain';
import { openTokenSource } from './access-token.ts';
import type { MailWorld } from './far-end.ts';
import { openMailConnection, type MailConnection } from './mail-connection.ts';
import { outcomeOf } from './outcome-of.ts';

/** As ISE's Test Connection: with a token that is asked for anew and not kept, up to the reply to AUTH; sends nothing. */
export async function testConnection(settings: SmtpServerSettings, world: MailWorld): Promise<Outcome> {
  try {
    const connection = await openMailConnection(settings, world, { tokens: openTokenSource(world), freshToken: true });
    await connection.close();
    return outcomeOfTest(connection);
  } catch (error) {
    return outcomeOf(error);
  }
}

function outcomeOfTest({ settings, authenticated, lastReply }: MailConnection): Outcome {
  if (settings.authentication.type === 'none' || authenticated) {
    return { kind: 'accepted', reply: lastReply() ?? { code: 250, text: 'connected' } };
  }
  const remedy = settings.tls ? 'set the authentication to none' : 'turn TLS on';
  return { kind: 'unauthorized', stage: 'auth', reason: `${settings.host} offers no authentication on this connection; ${remedy}` };
}
